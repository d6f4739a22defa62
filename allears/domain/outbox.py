"""What is to be told to a person: written in the same transaction as what it announces."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from allears.domain.case import CaseId
from allears.domain.feedback import ItemId


class MessageKind(StrEnum):
    """What AllEars tells people: a case is theirs, several are, one is theirs no more, one's date has passed; and praise.

    News is what became of several cases: those that are theirs no more, and those whose date has passed. Applause is praise that
    names nobody for certain, or several pieces of it. To whoever acts by answering a mail: what was done, or that nothing was and
    why. To a customer: a reply; and if that comes back, that it did, to whoever wrote it.
    """

    ALERT = "alert"
    DIGEST = "digest"
    MOVED = "moved"
    OVERDUE = "overdue"
    NEWS = "news"
    PRAISE = "praise"
    APPLAUSE = "applause"
    DONE = "done"
    HELD = "held"
    REPLY = "reply"
    RETURNED = "returned"


FOOTER = "You get this because"
"""How the last sentence of every mail to our people begins: words that hold it are no letter to a customer."""


class Way(StrEnum):
    """How it reaches them: by mail, or by the other ways of their own beside it."""

    MAIL = "mail"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One mail to one person about one item (and its case), not yet or already handed over; a reply is to a customer's contact.

    `key` is deterministic: the same step to the same person is written once, whatever is rerun. A digest, and news, is about
    the first of the items it tells of.
    """

    key: str
    kind: MessageKind
    to: str
    item_id: ItemId
    case_id: CaseId | None
    created_at: datetime
    due_at: datetime
    attempts: int = 0
    way: Way = Way.MAIL


def outbox_key(kind: MessageKind, to: str, *step: str) -> str:
    """Deterministic key of one step told to one person: 24 hex digits."""
    return hashlib.blake2b("\x00".join((kind, to, *step)).encode(), digest_size=12).hexdigest()
