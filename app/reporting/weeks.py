"""Weeks from Monday to Sunday, as ISO 8601 numbers them, in the business's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allears.errors import ConfigurationError

_WRITTEN = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
DAYS = 7


@dataclass(frozen=True, slots=True)
class Week:
    """A week, by its Monday."""

    first: date

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=DAYS - 1)

    @property
    def name(self) -> str:
        """The week as one types it: "2026-W47"."""
        return f"{self.first:%G-W%V}"

    @property
    def number(self) -> int:
        """Its number in its year."""
        return self.first.isocalendar().week

    def bounds(self, zone: ZoneInfo, *, back: int = 0) -> list[datetime]:
        """The beginnings of its days, and of `back` weeks of days before them, and its end: all in that zone."""
        days = range(-DAYS * back, DAYS + 1)
        return [datetime.combine(self.first + timedelta(days=day), time(), zone) for day in days]


def last_finished(today: date) -> Week:
    """The week that ended last, on the Sunday before today or earlier."""
    return Week(today - timedelta(days=today.weekday() + DAYS))


def week_named(written: str, today: date) -> Week:
    """The week that was typed. Raises ConfigurationError for what is no week, or one that is not over yet."""
    found = _WRITTEN.fullmatch(written.strip())
    try:
        week = Week(date.fromisocalendar(int(found[1]), int(found[2]), 1)) if found else None
    except ValueError:
        week = None
    if week is None:
        raise ConfigurationError(f"{written!r} is no week. Weeks are written like {last_finished(today).name}.")
    if week.last >= today:
        raise ConfigurationError(f"{week.name} is not over yet. The last week that is over is {last_finished(today).name}.")
    return week
