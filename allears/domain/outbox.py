"""What is to be told to a person by mail: written in the same transaction as what it announces."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from allears.domain.case import CaseId
from allears.domain.feedback import ItemId


class MessageKind(StrEnum):
    """The mails AllEars sends."""

    ALERT = "alert"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One mail to one person about one item (and its case), not yet or already handed over.

    `key` is deterministic: the same step to the same person is written once, whatever is rerun.
    """

    key: str
    kind: MessageKind
    to: str
    item_id: ItemId
    case_id: CaseId | None
    created_at: datetime
    due_at: datetime
    attempts: int = 0


def outbox_key(kind: MessageKind, to: str, *step: str) -> str:
    """Deterministic key of one step told to one person: 24 hex digits."""
    return hashlib.blake2b("\x00".join((kind, to, *step)).encode(), digest_size=12).hexdigest()
