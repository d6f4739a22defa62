"""Complaints a day against what is usual: the chart, what made a day unusual, and what changed by which they are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from allears.domain.overview import Overview
from allears.domain.trends import Changes, Split
from app.dashboard.charts import page as charts
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.figures.causes import Cause, cause_of, days_needed
from app.dashboard.figures.changes import Marker, change_days
from app.dashboard.figures.trending import key_name
from app.dashboard.figures.usual import Day, complaints_by_day
from app.dashboard.formats import days_before
from app.dashboard.links import messages
from app.dashboard.render import draw

if TYPE_CHECKING:
    import altair as alt

MOST_EXPLAINED = 3
"""Days that are explained, the newest first: each asks for the complaints of nine."""


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """A day outside its usual range, what made it so where that is known, and where the messages of both are."""

    day: Day
    link: str
    cause: Cause | None
    name: str
    cause_link: str | None


@dataclass(frozen=True, slots=True)
class Complaints:
    """The complaints of a period, day by day, the last unusual days, and what changed meanwhile."""

    days: tuple[Day, ...]
    unusual: tuple[UnusualDay, ...]
    changes: Changes


def read_complaints(desk: Desk, overview: Overview) -> Complaints:
    """What the chart shows and says."""
    today = overview.now.astimezone(desk.timezone).date()
    days = complaints_by_day(overview.daily, days_before(overview.now, desk.timezone, overview.days), today)
    outside = [each for each in days if each.is_high or each.is_low][: -MOST_EXPLAINED - 1 : -1]
    parts = desk.store.complaints_of(days_needed(outside), desk.timezone.key)
    changes = desk.store.what_changed(overview.now - timedelta(days=overview.days), overview.now)
    return Complaints(tuple(days), tuple(_unusual(each, cause_of(each, parts)) for each in outside), changes)


def draw_complaints(desk: Desk, complaints: Complaints, period: int) -> None:
    """The section; models that read old messages again have a line of their own above it."""
    finding = verdict.unusual(complaints.days, period)
    draw("section.html", title="Complaints a day, against what is usual", lead=finding)
    markers = [each.marker for each in change_days(complaints.changes, desk.timezone)]
    charts.draw(lambda: _chart(complaints, finding, markers), "daily")
    if complaints.unusual:
        draw("unusual.html", days=complaints.unusual)
    draw_changes(desk, replace(complaints.changes, reclassified=()), complaints.days)


def _chart(complaints: Complaints, finding: str, markers: Sequence[Marker]) -> alt.LayerChart:
    from app.dashboard.charts.daily import daily_chart  # noqa: PLC0415 - see charts.page

    return daily_chart(complaints.days, finding, markers, _of_day)


def draw_changes(desk: Desk, changes: Changes, days: Sequence[Day]) -> None:
    """What changed, day by day."""
    found = change_days(changes, desk.timezone)
    if found:
        draw("changes.html", days=found, year=days[-1].day.year)


def _unusual(day: Day, cause: Cause | None) -> UnusualDay:
    link = _of_day(day.day)
    if cause is None:
        return UnusualDay(day, link, None, "", None)
    cause_link = messages(day.day, day.day, {"kind": "complaint", cause.split.value: cause.key}) if cause.key else None
    name = key_name(cause.split, cause.key)
    return UnusualDay(day, link, cause, f"The source {name}" if cause.split is Split.SOURCE else name, cause_link)


def _of_day(day: date) -> str:
    return messages(day, day, {"kind": "complaint"})
