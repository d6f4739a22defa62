"""The outbox is emptied: what is sent, what is tried again and when, what never will be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path

import pytest

from allears.domain.case import CaseChange, CaseId, Event, EventType, Reply
from allears.domain.feedback import Status
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.domain.records import Routed
from allears.domain.watch import Unreachable
from allears.errors import AllEarsError, AuthenticationError, RecordRejected, TransientError
from allears.notifying import Delivered, deliver_due
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_page, a_store, an_item, understanding_of


class TellingMailer:
    """Implements `allears.ports.Mailer`: keeps what it was handed, and fails for whom it was told."""

    def __init__(self, **failures: AllEarsError) -> None:
        self.failures = failures
        self.sent: list[str] = []
        self.closed = 0

    def check(self) -> str:
        return "fine"

    def send(self, message: EmailMessage) -> None:
        name = message["To"].addresses[0].display_name
        if failure := self.failures.get(name):
            raise failure
        self.sent.append(name)

    def close(self) -> None:
        self.closed += 1


def compose(message: OutboxMessage) -> EmailMessage:
    mail = EmailMessage()
    mail["To"] = Address(message.to, addr_spec=address_of(message.to))
    return mail


def address_of(name: str) -> str:
    return f"{name}.B@Northwind.example"


def nothing_beside(message: OutboxMessage) -> None:
    raise AssertionError(f"{message.key} is a mail")


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    """A case whose outbox holds a mail each to Ada, Ben and Cara."""
    store = a_store(tmp_path / "store.duckdb", clock)
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
    assert deliver_due(store, mailer, compose, nothing_beside, clock, lambda message: seen.append(message.to)) == Delivered(sent=3)
    assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered()
    assert mailer.sent == seen == ["Ada", "Ben", "Cara"]
    case = store.case(CaseId("C-1001"))
    assert case is not None
    assert case.alerted_at == NOW


def test_a_disturbance_waits_longer_each_time_and_holds_up_nobody(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer(Ben=TransientError("451 busy"))
    assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered(sent=2, postponed=1)
    waits = []
    for _ in range(8):
        before = clock.now()
        while not store.outbox_due(clock.now(), 10):
            clock.move(minutes=1)
        waits.append((clock.now() - before) / timedelta(minutes=1))
        assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered(postponed=1)
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    mailer.failures = {}
    clock.move(hours=1)
    assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered(sent=1)


def test_a_server_that_names_a_time_is_heard(store: DuckDBStore, clock: StandingClock):
    deliver_due(store, TellingMailer(Ben=TransientError("451 busy", retry_after=300)), compose, nothing_beside, clock)
    (waiting,) = store.outbox_due(NOW + timedelta(hours=1), 10)
    assert waiting.due_at == NOW + timedelta(minutes=5)


def test_a_recipient_who_never_will_be_reached_is_given_up_and_told(store: DuckDBStore, clock: StandingClock):
    assert deliver_due(store, TellingMailer(Ben=RecordRejected("550 no such user")), compose, nothing_beside, clock) == Delivered(
        sent=2, failed=1
    )
    clock.move(days=30)
    assert deliver_due(store, TellingMailer(), compose, nothing_beside, clock) == Delivered()
    assert EventType.ALERT_FAILED in events(store)


def test_a_mail_that_has_become_pointless_is_not_sent_and_says_nothing_of_its_reader(store: DuckDBStore, clock: StandingClock):
    def compose_for_the_owner(message: OutboxMessage) -> EmailMessage:
        if message.to != "Ada":
            raise RecordRejected(f"{message.to} does not have the case any more.")
        return compose(message)

    mailer = TellingMailer()
    assert deliver_due(store, mailer, compose_for_the_owner, nothing_beside, clock) == Delivered(sent=1, failed=2)
    assert mailer.sent == ["Ada"]
    assert store.watch_book(NOW).unreachable == ()


class TestAnAddressThatTakesNoMail:
    @pytest.mark.parametrize("kind", [MessageKind.ALERT, MessageKind.DIGEST, MessageKind.MOVED, MessageKind.OVERDUE, MessageKind.NEWS])
    def test_is_noted_with_what_the_server_said(self, store: DuckDBStore, clock: StandingClock, kind: MessageKind):
        self.given(store, kind)
        deliver_due(store, TellingMailer(Dan=RecordRejected("550 no such user")), compose, nothing_beside, clock)
        assert store.watch_book(NOW).unreachable == (Unreachable("Dan", "Dan.B@Northwind.example", "550 no such user", NOW),)

    def test_is_not_guessed_from_praise_that_went_to_two(self, store: DuckDBStore, clock: StandingClock):
        self.given(store, MessageKind.PRAISE)
        delivered = deliver_due(store, TellingMailer(Dan=RecordRejected("550")), compose, nothing_beside, clock)
        assert delivered == Delivered(sent=3, failed=1)
        assert store.watch_book(NOW).unreachable == ()

    @pytest.mark.parametrize("failure", [TransientError("451 busy"), AuthenticationError("535 refused")])
    def test_is_none_where_the_server_only_has_no_time_or_does_not_know_us(
        self, store: DuckDBStore, clock: StandingClock, failure: AllEarsError
    ):
        with suppress(AuthenticationError):
            deliver_due(store, TellingMailer(Ben=failure), compose, nothing_beside, clock)
        assert store.watch_book(NOW).unreachable == ()

    def given(self, store: DuckDBStore, kind: MessageKind) -> None:
        case = store.case(CaseId("C-1001"))
        assert case is not None
        mail = OutboxMessage("to-dan", kind, "Dan", an_item().id, case.id, NOW, NOW)
        store.record_change(CaseChange(replace(case, version=case.version + 1), ()), [mail])


class TestBesideTheMail:
    def test_what_goes_beside_goes_to_no_mail_server_and_dates_nothing(self, store: DuckDBStore, clock: StandingClock):
        self.given(store)
        mailer, told = TellingMailer(), list[str]()
        assert deliver_due(store, mailer, compose, lambda message: told.append(message.key), clock) == Delivered(sent=4)
        assert (mailer.sent, told) == (["Ada", "Ben", "Cara"], ["beside"])
        assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered()
        assert events(store).count(EventType.ALERTED) == 1

    def test_what_fails_is_tried_again_like_a_mail_and_is_no_address_that_takes_none(self, store: DuckDBStore, clock: StandingClock):
        self.given(store)
        tries: list[int] = []

        def beside(message: OutboxMessage) -> None:
            tries.append(message.attempts)
            if message.attempts < 2:
                raise TransientError("The chat is down.")
            raise RecordRejected("Given up.")

        for _ in range(10):
            deliver_due(store, TellingMailer(), compose, beside, clock)
            clock.move(minutes=1)
        assert tries == [0, 1, 2]
        assert store.watch_book(clock.now()).unreachable == ()
        assert EventType.ALERT_FAILED not in events(store)

    def given(self, store: DuckDBStore) -> None:
        case = store.case(CaseId("C-1001"))
        assert case is not None
        ping = OutboxMessage("beside", MessageKind.ALERT, "Ada", an_item().id, case.id, NOW, NOW, way=Way.BESIDE)
        store.record_change(CaseChange(replace(case, version=case.version + 1), ()), [ping])


class TestALetterToACustomer:
    """It leaves from another address than what goes to our own people, and to none of them."""

    @pytest.fixture
    def letter(self, store: DuckDBStore) -> OutboxMessage:
        """Written before anything else was."""
        case = store.case(CaseId("C-1001"))
        assert case is not None
        before = NOW - timedelta(seconds=1)
        message = OutboxMessage("letter", MessageKind.REPLY, "Jo", an_item().id, case.id, before, before)
        reply = Reply("letter", case.id, an_item().id, "Ada", "email:jo@x.org", "Dear Jo", before)
        store.record_change(CaseChange(replace(case, version=case.version + 1), (), reply), [message])
        return message

    def test_that_the_server_does_not_let_us_send_as_waits_and_holds_up_nobody(
        self, store: DuckDBStore, clock: StandingClock, letter: OutboxMessage
    ):
        mailer = TellingMailer(Jo=AuthenticationError("does not let us send as support@northwind.example"))
        with pytest.raises(AuthenticationError, match="as support@northwind"):
            deliver_due(store, mailer, compose, nothing_beside, clock)
        assert mailer.sent == ["Ada", "Ben", "Cara"]
        assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered()
        clock.move(minutes=1)
        assert [(each.key, each.attempts) for each in store.outbox_due(clock.now(), 10)] == [(letter.key, 1)]

    def test_that_never_arrives_is_told_to_whoever_has_the_case_by_now(
        self, store: DuckDBStore, clock: StandingClock, letter: OutboxMessage
    ):
        mailer = TellingMailer(Jo=RecordRejected("550 no such user"))
        assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered(sent=4, failed=1)
        assert mailer.sent == ["Ada", "Ben", "Cara", "Ada"]
        assert EventType.RETURNED in events(store)
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert [(reply.key, reply.failed) for reply in view.replies] == [(letter.key, "550 no such user")]
        assert store.watch_book(NOW).unreachable == ()


def test_what_comes_in_meanwhile_is_left_to_the_next_time(store: DuckDBStore, clock: StandingClock):
    store.postpone(["key-Ben"], NOW + timedelta(seconds=1))
    clock.move(seconds=2)
    mailer = TellingMailer()
    assert deliver_due(store, mailer, compose, nothing_beside, clock, until=NOW) == Delivered(sent=2)
    assert mailer.sent == ["Ada", "Cara"]
    assert deliver_due(store, mailer, compose, nothing_beside, clock) == Delivered(sent=1)


def test_refused_credentials_end_it_and_what_is_left_stays_due(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer(Ben=AuthenticationError("535 refused"))
    with pytest.raises(AuthenticationError):
        deliver_due(store, mailer, compose, nothing_beside, clock)
    assert (mailer.sent, mailer.closed) == (["Ada"], 1)
    assert [(message.to, message.attempts) for message in store.outbox_due(NOW, 10)] == [("Ben", 0), ("Cara", 0)]


def test_connections_are_let_go(store: DuckDBStore, clock: StandingClock):
    mailer = TellingMailer()
    deliver_due(store, mailer, compose, nothing_beside, clock)
    assert mailer.closed == 1


def test_counts_add_up():
    assert Delivered(1, 2, 3).plus(Delivered(10, 20, 30)) == Delivered(11, 22, 33)
