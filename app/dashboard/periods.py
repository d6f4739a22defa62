"""Periods of the trends: days of the business, cut in days, weeks or months, and the periods they are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.dashboard.formats import day, short_day

MOST_DAYS = 45
"""A period of more days is cut in weeks."""
MOST_WEEKS = 30
"""A period of more weeks is cut in months."""
LENGTHS = {"7 days": 7, "28 days": 28, "90 days": 90}
YEAR = "12 months"
OWN_DATES = "Dates"
PERIODS = (*LENGTHS, YEAR, OWN_DATES)
_A_DAY = timedelta(days=1)


class Step(StrEnum):
    """What a period is cut in."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first of `starts`, which are the first days of its steps, up to the moment `until`.

    A step is whole if all of its day, week or month lies in the period: `until` may be now.
    """

    starts: tuple[date, ...]
    step: Step
    until: datetime
    name: str

    @property
    def within(self) -> str:
        """As one says that something came in it: "in the last 28 days", "from 1 Oct to 14 Oct"."""
        return f"in {self.name}" if self.name.startswith("the ") else f"from {self.name}"

    @property
    def first(self) -> date:
        """Its first day."""
        return self.starts[0]

    @property
    def last(self) -> date:
        """Its last day, which may not be over."""
        return (self.until - timedelta(microseconds=1)).date()

    @property
    def bounds(self) -> list[datetime]:
        """When each step begins, and last, when the period ends."""
        return [*(datetime.combine(start, time(), self.until.tzinfo) for start in self.starts), self.until]

    @property
    def whole(self) -> list[bool]:
        """Which steps are whole."""
        end = self.until.date() if self.until.time() == time() else self.last
        return [start == _begin(start, self.step) and _next(start, self.step) <= end for start in self.starts]

    def days_of(self, number: int) -> tuple[date, date]:
        """The first and the last day of a step."""
        last = self.last if number + 1 == len(self.starts) else self.starts[number + 1] - _A_DAY
        return self.starts[number], last

    def label(self, number: int) -> str:
        """A step as one writes it: "Thu 19 Nov", "16 Nov to 22 Nov", "November 2026"."""
        first, last = self.days_of(number)
        if self.step is Step.DAY:
            return day(first)
        return f"{first:%B %Y}" if self.step is Step.MONTH and self.whole[number] else f"{short_day(first)} to {short_day(last)}"

    def in_weeks(self) -> Period:
        """The same period, cut in weeks."""
        return replace(self, starts=_starts(self.first, self.last, Step.WEEK), step=Step.WEEK)

    def before(self) -> Period:
        """The period of the same length before it; of whole months, as many months."""
        if self.step is Step.MONTH and self.first.day == 1:
            months = len(self.starts)
            return self._moved(lambda at: _months_before(at, months), f"the {months} months before")
        days = (self.last - self.first).days + 1
        return self._moved(lambda at: at - timedelta(days=days), "the day before" if days == 1 else f"the {days} days before")

    def year_before(self) -> Period:
        """The same period a year ago: of months the same months, else 52 weeks before, so that weekdays meet."""
        if self.step is Step.MONTH:
            return self._moved(lambda at: _months_before(at, 12), "a year before")
        return self._moved(lambda at: at - timedelta(weeks=52), "52 weeks before")

    def _moved(self, move: Callable[[date], date], name: str) -> Period:
        until = datetime.combine(move(self.until.date()), self.until.time(), self.until.tzinfo)
        return replace(self, starts=tuple(move(start) for start in self.starts), until=until, name=name)


def period(chosen: str, own: tuple[date, date] | None, now: datetime, zone: ZoneInfo) -> Period:
    """The period of that name that ends now, or that of one's own dates."""
    here = now.astimezone(zone)
    if chosen == OWN_DATES and own is not None:
        first, last = min(own), min(max(own), here.date())
        until = here if last == here.date() else datetime.combine(last + _A_DAY, time(), zone)
        return _cut(min(first, last), until, f"{short_day(min(first, last))} to {short_day(last)}")
    if chosen == YEAR:
        return _cut(_months_before(here.date().replace(day=1), 11), here, "the last 12 months")
    return last_days(LENGTHS.get(chosen, LENGTHS["28 days"]), now, zone)


def last_days(days: int, now: datetime, zone: ZoneInfo) -> Period:
    """So many days that end now."""
    here = now.astimezone(zone)
    return _cut(here.date() - timedelta(days=days - 1), here, f"the last {days} days")


def _cut(first: date, until: datetime, name: str) -> Period:
    last = (until - timedelta(microseconds=1)).date()
    days = (last - first).days + 1
    step = Step.DAY if days <= MOST_DAYS else Step.WEEK if days <= 7 * MOST_WEEKS else Step.MONTH
    return Period(_starts(first, last, step), step, until, name)


def _starts(first: date, last: date, step: Step) -> tuple[date, ...]:
    starts = [first]
    while (following := _next(starts[-1], step)) <= last:
        starts.append(following)
    return tuple(starts)


def _begin(at: date, step: Step) -> date:
    """The first day of the day, week or month that a day lies in."""
    return {Step.DAY: at, Step.WEEK: at - timedelta(days=at.weekday()), Step.MONTH: at.replace(day=1)}[step]


def _next(at: date, step: Step) -> date:
    """The first day of the next one."""
    begin = _begin(at, step)
    return {Step.DAY: begin + _A_DAY, Step.WEEK: begin + timedelta(weeks=1), Step.MONTH: (begin + timedelta(days=31)).replace(day=1)}[step]


def _months_before(at: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    year, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)  # noqa: PLR2004 - December is the eleventh after January
    return min(date(year, month + 1, 1) + timedelta(days=at.day - 1), following - _A_DAY)
