"""What gathering leaves behind: how a fetch of a source went, what it added, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.feedback import ItemId, Original, SourceName


@dataclass(frozen=True, slots=True)
class PageReceipt:
    """What a stored page added: new items, new quarantined messages, and how many were known already."""

    new_items: int
    new_quarantined: int
    known: int


@dataclass(frozen=True, slots=True)
class SourceRun:
    """How one fetch of a source went. `error` is a sentence with what to do, None when all is well."""

    source: SourceName
    at: datetime
    seconds: float
    new_items: int
    error: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source at a glance: when it was last asked, when it last worked, when it last brought something."""

    source: SourceName
    last_run_at: datetime
    last_ok_at: datetime | None
    last_item_at: datetime | None
    error: str | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be read."""

    item_id: ItemId
    source: SourceName
    external_id: str
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A quarantined message with its original, for another try."""

    entry: Quarantined
    original: Original
