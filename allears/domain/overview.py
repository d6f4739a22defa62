"""What the overview page shows, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from allears.domain.corrections import Reclassification
from allears.domain.ledger import LedgerRow
from allears.domain.records import CaseLine, StoredItem


@dataclass(frozen=True, slots=True)
class DayCount:
    """Items of one channel received on one day (business time zone), by sentiment."""

    day: date
    channel: str
    negative: int
    mixed: int
    neutral: int
    positive: int
    complaints: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """Items of one topic in the period and in the period before it, by sentiment."""

    topic: str
    negative: int
    mixed: int
    neutral: int
    positive: int
    before: int

    @property
    def messages(self) -> int:
        """All items of the topic in the period."""
        return self.negative + self.mixed + self.neutral + self.positive


@dataclass(frozen=True, slots=True)
class OwnerLoad:
    """A person's open cases: how many, how many past their next date, not yet acknowledged, and the oldest.

    `ages` counts those open for less than a day, three days, a week, and longer.
    """

    owner: str
    open: int
    late: int
    unacknowledged: int
    oldest_opened_at: datetime
    ages: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Timing:
    """A duration over the cases of a period: median and 95th percentile in seconds, None without cases."""

    cases: int
    median_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class PraiseLine:
    """Praise in a list, and whom it reached."""

    item: StoredItem
    praised: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures of a period; `solved_alone` are resolved cases that never changed owner.

    `first_reply` is from a case's opening to the first letter or promise to its customer.
    """

    opened: int
    resolved: int
    solved_alone: int
    hops: int
    late: int
    time_to_owner: Timing
    first_reply: Timing
    time_to_acknowledge: Timing


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview page shows, read in one go.

    `due_first` are the open cases that are due first, `owners` counts all of them.
    `reclassified` is the last change of the model over old items, if it falls into this period or the one before.
    """

    now: datetime
    days: int
    figures: Figures
    figures_before: Figures
    due_first: tuple[CaseLine, ...]
    owners: tuple[OwnerLoad, ...]
    daily: tuple[DayCount, ...]
    topics: tuple[TopicCount, ...]
    praise: tuple[PraiseLine, ...]
    praise_count: int
    ledger: tuple[LedgerRow, ...]
    last_item_at: datetime | None
    reclassified: Reclassification | None = None
