"""Moments in words, in the business's own time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def by_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A date to come: "20:22 today", "09:00 tomorrow", "09:00 on Thu 19 Nov"."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M} today"
    if local.date() == today + timedelta(days=1):
        return f"{local:%H:%M} tomorrow"
    return f"{local:%H:%M} on {_day(local.date(), today)}"


def at_words(moment: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A date gone by: "18:22" if it was today, else "Thu 19 Nov, 18:22"."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{_day(local.date(), today)}, {local:%H:%M}"


def _day(day: date, today: date) -> str:
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"
