"""One customer over the years: marks on a time axis, and what they wrote and were written, oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from allears.domain.case import Case, Reply
from allears.domain.customers import Customer, Mark
from allears.domain.inbox import MessageLine
from app.dashboard.formats import dated

PLACES = 120
"""Marks of one tone that fall so near each other that the axis has but one place for them become one."""
MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on the axis: where, in per cent of its length, in what tone, and of how many messages from when."""

    left: float
    tone: str
    messages: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Axis:
    """Marks, and the moments that stand below them with their places in per cent."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A message of the customer, or a letter to them."""

    at: datetime
    message: MessageLine | None = None
    letter: Reply | None = None


def axis(marks: Sequence[Mark], now: datetime, zone: ZoneInfo) -> Axis:
    """The marks from the first one until now; ticks are years, or months where it is not that long."""
    if not marks:
        return Axis((), ())
    first = marks[0].at
    length = max((now - first).total_seconds(), 1.0)

    def place(at: datetime) -> float:
        return min(max(100 * (at - first).total_seconds() / length, 0.0), 100.0)

    together: dict[tuple[int, str], list[Mark]] = {}
    for mark in marks:
        together.setdefault((int(place(mark.at) * PLACES / 100), mark.sentiment or ""), []).append(mark)
    dots = (Dot(place(those[0].at), tone, len(those), those[0].at) for (_, tone), those in together.items())
    return Axis(tuple(dots), tuple((place(at), text) for at, text in _ticks(first, now, zone)))


def thread(lines: Sequence[MessageLine], letters: Sequence[Reply], *, whole: bool) -> list[Word]:
    """Messages and letters, oldest first; unless the messages are `whole`, letters only from the first of them on."""
    words = [Word(line.received_at, message=line) for line in lines]
    since = datetime.min.replace(tzinfo=UTC) if whole or not lines else min(line.received_at for line in lines)
    return sorted([*words, *(Word(each.at, letter=each) for each in letters if each.at >= since)], key=lambda word: word.at)


def had_by(cases: Sequence[Case]) -> list[tuple[str, int]]:
    """Who has had cases of the customer, and how many; the most first, then by name."""
    people = Counter(name for case in cases for name in {*case.owners, case.owner})
    return sorted(people.items(), key=lambda each: (-each[1], each[0]))


def names(customer: Customer) -> str | None:
    """What the customer is called: as their newest contact says."""
    return next((each.name or each.contact for each in reversed(customer.contacts)), None)


def _ticks(first: datetime, now: datetime, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    start, end = first.astimezone(zone), now.astimezone(zone)
    years = [datetime(year, 1, 1, tzinfo=zone) for year in range(start.year + 1, end.year + 1)]
    if len(years) > 1:
        step = -(-len(years) // MOST_TICKS)
        return [(start, str(start.year)), *((at, str(at.year)) for at in years[step - 1 :: step])]
    return [(start, dated(start, zone)), (end, "now")]
