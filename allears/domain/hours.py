"""Working hours: when a person is at work, and when a promise falls due."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FARTHEST = timedelta(days=3 * 366)
"""No date lies further off than this: it is the date of somebody who never works again."""
LONGEST_NIGHT = timedelta(hours=16)
"""A shift over midnight that is longer was meant to end in the afternoon."""
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_SPAN = re.compile(rf"(?P<first>[A-Z][a-z]{{2}})(?:-(?P<last>[A-Z][a-z]{{2}}))?\s+(?P<start>{_CLOCK})-(?P<end>{_CLOCK}|24:00)")
_DAY = timedelta(days=1)
_FROM_UTC = timedelta(hours=16)
"""No clock on earth was ever further from UTC."""

Span = tuple[datetime, datetime]
"""From one moment until before another, UTC."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Work from `start` to `end` on one weekday (Monday is 0); an `end` that is not after `start` is on the next day."""

    weekday: int
    start: time
    end: time

    def spans(self, day: date, timezone: ZoneInfo) -> list[Span]:
        """When the clocks of a time zone show this shift of that day: twice where they are set back within it, never where they skip it."""
        starts = datetime.combine(day, self.start, UTC)
        ends = datetime.combine(day if self.end > self.start else day + _DAY, self.end, UTC)
        periods = _periods(starts - _FROM_UTC, ends + _FROM_UTC, timezone)
        spans = [(max(starts - offset, begin), min(ends - offset, end)) for begin, end, offset in periods]
        return [(begin, end) for begin, end in spans if begin < end]


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """A week of shifts; none at all means around the clock. A shift over midnight belongs to the day on which it begins."""

    shifts: tuple[Shift, ...] = ()

    def due(
        self, start: datetime, business_duration: timedelta, timezone: ZoneInfo, is_off: Callable[[date], bool] = lambda _: False
    ) -> datetime:
        """When `business_duration` of working time has passed since `start` (aware); UTC, and FARTHEST from it at the most.

        Nobody works on a day that `is_off`.
        """
        start = start.astimezone(UTC)
        farthest = start + FARTHEST
        reached, left = start, business_duration
        for opens, closes in self._spans(start, timezone, is_off):
            begin = max(opens, reached)
            if begin < closes:
                if begin + left <= closes:
                    return min(begin + left, farthest)
                left -= closes - begin
                reached = closes
        return farthest

    def day_of(self, at: datetime, timezone: ZoneInfo) -> date:
        """The day that `at` (aware) belongs to: the one before while its last shift lasts, unless another has begun."""
        today = at.astimezone(timezone).date()
        return today - _DAY if not self._is_on(today, at, timezone) and self._is_on(today - _DAY, at, timezone) else today

    def on(self, day: date, timezone: ZoneInfo) -> list[Span]:
        """When this day's shifts are worked, the first at the front."""
        return sorted(span for shift in self.shifts or _ALL_DAYS if shift.weekday == day.weekday() for span in shift.spans(day, timezone))

    def _is_on(self, day: date, at: datetime, timezone: ZoneInfo) -> bool:
        return any(begin <= at < end for begin, end in self.on(day, timezone))

    def _spans(self, start: datetime, timezone: ZoneInfo, is_off: Callable[[date], bool]) -> Iterator[Span]:
        """Working time from `start` on in its order, until beyond FARTHEST."""
        waiting: list[Span] = []
        day = start.astimezone(timezone).date() - _DAY
        for _ in range(FARTHEST.days + 3):
            midnight = datetime.combine(day, time(), timezone).astimezone(UTC)
            yield from (span for span in waiting if span[0] < midnight)
            waiting = [span for span in waiting if span[0] >= midnight]  # the clocks went back over midnight: today's come in between
            if not is_off(day):
                waiting = sorted([*waiting, *self.on(day, timezone)])
            day += _DAY


ALWAYS = WorkingHours()
_ALL_DAYS = tuple(Shift(day, time(), time()) for day in range(len(DAYS)))


def parse_hours(text: str) -> WorkingHours:
    """Read "Mon-Fri 09:00-17:30", "Sat-Sun 22:00-06:00" or several joined by commas; ValueError says what is wrong."""
    shifts: list[Shift] = []
    for span in (part.strip() for part in text.split(",")):
        match = _SPAN.fullmatch(span)
        if match is None or not {match["first"], match["last"] or match["first"]} <= set(DAYS):
            raise ValueError(f"working hours {span!r} are not of the form 'Mon-Fri 09:00-17:30'")
        first = DAYS.index(match["first"])
        last = DAYS.index(match["last"] or match["first"])
        start, end = _time(match["start"]), _time(match["end"])
        if match["start"] == match["end"]:
            raise ValueError(f"working hours {span!r} end when they start; a whole day is 00:00-24:00")
        if time() < end < start and (lasts := _DAY - (_since_midnight(start) - _since_midnight(end))) > LONGEST_NIGHT:
            raise ValueError(f"working hours {span!r} would last {lasts.seconds // 3600} hours, until the next day")
        shifts += [Shift(day % 7, start, end) for day in range(first, last + 1 if last >= first else last + 8)]
    return WorkingHours(tuple(shifts))


def _time(clock: str) -> time:
    hour, _, minute = clock.partition(":")
    return time(int(hour) % 24, int(minute))


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _periods(begin: datetime, end: datetime, timezone: ZoneInfo) -> list[tuple[datetime, datetime, timedelta]]:
    """The time from `begin` to `end` (UTC) in parts within which the clocks do not change, each with their distance from UTC.

    It must be so short that they change only once.
    """
    before, after = _offset(begin, timezone), _offset(end, timezone)
    if before == after:
        return [(begin, end, before)]
    same, changed = begin, end
    while changed - same > timedelta(seconds=1):
        middle = same + (changed - same) // timedelta(seconds=2) * timedelta(seconds=1)
        same, changed = (middle, changed) if _offset(middle, timezone) == before else (same, middle)
    return [(begin, changed, before), (changed, end, after)]


def _offset(at: datetime, timezone: ZoneInfo) -> timedelta:
    return at.astimezone(timezone).utcoffset() or timedelta()
