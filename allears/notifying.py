"""What the outbox holds is composed and handed over, one mail at a time; each is marked as soon as it is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage

from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.domain.records import Unreachable
from allears.errors import RecordRejected, TransientError
from allears.ports import Clock, Mailer, Store

BATCH = 100
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

    AuthenticationError ends it: no other mail would leave either.
    """
    sent = postponed = failed = 0
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
                except RecordRejected as error:
                    store.record_send_failure(message.key, str(error), None)
                    failed += 1
                else:
                    store.record_sent(message.key, clock.now())
                    sent += 1
                progress(message)
    finally:
        mailer.close()
    return Delivered(sent, postponed, failed)


def _hand_over(store: Store, mailer: Mailer, message: OutboxMessage, mail: EmailMessage, clock: Clock) -> None:
    """One mail. If the mail server says that its reader never gets it, nothing else will reach them either, and that is noted."""
    try:
        mailer.send(mail)
    except RecordRejected as error:
        if message.kind is not MessageKind.PRAISE:  # which goes to two people, of whom either may be meant
            store.record_unreachable(Unreachable(message.to, mail["To"].addresses[0].addr_spec, str(error), clock.now()))
        raise


def _wait(message: OutboxMessage, error: TransientError) -> timedelta:
    """A minute after the first failure, twice as long after each further one, an hour at the most."""
    return timedelta(seconds=error.retry_after or min(60 * 2**message.attempts, 3600))
