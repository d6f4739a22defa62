"""What the store promises of cases: routing, alerts and changes, all or nothing. Both adapters keep it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from allears.domain.case import CaseChange, CaseId, EventType
from allears.domain.changes import acknowledge, hand_over, resolve
from allears.domain.feedback import (
    Status,
)
from allears.domain.outbox import MessageKind
from allears.domain.records import Load, Routed
from allears.errors import CaseConflict
from allears.ports import Store
from tests.builders import NOW, a_case, an_item
from tests.contract.store_steps import alert, opened, status_of, take_in, understand, with_case


class TestRouting:
    def test_a_case_is_opened_with_its_event_and_its_alert(self, store: Store):
        item = with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case == a_case(item_ids=(item.id,))
        assert status_of(store, item) is Status.CASE
        assert store.outbox_due(NOW, 10) == [alert(item)]
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert [event.type for event in view.events] == [EventType.OPENED]

    def test_an_item_is_routed_once(self, store: Store):
        item = with_case(store)
        with pytest.raises(CaseConflict):
            store.record_routing([Routed(item.id, Status.OTHER, "again")])
        assert status_of(store, item) is Status.CASE

    def test_a_new_item_is_not_routed_before_it_is_understood(self, store: Store):
        take_in(store, an_item())
        with pytest.raises(CaseConflict):
            store.record_routing([Routed(an_item().id, Status.OTHER, "too early")])
        assert status_of(store, an_item()) is Status.NEW

    def test_a_number_that_is_taken_refuses_the_whole_batch(self, store: Store):
        with_case(store)
        plain, second = an_item("2"), an_item("3")
        understand(store, plain, second)
        with pytest.raises(CaseConflict):
            store.record_routing([Routed(plain.id, Status.OTHER, "fine"), opened(second, number=1001)])
        assert status_of(store, plain) is Status.UNDERSTOOD
        assert len(store.outbox_due(NOW, 10)) == 1

    def test_a_case_that_changed_meanwhile_refuses_the_batch(self, store: Store):
        with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case is not None
        store.record_change(acknowledge(case, actor="Ada Brook", at=NOW), ())
        second = an_item("2")
        understand(store, second)
        stale = replace(case, item_ids=(*case.item_ids, second.id), version=2)
        with pytest.raises(CaseConflict):
            store.record_routing([Routed(second.id, Status.CASE, "joined", case.id, change=CaseChange(stale, ()))])
        assert store.case(case.id) == replace(case, status=acknowledge(case, actor="", at=NOW).case.status, acknowledged_at=NOW, version=2)

    def test_a_case_may_be_opened_and_joined_in_one_batch(self, store: Store):
        first, second = an_item("1"), an_item("2")
        understand(store, first, second)
        opening = opened(first)
        assert opening.change is not None
        grown = replace(opening.change.case, item_ids=(first.id, second.id), version=2)
        store.record_routing([opening, Routed(second.id, Status.CASE, "joined", grown.id, change=CaseChange(grown, ()))])
        assert store.case(grown.id) == grown

    def test_the_book_knows_what_routing_must_know(self, store: Store):
        first = with_case(store, an_item("1", references=()))
        customer = store.items([first.id])[0].customer_id
        with_case(store, an_item("2", contact="email:other@x.org"), 1002, owner="Ben Hall", customer_id=customer)
        reply = an_item("3", contact="email:else@x.org", references=("1",), text="Any news of my parcel at last?")
        twin = an_item("4", contact="email:other@x.org")
        understand(store, reply, twin)
        book = store.routing_book([reply.id, twin.id])
        assert book.next_number == 1003
        assert CaseId("C-1001") in {case.id for case in book.cases}
        assert book.threads == {"1": "C-1001"}
        assert book.participants[CaseId("C-1001")] == ("email:jo@x.org",)
        assert {each.external_id for each in book.earlier} == {"1", "2"}
        assert book.load == {"Ada Brook": Load(1, 1.0), "Ben Hall": Load(1, 1.0)}
        assert set(book.customers) == {reply.id, twin.id}

    @pytest.mark.parametrize("status", [Status.SPAM, Status.AUTOMATED, Status.DUPLICATE])
    def test_what_reached_nobody_is_no_twin(self, store: Store, status: Status):
        spam, real = an_item("1"), an_item("2")
        understand(store, spam)
        store.record_routing([Routed(spam.id, status, "a reason")])
        understand(store, real)
        assert store.routing_book([real.id]).earlier == ()

    def test_a_mail_is_written_once(self, store: Store):
        item = with_case(store)
        second = an_item("2")
        understand(store, second)
        store.record_routing([Routed(second.id, Status.OTHER, "fine", outbox=(alert(item), alert(item)))])
        assert len(store.outbox_due(NOW, 10)) == 1


class TestNotifying:
    def test_handing_over_an_alert_dates_the_case(self, store: Store):
        item = with_case(store)
        sent_at = NOW + timedelta(seconds=4)
        store.record_sent(alert(item).key, sent_at)
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert view.case.alerted_at == sent_at
        assert [(event.type, event.at) for event in view.events] == [(EventType.OPENED, NOW), (EventType.ALERTED, sent_at)]
        assert store.outbox_due(sent_at, 10) == []
        store.record_sent(alert(item).key, sent_at + timedelta(hours=1))
        assert store.case_view(CaseId("C-1001")) == view

    def test_an_alert_to_someone_else_does_not_date_the_case(self, store: Store):
        item = with_case(store)
        stray = alert(item, to="Ben Hall")
        case = store.case(CaseId("C-1001"))
        assert case is not None
        store.record_change(acknowledge(case, actor="Ada Brook", at=NOW), [stray])
        store.record_sent(stray.key, NOW)
        now_case = store.case(case.id)
        assert now_case is not None
        assert now_case.alerted_at is None

    def test_a_failure_with_a_time_is_tried_again(self, store: Store):
        item = with_case(store)
        retry_at = NOW + timedelta(minutes=1)
        store.record_send_failure(alert(item).key, "451 busy", retry_at)
        assert store.outbox_due(NOW, 10) == []
        (waiting,) = store.outbox_due(retry_at, 10)
        assert (waiting.attempts, waiting.due_at) == (1, retry_at)

    def test_a_failure_without_a_time_ends_it_and_is_an_event(self, store: Store):
        item = with_case(store)
        store.record_send_failure(alert(item).key, "550 no such \udcff user", None)
        assert store.outbox_due(NOW + timedelta(days=365), 10) == []
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert view.case.alerted_at is None
        failed = [event for event in view.events if event.type is EventType.ALERT_FAILED]
        assert [event.detail for event in failed] == ["No alert to Ada Brook: 550 no such ? user"]

    def test_praise_that_cannot_be_sent_is_no_failed_alert(self, store: Store):
        item = with_case(store)
        praise = replace(alert(item), key="praise-1", kind=MessageKind.PRAISE)
        case = store.case(CaseId("C-1001"))
        assert case is not None
        store.record_change(acknowledge(case, actor="Ada Brook", at=NOW), [praise])
        store.record_send_failure(praise.key, "550 no such user", None)
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert EventType.ALERT_FAILED not in {event.type for event in view.events}

    def test_the_oldest_mails_go_first(self, store: Store):
        item = with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case is not None
        early = replace(alert(item), key="early", created_at=NOW - timedelta(hours=1))
        later = replace(alert(item), key="later", due_at=NOW + timedelta(hours=1))
        store.record_change(acknowledge(case, actor="Ada Brook", at=NOW), [later, early])
        assert [message.key for message in store.outbox_due(NOW, 10)] == ["early", alert(item).key]
        assert [message.key for message in store.outbox_due(NOW, 1)] == ["early"]


class TestCaring:
    def test_a_change_keeps_the_case_its_events_and_what_is_told(self, store: Store):
        item = with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case is not None
        change = hand_over(case, to="Ben Hall", reason="on leave", actor="Ada Brook", at=NOW, next_date=NOW)
        store.record_change(change, [alert(item, to="Ben Hall")])
        assert store.case(case.id) == change.case
        assert {message.to for message in store.outbox_due(NOW, 10)} == {"Ada Brook", "Ben Hall"}

    def test_the_slower_of_two_changes_is_refused(self, store: Store):
        item = with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case is not None
        store.record_change(acknowledge(case, actor="Ada Brook", at=NOW), ())
        late = resolve(case, outcome="refunded", actor="Ben Hall", at=NOW)
        with pytest.raises(CaseConflict, match="C-1001 changed meanwhile"):
            store.record_change(late, [alert(item, to="Ben Hall")])
        view = store.case_view(case.id)
        assert view is not None
        assert EventType.RESOLVED not in {event.type for event in view.events}
        assert len(store.outbox_due(NOW, 10)) == 1

    def test_a_case_that_is_not_there(self, store: Store):
        assert store.case(CaseId("C-9")) is None
        assert store.case_view(CaseId("C-9")) is None
        with pytest.raises(CaseConflict):
            store.record_change(CaseChange(a_case(9, version=2), ()), ())
