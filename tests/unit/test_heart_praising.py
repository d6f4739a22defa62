"""Whom praise is told that names nobody for certain: who leads those it may be about, or who has what it is about; and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.assigning import Assignment, Plan
from allears.domain.case import Case, CaseStatus
from allears.domain.feedback import FeedbackItem, Kind, Sentiment
from allears.domain.hours import parse_hours
from allears.domain.naming import named_in, perhaps_named_in
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.people import Absence
from allears.praising import next_morning, praise_mails
from tests.builders import NOW, a_case, a_directory, a_person, a_plan, an_item, said, understood

GOOD = said(Kind.PRAISE, Sentiment.POSITIVE)
ANOTHER_TOM = a_person("Tom Reid", "cafes", manager="Gail Ward")
EVERYBODY = (
    a_person("Cara Diaz", "care"),
    a_person("Gail Ward", manager="Cara Diaz"),
    a_person("Hugo Marsh", manager="Cara Diaz"),
    a_person("Tom Okafor", "cafes", aliases=("Big Tom",), manager="Gail Ward"),
    ANOTHER_TOM,
    a_person("Callum Ross", "delivery", manager="Hugo Marsh"),
    a_person("Callum Reid", "delivery", manager="Gail Ward"),
    a_person("Priya Nair", "delivery", manager="Hugo Marsh"),
    a_person("Noor Haddad", "delivery"),
    a_person("Noor Aziz", manager="Hugo Marsh"),
)
TEAM = a_directory(*EVERYBODY)
TOMS = ("Tom Okafor", "Tom Reid")
CALLUMS = ("Callum Ross", "Callum Reid")
REIDS = ("Tom Reid", "Callum Reid")


class TestDoubtfulNames:
    @pytest.mark.parametrize(
        ("text", "perhaps"),
        [
            ("Tom was kind.", (TOMS,)),
            ("Tom was kind. So was Callum, and Tom again.", (TOMS, CALLUMS)),
            ("Please thank Mr. Reid for me.", (REIDS,)),
            ("Please thank Reid for me.", ()),
            ("I thank Calum for it.", (CALLUMS,)),
            ("I met Priah there.", (("Priya Nair",),)),
            ("Priah was there.", ()),  # at the beginning of a sentence any word has a capital
            ("Prima Service!", ()),
            ("We met at six in Plaza Nuevo.", ()),
            ("Mara was kind.", ()),
            ("", ()),
        ],
    )
    def test_who_may_be_meant(self, text: str, perhaps: tuple[tuple[str, ...], ...]):
        assert perhaps_named_in(text, TEAM, author=None) == perhaps
        assert named_in(text, TEAM, author=None) == {}

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("Tom Reid was kind. Tom even knew my name.", "Tom Reid"),
            ("Big Tom was kind.", "Tom Okafor"),
            ("Tom Okaffor was kind.", "Tom Okafor"),
            ("Callum Ros was kind.", "Callum Ross"),
            ("Pryia was kind.", "Priya Nair"),
            ("Please thank Prija Nair.", "Priya Nair"),
        ],
    )
    def test_no_doubt_is_left_where_one_of_them_is_named_or_misspelt(self, text: str, named: str):
        assert set(named_in(text, TEAM, author=None)) == {named}
        assert perhaps_named_in(text, TEAM, author=None) == ()

    def test_a_doubt_stands_beside_somebody_who_is_named(self):
        text = "Priya and Tom were kind."
        assert set(named_in(text, TEAM, author=None)) == {"Priya Nair"}
        assert perhaps_named_in(text, TEAM, author=None) == (TOMS,)

    def test_a_word_that_is_somebodys_name_is_no_misspelling_of_anothers(self):
        people = a_directory(a_person("Jonas Weber"), a_person("Jonas Klein"), a_person("Jonah Field"), default="Jonas Weber")
        assert perhaps_named_in("I thank Jonas.", people, author=None) == (("Jonas Weber", "Jonas Klein"),)

    def test_an_author_may_not_mean_themselves(self):
        assert perhaps_named_in("All good now. Tom", TEAM, author="Tom Baker") == ()

    @given(st.text(max_size=300), st.none() | st.text(max_size=30))
    def test_whatever_the_text_nobody_is_both_certain_and_in_doubt(self, text: str, author: str | None):
        named = set(named_in(text, TEAM, author=author))
        assert all(named.isdisjoint(people) and people for people in perhaps_named_in(text, TEAM, author=author))


def told(
    text: str = "Lovely people, all of you.",
    owner: str = "Priya Nair",
    topic: str | None = "delivery",
    plan: Plan | None = None,
    case: Case | None = None,
    prediction: Any = GOOD,
    praised: tuple[str, ...] = (),
    is_alerted: bool = False,
    **changes: Any,
) -> list[tuple[MessageKind, str]]:
    """What is told of a message's praise, whose topic's owner is `owner`."""
    return [
        (message.kind, message.to)
        for message in mails(an_item(text=text, **changes), owner, topic, plan, case, prediction, praised, is_alerted)
    ]


def mails(
    item: FeedbackItem,
    owner: str,
    topic: str | None,
    plan: Plan | None,
    case: Case | None,
    prediction: Any,
    praised: tuple[str, ...],
    is_alerted: bool,
) -> tuple[OutboxMessage, ...]:
    plan = plan or a_plan(*EVERYBODY)
    each = understood(item, prediction, praised=praised)
    return praise_mails(plan, each, case, lambda: Assignment(plan.directory[owner], topic, ""), NOW, is_alerted=is_alerted)


def applause(*readers: str) -> list[tuple[MessageKind, str]]:
    return [(MessageKind.APPLAUSE, reader) for reader in readers]


class TestWhoPassesItOn:
    @pytest.mark.parametrize(
        ("text", "leader"),
        [
            ("Tom was kind.", "Gail Ward"),  # who leads both
            ("Callum was kind.", "Cara Diaz"),  # who leads those who lead them
            ("I met Priah there.", "Hugo Marsh"),
        ],
    )
    def test_who_leads_all_it_may_be_about(self, text: str, leader: str):
        assert told(text, owner="Noor Haddad") == applause(leader)

    def test_where_nobody_leads_them_all_who_leads_the_topics_owner_else_the_default_owner(self):
        assert told("Noor was kind.", owner="Priya Nair") == applause("Hugo Marsh")
        assert told("Noor was kind.", owner="Priya Nair", topic=None) == applause("Cara Diaz")
        assert told("Noor was kind.", owner="Noor Haddad") == applause("Cara Diaz")

    def test_managers_in_a_circle(self):
        people = (a_person("Cara Diaz"), a_person("Bo Li", manager="Bo Wu"), a_person("Bo Wu", manager="Bo Li"))
        assert told("Bo was kind.", owner="Cara Diaz", plan=a_plan(*people)) == applause("Cara Diaz")

    def test_each_is_told_once_whatever_leads_to_them(self):
        assert told("Tom was kind. So was Mr Reid.") == applause("Gail Ward")
        assert told("Tom was kind. I met Callum.") == applause("Gail Ward", "Cara Diaz")

    def test_whoever_is_away_has_somebody_who_stands_in(self):
        away = (Absence(NOW.date(), NOW.date() + timedelta(days=9)),)
        people = tuple(replace(each, away=away) if each.name == "Gail Ward" else each for each in EVERYBODY)
        assert told("Tom was kind.", plan=a_plan(*people)) == applause("Cara Diaz")

    def test_those_it_names_are_told_at_once_beside_it(self):
        praised = ("Priya Nair",)
        assert told("Priya and Tom were kind.", praised=praised) == [(MessageKind.PRAISE, "Priya Nair"), *applause("Gail Ward")]

    def test_whom_the_source_names_leaves_no_doubt(self):
        assert told("Tom was kind.", source_person="Tom Reid") == [(MessageKind.PRAISE, "Tom Reid")]

    def test_a_doubtful_name_in_kind_words_that_ask_for_something_is_told(self):
        asks = said(Kind.SUGGESTION, Sentiment.POSITIVE)
        assert told("Tom was kind. Open on Sundays!", prediction=asks, is_alerted=True) == applause("Gail Ward")

    @pytest.mark.parametrize("sentiment", [Sentiment.MIXED, Sentiment.NEUTRAL, Sentiment.NEGATIVE])
    def test_a_doubtful_name_in_a_complaint_is_left_to_its_owner(self, sentiment: Sentiment):
        assert told("Tom was rude.", prediction=said(sentiment=sentiment), is_alerted=True) == []


class TestNobodyNamed:
    def test_the_owner_of_what_it_is_about_is_told(self):
        assert told() == applause("Priya Nair")

    def test_about_nothing_of_ours_it_is_told_to_nobody(self):
        assert told(topic=None) == []

    def test_thanks_for_a_case_are_its_owners(self):
        assert told(case=a_case(owner="Tom Reid", status=CaseStatus.RESOLVED), topic=None) == applause("Tom Reid")
        assert told(case=a_case(owner="Zoe Ray")) == applause("Priya Nair")

    def test_whose_owner_reads_it_as_a_case_is_told_no_more(self):
        assert told(case=a_case(), is_alerted=True) == []

    @pytest.mark.parametrize("kind", [Kind.OTHER, Kind.QUESTION, Kind.SUGGESTION, Kind.COMPLAINT])
    def test_only_praise_is_told(self, kind: Kind):
        assert told(prediction=said(kind, Sentiment.POSITIVE)) == []

    def test_what_a_person_said_is_praise_reaches_those_it_names(self):
        """It was not read for names when it was understood."""
        assert told("Priya was kind.") == [(MessageKind.PRAISE, "Priya Nair")]
        assert told("She was kind.", source_person="Tom Reid") == [(MessageKind.PRAISE, "Tom Reid")]


def test_only_what_is_not_certain_waits_for_the_morning():
    item = an_item(text="Priya and Tom were kind.")
    at_once, later = mails(item, "Priya Nair", "delivery", None, None, GOOD, ("Priya Nair",), is_alerted=False)
    assert (at_once.due_at, later.due_at) == (NOW, datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert (later.item_id, later.created_at, later.key != at_once.key) == (item.id, NOW, True)


class TestMorning:
    """NOW is Thursday 10:42 in London."""

    office = replace(a_person("Ada Brook"), hours=parse_hours("Mon-Fri 08:00-16:00"), timezone=ZoneInfo("Europe/London"))

    @pytest.mark.parametrize(
        ("after", "morning"),
        [
            ("2026-11-19T08:59Z", "2026-11-19T09:00Z"),
            ("2026-11-19T09:00Z", "2026-11-19T09:00Z"),
            ("2026-11-19T09:00:01Z", "2026-11-20T09:00Z"),
            ("2026-11-20T12:00Z", "2026-11-23T09:00Z"),  # over the weekend
            ("2026-07-03T12:00Z", "2026-07-06T08:00Z"),  # in summer, by London's clocks
        ],
    )
    def test_it_is_nine_of_the_next_working_day(self, after: str, morning: str):
        assert next_morning(self.office, datetime.fromisoformat(after)) == datetime.fromisoformat(morning)

    def test_in_their_own_time_zone(self):
        there = replace(self.office, timezone=ZoneInfo("America/New_York"))
        assert next_morning(there, NOW) == datetime(2026, 11, 19, 14, tzinfo=UTC)

    def test_not_on_a_holiday_nor_while_away(self):
        off = replace(self.office, holidays=frozenset({date(2026, 11, 20)}), away=(Absence(date(2026, 11, 23), date(2026, 11, 24)),))
        assert next_morning(off, NOW) == datetime(2026, 11, 25, 9, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("hours", "day"),
        [("Tue-Sat 12:00-20:00", 20), ("Thu-Fri 22:00-06:00", 20), ("Fri 22:00-06:00, Mon 09:00-17:00", 20), ("Thu 22:00-06:00", 26)],
    )
    def test_whatever_hours_they_work_on_that_day(self, hours: str, day: int):
        """The end of a shift over midnight makes no working day."""
        assert next_morning(replace(self.office, hours=parse_hours(hours)), NOW) == datetime(2026, 11, day, 9, tzinfo=UTC)

    def test_whoever_never_works_is_told_all_the_same(self):
        gone = replace(self.office, away=(Absence(date(2026, 1, 1), date(2030, 1, 1)),))
        assert next_morning(gone, NOW) == datetime(2026, 11, 20, 9, tzinfo=UTC)
