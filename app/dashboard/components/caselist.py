"""The inbox's cases in the order in which someone should look, under Late, Due today and Later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.inbox import CasePage, Show
from allears.domain.records import CaseLine


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the inbox, how many cases match under it, and those of them on this page."""

    name: str
    found: int
    lines: tuple[CaseLine, ...]
    is_late: bool = False


def grouped(page: CasePage, show: Show, now: datetime, tomorrow: datetime) -> list[Group]:
    """Late, Due today and Later, without those of which the page has none; resolved cases in one."""
    if show is Show.RESOLVED:
        return [Group("Resolved", page.found, page.lines)]
    late = tuple(line for line in page.lines if line.case.next_date < now)
    today = tuple(line for line in page.lines if now <= line.case.next_date < tomorrow)
    later = tuple(line for line in page.lines if line.case.next_date >= tomorrow)
    groups = (
        Group("Late", page.late, late, is_late=True),
        Group("Due today", page.today, today),
        Group("Later", page.found - page.late - page.today, later),
    )
    return [group for group in groups if group.lines]
