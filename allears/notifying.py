"""What the outbox holds is composed and handed over, one mail at a time; each is marked as soon as it is gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from allears.domain.outbox import MessageKind, OutboxMessage
from allears.errors import RecordRejected, TransientError
from allears.ports import Clock, Mailer, Store

BATCH = 100
Compose = Callable[[OutboxMessage], EmailMessage]


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
    store: Store, mailer: Mailer, compose: Compose, clock: Clock, progress: Callable[[OutboxMessage], None] = lambda _: None
) -> Delivered:
    """Hand over every mail that is due. AuthenticationError ends it: no other mail would leave either."""
    sent = postponed = failed = 0
    try:
        while due := store.outbox_due(clock.now(), BATCH):
            for message in due:
                try:
                    mailer.send(compose(message))
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


def _wait(message: OutboxMessage, error: TransientError) -> timedelta:
    """A minute after the first failure, twice as long after each further one, an hour at the most."""
    return timedelta(seconds=error.retry_after or min(60 * 2**message.attempts, 3600))


def is_stale(message: OutboxMessage, owner: str) -> bool:
    """Whether an alert is for someone who does not have the case any more."""
    return message.kind is MessageKind.ALERT and message.to != owner
