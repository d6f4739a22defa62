"""How moments and durations read in a mail: "20:22 today", "Thu 19 Nov, 08:00", "6 s".

English names stand here because `strftime` follows the locale of whichever process composes.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def deadline(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """As "20:22 today"; if it is another day in that zone, as the moment."""
    return f"{clock(at, now, zone)} today" if _is_today(at, now, zone) else moment(at, now, zone)


def clock(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """As "20:22"; if it is another day in that zone, as the moment."""
    return f"{at.astimezone(zone):%H:%M}" if _is_today(at, now, zone) else moment(at, now, zone)


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """As "Thu 19 Nov, 08:00"; with its year where that is not this year."""
    local = at.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1][:3]}{year}, {local:%H:%M}"


def stamp(at: datetime, zone: ZoneInfo) -> str:
    """As "Tue 17 Nov 2026, 18:22:09": a moment for the record."""
    local = at.astimezone(zone)
    return f"{_DAYS[local.weekday()]} {day(at, zone)}, {local:%H:%M:%S}"


def day(at: datetime, zone: ZoneInfo) -> str:
    """As in "9 Aug 2025"."""
    local: date = at.astimezone(zone).date()
    return f"{local.day} {_MONTHS[local.month - 1][:3]} {local.year}"


def month(at: datetime, zone: ZoneInfo) -> str:
    """As in "March 2023"."""
    local = at.astimezone(zone)
    return f"{_MONTHS[local.month - 1]} {local.year}"


def elapsed(duration: timedelta) -> str:
    """As "6 s", "18 min", "2 h 41 min" or "2 d": rounded down, nothing below zero."""
    minutes, seconds = divmod(max(0, int(duration.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{seconds} s"


def _is_today(at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    return at.astimezone(zone).date() == now.astimezone(zone).date()
