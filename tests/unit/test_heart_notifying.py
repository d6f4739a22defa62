"""The outbox is emptied: what is sent, what is tried again and when, what never will be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from allears.domain.case import CaseChange, CaseId, Event, EventType
from allears.domain.feedback import Status
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.records import Routed
from allears.errors import AllEarsError, AuthenticationError, RecordRejected, TransientError
from allears.notifying import Delivered, deliver_due, is_stale
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_page, an_item, understanding_of


class TellingMailer:
    """Implements `allears.ports.Mailer`: keeps what it was handed, and fails for whom it was told."""

    def __init__(self, **failures: AllEarsError) -> None:
        self.failures = failures
        self.sent: list[str] = []
        self.closed = 0

    def check(self) -> str:
        return "fine"

    def send(self, message: EmailMessage) -> None:
        if failure := self.failures.get(message["To"]):
            raise failure
        self.sent.append(message["To"])

    def close(self) -> None:
        self.closed += 1


def compose(message: OutboxMessage) -> EmailMessage:
    mail = EmailMessage()
    mail["To"] = message.to
    return mail


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    """A case whose outbox holds a mail each to Ada, Ben and Cara."""
    store = DuckDBStore(tmp_path / "store.duckdb", clock)
    item = an_item()
    store.record_page(SUPPORT, a_page([item]), NOW)
    store.record_understanding([understanding_of(item)])
    case = a_case(owner="Ada")
    outbox = tuple(
        OutboxMessage(f"key-{to}", MessageKind.ALERT, to, item.id, case.id, NOW + timedelta(seconds=n), NOW)
        for n, to in enumerate(("Ada", "Ben", "Cara"))
    )
    event = Event(case.id, NOW, "AllEars", EventType.OPENED, "Ada made owner.")
    store.record_routing([Routed(item.id, Status.CASE, "a reason", case.id, change=CaseChange(case, (event,)), outbox=outbox)])
    yield store
    store.close()


def events(store: DuckDBStore) -> list[EventType]:
    view = store.case_view(CaseId("C-1001"))
    assert view is not None
    return [event.type for event in view.events]


def test_every_mail_that_is_due_leaves_in_order_and_once(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer()
    seen: list[str] = []
    assert deliver_due(store, mailer, compose, clock, lambda message: seen.append(message.to)) == Delivered(sent=3)
    assert deliver_due(store, mailer, compose, clock) == Delivered()
    assert mailer.sent == seen == ["Ada", "Ben", "Cara"]
    case = store.case(CaseId("C-1001"))
    assert case is not None
    assert case.alerted_at == NOW


def test_a_disturbance_waits_longer_each_time_and_holds_up_nobody(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer(Ben=TransientError("451 busy"))
    assert deliver_due(store, mailer, compose, clock) == Delivered(sent=2, postponed=1)
    waits = []
    for _ in range(8):
        before = clock.now()
        while not store.outbox_due(clock.now(), 10):
            clock.move(minutes=1)
        waits.append((clock.now() - before) / timedelta(minutes=1))
        assert deliver_due(store, mailer, compose, clock) == Delivered(postponed=1)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    mailer.failures = {}
    clock.move(hours=1)
    assert deliver_due(store, mailer, compose, clock) == Delivered(sent=1)


def test_a_server_that_names_a_time_is_heard(store: DuckDBStore, clock: StandingClock):
    deliver_due(store, TellingMailer(Ben=TransientError("451 busy", retry_after=300)), compose, clock)
    (waiting,) = store.outbox_due(NOW + timedelta(hours=1), 10)
    assert waiting.due_at == NOW + timedelta(minutes=5)


def test_a_recipient_who_never_will_be_reached_is_given_up_and_told(store: DuckDBStore, clock: StandingClock):
    assert deliver_due(store, TellingMailer(Ben=RecordRejected("550 no such user")), compose, clock) == Delivered(sent=2, failed=1)
    clock.move(days=30)
    assert deliver_due(store, TellingMailer(), compose, clock) == Delivered()
    assert EventType.ALERT_FAILED in events(store)


def test_a_mail_that_has_become_pointless_is_not_sent(store: DuckDBStore, clock: StandingClock):
    def compose_for_the_owner(message: OutboxMessage) -> EmailMessage:
        if is_stale(message, owner="Ada"):
            raise RecordRejected(f"{message.to} does not have the case any more.")
        return compose(message)

    mailer = TellingMailer()
    assert deliver_due(store, mailer, compose_for_the_owner, clock) == Delivered(sent=1, failed=2)
    assert mailer.sent == ["Ada"]


def test_refused_credentials_end_it_and_what_is_left_stays_due(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer(Ben=AuthenticationError("535 refused"))
    with pytest.raises(AuthenticationError):
        deliver_due(store, mailer, compose, clock)
    assert (mailer.sent, mailer.closed) == (["Ada"], 1)
    assert [(message.to, message.attempts) for message in store.outbox_due(NOW, 10)] == [("Ben", 0), ("Cara", 0)]


def test_connections_are_let_go(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer()
    deliver_due(store, mailer, compose, clock)
    assert mailer.closed == 1


@pytest.mark.parametrize(
    ("kind", "owner", "stale"), [(MessageKind.ALERT, "Ben", False), (MessageKind.ALERT, "Ada", True), (MessageKind.PRAISE, "Ada", False)]
)
def test_only_an_alert_can_come_too_late(kind: MessageKind, owner: str, stale: bool):
    message = OutboxMessage("key", kind, "Ben", an_item().id, None, NOW, NOW)
    assert is_stale(message, owner) is stale


def test_counts_add_up():
    assert Delivered(1, 2, 3).plus(Delivered(10, 20, 30)) == Delivered(11, 22, 33)
