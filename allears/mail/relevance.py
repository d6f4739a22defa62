"""Whether a mail that waited is still worth sending: what it tells may have changed meanwhile."""

from __future__ import annotations

from datetime import datetime

from allears.domain.case import Case
from allears.domain.feedback import Kind, Sentiment
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.records import StoredItem
from allears.mail.contexts import missed_date


def pointless(message: OutboxMessage, case: Case, now: datetime) -> str | None:
    """Why nobody needs this mail about the case any more, as a sentence; None if its reader does."""
    theirs = case.owner == message.to
    match message.kind:
        case MessageKind.ALERT | MessageKind.DIGEST if not theirs:
            return f"{message.to} does not have the case any more."
        case MessageKind.MOVED if theirs:
            return f"{message.to} has the case again."
        case MessageKind.ALERT | MessageKind.DIGEST | MessageKind.OVERDUE if not case.status.is_open:
            return "The case is no longer open."
        case MessageKind.OVERDUE if missed_date(case) >= now:
            return "The customer is due to hear later now."
        case _:
            return None


def no_praise(told: StoredItem) -> str | None:
    """Why nobody needs to hear of this praise any more, as a sentence: a person says that it is none; None if it still is praise."""
    if not told.corrections or told.understanding is None or told.understanding.prediction.kind is Kind.PRAISE:
        return None
    was_praise = any(Kind.PRAISE in (given.said_kind, given.kind) for given in told.corrections)
    if was_praise or told.understanding.prediction.sentiment not in (Sentiment.POSITIVE, Sentiment.MIXED):
        return f"{told.corrections[-1].by} says that it is no praise."
    return None
