"""What an outbox message becomes with a real store and configuration: the mail it stands for, or nothing where it is pointless by now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from allears.domain.case import CaseChange, CaseId, CaseStatus
from allears.domain.feedback import ItemId, Status, Urgency
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.records import Routed
from allears.domain.watch import Unreachable
from allears.errors import RecordRejected
from allears.settings import load
from allears.store.duckdb_store import DuckDBStore
from flows.wiring import Wiring
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_page, an_item, understanding_of
from tests.letters import flat, page_of, text_of

BUSINESS = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"

[mail]
sender = "AllEars <allears@northwind.example>"

[targets.acknowledge]
normal = "2 hours"

[[source]]
name = "support"
channel = "form"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
deputy = "Ben Hall"
manager = "Cara Diaz"

[[person]]
name = "Ben Hall"
email = "ben@northwind.example"

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"

[routing]
default = "person:Cara Diaz"
"""


@pytest.fixture
def wiring(tmp_path: Path, clock: StandingClock) -> Iterator[Wiring]:
    """A business with three of Ada's cases, C-1 to C-3."""
    config = tmp_path / "allears.toml"
    config.write_text(BUSINESS, "utf-8")
    store = DuckDBStore(tmp_path / "store.duckdb", clock)
    items = [an_item(f"m-{number}", f"Message {number}, which is about something else.") for number in (1, 2, 3)]
    store.record_page(SUPPORT, a_page(items), NOW)
    store.record_understanding([understanding_of(item) for item in items])
    cases = [a_case(number, item_ids=(item.id,)) for number, item in enumerate(items, start=1)]
    changes = zip(items, cases, strict=True)
    store.record_routing([Routed(item.id, Status.CASE, "a reason", case.id, change=CaseChange(case, ())) for item, case in changes])
    yield Wiring(load(config), store, clock)
    store.close()


def message(kind: MessageKind, to: str = "Ada Brook", case: str = "C-1", key: str = "k1") -> OutboxMessage:
    return OutboxMessage(key, kind, to, ItemId("i"), CaseId(case), NOW, NOW)


def change(wiring: Wiring, case_id: str = "C-1", *told: OutboxMessage, **becomes: Any) -> None:
    """Let a case become this, and write what is to be told of it into the outbox."""
    case = wiring.store.case(CaseId(case_id))
    assert case is not None
    wiring.store.record_change(CaseChange(replace(case, version=case.version + 1, **becomes), ()), told)


def digest(wiring: Wiring, *cases: str) -> OutboxMessage:
    """A digest of alerts to Ada about these cases."""
    alerts = [message(MessageKind.ALERT, case=case, key=f"alert {number}") for number, case in enumerate(cases)]
    change(wiring, "C-1", *alerts)
    gathered = message(MessageKind.DIGEST, case=cases[0], key="digest")
    wiring.store.record_digest(gathered, [alert.key for alert in alerts])
    return gathered


class TestAlert:
    def test_it_names_who_is_next_and_by_when_as_the_configuration_says(self, wiring: Wiring):
        text = flat(text_of(wiring.compose(message(MessageKind.ALERT))))
        assert "If not taken by 12:42 it goes to Ben Hall, then to Cara Diaz" in text

    def test_nobody_is_named_whose_mails_come_back(self, wiring: Wiring):
        wiring.store.record_unreachable(Unreachable("Ben Hall", "ben@northwind.example", "550 no such user", NOW))
        assert "it goes to Cara Diaz" in flat(text_of(wiring.compose(message(MessageKind.ALERT))))

    def test_its_button_leads_to_a_page_that_knows_the_case_and_the_person(self, wiring: Wiring):
        page = page_of(wiring.compose(message(MessageKind.ALERT)))
        (take,) = (link for link, label in page.labels.items() if label == "I have it")
        asked = wiring.links.read(take.rpartition("/")[2])
        assert (asked.case_ids, asked.person) == (("C-1",), "Ada Brook")

    def test_it_is_pointless_once_the_case_is_somebody_elses_or_done(self, wiring: Wiring):
        change(wiring, owner="Ben Hall")
        with pytest.raises(RecordRejected, match=r"Ada Brook does not have the case any more\."):
            wiring.compose(message(MessageKind.ALERT))
        change(wiring, owner="Ada Brook", status=CaseStatus.RESOLVED)
        with pytest.raises(RecordRejected, match=r"The case is no longer open\."):
            wiring.compose(message(MessageKind.ALERT))
        with pytest.raises(RecordRejected, match="gone"):
            wiring.compose(message(MessageKind.ALERT, case="C-9"))


class TestDigest:
    def test_it_holds_each_case_once_the_most_urgent_first(self, wiring: Wiring):
        change(wiring, "C-3", urgency=Urgency.HIGH)
        mail = wiring.compose(digest(wiring, "C-1", "C-2", "C-1", "C-3"))
        assert str(mail["Subject"]).startswith("3 cases are yours, the first due by 18:42 today")
        text = text_of(mail)
        assert text.index("id=C-3") < text.index("id=C-1") < text.index("id=C-2")

    def test_one_button_takes_them_all(self, wiring: Wiring):
        page = page_of(wiring.compose(digest(wiring, "C-1", "C-2")))
        (take,) = (link for link, label in page.labels.items() if label == "I have them all")
        assert wiring.links.read(take.rpartition("/")[2]).case_ids == ("C-1", "C-2")

    def test_cases_that_are_no_longer_theirs_or_done_are_left_out(self, wiring: Wiring):
        gathered = digest(wiring, "C-1", "C-2", "C-3")
        change(wiring, "C-1", owner="Ben Hall")
        change(wiring, "C-3", status=CaseStatus.CLOSED)
        mail = wiring.compose(gathered)
        assert str(mail["Subject"]).startswith("1 case is yours")
        assert "id=C-2" in text_of(mail)
        assert not {"C-1", "C-3"} & set(text_of(mail).split())

    def test_it_is_pointless_once_none_is_left(self, wiring: Wiring):
        gathered = digest(wiring, "C-1", "C-2")
        change(wiring, "C-1", owner="Ben Hall")
        change(wiring, "C-2", status=CaseStatus.RESOLVED)
        with pytest.raises(RecordRejected, match=r"Ada Brook has none of these cases any more\."):
            wiring.compose(gathered)


class TestMoved:
    def test_it_names_who_has_the_case(self, wiring: Wiring):
        change(wiring, owner="Ben Hall")
        assert str(wiring.compose(message(MessageKind.MOVED))["Subject"]).startswith("Ben Hall has Jo Lind’s case now")

    def test_it_is_pointless_once_they_have_it_again(self, wiring: Wiring):
        with pytest.raises(RecordRejected, match=r"Ada Brook has the case again\."):
            wiring.compose(message(MessageKind.MOVED))


class TestNews:
    @pytest.fixture
    def told(self, wiring: Wiring, clock: StandingClock) -> OutboxMessage:
        """News to Ada, an hour after the dates of all her cases: two are overdue, and Ben has two of them, one of which is overdue too."""
        clock.move(hours=9)
        (first, second, third) = (wiring.store.case(CaseId(f"C-{number}")) for number in (1, 2, 3))
        assert first
        assert second
        assert third
        change(wiring, "C-1", late_for=first.next_date)
        change(wiring, "C-2", late_for=second.next_date, owner="Ben Hall")
        words = [(MessageKind.OVERDUE, "C-1"), (MessageKind.OVERDUE, "C-2"), (MessageKind.MOVED, "C-2"), (MessageKind.MOVED, "C-3")]
        news = [message(kind, case=case, key=f"{kind} {case}") for kind, case in words]
        change(wiring, "C-3", *news, owner="Ben Hall")
        mail = message(MessageKind.NEWS, key="news")
        mail = replace(mail, case_id=None)
        wiring.store.record_digest(mail, [each.key for each in news])
        return mail

    def test_a_case_is_in_it_once_and_as_overdue_if_it_is(self, wiring: Wiring, told: OutboxMessage):
        mail = wiring.compose(told)
        assert mail["Subject"] == "2 cases are overdue, and others have 1 of yours now"
        text = text_of(mail)
        assert [text.count(f"id=C-{number}") for number in (1, 2, 3)] == [1, 1, 1]
        assert flat(text).count("Was due by 18:42 today") == 2

    def test_what_has_become_pointless_is_left_out(self, wiring: Wiring, told: OutboxMessage):
        change(wiring, "C-1", status=CaseStatus.RESOLVED)
        change(wiring, "C-2", next_date=wiring.clock.now() + timedelta(hours=1))
        assert wiring.compose(told)["Subject"] == "Others have 2 of your cases now"
        for case in ("C-2", "C-3"):
            change(wiring, case, owner="Ada Brook")
        with pytest.raises(RecordRejected, match=r"Ada Brook needs none of this news any more\."):
            wiring.compose(told)


@pytest.mark.usefixtures("late")
class TestOverdue:
    @pytest.fixture
    def late(self, wiring: Wiring, clock: StandingClock) -> None:
        """The first case, an hour after its customer should have heard."""
        clock.move(hours=9)
        case = wiring.store.case(CaseId("C-1"))
        assert case is not None
        change(wiring, late_for=case.next_date)

    def test_it_says_what_was_missed(self, wiring: Wiring):
        mail = wiring.compose(message(MessageKind.OVERDUE, to="Cara Diaz"))
        assert mail["Subject"] == "Overdue: Jo Lind should have heard from Ada Brook by 18:42 today"
        assert wiring.compose(message(MessageKind.OVERDUE))["Subject"] == "Overdue: Jo Lind should have heard from you by 18:42 today"

    def test_it_is_pointless_once_the_case_is_done(self, wiring: Wiring):
        change(wiring, status=CaseStatus.CLOSED)
        with pytest.raises(RecordRejected, match=r"The case is no longer open\."):
            wiring.compose(message(MessageKind.OVERDUE))

    def test_it_is_pointless_once_the_date_moved_on(self, wiring: Wiring):
        change(wiring, next_date=wiring.clock.now() + timedelta(hours=1))
        with pytest.raises(RecordRejected, match=r"The customer is due to hear later now\."):
            wiring.compose(message(MessageKind.OVERDUE))

    def test_a_matter_not_put_right_is_told_although_the_next_word_is_due_later(self, wiring: Wiring):
        end = wiring.clock.now() - timedelta(minutes=1)
        change(wiring, next_date=wiring.clock.now() + timedelta(hours=1), resolve_by=end, late_for=end)
        assert "should have put Jo Lind’s case right by 19:41 today" in wiring.compose(message(MessageKind.OVERDUE, "Cara Diaz"))["Subject"]


def test_nobody_is_told_who_left_the_directory(wiring: Wiring):
    with pytest.raises(RecordRejected, match=r"Zoe Ray is not in the directory any more\."):
        wiring.compose(message(MessageKind.ALERT, to="Zoe Ray"))
