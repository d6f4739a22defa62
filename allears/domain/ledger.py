"""The conservation count: every message received is in exactly one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """Messages of one source that came in on one day (business time zone), and where they went.

    `received` counts originals as they came; every other figure counts what became of them, so the
    two sides are independent. `waiting` are on their way (not yet understood or routed).
    """

    source: str
    day: date
    received: int
    case: int
    praise: int
    other: int
    automated: int
    duplicate: int
    spam: int
    quarantined: int
    waiting: int
    stuck: int = 0

    @property
    def accounted(self) -> int:
        """The sum of all places."""
        return self.case + self.praise + self.other + self.automated + self.duplicate + self.spam + self.quarantined + self.waiting

    @property
    def balanced(self) -> bool:
        """Nothing is missing, nothing is counted twice, and nothing has been waiting for more than an hour."""
        return self.received == self.accounted and self.stuck == 0


PLACES = ("case", "praise", "other", "automated", "duplicate", "spam", "quarantined")


def total(rows: Iterable[LedgerRow]) -> dict[str, int]:
    """Sum of every column over the rows."""
    columns = ("received", *PLACES, "waiting")
    sums = dict.fromkeys(columns, 0)
    for row in rows:
        for column in columns:
            sums[column] += getattr(row, column)
    return sums
