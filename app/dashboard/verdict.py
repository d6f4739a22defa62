"""Sentences made of figures: the headlines, and what a chart shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from allears.domain.case import Case
from allears.domain.people import Directory
from app.dashboard.components.desks import DeskRow
from app.dashboard.formats import count, day
from app.dashboard.usual import Day

MOST_NAMED = 3


def open_and_late(cases: Sequence[Case], late: int, alarms: int, directory: Directory) -> str:
    """The overview's headline: how many cases are open, that each has an owner, how many are late, and what needs a leader."""
    needing = {0: "", 1: " 1 alarm needs a leader."}.get(alarms, f" {count(alarms)} alarms need a leader.")
    if not cases:
        return f"No case is open. No promise is late.{needing}"
    unknown = sum(case.owner not in directory for case in cases)
    owned = "each with an owner" if len(cases) > 1 else "with an owner"
    if unknown:
        owned = f"{count(unknown)} with an owner who is no longer in the directory"
    return f"{cases_open(len(cases))}, {owned}. {lateness(late)}{needing}"


def people(rows: Sequence[DeskRow]) -> str:
    """The headline of the people: how many have open cases, and who cannot take one now."""
    cases, busy = sum(row.load.open for row in rows), sum(row.load.open > 0 for row in rows)
    held = f"{cases_open(cases)}, with {'one person' if busy == 1 else f'{count(busy)} people'}." if cases else "No case is open."
    absent = [row.name for row in rows if row.why_not]
    if not absent:
        return f"{held} Everyone can be reached."
    return f"{held} {listed(absent) if len(absent) <= MOST_NAMED else f'{count(len(absent))} people'} cannot take one now."


def inbox(total: int, late: int, unacknowledged: int) -> str:
    """The inbox's headline."""
    if not total:
        return "No case is open."
    taken = f"{count(unacknowledged)} not yet acknowledged" if unacknowledged else "all acknowledged"
    return f"{count(total)} open. {count(late) if late else 'None'} late, {taken}."


def cases_open(number: int) -> str:
    """How many are open: "41 cases open", "One case open"."""
    return "One case open" if number == 1 else f"{count(number)} cases open"


def lateness(late: int) -> str:
    """How many are late: "2 are late.", or "None is late." where none is."""
    return {0: "None is late.", 1: "1 is late."}.get(late, f"{count(late)} are late.")


def unusual(days: Sequence[Day], period: int) -> str:
    """What the complaints chart shows, in a sentence."""
    known = [shown for shown in days if shown.usual and shown.complete]
    if not known:
        return (
            "A week is too short to tell what is usual; 28 days show it."
            if period < 28  # noqa: PLR2004 -- the next longer period
            else "The usual range appears once three earlier weeks are known."
        )
    since = "" if known[0] is days[0] else f" The usual range is known since {day(known[0].day)}."
    high = [shown.day for shown in days if shown.is_high]
    low = [shown.day for shown in days if shown.is_low]
    if not high and not low:
        return f"No day is outside its usual range.{since}"
    parts = [f"{word} usual on {named(found)}." for word, found in (("Above", high), ("Below", low)) if found]
    return " ".join(parts) + since


def named(days: Sequence[date]) -> str:
    """Days in words, the last ones by name: "Mon 16 and Tue 17 Nov", "12 days, last on Tue 17 Nov"."""
    if len(days) > MOST_NAMED:
        return f"{len(days)} days, last on {day(days[-1])}"
    return listed([day(each) for each in days])


def listed(words: Iterable[str]) -> str:
    """Words joined as in speech: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
