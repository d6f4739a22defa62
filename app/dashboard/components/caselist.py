"""Open cases in the order in which someone should look, and in the inbox's three groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allears.domain.case import CaseStatus
from allears.domain.records import CaseLine
from app.dashboard.formats import start_of_today


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the inbox and the cases under it."""

    name: str
    lines: tuple[CaseLine, ...]
    is_late: bool = False


def by_need(lines: Iterable[CaseLine]) -> list[CaseLine]:
    """The longest late first, then the one due next."""
    return sorted(lines, key=lambda line: (line.case.next_date, line.case.id))


def is_late(line: CaseLine, now: datetime) -> bool:
    """Whether the customer should have heard by now."""
    return line.case.next_date < now


def is_due_today(line: CaseLine, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the customer is to hear later today."""
    return now <= line.case.next_date < start_of_today(now, zone) + timedelta(days=1)


def is_unacknowledged(line: CaseLine) -> bool:
    """Whether its owner has not yet said "I have it"."""
    return line.case.status is CaseStatus.OPEN


def grouped(lines: Sequence[CaseLine], now: datetime, zone: ZoneInfo) -> list[Group]:
    """Late, Due today and Later, without the empty ones."""
    ordered = by_need(lines)
    late = tuple(line for line in ordered if is_late(line, now))
    today = tuple(line for line in ordered if is_due_today(line, now, zone))
    later = tuple(line for line in ordered[len(late) + len(today) :])
    groups = (Group("Late", late, is_late=True), Group("Due today", today), Group("Later", later))
    return [group for group in groups if group.lines]
