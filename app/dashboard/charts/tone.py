"""How customers feel over time: a share, or the net of two, within the band where the true one lies."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt

from app.dashboard.charts.base import Value, across, data, finished, line, markers, note, place, ticks, up, ways_in
from app.dashboard.charts.palette import PAGE, Palette
from app.dashboard.figures.changes import Marker
from app.dashboard.figures.likely import Likely
from app.dashboard.figures.tone import TonePoint
from app.dashboard.formats import percent, short_day

HEIGHT = 200


def tone_chart(points: Sequence[TonePoint], finding: str, changes: Sequence[Marker], palette: Palette = PAGE) -> alt.LayerChart:
    """The chart; `finding` says in words what it shows."""
    days = [each.day for each in points]
    known = [(each, each.value) for each in points if each.value]
    least = min((value.low for _, value in known), default=0.0)
    x = across(days, {each: short_day(each) for each in ticks(days)}, palette)
    y = up("value", max((value.high for _, value in known), default=1.0), palette, share=True, least=min(0.0, least))
    band: list[dict[str, Value]] = [{"at": place(each.day), "value": value.high, "low": value.low} for each, value in known]
    area = alt.Chart(data(band)).mark_area(aria=False, color=palette.band).encode(x=x, y=y, y2=alt.Y2("low:Q"))
    ways: list[dict[str, Value]] = [
        {"at": place(each.day), "value": value.middle, "says": each.says, "href": each.href} for each, value in known
    ]
    at, values = [place(each.day) for each in points], [each.value.middle if each.value else None for each in points]
    layers = [
        area,
        *markers(changes, x, palette),
        *line(at, values, [each.whole for each in points], x, y, palette),
        *_last(known, x, y, palette),
    ]
    return finished([*layers, ways_in(ways, x, y)], palette, finding, HEIGHT)


def _last(known: Sequence[tuple[TonePoint, Likely]], x: alt.X, y: alt.Y, palette: Palette) -> list[alt.Chart]:
    """The last whole step's value, written at it."""
    for point, value in reversed(known):
        if point.whole:
            return note(
                percent(value.middle), place(point.day), value.middle, x, y, palette, left=True, color=palette.ink, bold=True, dy=-12
            )
    return []
