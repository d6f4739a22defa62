"""What all charts share: the type, hairlines, time from left to right, and the marks where rules changed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from math import floor, log10
from typing import Any, cast

import altair as alt

from app.dashboard.charts.palette import Palette
from app.dashboard.figures.changes import Marker
from app.dashboard.formats import count, percent

FONT = "Inter, sans-serif"
SMALL = 12.5
MOST_TICKS = 8
"""Dates below a chart that is as wide as a page; Vega leaves out those that would touch each other."""

ROOM = 0.3
"""Of its width a chart needs so much for the word beside a mark, on a phone."""
MOST_LINES = 3
"""Hairlines above zero."""

Value = str | float | bool | None


def place(at: date | datetime) -> int:
    """Where a day (its beginning) or a moment stands in time, in milliseconds of a clock that has no zones."""
    moment = at if isinstance(at, datetime) else datetime.combine(at, time())
    return round(moment.replace(tzinfo=UTC).timestamp() * 1000)


def data(rows: Sequence[dict[str, Value]]) -> alt.InlineData:
    """Rows as a chart's data."""
    return alt.InlineData(values=list(rows))


def across(days: Sequence[date], labels: dict[date, str], palette: Palette, until: datetime | None = None) -> alt.X:
    """The time axis from the first of these days to the last, or until a moment after it, with some of the days labelled."""
    axis = _axis({place(each): words for each, words in labels.items()}, palette, grid=False)
    return alt.X("at:Q", axis=axis, scale=alt.Scale(domain=[place(days[0]), place(until or days[-1])], nice=False, zero=False))


def ticks(days: Sequence[date]) -> list[date]:
    """Which of these days are written below a chart: all of a few, else evenly ones, by weeks where they are days."""
    if len(days) <= MOST_TICKS:
        return list(days)
    by_week = 7 if (days[1] - days[0]).days == 1 else 1
    every = -(-len(days) // (by_week * MOST_TICKS)) * by_week
    return list(reversed(days[-1 - every // 2 :: -every]))


def up(field: str, most: float, palette: Palette, *, share: bool = False, lines: int = MOST_LINES, least: float = 0.0) -> alt.Y:
    """The axis of counts or shares, from zero (or `least` below it) to `most`, with so many hairlines at the most above zero."""
    above = hairlines(max(most, -least), lines, 0.01 if share else 1)
    values = [*(-value for value in reversed(above[1:]) if value <= -least), *(value for value in above if value <= most)]
    axis = _axis({value: percent(value) if share else count(round(value)) for value in values}, palette, grid=True)
    return alt.Y(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[least, max(most, values[-1])], nice=False))


def hairlines(most: float, lines: int, least: float) -> list[float]:
    """Round values from zero up to `most`, at least `least` apart."""
    power = 10.0 ** floor(log10(max(most, least)))
    step = next(
        each for factor in (0.1, 0.2, 0.5, 1, 2, 5) if (each := factor * power) >= least * 0.999 and int(most / each + 1e-9) <= lines
    )
    return [round(step * number, 9) for number in range(int(most / step + 1e-9) + 1)]


def _axis(labels: Mapping[float, str], palette: Palette, *, grid: bool) -> alt.Axis:
    """An axis with a label at each of these values, as the reader writes them."""
    words = json.dumps({str(int(value) if value == int(value) else value): label for value, label in labels.items()})
    return alt.Axis(
        values=list(labels),
        labelExpr=f"({words})[datum.value]",
        grid=grid,
        gridColor=palette.grid,
        domain=False,
        ticks=False,
        labelColor=palette.ink3,
        labelPadding=8,
        labelOverlap="greedy",
        labelFlush=not grid,
        title=None,
    )


def field_of(y: alt.Y) -> str:
    """The name of the values that an axis shows."""
    return str(y.shorthand).partition(":")[0]


def line(at: Sequence[int], values: Sequence[float | None], whole: Sequence[bool], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """A line through the steps, dashed towards a step at either end that is not whole; a gap where a step has no value.

    A step whose neighbours have none is a dot.
    """
    field = field_of(y)
    points: list[dict[str, Value]] = [{"at": each, field: value} for each, value in zip(at, values, strict=True)]
    whole_ones = [point for point, is_whole in zip(points, whole, strict=True) if is_whole]
    dashed = ([] if whole[0] else [points[:2]]) + ([] if whole[-1] or len(points) == 1 else [points[-2:]])
    solid = alt.Chart(data(whole_ones)).mark_line(aria=False, color=palette.ink).encode(x=x, y=y)
    around = [None, *values, None]
    alone = [
        point
        for point, before, value, after in zip(points, around, values, around[2:], strict=False)
        if value is not None and before is None and after is None
    ]
    return [
        solid,
        *(
            [alt.Chart(data(alone)).mark_point(aria=False, filled=True, size=40, opacity=1, color=palette.ink).encode(x=x, y=y)]
            if alone
            else []
        ),
        *(alt.Chart(data(each)).mark_line(aria=False, color=palette.ink3, strokeDash=[3, 3]).encode(x=x, y=y) for each in dashed),
    ]


def ways_in(rows: Sequence[dict[str, Value]], x: alt.X, y: alt.Y) -> alt.Chart:
    """Large marks that nobody sees, each of which says what it stands for and opens its messages. `rows`: at, the value, says, href."""
    mark = alt.Chart(data(rows)).mark_point(size=500, opacity=0, filled=True, cursor="pointer")
    ways: alt.Chart = mark.encode(x=x, y=y, href=alt.Href("href:N"), tooltip=alt.Tooltip("says:N"), description=alt.Description("says:N"))
    return ways


def note(
    text: str, at: int, value: float, x: alt.X, y: alt.Y, palette: Palette, *, left: bool, color: str, bold: bool = False, dy: int = 0
) -> list[alt.Chart]:
    """Words beside a point, to its left or right, legible over lines."""
    field = field_of(y)
    base = alt.Chart(data([{"at": at, field: value, "note": text}])).encode(x=x, y=y, text=alt.Text("note:N"))
    style: dict[str, Any] = {
        "align": "right" if left else "left",
        "dx": -10 if left else 10,
        "dy": dy,
        "fontWeight": 600 if bold else "normal",
        "fontSize": SMALL,
    }
    return [
        base.mark_text(aria=False, color=palette.paper, stroke=palette.paper, strokeWidth=4, **style),
        base.mark_text(aria=False, color=color, **style),
    ]


def markers(changes: Sequence[Marker], x: alt.X, palette: Palette, *, named: bool = True) -> list[alt.Chart]:
    """Upright lines where something changed, each with its word at the top where there is room for it."""
    if not changes:
        return []
    end = x["scale"]["domain"][1]
    rows: list[dict[str, Value]] = [{"at": min(place(each.at), end), "word": each.word} for each in changes]
    lines = alt.Chart(data(rows)).mark_rule(aria=False, color=palette.ink3, strokeDash=[2, 3], strokeWidth=1).encode(x=x)
    words = [_words(group, x, palette, left=left) for left, group in _with_room(rows, x) if group] if named else []
    return [lines, *words]


def _with_room(rows: Sequence[dict[str, Value]], x: alt.X) -> list[tuple[bool, list[dict[str, Value]]]]:
    """Of marks in time those whose word is written: to their left where they stand far to the right, and not beside one before them."""
    first, last = x["scale"]["domain"]
    to_the_right: list[dict[str, Value]] = []
    to_the_left: list[dict[str, Value]] = []
    reached = -ROOM
    for row in rows:
        where = (cast("int", row["at"]) - first) / max(1, last - first)
        if where - reached >= ROOM:
            reached = where
            (to_the_left if where > 1 - ROOM else to_the_right).append(row)
    return [(False, to_the_right), (True, to_the_left)]


def _words(rows: Sequence[dict[str, Value]], x: alt.X, palette: Palette, *, left: bool) -> alt.Chart:
    style: dict[str, Any] = {"align": "right" if left else "left", "dx": 1 if left else -1, "dy": -3}
    text = alt.Chart(data(rows)).mark_text(aria=False, baseline="bottom", color=palette.ink3, fontSize=SMALL, **style)
    words: alt.Chart = text.encode(x=x, text=alt.Text("word:N"), y=alt.value(0))
    return words


def finished(layers: Sequence[alt.Chart], palette: Palette, finding: str, height: int) -> alt.LayerChart:
    """The layers as one chart with its type, its height in pixels, and in words what it shows. Drawn as SVG, which follows the theme."""
    return alt.LayerChart(  # in one step: each further one would copy all of the data
        layer=list(layers),
        height=height,
        width="container",
        description=finding,
        background="transparent",
        padding={"left": 2, "right": 8, "top": 8, "bottom": 2},
        usermeta={"embedOptions": {"renderer": "svg", "actions": False}},
        config=alt.Config(
            font=FONT,
            view=alt.ViewConfig(stroke=None),
            axis=alt.AxisConfig(labelFontSize=SMALL, labelFont=FONT),
            text=alt.MarkConfig(font=FONT, fontSize=SMALL),
            line=alt.LineConfig(color=palette.ink, strokeWidth=1.6, strokeJoin="round"),
        ),
    )
