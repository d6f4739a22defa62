"""A figure over time beside the period it is compared with: large, or small among others on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import altair as alt

from app.dashboard.charts.base import Value, across, data, finished, line, markers, note, place, ticks, up, ways_in
from app.dashboard.charts.palette import PAGE, Palette
from app.dashboard.figures.changes import Marker
from app.dashboard.figures.trending import Lines
from app.dashboard.formats import short_day
from app.dashboard.periods import Period, Step

HEIGHT, SMALL_HEIGHT = 248, 92


def trend_chart(
    period: Period, lines: Lines, finding: str, changes: Sequence[Marker], *, share: bool, compared: str, palette: Palette = PAGE
) -> alt.LayerChart:
    """The large chart; `compared` names the other period at its line."""
    x, y = _across(period, palette, many=True), up("value", lines.most or 1, palette, share=share)
    layers = [*markers(changes, x, palette), *_lines(period, lines, x, y, palette)]
    return finished(
        [*layers, *_named(period, lines, x, y, palette, compared), ways_in(_ways(period, lines), x, y)], palette, finding, HEIGHT
    )


def small_chart(
    period: Period, lines: Lines, finding: str, changes: Sequence[Marker], most: float, *, share: bool, palette: Palette = PAGE
) -> alt.LayerChart:
    """One of many on a common scale up to `most`."""
    x, y = _across(period, palette, many=False), up("value", most or 1, palette, share=share, lines=2)
    layers = [*markers(changes, x, palette, named=False), *_lines(period, lines, x, y, palette)]
    return finished([*layers, ways_in(_ways(period, lines), x, y)], palette, finding, SMALL_HEIGHT)


def _across(period: Period, palette: Palette, *, many: bool) -> alt.X:
    days = period.starts
    shown = ticks(days) if many else [days[0], days[-1]][: len(days)]
    if period.step is Step.DAY:
        return across(days, {each: short_day(each) for each in shown}, palette)
    labels = {each: _month(each, days[0]) if period.step is Step.MONTH else short_day(each) for each in shown}
    return across(days, labels, palette, period.until)


def _month(each: date, first: date) -> str:
    """A month, with its year where that begins."""
    return f"{each:%b %Y}" if each == first or each.month == 1 else f"{each:%b}"


def _lines(period: Period, lines: Lines, x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    at = [place(start) for start in period.starts]
    former: list[dict[str, Value]] = [{"at": when, "value": value} for when, value in zip(at, lines.before, strict=True)]
    under = alt.Chart(data(former)).mark_line(aria=False, color=palette.ink3, strokeWidth=0.8).encode(x=x, y=y)
    over = line(at, lines.values, period.whole, x, y, palette)
    dots: list[dict[str, Value]] = [{"at": when, "value": value} for when, value in zip(at, lines.values, strict=True)]
    alone = [alt.Chart(data(dots)).mark_circle(aria=False, size=40, color=palette.ink, opacity=1).encode(x=x, y=y)] if len(at) == 1 else []
    return [under, *over, *alone]


def _named(period: Period, lines: Lines, x: alt.X, y: alt.Y, palette: Palette, compared: str) -> list[alt.Chart]:
    """The other period's name, where its line is furthest from this one's."""
    apart = [
        (abs(before - (value or 0)), number, before)
        for number, (value, before) in enumerate(zip(lines.values, lines.before, strict=True))
        if before is not None
    ]
    if not apart or not any(lines.before):
        return []
    _, number, before = max(apart)
    left = number > len(period.starts) / 2
    return note(compared, place(period.starts[number]), before, x, y, palette, left=left, color=palette.ink3)


def _ways(period: Period, lines: Lines) -> list[dict[str, Value]]:
    steps = zip(period.starts, lines.values, lines.says, lines.hrefs, strict=True)
    return [{"at": place(start), "value": value, "says": says, "href": href} for start, value, says, href in steps if value is not None]
