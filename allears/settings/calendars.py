"""Absences from a person's calendar in iCalendar form (RFC 5545): all-day events, and days whose whole work is marked out of office."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from allears.domain.hours import Span
from allears.domain.people import Absence, Person

if TYPE_CHECKING:
    from icalendar import Calendar, Event

YEARS_BACK, YEARS_AHEAD = 1, 2
"""Whole years around the present one: so what a calendar says stays the same from day to day."""
_DAY = timedelta(days=1)
_WHEN = {"DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"}
_WITHIN_A_DAY = {"SECONDLY", "MINUTELY", "HOURLY"}


def absences(path: Path, person: Person, year: int) -> tuple[Absence, ...]:
    """The days on which a person is away by their calendar, in the years around `year`; days in a row are one absence.

    Raises ValueError, with what is wrong and what to do but no full stop, if the file is missing or cannot be read.
    """
    first, last = date(year - YEARS_BACK, 1, 1), date(year + YEARS_AHEAD, 12, 31)
    days: set[date] = set()
    marked: list[Span] = []
    for start, end in _events(path, first, last):
        if isinstance(start, datetime) and isinstance(end, datetime):
            marked.append((_moment(start, person.timezone), _moment(end, person.timezone)))
        else:
            days.update(_days(start, max(start, end - _DAY)))
    days.update(_days_without_work(_joined(marked), person))
    return _in_a_row(day for day in sorted(days) if first <= day <= last)


def _events(path: Path, first: date, last: date) -> list[tuple[date, date]]:
    """When the events that make somebody away begin and end, each repetition by itself; dates where they are for all day."""
    from icalendar import Calendar  # noqa: PLC0415 - whoever names no calendar need not wait for it
    from recurring_ical_events import of  # noqa: PLC0415

    try:
        content = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}. Export the calendar there, or take this line out") from error
    try:
        calendars = [whole for whole in Calendar.from_ical(content, multiple=True) if isinstance(whole, Calendar)]
        if not calendars:
            raise ValueError("no whole VCALENDAR is in it")  # noqa: TRY301 - told like all else that is wrong with it
        events = [event for calendar in calendars for event in of(_without_meetings(calendar)).between(first, last + _DAY)]
    except Exception as error:  # whatever a broken calendar does to its readers
        what = " ".join(str(error).split())[:160]
        raise ValueError(f"{path} is no iCalendar file that can be read ({what}). Export it anew, or take this line out") from error
    return [(event.start, event.end) for event in events if _is_absence(event)]


def _without_meetings(calendar: Calendar) -> Calendar:
    """The calendar with those events alone of which some repetition may be an absence. Raises ValueError if one cannot be read."""
    absent = {event.get("UID") for event in calendar.events if _is_absence(event)}
    calendar.subcomponents = [each for each in calendar.subcomponents if each.name != "VEVENT" or each.get("UID") in absent]
    for event in calendar.events:
        for name, what in event.errors:
            if name in _WHEN:
                raise ValueError(f"{name} of the event {event.get('UID')}: {what}")
        if any(_WITHIN_A_DAY & set(rule["FREQ"]) for rule in event.rrules):  # that may be millions
            raise ValueError(f"the event {event.get('UID')} is repeated within a day")
    return calendar


def _is_absence(event: Event) -> bool:
    """Whether an event takes place, and is for all day or marked out of office (as Outlook does it)."""
    busy = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or busy == "WORKINGELSEWHERE":
        return False
    all_day = not isinstance(event.start, datetime) or str(event.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).upper() == "TRUE"
    return all_day or busy == "OOF"


def _moment(at: datetime, timezone: ZoneInfo) -> datetime:
    """UTC; a time without a zone is the person's own."""
    return (at if at.tzinfo else at.replace(tzinfo=timezone)).astimezone(UTC)


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The same time in as few spans as possible."""
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _days_without_work(marked: Sequence[Span], person: Person) -> Iterator[date]:
    """The days of which all working hours lie within these spans; where there are none, the day from midnight to midnight."""
    zone = person.timezone
    for day in {day for begin, end in marked for day in _days(begin.astimezone(zone).date() - _DAY, end.astimezone(zone).date())}:
        midnights = [datetime.combine(each, time(), zone).astimezone(UTC) for each in (day, day + _DAY)]
        work = person.hours.on(day, zone) or [(midnights[0], midnights[1])]
        if all(_lies_within(marked, span) for span in work):
            yield day


def _lies_within(marked: Sequence[Span], span: Span) -> bool:
    before = bisect_right(marked, span[0], key=lambda each: each[0])
    return before > 0 and span[1] <= marked[before - 1][1]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + n * _DAY for n in range((last - first).days + 1))


def _in_a_row(days: Iterable[date]) -> tuple[Absence, ...]:
    """Days in their order as absences, each of days that follow one another."""
    found: list[Absence] = []
    for day in days:
        if found and found[-1].last + _DAY == day:
            found[-1] = Absence(found[-1].first, day)
        else:
            found.append(Absence(day, day))
    return tuple(found)
