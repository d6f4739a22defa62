"""What is usual for a weekday, told from the weeks before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import median

from allears.domain.overview import DayCount

FEWEST_WEEKS = 3
MOST_WEEKS = 8
MAD_TO_DEVIATION = 1.4826
"""A median absolute deviation times this is a standard deviation, where values are normally distributed."""


@dataclass(frozen=True, slots=True)
class Range:
    """The usual number of complaints of one day: the median of the weeks before, give or take two deviations."""

    low: float
    high: float
    middle: float

    def excludes(self, number: int, *, above: bool) -> bool:
        """Whether a number lies above the range, or below it."""
        return number > self.high if above else number < self.low


@dataclass(frozen=True, slots=True)
class Day:
    """Complaints of one day and what is usual for it, told from the same weekday of `weeks`; `usual` is None where they are too few."""

    day: date
    complaints: int
    usual: Range | None
    complete: bool
    weeks: tuple[date, ...] = ()

    @property
    def is_high(self) -> bool:
        """Above the usual range."""
        return self.usual is not None and self.complaints > self.usual.high

    @property
    def is_low(self) -> bool:
        """Below the usual range, told only of days that are over."""
        return self.usual is not None and self.complete and self.complaints < self.usual.low


def complaints_by_day(counts: Sequence[DayCount], first: date, today: date) -> list[Day]:
    """Every day from `first` to `today`; `counts` may reach further back and then tell what is usual.

    Days without a count are zeros, but only since the first day that has any.
    """
    complaints: defaultdict[date, int] = defaultdict(int)
    for each in counts:
        complaints[each.day] += each.complaints
    known_since = min(complaints, default=today)
    days = [first + timedelta(days=offset) for offset in range((today - first).days + 1)]
    shown = []
    for shown_day in days:
        weeks = _weeks_before(shown_day, known_since)
        usual = usual_range([complaints.get(week, 0) for week in weeks])
        shown.append(Day(shown_day, complaints.get(shown_day, 0), usual, complete=shown_day < today, weeks=weeks))
    return shown


def usual_range(earlier: Sequence[int]) -> Range | None:
    """The range of a day from the same weekday of earlier weeks, None where they are too few.

    A deviation is never smaller than that of a Poisson count: quiet weeks do not make one complaint an event.
    """
    if len(earlier) < FEWEST_WEEKS:
        return None
    middle = median(earlier)
    spread = MAD_TO_DEVIATION * median(abs(value - middle) for value in earlier)
    deviation = max(spread, sqrt(max(middle, 1.0)))
    return Range(max(0.0, middle - 2 * deviation), middle + 2 * deviation, middle)


def _weeks_before(day: date, known_since: date) -> tuple[date, ...]:
    weeks = (day - timedelta(weeks=back) for back in range(1, MOST_WEEKS + 1))
    return tuple(each for each in weeks if each >= known_since)
