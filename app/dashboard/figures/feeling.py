"""How customers feel over time, with how far the figures may be off."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from allears.domain.overview import Overview
from allears.domain.trends import Changes
from app.dashboard.charts import page as charts
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.figures.changes import change_days
from app.dashboard.figures.tone import NEGATIVE, NET, Tone, tone_of
from app.dashboard.links import messages
from app.dashboard.periods import Period, last_days
from app.dashboard.render import draw

if TYPE_CHECKING:
    import altair as alt

JUDGED = timedelta(weeks=13)
"""How long what people judged tells how far the model errs."""
FEWEST_A_DAY = 20
"""Fewer messages a day say little: weeks are shown instead."""


def draw_feeling(desk: Desk, overview: Overview, changes: Changes) -> None:
    """The section: a line in its band, and in words what both are."""
    head = st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="tone-head")
    with head:
        words = st.empty()
        figure = st.segmented_control(
            "Figure", [NEGATIVE, NET], default=NEGATIVE, required=True, key="tone", bind="query-params", label_visibility="collapsed"
        )
    judged = desk.store.judged_moves(overview.now - JUDGED)
    link = _all_of if figure == NET else _negative_of
    tone = tone_of(overview.daily, tone_period(desk, overview), figure or NEGATIVE, judged, link)
    finding = verdict.tone(tone, figure or NEGATIVE, overview.days)
    with words.container():
        draw("section.html", title="How customers feel", lead=finding)
    if tone.whole:
        charts.draw(lambda: _chart(desk, tone, f"How customers feel. {finding}", changes), "tone-chart")


def _chart(desk: Desk, tone: Tone, finding: str, changes: Changes) -> alt.LayerChart:
    from app.dashboard.charts.tone import tone_chart  # noqa: PLC0415 - see charts.page

    return tone_chart(tone.points, finding, [each.marker for each in change_days(changes, desk.timezone)])


def tone_period(desk: Desk, overview: Overview) -> Period:
    """The period, in weeks where a day has few messages."""
    period = last_days(overview.days, overview.now, desk.timezone)
    first = period.first
    messages_now = sum(each.negative + each.mixed + each.neutral + each.positive for each in overview.daily if each.day >= first)
    few = messages_now < FEWEST_A_DAY * overview.days and overview.days > 7  # noqa: PLR2004 - a week in weeks is one point
    return period.in_weeks() if few else period


def _negative_of(first: date, last: date) -> str:
    return messages(first, last, {"sentiment": "negative"})


def _all_of(first: date, last: date) -> str:
    return messages(first, last, {})
