"""What waits in the outbox: put off, gathered, told together; and what comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from allears.domain.case import CaseChange, CaseId, EventType
from allears.domain.changes import acknowledge
from allears.domain.feedback import Automated, FeedbackItem, Status
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.domain.records import Routed
from allears.domain.watch import Unreachable
from allears.errors import CaseConflict
from allears.ports import Store
from tests.builders import NOW, TOKENS, an_item
from tests.contract.store_steps import alert, opened, take_in, understand, with_case

LATER = NOW + timedelta(hours=1)
ADA = "Ada Brook"


def several(store: Store, count: int = 3) -> list[OutboxMessage]:
    """So many cases of Ada's, from C-1001 on, each with an alert that waits; the alerts."""
    items = [an_item(f"m-{number}", f"The kettle number {number} is broken.", contact=f"email:{number}@x.org") for number in range(count)]
    understand(store, *items)
    store.record_routing([opened(item, 1001 + number) for number, item in enumerate(items)])
    return [alert(item, number=1001 + number) for number, item in enumerate(items)]


def digest(*alerts: OutboxMessage, key: str = "digest-1") -> OutboxMessage:
    return OutboxMessage(key, MessageKind.DIGEST, ADA, alerts[0].item_id, None, NOW, NOW)


def due(store: Store, at: datetime = NOW) -> list[str]:
    return [message.key for message in store.outbox_due(at, 100)]


def event_types(store: Store, number: int = 1001) -> list[EventType]:
    view = store.case_view(CaseId(f"C-{number}"))
    assert view is not None
    return [event.type for event in view.events]


def alerted(store: Store, numbers: Sequence[int] = (1001, 1002, 1003)) -> list[datetime | None]:
    found = {case.id: case for case in store.cases([CaseId(f"C-{number}") for number in numbers])}
    return [found[CaseId(f"C-{number}")].alerted_at for number in numbers]


class TestCases:
    def test_those_that_there_are(self, store: Store):
        several(store, 2)
        found = store.cases([CaseId("C-1002"), CaseId("C-9"), CaseId("C-1001"), CaseId("C-1001")])
        assert sorted(case.id for case in found) == ["C-1001", "C-1002"]
        assert {case.id: case for case in found}[CaseId("C-1001")] == store.case(CaseId("C-1001"))
        assert store.cases([]) == []


class TestPostponing:
    def test_what_is_postponed_waits_until_then(self, store: Store):
        first, second, third = several(store)
        store.postpone([first.key, third.key], LATER)
        assert due(store) == [second.key]
        assert due(store, LATER - timedelta(microseconds=1)) == [second.key]
        assert set(due(store, LATER)) == {first.key, second.key, third.key}
        assert {message.attempts for message in store.outbox_due(LATER, 10)} == {0}

    def test_what_was_sent_or_given_up_meanwhile_stays_so(self, store: Store):
        first, second, third = several(store)
        store.record_sent(first.key, NOW)
        store.record_send_failure(second.key, "550", None)
        store.postpone([first.key, second.key, third.key, "unknown"], LATER)
        assert due(store, LATER + timedelta(days=1)) == [third.key]

    def test_what_waits_for_its_time_is_no_mail_that_is_stuck(self, store: Store):
        (only,) = several(store, 1)
        assert store.watch_book(LATER).unsent_since == NOW
        store.postpone([only.key], LATER)
        assert store.watch_book(LATER - timedelta(seconds=1)).unsent_since is None
        assert store.watch_book(LATER + timedelta(minutes=1)).unsent_since == LATER
        store.record_send_failure(only.key, "451 busy", LATER + timedelta(minutes=2))
        assert store.watch_book(LATER + timedelta(minutes=2)).unsent_since == NOW

    def test_what_goes_with_a_digest_or_beside_the_mail_is_no_mail_that_is_stuck(self, store: Store):
        first, second, _ = several(store)
        case = store.case(CaseId("C-1003"))
        assert case is not None
        store.record_change(acknowledge(case, actor=ADA, at=NOW), [replace(first, key="beside", way=Way.BESIDE)])
        store.record_sent(alert(an_item("m-2"), number=1003).key, NOW)
        store.record_digest(digest(first, second), [first.key, second.key])
        store.record_sent("digest-1", NOW)
        assert due(store) == ["beside"]
        assert store.watch_book(LATER).unsent_since is None


class TestGathering:
    def test_a_digest_goes_in_place_of_its_alerts(self, store: Store):
        first, second, third = several(store)
        store.record_digest(digest(first, third), [first.key, third.key])
        assert set(due(store)) == {second.key, "digest-1"}
        assert {each.key for each in store.gathered("digest-1")} == {first.key, third.key}
        store.record_sent("digest-1", LATER)
        assert alerted(store) == [LATER, None, LATER]
        assert event_types(store) == [EventType.OPENED, EventType.ALERTED]
        assert due(store) == [second.key]
        assert store.recent_alerts(LATER) == {ADA: 1}

    def test_the_same_digest_again_is_one(self, store: Store):
        first, second, _ = several(store)
        for _ in range(2):
            store.record_digest(digest(first, second), [first.key, second.key])
        assert due(store).count("digest-1") == 1

    def test_an_alert_is_told_in_one_mail_only(self, store: Store):
        first, second, third = several(store)
        store.record_digest(digest(first, second), [first.key, second.key])
        store.record_digest(digest(second, third, key="digest-2"), [second.key, third.key])
        assert {each.key for each in store.gathered("digest-1")} == {first.key, second.key}
        assert store.gathered("digest-2") == [third]

    def test_a_digest_that_never_can_be_sent_fails_its_alerts(self, store: Store):
        first, second, _ = several(store)
        store.record_digest(digest(first, second), [first.key, second.key])
        store.record_send_failure("digest-1", "550 no such user", None)
        assert event_types(store, 1001) == event_types(store, 1002) == [EventType.OPENED, EventType.ALERT_FAILED]
        assert len(due(store, LATER)) == 1

    def test_a_case_that_moved_on_is_not_said_to_be_alerted(self, store: Store):
        first, second, _ = several(store)
        store.record_digest(digest(first, second), [first.key, second.key])
        case = store.case(CaseId("C-1002"))
        assert case is not None
        store.record_change(CaseChange(replace(case, owner="Ben Hall", version=case.version + 1), ()), ())
        store.record_sent("digest-1", LATER)
        assert alerted(store) == [LATER, None, None]
        assert event_types(store, 1002) == [EventType.OPENED]


class TestTwoAlertsOfOneCase:
    def newer(self, store: Store, **changes: object) -> tuple[OutboxMessage, OutboxMessage]:
        """The alert of C-1001, and a newer one of the same case."""
        (first,) = several(store, 1)
        case = store.case(CaseId("C-1001"))
        assert case is not None
        second = replace(first, key="newer", created_at=NOW + timedelta(minutes=1), due_at=NOW, **changes)  # type: ignore[arg-type]
        store.record_change(CaseChange(replace(case, version=case.version + 1), ()), [second])
        return first, second

    def test_the_newest_tells_the_older_too(self, store: Store):
        first, second = self.newer(store)
        store.record_digest(second, [first.key])
        assert due(store) == ["newer"]
        store.record_sent("newer", LATER)
        assert event_types(store) == [EventType.OPENED, EventType.ALERTED]
        assert store.recent_alerts(NOW) == {ADA: 1}

    def test_in_a_digest_it_takes_the_older_along(self, store: Store):
        first, second = self.newer(store)
        store.record_digest(second, [first.key])
        store.record_digest(digest(second), [second.key])
        assert {each.key for each in store.gathered("digest-1")} == {first.key, "newer"}
        store.record_sent("digest-1", LATER)
        assert store.watch_book(LATER).unsent_since is None
        assert due(store, LATER) == []

    def test_an_older_one_that_waits_for_later_is_not_sent_after_a_newer(self, store: Store):
        first, second = self.newer(store)
        store.postpone([first.key], LATER)
        store.record_sent(second.key, NOW)
        assert due(store, LATER) == []

    def test_a_newer_one_is_still_sent_after_an_older(self, store: Store):
        first, second = self.newer(store)
        store.record_sent(first.key, NOW)
        assert due(store) == [second.key]

    @pytest.mark.parametrize("changes", [{"way": Way.BESIDE}, {"to": "Ben Hall"}, {"kind": MessageKind.OVERDUE}])
    def test_what_goes_another_way_tells_nothing_of_it(self, store: Store, changes: dict[str, object]):
        first, second = self.newer(store, **changes)
        store.record_sent(second.key, NOW)
        assert due(store) == [first.key]


class TestWhatComesBack:
    def bounce(self, **changes: object) -> FeedbackItem:
        return an_item("bounce-1", "It could not be delivered.", automated=Automated.BOUNCE, contact=None, **changes)

    def test_routing_notes_who_cannot_be_reached(self, store: Store):
        item = self.bounce()
        understand(store, item)
        unreachable = Unreachable(ADA, "ada@northwind.example", "It came back.", NOW)
        store.record_routing([Routed(item.id, Status.AUTOMATED, "bounce", unreachable=unreachable)])
        assert store.watch_book(NOW).unreachable == (unreachable,)
        assert store.routing_book([item.id]).bouncing == {"ada@northwind.example": "It came back."}

    def test_all_or_nothing(self, store: Store):
        item, other = self.bounce(), an_item("m-2")
        understand(store, item)
        take_in(store, other)
        unreachable = Unreachable(ADA, "ada@northwind.example", "It came back.", NOW)
        with pytest.raises(CaseConflict):
            store.record_routing([Routed(item.id, Status.AUTOMATED, "bounce", unreachable=unreachable), opened(other)])
        assert store.watch_book(NOW).unreachable == ()

    @pytest.mark.parametrize("where", ["references", "bounced_message", "sent_to"])
    def test_the_book_knows_our_mails_that_came_back_or_are_answered(self, store: Store, where: str):
        ours = alert(with_case(store))
        message_id = f"{TOKENS.of(ours.key)}@northwind.example"
        changes = {"references": ("x@y", message_id)} if where == "references" else {"extra": {where: f"support+{message_id}\nx@y"}}
        item, stranger = self.bounce(**changes), an_item("m-2", references=("another@northwind.example",))
        understand(store, item, stranger)
        book = store.routing_book([item.id])
        assert book.sent == {ours.key: ours}
        assert set(book.items) >= {ours.item_id}
        assert store.routing_book([stranger.id]).sent == {}
