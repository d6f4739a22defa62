"""Complaints a day as a line over what is usual for the weekday.

Drawn by a few lines of JavaScript as SVG, not by Streamlit's Vega-Lite: its charts import pandas, which
costs the dashboard's process 90 MB, and they do not follow the theme.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from app.dashboard.formats import count, day
from app.dashboard.usual import Day

_HERE = Path(__file__).parent


def draw_daily_chart(days: Sequence[Day], finding: str) -> None:
    """The chart; `finding` says in words what it shows, for those who do not see it."""
    chart = {
        "days": [_point(each) for each in days],
        "finding": f"Complaints a day. {finding}",
        "soFar": f"{count(days[-1].complaints)} so far today" if days else "",
    }
    component = st.components.v2.component(
        "daily_chart",
        html='<div class="chart"></div>',
        css=(_HERE / "daily_chart.css").read_text("utf-8"),
        js=(_HERE / "daily_chart.js").read_text("utf-8"),
    )
    component(data={"chart": json.dumps(chart)}, key="daily_chart")


def _point(each: Day) -> dict[str, str | float | bool | None]:
    return {
        "date": f"{each.day.day} {each.day:%b}",
        "complaints": each.complaints,
        "low": each.usual.low if each.usual else None,
        "high": each.usual.high if each.usual else None,
        "note": _note(each),
        "complete": each.complete,
    }


def _note(each: Day) -> str | None:
    if each.usual is None or not each.is_high:
        return None
    return f"{count(each.complaints)} on {day(each.day)}, usual {each.usual.low:.0f}–{each.usual.high:.0f}"
