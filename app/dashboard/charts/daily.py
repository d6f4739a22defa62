"""Complaints a day as a line over what is usual for the weekday."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import altair as alt

from app.dashboard.charts.base import Value, across, data, finished, line, markers, note, place, ticks, up, ways_in
from app.dashboard.charts.palette import PAGE, Palette
from app.dashboard.figures.changes import Marker
from app.dashboard.figures.usual import Day
from app.dashboard.formats import count, day, short_day

HEIGHT = 264


def daily_chart(
    days: Sequence[Day], finding: str, changes: Sequence[Marker], link: Callable[[date], str], palette: Palette = PAGE
) -> alt.LayerChart:
    """The chart; `finding` says in words what it shows, `link` where a day's messages are."""
    most = max((max(each.complaints, each.usual.high if each.usual else 0) for each in days), default=0)
    all_days = [each.day for each in days]
    x, y = across(all_days, {each: short_day(each) for each in ticks(all_days)}, palette), up("complaints", max(4, most), palette)
    at = [place(each.day) for each in days]
    return finished(
        [
            *_band(days, x, y, palette),
            *markers(changes, x, palette),
            *line(at, [each.complaints for each in days], [each.complete for each in days], x, y, palette),
            *_outside(days, x, y, palette),
            *_notes(days, x, y, palette),
            ways_in([_way_in(each, link) for each in days], x, y),
        ],
        palette,
        f"Complaints a day. {finding}",
        HEIGHT,
    )


def says(each: Day) -> str:
    """A day in words: "61 on Mon 16 Nov, usual 18–38"."""
    usual = f", usual {each.usual.low:.0f}–{each.usual.high:.0f}" if each.usual else ""
    return f"{count(each.complaints)} {'on' if each.complete else 'so far today,'} {day(each.day)}{usual}"


def _way_in(each: Day, link: Callable[[date], str]) -> dict[str, Value]:
    return {"at": place(each.day), "complaints": each.complaints, "says": says(each), "href": link(each.day)}


def _band(days: Sequence[Day], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """What is usual, with its name in it."""
    known = [(each, each.usual) for each in days if each.usual]
    if len(known) < 2:  # noqa: PLR2004 - one day is no band
        return []
    rows: list[dict[str, Value]] = [{"at": place(each.day), "complaints": usual.high, "low": usual.low} for each, usual in known]
    area = alt.Chart(data(rows)).mark_area(aria=False, color=palette.band, interpolate="monotone").encode(x=x, y=y, y2=alt.Y2("low:Q"))
    named, usual = max(known[1 : 1 + (len(known) + 1) // 2], key=lambda each: each[1].high)
    height = usual.low + 0.15 * (usual.high - usual.low)
    return [area, note("usual range", place(named.day), height, x, y, palette, left=False, color=palette.ink3)[-1]]


def _outside(days: Sequence[Day], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """A dot on each day outside its range: above it in the colour of what is negative."""
    dots = []
    for outside, color in (
        ([each for each in days if each.is_high], palette.negative_fill),
        ([each for each in days if each.is_low], palette.ink3),
    ):
        if outside:
            rows: list[dict[str, Value]] = [{"at": place(each.day), "complaints": each.complaints} for each in outside]
            mark = alt.Chart(data(rows)).mark_circle(aria=False, size=64, opacity=1, color=color, stroke=palette.paper, strokeWidth=1.5)
            dots.append(mark.encode(x=x, y=y))
    return dots


def _notes(days: Sequence[Day], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """The highest day outside its range, and what there is of today."""
    notes: list[alt.Chart] = []
    peak = max((each for each in days if each.is_high), key=lambda each: each.complaints, default=None)
    if peak:
        left = (peak.day - days[0].day) > (days[-1].day - peak.day)
        notes += note(says(peak), place(peak.day), peak.complaints, x, y, palette, left=left, color=palette.negative, bold=True)
    if days and not days[-1].complete and days[-1] is not peak:
        today = days[-1]
        notes += note(
            f"{count(today.complaints)} so far today", place(today.day), today.complaints, x, y, palette, left=True, color=palette.ink3
        )
    return notes
