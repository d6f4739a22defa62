"""What the store promises, kept by both of its adapters: the file in this process, and the service over HTTP."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import httpx
import pytest

from allears.domain.case import CaseChange, CaseId, Event, EventType, acknowledge, hand_over, resolve
from allears.domain.feedback import (
    Channel,
    Cursor,
    FeedbackItem,
    Kind,
    Original,
    Rejected,
    Sentiment,
    SourceName,
    Status,
    Urgency,
    item_id,
)
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.records import ExportName, PageReceipt, Routed, SourceRun
from allears.errors import CaseConflict, StoreBusy, StoreError
from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from allears.store.http_store import HttpStore
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_page, an_item, said, understanding_of
from tests.contract.store_service import TOKEN, Service, serving

LONDON = "Europe/London"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "allears.duckdb"


@pytest.fixture
def in_process(file: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    store = DuckDBStore(file, clock)
    yield store
    store.close()


@pytest.fixture(params=["in process", "over http"])
def store(request: pytest.FixtureRequest, in_process: DuckDBStore) -> Iterator[Store]:
    if request.param == "in process":
        yield in_process
        return
    service: Service = request.getfixturevalue("service")
    service.store = in_process
    yield request.getfixturevalue("client")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[HttpStore]:
    client = HttpStore(service.url, TOKEN)
    yield client
    client.close()


def take_in(store: Store, *items: FeedbackItem, at: datetime = NOW) -> None:
    store.record_page(SUPPORT, a_page(items), at)


def understand(store: Store, *items: FeedbackItem, **what: object) -> None:
    take_in(store, *items)
    store.record_understanding([understanding_of(item, **what) for item in items])  # type: ignore[arg-type] # passed through as it came


def alert(item: FeedbackItem, *, to: str = "Ada Brook", number: int = 1001, at: datetime = NOW) -> OutboxMessage:
    key = outbox_key(MessageKind.ALERT, to, f"C-{number}", item.id)
    return OutboxMessage(key, MessageKind.ALERT, to, item.id, CaseId(f"C-{number}"), at, at)


def opened(item: FeedbackItem, number: int = 1001, **changes: object) -> Routed:
    case = a_case(number, item_ids=(item.id,), **changes)
    event = Event(case.id, NOW, "AllEars", EventType.OPENED, f"{case.owner} made owner.")
    return Routed(
        item.id, Status.CASE, "a reason", case.id, change=CaseChange(case, (event,)), outbox=(alert(item, to=case.owner, number=number),)
    )


def with_case(store: Store, item: FeedbackItem | None = None, number: int = 1001, **changes: object) -> FeedbackItem:
    item = item or an_item()
    understand(store, item)
    store.record_routing([opened(item, number, **changes)])
    return item


def status_of(store: Store, item: FeedbackItem) -> Status:
    (stored,) = store.items([item.id])
    return stored.status


class TestIntake:
    def test_an_item_comes_back_as_it_was_given(self, store: Store):
        item = an_item(
            title="Late again",
            quoted="> your order",
            thread_id="t-1",
            references=("a", "b"),
            language="en",
            rating=2.5,
            reach=1_200,
            url="https://x.example/1",
            source_person="Ada Brook",
            extra={"shop": "Leith", "ünï": "☕"},
        )
        take_in(store, item)
        assert store.items_to_understand(10) == [item]
        (stored,) = store.items([item.id])
        assert (stored.item, stored.status, stored.ingested_at, stored.understanding) == (item, Status.NEW, NOW, None)

    def test_a_page_moves_the_cursor(self, store: Store):
        assert store.cursor(SUPPORT) is None
        store.record_page(SUPPORT, a_page([an_item()], cursor="7"), NOW)
        store.record_page(SUPPORT, a_page(cursor="9"), NOW)
        store.record_page(SUPPORT, a_page([an_item("m-2")]), NOW)
        assert store.cursor(SUPPORT) == Cursor("9")
        assert store.cursor(SourceName("other")) is None

    def test_a_page_seen_again_is_merged(self, store: Store):
        page = a_page([an_item("1"), an_item("2")], [Rejected("3", "no date")], cursor="2")
        assert store.record_page(SUPPORT, page, NOW) == PageReceipt(2, 1, 0)
        assert store.record_page(SUPPORT, page, NOW) == PageReceipt(0, 0, 3)
        overlapping = a_page([an_item("2"), an_item("4"), an_item("4")], cursor="4")
        assert store.record_page(SUPPORT, overlapping, NOW) == PageReceipt(1, 0, 2)
        assert {item.external_id for item in store.items_to_understand(10)} == {"1", "2", "4"}
        assert [row.received for row in store.ledger(None, LONDON)] == [4]

    def test_the_first_reading_of_a_message_stays(self, store: Store):
        take_in(store, an_item(text="as it was first read"))
        take_in(store, an_item(text="read again by a newer parser"))
        assert [item.text for item in store.items_to_understand(10)] == ["as it was first read"]

    def test_the_same_id_from_two_sources_is_two_messages(self, store: Store):
        care = SourceName("care")
        take_in(store, an_item())
        store.record_page(care, a_page([an_item(source=care)]), NOW)
        assert {item.source for item in store.items_to_understand(10)} == {"support", "care"}

    def test_a_page_that_fails_leaves_nothing(self, store: Store):
        page = a_page([an_item("1"), an_item("2", reach=2**70)], [Rejected("3", "no date")], cursor="3")
        with pytest.raises(StoreError):
            store.record_page(SUPPORT, page, NOW)
        assert store.cursor(SUPPORT) is None
        assert store.items_to_understand(10) == []
        assert store.quarantine() == []
        assert store.ledger(None, LONDON) == []

    def test_a_page_that_fails_in_the_middle_of_its_transaction_leaves_nothing(self, in_process: DuckDBStore):
        broken = an_item("2", spam=None)  # refused after the originals and contacts were written
        with pytest.raises(StoreError, match="NOT NULL"):
            in_process.record_page(SUPPORT, a_page([an_item("1"), broken], cursor="3"), NOW)
        assert in_process.cursor(SUPPORT) is None
        assert in_process.items_to_understand(10) == []
        assert in_process.ledger(None, LONDON) == []
        assert in_process.export(ExportName.CUSTOMERS).read_all().num_rows == 0

    def test_a_customer_is_the_same_on_every_channel_they_use_one_address_on(self, store: Store):
        mail, form = an_item("1"), an_item("2", channel=Channel.FORM)
        take_in(store, mail, form, an_item("3", contact=None))
        customers = {each.item.external_id: each.customer_id for each in store.items([mail.id, form.id, item_id(SUPPORT, "3")])}
        assert customers["1"] == customers["2"] is not None
        assert customers["3"] is None

    def test_an_empty_address_is_nobodys(self, store: Store):
        take_in(store, an_item("1", contact=""), an_item("2", contact=""))
        assert {(each.item.contact, each.customer_id) for each in store.items([item_id(SUPPORT, "1"), item_id(SUPPORT, "2")])} == {
            (None, None)
        }

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("before\x00after", "before\x00after"),
            ("half \ud83d a face", "half ? a face"),
            ("x" * 100_000, "x" * 100_000),
            ("'; DROP TABLE items; --", "'; DROP TABLE items; --"),
            ("$1 ${HOME} {{7*7}} %s \\", "$1 ${HOME} {{7*7}} %s \\"),
            ("<script>alert(1)</script>\u202e\ufeff", "<script>alert(1)</script>\u202e\ufeff"),
            ("", ""),
        ],
        ids=["nul", "lone surrogate", "long", "sql", "templates", "markup", "empty"],
    )
    def test_hostile_text_is_only_text(self, store: Store, text: str, kept: str):
        fields = ("external_id", "text", "title", "author", "quoted", "thread_id", "url")
        take_in(store, an_item(**dict.fromkeys(fields, text), contact=f"x:{text}", references=(text,), extra={"kept": text}))
        (item,) = store.items_to_understand(10)
        assert {getattr(item, field) for field in fields} == {kept}
        assert (item.contact, item.references) == (f"x:{kept}", (kept,))
        assert item.extra == {"kept": kept}
        store.record_understanding([understanding_of(item)])
        assert [each.item for each in store.items_to_route(10)] == [item]

    def test_what_a_server_says_may_be_odd_too(self, store: Store):
        store.record_source_run(SourceRun(SUPPORT, NOW, 1.0, 0, error="no \udcff login", notices=("odd \udcff",)))
        (health,) = store.source_health()
        assert (health.error, health.notices) == ("no ? login", ("odd ?",))

    def test_health_remembers_when_a_source_last_worked(self, store: Store):
        later, last = NOW + timedelta(minutes=5), NOW + timedelta(minutes=10)
        store.record_source_run(SourceRun(SUPPORT, NOW, 1.0, 3))
        store.record_source_run(SourceRun(SUPPORT, later, 1.0, 0))
        store.record_source_run(SourceRun(SUPPORT, last, 1.0, 0, error="Login refused."))
        (health,) = store.source_health()
        assert (health.last_run_at, health.last_ok_at, health.last_item_at, health.error) == (last, later, NOW, "Login refused.")

    def test_claims_keep_two_runs_apart(self, store: Store, clock: StandingClock):
        until = NOW + timedelta(minutes=2)
        assert store.claim("gather support", "a", until)
        assert store.claim("gather support", "a", until)
        assert not store.claim("gather support", "b", until)
        assert store.claim("gather care", "b", until)
        store.release("gather support", "b")
        assert not store.claim("gather support", "b", until)
        store.release("gather support", "a")
        assert store.claim("gather support", "b", until)
        clock.move(minutes=3)
        assert store.claim("gather support", "a", until + timedelta(minutes=3))


class TestQuarantine:
    def test_a_message_that_cannot_be_read_waits_with_its_original(self, store: Store):
        store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "no date")]), NOW)
        (held,) = store.quarantine()
        assert (held.source, held.external_id, held.error, held.at) == (SUPPORT, "3", "no date", NOW)
        entry = store.quarantine_entry(held.item_id)
        assert entry is not None
        assert (entry.entry, entry.original) == (held, Original("3", b"raw", "message/rfc822"))
        assert store.quarantine_entry(item_id(SUPPORT, "unknown")) is None

    def test_bytes_of_any_kind_are_kept(self, store: Store):
        body = bytes(range(256)) * 4
        store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "odd")], originals=(Original("3", body, "text/plain"),)), NOW)
        entry = store.quarantine_entry(item_id(SUPPORT, "3"))
        assert entry is not None
        assert entry.original.body == body

    def test_a_message_read_at_last_leaves_quarantine_and_counts_on_the_day_it_came(self, store: Store):
        store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "no date")]), NOW)
        next_day = NOW + timedelta(days=1)
        item = an_item("3")
        assert store.record_page(SUPPORT, a_page([item]), next_day) == PageReceipt(1, 0, 0)
        assert store.quarantine() == []
        assert store.quarantine_entry(item.id) is None
        (row,) = store.ledger(None, LONDON)
        assert (row.day, row.received, row.quarantined, row.waiting, row.balanced) == (NOW.date(), 1, 0, 1, True)

    def test_what_was_read_once_is_not_quarantined_later(self, store: Store):
        take_in(store, an_item("3"))
        assert store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "no date")]), NOW) == PageReceipt(0, 0, 1)
        assert store.quarantine() == []


class TestUnderstanding:
    def test_what_was_understood_comes_back(self, store: Store):
        item = an_item()
        take_in(store, item)
        prediction = said(Kind.PRAISE, Sentiment.MIXED, urgency=Urgency.HIGH, urgency_reasons=("legal threat",), language="fr")
        known = understanding_of(item, prediction, topics=("billing", "taste"), praised=("Ada Brook",))
        store.record_understanding([known])
        (each,) = store.items_to_route(10)
        assert (each.item, each.understanding, each.ingested_at) == (item, known, NOW)

    def test_only_new_items_are_touched(self, store: Store):
        item = an_item()
        understand(store, item)
        store.record_understanding([understanding_of(item, said(Kind.PRAISE)), understanding_of(an_item("unknown"))])
        (each,) = store.items_to_route(10)
        assert each.understanding.prediction.kind is Kind.COMPLAINT

    def test_batches_end_at_their_limit_and_keep_the_order_of_arrival(self, store: Store):
        items = [an_item(str(n), received_at=NOW - timedelta(hours=n)) for n in range(4)]
        understand(store, *items)
        assert [each.item.external_id for each in store.items_to_route(3)] == ["3", "2", "1"]


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
        assert book.load == {"Ada Brook": 1, "Ben Hall": 1}
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


class TestReading:
    def test_a_case_shows_its_messages_and_the_customers_book(self, store: Store):
        hour = timedelta(hours=1)
        first, second = an_item("1"), an_item("2", received_at=NOW + hour, text="And another thing about that parcel.")
        understand(store, first, second)
        customer = store.items([first.id])[0].customer_id
        opening = opened(first, customer_id=customer)
        assert opening.change is not None
        grown = replace(opening.change.case, item_ids=(first.id, second.id), version=2)
        store.record_routing([opening, Routed(second.id, Status.CASE, "joined", grown.id, change=CaseChange(grown, ()))])
        old = an_item("3", received_at=NOW - 9 * hour, text="Lovely coffee as ever, thanks.")
        older = an_item("4", received_at=NOW - 99 * hour, text="When do you open on Sundays?")
        stranger, spam = an_item("5", contact="email:x@y.org"), an_item("6")
        understand(store, old, older, stranger, spam)
        places = ((old, Status.PRAISE), (older, Status.OTHER), (stranger, Status.OTHER), (spam, Status.SPAM))
        store.record_routing([Routed(each.id, status, "a reason") for each, status in places])
        view = store.case_view(grown.id)
        assert view is not None
        assert [stored.item for stored in view.items] == [first, second]
        assert [stored.item for stored in view.book] == [old, older]

    def test_open_cases_come_in_the_order_they_are_due(self, store: Store):
        for number, hours in ((1001, 5), (1002, 1), (1003, 3)):
            with_case(store, an_item(str(number)), number, next_date=NOW + timedelta(hours=hours))
        case = store.case(CaseId("C-1002"))
        assert case is not None
        assert [each.id for each in store.open_cases()] == ["C-1002", "C-1003", "C-1001"]
        store.record_change(resolve(case, outcome="refunded", actor="Ada Brook", at=NOW), ())
        assert [each.id for each in store.open_cases()] == ["C-1003", "C-1001"]

    def test_errors_keep_their_type_and_words(self, store: Store):
        with pytest.raises(CaseConflict) as caught:
            store.record_change(CaseChange(a_case(9, version=2), ()), ())
        assert str(caught.value) == "Case C-9 changed meanwhile. Look at it again, then repeat the step."

    def test_maintenance_says_what_it_did(self, store: Store):
        with_case(store)
        assert store.maintain(NOW)
        assert store.case(CaseId("C-1001")) is not None


class TestLedger:
    def test_messages_count_by_source_and_by_the_businesss_day(self, store: Store):
        late_evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # already 2 July in London
        care = SourceName("care")
        take_in(store, an_item("1"), an_item("2"), at=late_evening)
        store.record_page(care, a_page([an_item("1", source=care)], [Rejected("9", "odd")]), late_evening)
        rows = store.ledger(None, LONDON)
        assert [(row.source, row.day, row.received) for row in rows] == [("care", date(2026, 7, 2), 2), ("support", date(2026, 7, 2), 2)]
        assert (rows[0].quarantined, rows[0].waiting) == (1, 1)
        assert [row.day for row in store.ledger(None, "UTC")] == [date(2026, 7, 1)] * 2
        assert store.ledger(date(2026, 7, 3), LONDON) == []

    def test_every_place_is_counted(self, store: Store):
        places = [Status.PRAISE, Status.OTHER, Status.AUTOMATED, Status.DUPLICATE, Status.SPAM]
        items = [an_item(str(n)) for n in range(len(places))]
        understand(store, *items)
        store.record_routing([Routed(item.id, place, "a reason") for item, place in zip(items, places, strict=True)])
        with_case(store, an_item("case"))
        store.record_page(SUPPORT, a_page([an_item("waits")], [Rejected("r", "odd")]), NOW)
        (row,) = store.ledger(None, LONDON)
        counts = (row.case, row.praise, row.other, row.automated, row.duplicate, row.spam, row.quarantined, row.waiting)
        assert counts == (1,) * 8
        assert row.received == row.accounted == 8

    def test_a_message_that_waits_for_more_than_an_hour_is_stuck(self, store: Store, clock: StandingClock):
        take_in(store, an_item())
        clock.move(minutes=59)
        assert store.ledger(None, LONDON)[0].balanced
        clock.move(minutes=2)
        (row,) = store.ledger(None, LONDON)
        assert (row.stuck, row.balanced) == (1, False)

    def test_a_message_that_vanishes_is_seen(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        take_in(in_process, an_item("1"), an_item("2"))
        in_process.close()
        with duckdb.connect(str(file)) as behind_its_back:
            behind_its_back.execute("DELETE FROM items WHERE external_id = '1'")
        reopened = DuckDBStore(file, clock)
        (row,) = reopened.ledger(None, LONDON)
        reopened.close()
        assert (row.received, row.accounted, row.balanced) == (2, 1, False)

    def test_a_message_stored_twice_is_seen(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        take_in(in_process, an_item("1"))
        in_process.close()
        with duckdb.connect(str(file)) as behind_its_back:
            behind_its_back.execute("INSERT INTO items SELECT * FROM items")
        reopened = DuckDBStore(file, clock)
        (row,) = reopened.ledger(None, LONDON)
        reopened.close()
        assert (row.received, row.accounted, row.balanced) == (1, 2, False)


class TestOverview:
    @pytest.fixture
    def month(self, store: Store) -> Store:
        """Two weeks counted by hand: two cases now and one before, praise, and things that do not count."""
        day = timedelta(days=1)
        store.record_source_run(SourceRun(SUPPORT, NOW - 20 * day, 1.0, 1))
        angry, mixed = an_item("1", received_at=NOW - day), an_item("2", received_at=NOW - 2 * day, channel=Channel.FORM)
        before = an_item("3", received_at=NOW - 10 * day)
        happy, other, spam = (
            an_item("4", received_at=NOW - 3 * day),
            an_item("5", received_at=NOW - day),
            an_item("6", received_at=NOW - day),
        )
        understand(store, angry, before, spam)
        understand(store, mixed, prediction=said(sentiment=Sentiment.MIXED), topics=("taste",))
        understand(store, happy, prediction=said(Kind.PRAISE, Sentiment.POSITIVE), topics=("taste",), praised=("Ada Brook",))
        understand(store, other, prediction=said(Kind.OTHER, Sentiment.NEUTRAL), topics=())
        store.record_routing(
            [
                opened(angry, 1001, opened_at=NOW - day, next_date=NOW - timedelta(hours=1)),
                opened(mixed, 1002, opened_at=NOW - 2 * day, owner="Ben Hall", hops=1),
                opened(before, 1003, opened_at=NOW - 10 * day),
                Routed(happy.id, Status.PRAISE, ""),
                Routed(other.id, Status.OTHER, ""),
                Routed(spam.id, Status.SPAM, ""),
            ]
        )
        store.record_sent(alert(angry).key, angry.received_at + timedelta(seconds=30))
        store.record_sent(alert(mixed, to="Ben Hall", number=1002).key, mixed.received_at + timedelta(seconds=50))
        resolved = store.case(CaseId("C-1003"))
        assert resolved is not None
        store.record_change(resolve(resolved, outcome="refunded", actor="Ada Brook", at=NOW - 3 * day), ())
        held = store.case(CaseId("C-1001"))
        assert held is not None
        store.record_change(acknowledge(held, actor="Ada Brook", at=NOW - day + timedelta(minutes=10)), ())
        return store

    def test_the_headline_figures(self, month: Store):
        figures = month.overview(NOW, 7, LONDON).figures
        assert (figures.opened, figures.resolved, figures.solved_alone, figures.hops, figures.late) == (2, 1, 1, 1, 1)
        assert (figures.time_to_owner.cases, figures.time_to_owner.median_seconds) == (2, 40.0)
        assert figures.time_to_owner.p95_seconds == pytest.approx(49.0)
        assert (figures.time_to_acknowledge.cases, figures.time_to_acknowledge.median_seconds) == (1, 600.0)

    def test_the_period_before(self, month: Store):
        before = month.overview(NOW, 7, LONDON).figures_before
        assert (before.opened, before.resolved, before.time_to_owner.cases, before.time_to_owner.median_seconds) == (1, 0, 0, None)

    def test_the_breakdowns(self, month: Store):
        overview = month.overview(NOW, 7, LONDON)
        assert [(load.owner, load.open, load.late, load.unacknowledged) for load in overview.owners] == [
            ("Ada Brook", 1, 1, 0),
            ("Ben Hall", 1, 0, 1),
        ]
        assert [(t.topic, t.negative, t.mixed, t.neutral, t.positive, t.before) for t in overview.topics] == [
            ("taste", 0, 1, 0, 1, 0),
            ("delivery", 1, 0, 0, 0, 1),
        ]
        yesterday = [(d.channel, d.negative, d.neutral, d.complaints) for d in overview.daily if d.day == (NOW - timedelta(days=1)).date()]
        assert yesterday == [("email", 1, 1, 1)]
        assert Counter(d.channel for d in overview.daily) == {"email": 3, "form": 1}

    def test_the_lists(self, month: Store):
        overview = month.overview(NOW, 7, LONDON)
        assert [(line.case.id, line.customer, line.sentiment, line.channel) for line in overview.open_cases] == [
            ("C-1001", "Jo Lind", "negative", "email"),
            ("C-1002", "Jo Lind", "mixed", "form"),
        ]
        assert [(line.item.item.external_id, line.praised) for line in overview.praise] == [("4", ("Ada Brook",))]
        assert (overview.praise_count, overview.last_item_at, overview.now, overview.days) == (1, NOW, NOW, 7)
        assert [(row.received, row.balanced) for row in overview.ledger] == [(6, True)]

    def test_an_empty_store_has_an_overview(self, store: Store):
        overview = store.overview(NOW, 28, LONDON)
        assert (overview.figures.opened, overview.open_cases, overview.daily, overview.last_item_at) == (0, (), (), None)
        assert overview.figures.time_to_owner.p95_seconds is None


EXPORTED = {
    ExportName.ITEMS: "id source channel external_id thread_id received_at ingested_at author customer_id title text language rating reach "
    "url kind sentiment score confidence urgency topics automated spam duplicate_of case_id incident_id praised model_version status",
    ExportName.CASES: "id status owner customer_id kind topic urgency urgency_reasons item_ids hops opened_at alerted_at acknowledged_at "
    "first_response_at promised_for resolved_at closed_at next_date incident_id why_owner",
    ExportName.EVENTS: "id case_id at actor type detail",
    ExportName.CUSTOMERS: "id name contacts first_seen_at items cases",
}


class TestExport:
    @pytest.mark.parametrize("name", ExportName)
    def test_every_promised_column_is_there(self, store: Store, name: ExportName):
        assert set(EXPORTED[name].split()) <= set(store.export(name).schema.names)

    def test_rows_carry_what_is_known(self, store: Store):
        item = with_case(store)
        take_in(store, an_item("2", contact="email:two@x.org"))
        exported = {row["external_id"]: row for row in store.export(ExportName.ITEMS).read_all().to_pylist()}
        assert {key: exported["m-1"][key] for key in ("id", "status", "case_id", "kind", "topics", "praised", "received_at")} == {
            "id": item.id,
            "status": "case",
            "case_id": "C-1001",
            "kind": "complaint",
            "topics": ["delivery"],
            "praised": [],
            "received_at": NOW,
        }
        assert (exported["2"]["status"], exported["2"]["sentiment"]) == ("new", None)
        (case,) = store.export(ExportName.CASES).read_all().to_pylist()
        assert (case["id"], case["owner"], case["item_ids"], case["opened_at"]) == ("C-1001", "Ada Brook", [item.id], NOW)
        assert [row["type"] for row in store.export(ExportName.EVENTS).read_all().to_pylist()] == ["opened"]
        customers = store.export(ExportName.CUSTOMERS).read_all().to_pylist()
        assert sorted((row["contacts"], row["items"]) for row in customers) == [(["email:jo@x.org"], 1), (["email:two@x.org"], 1)]

    def test_more_rows_than_one_batch(self, store: Store):
        store.record_page(SUPPORT, a_page([an_item(str(n)) for n in range(12_000)]), NOW)
        assert store.export(ExportName.ITEMS).read_all().num_rows == 12_000


class TestManyAtOnce:
    def test_writers_lose_nothing(self, store: Store):
        def write(writer: int) -> None:
            source = SourceName(f"s{writer}")
            for n in range(5):
                items = [an_item(f"{n}-{i}", source=source) for i in range(4)]
                store.record_page(source, a_page(items, cursor=str(n)), NOW)
                store.ledger(None, LONDON)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(4)))
        assert {(row.source, row.received, row.waiting) for row in store.ledger(None, LONDON)} == {(f"s{n}", 20, 20) for n in range(4)}
        assert {store.cursor(SourceName(f"s{n}")) for n in range(4)} == {Cursor("4")}

    def test_of_many_who_take_a_case_one_gets_it(self, store: Store):
        with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case is not None

        def take(actor: str) -> bool:
            try:
                store.record_change(acknowledge(case, actor=actor, at=NOW), ())
            except CaseConflict:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert Counter(threads.map(take, "abcdefgh")) == {True: 1, False: 7}


class TestTheFile:
    def test_it_keeps_everything_over_a_restart(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        item = with_case(in_process)
        before = in_process.case_view(CaseId("C-1001"))
        in_process.close()
        reopened = DuckDBStore(file, clock)
        assert reopened.case_view(CaseId("C-1001")) == before
        assert status_of(reopened, item) is Status.CASE
        reopened.close()

    @pytest.mark.usefixtures("in_process")
    def test_another_process_is_told_who_has_it(self, file: Path):
        script = """
import sys
from pathlib import Path
from allears.clock import SystemClock
from allears.errors import StoreBusy
from allears.store.duckdb_store import DuckDBStore
try:
    DuckDBStore(Path(sys.argv[1]), SystemClock())
except StoreBusy as error:
    print(error)
"""
        told = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
        assert "is in use by process" in told.stdout

    @pytest.mark.usefixtures("in_process")
    def test_it_is_not_opened_twice_in_one_process_either(self, file: Path, clock: StandingClock):
        with pytest.raises(StoreBusy, match="in use"):
            DuckDBStore(file, clock)

    def test_migrations_are_recorded_once(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        in_process.close()
        DuckDBStore(file, clock).close()
        with duckdb.connect(str(file)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY name").fetchall()]
        assert names[0] == "0001_initial.sql"
        assert len(names) == len(set(names))

    def test_a_file_of_a_newer_version_is_refused_and_let_go(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        in_process.close()
        with duckdb.connect(str(file)) as connection:
            connection.execute("INSERT INTO migrations VALUES ('9999_from_the_future.sql', now())")
        with pytest.raises(StoreError, match=r"newer AllEars \(9999_from_the_future.sql\). Update AllEars"):
            DuckDBStore(file, clock)
        with duckdb.connect(str(file)) as connection:
            connection.execute("DELETE FROM migrations WHERE name LIKE '9999%'")
        DuckDBStore(file, clock).close()

    def test_a_file_that_is_no_store_is_refused_with_what_to_do(self, tmp_path: Path, clock: StandingClock):
        odd = tmp_path / "odd.duckdb"
        odd.write_bytes(b"no database " * 1000)
        with pytest.raises(StoreError, match="Restore a backup"):
            DuckDBStore(odd, clock)

    def test_a_reader_sees_one_moment(self, in_process: DuckDBStore):
        with in_process._db.reading() as moment:
            assert moment.rows("last_item") == [{"at": None}]
            take_in(in_process, an_item())
            assert moment.rows("last_item") == [{"at": None}]


class TestTheService:
    def test_a_wrong_token_opens_nothing(self, service: Service):
        client = HttpStore(service.url, "guessed")
        with pytest.raises(StoreError, match="token does not open the store"):
            client.open_cases()
        client.close()

    def test_a_wrong_token_is_answered_with_401(self, service: Service):
        for headers in ({"Authorization": "Bearer guessed"}, {}):
            assert httpx.post(f"{service.url}/api/v1/store/open_cases", headers=headers, content="{}").status_code == 401

    def test_a_service_that_is_gone_is_named(self):
        client = HttpStore("http://127.0.0.1:9", TOKEN)
        with pytest.raises(StoreError, match=r"127\.0\.0\.1:9 does not answer"):
            client.open_cases()
        client.close()
