"""What the outbox holds is composed and handed over, one mail at a time; each is marked as soon as it is gone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from allears.bouncing import tell_returned
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.domain.watch import Unreachable
from allears.errors import AllEarsError, AuthenticationError, CaseConflict, RecordRejected, TransientError
from allears.ports import Clock, Mailer, Store

BATCH = 100
_TRIES = 3
Compose = Callable[[OutboxMessage], EmailMessage]
"""The mail a message stands for; RecordRejected if it has become pointless."""
Beside = Callable[[OutboxMessage], None]
"""Tells a message by its reader's other ways; raises as a mailer does."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many mails were handed over, wait for another try, and can never be delivered."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0

    def plus(self, other: Delivered) -> Delivered:
        """Both together."""
        return Delivered(self.sent + other.sent, self.postponed + other.postponed, self.failed + other.failed)


def deliver_due(
    store: Store,
    mailer: Mailer,
    compose: Compose,
    beside: Beside,
    clock: Clock,
    progress: Callable[[OutboxMessage], None] = lambda _: None,
    *,
    until: datetime | None = None,
) -> Delivered:
    """Hand over everything that is due, or was due at `until`: mails to `mailer`, the rest to `beside`.

    AuthenticationError ends it, since no other mail would leave either; but a reply leaves from an address of its own, and if that is
    what was refused, it waits and the others leave first.
    """
    sent = postponed = failed = 0
    refused: AuthenticationError | None = None
    try:
        while due := store.outbox_due(until or clock.now(), BATCH):
            for message in due:
                try:
                    if message.way is Way.BESIDE:
                        beside(message)
                    else:
                        _hand_over(store, mailer, message, compose(message), clock)
                except TransientError as error:
                    store.record_send_failure(message.key, str(error), clock.now() + _wait(message, error))
                    postponed += 1
                except AuthenticationError as error:
                    if message.kind is not MessageKind.REPLY:
                        raise
                    store.record_send_failure(message.key, str(error), clock.now() + _wait(message, error))
                    postponed, refused = postponed + 1, error
                except RecordRejected as error:
                    _give_up(store, message, str(error), clock)
                    failed += 1
                else:
                    store.record_sent(message.key, clock.now())
                    sent += 1
                progress(message)
    finally:
        mailer.close()
    if refused:
        raise refused
    return Delivered(sent, postponed, failed)


def _hand_over(store: Store, mailer: Mailer, message: OutboxMessage, mail: EmailMessage, clock: Clock) -> None:
    """One mail. If the mail server says that its reader never gets it, nothing else will reach them either, and that is noted."""
    try:
        mailer.send(mail)
    except RecordRejected as error:
        if message.kind not in (MessageKind.PRAISE, MessageKind.REPLY):  # praise goes to two people, a reply to none of ours
            store.record_unreachable(Unreachable(message.to, mail["To"].addresses[0].addr_spec, str(error), clock.now()))
        raise


def _give_up(store: Store, message: OutboxMessage, why: str, clock: Clock) -> None:
    """It can never be delivered."""
    if message.kind is MessageKind.REPLY:
        _say_returned(store, message, why, clock)
    store.record_send_failure(message.key, why, None)


def _say_returned(store: Store, message: OutboxMessage, why: str, clock: Clock) -> None:
    """The customer's mail server takes no reply: whoever has the case hears of it."""
    for _ in range(_TRIES):
        case = store.case(message.case_id) if message.case_id else None
        if case is None:
            return
        change, told = tell_returned(case, message, why, clock.now())
        with suppress(CaseConflict):  # somebody else changed it at this moment
            store.record_change(change, (told,))
            return


def _wait(message: OutboxMessage, error: AllEarsError) -> timedelta:
    """A minute after the first failure, twice as long after each further one, an hour at the most."""
    told = error.retry_after if isinstance(error, TransientError) else None
    return timedelta(seconds=told or min(60 * 2**message.attempts, 3600))
