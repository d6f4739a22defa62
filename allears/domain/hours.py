"""Working hours: when a person is at work, and when a promise falls due."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SPAN = re.compile(r"(?P<first>[A-Z][a-z]{2})(?:-(?P<last>[A-Z][a-z]{2}))?\s+(?P<start>\d{1,2}:\d{2})-(?P<end>\d{1,2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Shift:
    """Work from `start` to `end` on one weekday (Monday is 0)."""

    weekday: int
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A week of shifts; none at all means around the clock."""

    shifts: tuple[Shift, ...] = ()

    def due(self, start: datetime, business_duration: timedelta, timezone: ZoneInfo, holidays: Container[date] = frozenset()) -> datetime:
        """When `business_duration` of working time has passed since `start` (aware); UTC. Nobody works on `holidays`."""
        start = start.astimezone(UTC)
        if not self.shifts:
            return start + business_duration
        left = business_duration
        day = start.astimezone(timezone).date()
        while True:
            for opens, closes in () if day in holidays else self._on(day, timezone):
                begin = max(opens, start)
                if begin < closes:
                    if begin + left <= closes:
                        return begin + left
                    left -= closes - begin
                    start = closes
            day += timedelta(days=1)

    def _on(self, day: date, timezone: ZoneInfo) -> list[tuple[datetime, datetime]]:
        return sorted(
            (
                datetime.combine(day, shift.start, timezone).astimezone(UTC),
                datetime.combine(day, shift.end, timezone).astimezone(UTC),
            )
            for shift in self.shifts
            if shift.weekday == day.weekday()
        )


ALWAYS = WorkingHours()


def parse_hours(text: str) -> WorkingHours:
    """Read "Mon-Fri 09:00-17:30" or several spans joined by commas; ValueError says what is wrong."""
    shifts: list[Shift] = []
    for span in (part.strip() for part in text.split(",")):
        match = _SPAN.fullmatch(span)
        if match is None or not {match["first"], match["last"] or match["first"]} <= set(DAYS):
            raise ValueError(f"working hours {span!r} are not of the form 'Mon-Fri 09:00-17:30'")
        first = DAYS.index(match["first"])
        last = DAYS.index(match["last"] or match["first"])
        start, end = (time.fromisoformat(match[edge].zfill(5)) for edge in ("start", "end"))
        if start >= end:
            raise ValueError(f"working hours {span!r} end before they start")
        shifts += [Shift(day % 7, start, end) for day in range(first, last + 1 if last >= first else last + 8)]
    return WorkingHours(tuple(shifts))
