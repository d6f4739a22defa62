"""Why a day is outside its usual range: the topic, source or channel whose own complaints are, and that accounts for most of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allears.domain.trends import ComplaintsOf, Split
from app.dashboard.figures.usual import Day, Range, usual_range

LEAST_SHARE = 1 / 3
"""What accounts for less of it than this is no explanation."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What made a day unusual: complaints of one key, their own usual range, and how far beyond the usual they are, of how far in all."""

    day: Day
    split: Split
    key: str | None
    complaints: int
    usual: Range
    beyond: float
    beyond_in_all: float


def days_needed(days: Sequence[Day]) -> list[date]:
    """The days whose complaints must be known to explain these."""
    return sorted({needed for each in days for needed in (each.day, *each.weeks)})


def cause_of(day: Day, parts: Sequence[ComplaintsOf]) -> Cause | None:
    """What made this day unusual; None where nothing stands out. `parts` are at least those of the day and its weeks.

    A key that brings four of five complaints on any day also brings four of five of what is too much. So of the keys
    outside their own usual range the one is named that accounts for more of the excess than of a usual day, by the widest margin.
    """
    if day.usual is None or not (day.is_high or day.is_low):
        return None
    in_all = day.complaints - day.usual.middle
    found: list[tuple[float, Cause]] = []
    for (split, key), by_day in _by_key(parts).items():
        usual = usual_range([by_day.get(week, 0) for week in day.weeks])
        complaints = by_day.get(day.day, 0)
        if usual is None or not usual.excludes(complaints, above=day.is_high):
            continue
        beyond = complaints - usual.middle
        margin = beyond / in_all - usual.middle / (day.usual.middle or 1)
        if beyond / in_all >= LEAST_SHARE:
            found.append((margin, Cause(day, split, key, complaints, usual, beyond, in_all)))
    return max(found, key=lambda each: each[0], default=(0.0, None))[1]


def _by_key(parts: Sequence[ComplaintsOf]) -> dict[tuple[Split, str | None], dict[date, int]]:
    by_key: defaultdict[tuple[Split, str | None], dict[date, int]] = defaultdict(dict)
    for each in parts:
        by_key[each.split, each.key][each.day] = each.complaints
    return by_key
