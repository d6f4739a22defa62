"""How figures and moments are written: "1,284", "2 h 41 min", "−0.9 s", "Thu 19 Nov, 08:00"."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3600, 86_400
FEWEST_FOR_PERCENT = 20
STEADY = 0.05


def count(number: int) -> str:
    """A whole number with thousands apart: "1,284"."""
    return f"{number:,}".replace("-", "−")


def duration(seconds: float) -> str:
    """A length of time: "6.2 s", "9 min", "2 h 41 min", "3 d 4 h"."""
    if seconds < MINUTE:
        return f"{seconds:.1f} s".replace(".0 ", " ") if seconds < 10 else f"{seconds:.0f} s"  # noqa: PLR2004 -- a tenth of a second matters below ten
    if seconds < HOUR:
        return f"{seconds // MINUTE:.0f} min"
    if seconds < DAY:
        return _pair(seconds, HOUR, "h", MINUTE, "min")
    return _pair(seconds, DAY, "d", HOUR, "h")


def age(since: datetime, now: datetime) -> str:
    """How long ago, rounded down to one unit: "14 s", "18 min", "5 h", "2 d"."""
    seconds = max(0.0, (now - since).total_seconds())
    for unit, name in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= unit:
            return f"{int(seconds // unit)} {name}"
    return f"{int(seconds)} s"


def share(part: int, base: int) -> str:
    """A share as percentage; as "3 of 7" where the base is too small for one."""
    if base < FEWEST_FOR_PERCENT:
        return f"{count(part)} of {count(base)}"
    return f"{100 * part / base:.0f}%"


def change(now: int, before: int) -> str:
    """Relative change of a count: "+131%", "−8%", "steady" under five per cent, "new", or the counts where they are few."""
    if before == 0:
        return "new" if now else "none"
    difference = now - before
    if before < FEWEST_FOR_PERCENT:
        return "steady" if difference == 0 else signed(difference)
    return "steady" if abs(difference) / before < STEADY else signed(round(100 * difference / before)) + "%"


def signed(number: int) -> str:
    """A difference with its sign: "+3", "−3", "±0"."""
    return f"{'+' if number > 0 else '−' if number < 0 else '±'}{abs(number):,}"


def signed_duration(seconds: float) -> str:
    """A difference of durations with its sign: "−38 min"."""
    return f"{'+' if seconds > 0 else '−' if seconds < 0 else '±'}{duration(abs(seconds))}"


def day(at: date) -> str:
    """A weekday and date: "Thu 19 Nov"."""
    return f"{at:%a} {at.day} {at:%b}"


def today(now: datetime, zone: ZoneInfo) -> str:
    """This moment in full: "Thursday 19 November 2026, 10:42"."""
    local = now.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment: "Today, 09:16", "Thu 19 Nov, 08:00", with the year where it is not this one."""
    local, here = at.astimezone(zone), now.astimezone(zone)
    if local.date() == here.date():
        return f"Today, {local:%H:%M}"
    year = "" if local.year == here.year else f" {local.year}"
    return f"{day(local)}{year}, {local:%H:%M}"


def dated(at: datetime, zone: ZoneInfo) -> str:
    """A date in full: "16 Nov 2026"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%b %Y}"


def due(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something falls due, or how late it is: "2 h late", "by 11:30", "Fri 20 Nov"."""
    if at < now:
        return f"{age(at, now)} late"
    local = at.astimezone(zone)
    return f"by {local:%H:%M}" if local.date() == now.astimezone(zone).date() else day(local)


def initials(name: str) -> str:
    """First letters of the first and last word of a name."""
    words = name.split() or ["?"]
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper()


def start_of_today(now: datetime, zone: ZoneInfo) -> datetime:
    """Midnight at the beginning of this day in that zone."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def days_before(now: datetime, zone: ZoneInfo, days: int) -> date:
    """The first of the `days` calendar days that end today."""
    return now.astimezone(zone).date() - timedelta(days=days - 1)


def _pair(seconds: float, large: int, large_name: str, small: int, small_name: str) -> str:
    whole, rest = divmod(int(seconds), large)
    return f"{whole} {large_name} {rest // small} {small_name}" if rest >= small else f"{whole} {large_name}"
