"""How figures and moments are written: "1,284", "2 h 41 min", "−0.9 s", "Thu 19 Nov, 08:00".

Words are English; separators, the order of day and month, and the clock are the reader's, and so is the time zone of moments.
Days are the business's.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from app.dashboard.reader import NAMES, local, reader

MINUTE, HOUR, DAY = 60, 3600, 86_400
FEWEST_FOR_PERCENT = 20
STEADY = 0.05


def count(number: int) -> str:
    """A whole number with thousands apart: "1,284"."""
    return reader().whole(number)


def decimal(number: float, digits: int = 1) -> str:
    """A number with at most so many digits behind the separator: "0.11"."""
    return reader().decimal(number, digits)


def percent(share: float) -> str:
    """A share of one as a whole percentage: "96%"."""
    return reader().percent(share)


def duration(seconds: float) -> str:
    """A length of time: "6.2 s", "9 min", "2 h 41 min", "3 d 4 h"."""
    if seconds < MINUTE:
        return f"{decimal(seconds, 1 if seconds < 10 else 0)} s"  # noqa: PLR2004 -- a tenth of a second matters below ten
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
    return percent(part / base)


def change(now: int, before: int) -> str:
    """Relative change of a count: "+131%", "−8%", "steady" under five per cent, "new", or the counts where they are few."""
    if before == 0:
        return "new" if now else "none"
    difference = now - before
    if before < FEWEST_FOR_PERCENT:
        return "steady" if difference == 0 else signed(difference)
    if abs(difference) / before < STEADY:
        return "steady"
    return f"{_sign(difference)}{percent(abs(difference) / before)}"


def signed(number: int) -> str:
    """A difference with its sign: "+3", "−3", "±0"."""
    return f"{_sign(number)}{count(abs(number))}"


def signed_duration(seconds: float) -> str:
    """A difference of durations with its sign: "−38 min"."""
    return f"{_sign(seconds)}{duration(abs(seconds))}"


def day(at: date) -> str:
    """A weekday and date: "Thu 19 Nov", "Thu, Nov 19"."""
    return format_date(at, "EEE, MMM d" if reader().month_first else "EEE d MMM", NAMES)


def short_day(at: date) -> str:
    """A date without its weekday: "19 Nov", "Nov 19"."""
    return format_date(at, "MMM d" if reader().month_first else "d MMM", NAMES)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A time of day in that zone: "08:00", "8:00 AM"."""
    return format_time(at, reader().clock, zone, NAMES)


def today(now: datetime, zone: ZoneInfo) -> str:
    """This moment in full: "Thursday 19 November 2026, 10:42"."""
    here = local(zone)
    written = format_date(now.astimezone(here), "EEEE, MMMM d, y" if reader().month_first else "EEEE d MMMM y", NAMES)
    return f"{written}, {clock(now, here)}"


def moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment as the reader's clock shows it: "Today, 09:16", "Thu 19 Nov, 08:00", with the year where it is not this one."""
    return moment_in(at, now, local(zone))


def moment_in(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """A moment in that very zone, wherever the reader is."""
    day_and_year = _day_and_year(at.astimezone(zone), now.astimezone(zone))
    return f"{day_and_year}, {clock(at, zone)}"


def dated(at: datetime, zone: ZoneInfo) -> str:
    """The date of a moment in full: "16 Nov 2026", "Nov 16, 2026"."""
    return day_of_year(at.astimezone(local(zone)))


def day_of_year(at: date) -> str:
    """A day in full: "16 Nov 2026", "Nov 16, 2026"."""
    return format_date(at, "MMM d, y" if reader().month_first else "d MMM y", NAMES)


def due(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something falls due, or how late it is: "2 h late", "by 11:30", "Fri 20 Nov"."""
    if at < now:
        return f"{age(at, now)} late"
    here = local(zone)
    on = at.astimezone(here).date()
    return f"by {clock(at, here)}" if on == now.astimezone(here).date() else day(on)


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


def _sign(number: float) -> str:
    return "+" if number > 0 else "−" if number < 0 else "±"


def _day_and_year(at: datetime, now: datetime) -> str:
    if at.date() == now.date():
        return "Today"
    if at.year == now.year:
        return day(at)
    return f"{day(at)}, {at.year}" if reader().month_first else f"{day(at)} {at.year}"


def _pair(seconds: float, large: int, large_name: str, small: int, small_name: str) -> str:
    whole, rest = divmod(int(seconds), large)
    return f"{whole} {large_name} {rest // small} {small_name}" if rest >= small else f"{whole} {large_name}"
