"""What the inbox lists: cases and messages, narrowed and paged. Both adapters list the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from allears.domain.case import CaseId, CaseStatus
from allears.domain.changes import resolve
from allears.domain.feedback import Channel, Kind, Sentiment, Status, Urgency
from allears.domain.inbox import Messages, Place, Show, Standing, Which
from allears.domain.meaning import nearness
from allears.domain.records import Routed
from allears.ports import Store
from tests.builders import NOW, an_item, said, understanding_of
from tests.contract.store_steps import take_in, understand, with_case

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TONIGHT = NOW + 12 * HOUR


def shown(store: Store, show: Show = Show.OPEN, which: Which | None = None, after: Place | None = None, limit: int = 50) -> list[str]:
    return [line.case.id for line in store.case_lines(show, which or Which(), NOW, TONIGHT, after, limit).lines]


def listed(store: Store, wanted: Messages | None = None, after: Place | None = None, limit: int = 50) -> list[str]:
    ids = {item_id: external for external in "123456789" for item_id in [an_item(external).id]}
    return [ids[line.id] for line in store.messages(wanted or Messages(), after, limit).lines]


def five_cases(store: Store) -> None:
    """One late, one due today, two later, one of them taken; one resolved."""
    with_case(store, an_item("1", text="A refund is missing."), 1001, next_date=NOW - HOUR, topic="billing", urgency=Urgency.CRITICAL)
    with_case(
        store,
        an_item("2", author="Ines Caldeira"),
        1002,
        next_date=NOW + HOUR,
        owner="Ben Hall",
        kind=Kind.QUESTION,
        tags=("vip", "shops"),
    )
    with_case(store, an_item("3", channel=Channel.FORM), 1003, next_date=NOW + 2 * DAY, incident_id="I-1", status=CaseStatus.ACKNOWLEDGED)
    with_case(store, an_item("4", title="Re: REFUND", language="fr"), 1004, next_date=NOW + 3 * DAY, opened_at=NOW - 9 * DAY)
    with_case(store, an_item("5"), 1005)
    case = store.case(CaseId("C-1005"))
    assert case is not None
    store.record_change(resolve(case, outcome="refunded", actor="Ada Brook", at=NOW), ())


class TestCases:
    begun = staticmethod(five_cases)

    def test_open_cases_come_as_they_are_due_with_counts_of_all(self, store: Store):
        page = store.case_lines(Show.OPEN, Which(), NOW, TONIGHT, None, 2)
        assert [(line.case.id, line.customer, line.words, line.sentiment, line.channel) for line in page.lines] == [
            ("C-1001", "Jo Lind", "A refund is missing.", "negative", "email"),
            ("C-1002", "Ines Caldeira", "The parcel is late and nobody answers.", "negative", "email"),
        ]
        assert (page.found, page.late, page.today) == (4, 1, 1)
        assert (page.counts.open, page.counts.late, page.counts.today, page.counts.unacknowledged) == (4, 1, 1, 3)

    def test_each_view_shows_its_own(self, store: Store):
        assert [shown(store, show) for show in Show] == [
            ["C-1001", "C-1002", "C-1003", "C-1004"],
            ["C-1001"],
            ["C-1002"],
            ["C-1001", "C-1002", "C-1004"],
            ["C-1005"],
        ]

    @pytest.mark.parametrize(
        ("which", "found"),
        [
            (Which(owner="Ben Hall"), ["C-1002"]),
            (Which(incident="I-1"), ["C-1003"]),
            (Which(tag="vip"), ["C-1002"]),
            (Which(tag="vip", owner="Ada Brook"), []),
            (Which(kind=Kind.QUESTION), ["C-1002"]),
            (Which(urgency=Urgency.CRITICAL), ["C-1001"]),
            (Which(channel="form"), ["C-1003"]),
            (Which(source="support", channel="email", words="late ines"), ["C-1002"]),
            (Which(language="fr"), ["C-1004"]),
            (Which(language="en", words="PARCEL jo"), ["C-1003"]),
            (Which(sentiment=Sentiment.POSITIVE), []),
            (Which(words="refund"), ["C-1001", "C-1004"]),
            (Which(words="caldeira"), ["C-1002"]),
            (Which(words="c-1004"), ["C-1004"]),
            (Which(words="c-1004", since=NOW - DAY), ["C-1004"]),
            (Which(words="a.refund"), []),
            (Which(since=NOW - DAY, topic="billing"), ["C-1001", "C-1002", "C-1003"]),
            (Which(until=NOW - DAY), ["C-1004"]),
        ],
    )
    def test_filters_narrow(self, store: Store, which: Which, found: list[str]):
        assert shown(store, which=which) == found

    def test_the_next_page_begins_after_the_last_line(self, store: Store):
        first = store.case_lines(Show.OPEN, Which(), NOW, TONIGHT, None, 3)
        last = first.lines[-1].case
        assert shown(store, after=Place(last.next_date, last.id)) == ["C-1004"]


def test_a_case_whose_newest_message_has_no_words_is_still_listed(store: Store):
    with_case(store, an_item("1", text="", author=None, contact=None))
    (line,) = store.case_lines(Show.OPEN, Which(), NOW, TONIGHT, None, 50).lines
    assert (line.customer, line.words) == ("A customer", "")


def five_messages(store: Store) -> None:
    """A case's message, praise, one of our own answers, spam, and one not read yet; each a day older than the one before."""
    with_case(store, an_item("1", text="Where is my PARCEL, please?"), 1001, tags=("vip",))
    understand(store, an_item("2", received_at=NOW - DAY), prediction=said(Kind.PRAISE, Sentiment.POSITIVE), topics=("taste",))
    understand(store, an_item("3", received_at=NOW - 2 * DAY), an_item("4", received_at=NOW - 3 * DAY))
    store.record_routing(
        [
            Routed(an_item("2").id, Status.PRAISE, ""),
            Routed(an_item("3").id, Status.OTHER, "", ours=True),
            Routed(an_item("4").id, Status.SPAM, ""),
        ]
    )
    take_in(store, an_item("5", received_at=NOW - 4 * DAY, contact="email:two@x.org", author="Tom"))


class TestMessages:
    begun = staticmethod(five_messages)

    def test_every_message_is_listed_the_newest_first(self, store: Store):
        page = store.messages(Messages(), None, 50)
        assert [(line.standing, line.owner, line.case_id) for line in page.lines] == [
            (Standing.CASE, "Ada Brook", "C-1001"),
            (Standing.PRAISE, None, None),
            (Standing.OURS, None, None),
            (Standing.SPAM, None, None),
            (Standing.WAITING, None, None),
        ]
        assert page.found == 5
        assert (page.lines[0].words, page.lines[0].kind, page.lines[0].language) == ("Where is my PARCEL, please?", "complaint", "en")
        assert (page.lines[4].customer, page.lines[4].sentiment, page.lines[4].nearness) == ("Tom", None, None)

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (Messages(standing=Standing.COUNTED), "12"),
            (Messages(standing=Standing.OTHER), "3"),
            (Messages(standing=Standing.OURS), "3"),
            (Messages(standing=Standing.WAITING), "5"),
            (Messages(Which(topic="taste")), "2"),
            (Messages(Which(kind=Kind.PRAISE, sentiment=Sentiment.POSITIVE)), "2"),
            (Messages(Which(words="parcel please")), "1"),
            (Messages(Which(words="c-1001")), "1"),
            (Messages(Which(words="tom")), "5"),
            (Messages(Which(owner="Ada Brook")), "1"),
            (Messages(Which(tag="vip")), "1"),
            (Messages(Which(tag="shops")), ""),
            (Messages(Which(since=NOW - 2 * DAY, until=NOW)), "23"),
        ],
    )
    def test_filters_narrow(self, store: Store, wanted: Messages, found: str):
        assert listed(store, wanted) == list(found)

    def test_those_of_one_customer(self, store: Store):
        tom = store.messages(Messages(Which(words="tom")), None, 1).lines[0].customer_id
        assert listed(store, Messages(customer=tom)) == ["5"]

    def test_the_next_page_begins_after_the_last_line(self, store: Store):
        first = store.messages(Messages(), None, 2)
        assert first.found == 5
        assert listed(store, after=Place(first.lines[-1].received_at, first.lines[-1].id)) == ["3", "4", "5"]


MEANINGS = {"1": 0, "2": 0b111, "3": 2**100 - 1, "4": 2**300 - 1}


def placed_messages(store: Store) -> None:
    """Messages 3, 100 and 300 bits apart from the first in meaning, and one that was never placed."""
    for external, bits in MEANINGS.items():
        item = an_item(external, received_at=NOW - int(external) * DAY)
        take_in(store, item)
        store.record_understanding([replace(understanding_of(item), meaning=bits.to_bytes(48, "little"))])
    understand(store, an_item("5"))


class TestAlike:
    begun = staticmethod(placed_messages)

    def like(self, store: Store, external: str, since: datetime | None = None) -> list[str]:
        return listed(store, Messages(Which(since=since), like=an_item(external).id))

    def test_the_nearest_in_meaning_come_first_and_far_ones_not_at_all(self, store: Store):
        page = store.messages(Messages(like=an_item("1").id), None, 50)
        assert [line.nearness for line in page.lines] == pytest.approx([nearness(3), nearness(100)])
        assert self.like(store, "1") == ["2", "3"]
        assert self.like(store, "4") == []

    def test_filters_narrow_them_too(self, store: Store):
        assert self.like(store, "1", NOW - 2 * DAY) == ["2"]
        assert listed(store, Messages(Which(words="nothing such"), like=an_item("1").id)) == []

    def test_how_many_are_alike_is_known_of_those_placed(self, store: Store):
        asked = [an_item(external).id for external in "1245"]
        assert store.alike(asked, NOW - 9 * DAY) == {asked[0]: 2, asked[1]: 2, asked[2]: 0}
        assert store.alike(asked[:1], NOW - 2 * DAY) == {asked[0]: 1}
        assert store.alike([], NOW) == {}

    def test_a_message_never_placed_has_none_like_it(self, store: Store):
        assert self.like(store, "5") == []
        assert self.like(store, "9") == []

    def test_another_model_places_messages_anew(self, store: Store):
        moved = replace(understanding_of(an_item("4")), meaning=bytes(48), model_version="another")
        store.record_reclassification("another", [moved], NOW, finished=True)
        assert self.like(store, "1") == ["4", "2", "3"]

    def test_what_was_understood_already_is_not_placed_twice(self, store: Store):
        store.record_understanding([replace(understanding_of(an_item("4")), meaning=bytes(48))])
        assert self.like(store, "1") == ["2", "3"]
