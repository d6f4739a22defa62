"""How far the model can be trusted: what people find when they read for themselves, whether it drifts, and what to read next."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from allears.domain.quality import UNSURE, WEEK, Quality, WeeklySample, last_week
from allears.errors import AllEarsError
from app.dashboard.connection import Desk
from app.dashboard.figures.agreement import (
    MEASURES,
    agreements,
    by_lot,
    confusions,
    corrections,
    drift,
    finding,
    headline,
)
from app.dashboard.figures.quality_menu import offer_quality
from app.dashboard.figures.weekly_sample import READ_PART, draw_result, read_sample, week_name, week_option
from app.dashboard.formats import FEWEST_FOR_PERCENT
from app.dashboard.render import draw
from app.dashboard.steps import exporting
from app.dashboard.steps.labelling import draw_labelling, draw_unsure

TRUST, NEXT = "How far to trust it", "What to label next"
WEEKS = 9
JUDGED_DAYS = 180
"""How far back judged messages count: as long as in the label shift."""


def show(desk: Desk) -> None:
    """The page; its part and the week of the sample stand in the address."""
    now = desk.clock.now()
    last = last_week(now, desk.timezone)
    head = st.empty()
    with head.container():
        draw("head.html", kicker=f"{desk.business} · quality", title="Reading the last nine weeks")
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        part = st.segmented_control(
            "Show", [TRUST, READ_PART, NEXT], default=TRUST, required=True, key="part", bind="query-params", label_visibility="collapsed"
        )
        week = last if part == NEXT else _week(last)
    try:
        with st.skeleton(440):
            quality = desk.store.quality(last, WEEKS, desk.timezone.key, now - timedelta(days=JUDGED_DAYS))
    except AllEarsError:
        head.empty()
        raise
    with head.container(), exporting.head():
        draw("head.html", kicker=f"{desk.business} · quality", title=headline(quality, quality.weeks[-1].messages, last))
        offer_quality(desk, quality)
    if part == READ_PART:
        draw_labelling(desk, week, last)
    elif part == NEXT:
        draw_unsure(desk)
    else:
        _trust(desk, quality, read_sample(desk, week), last)


def _week(last: date) -> date:
    """The week whose sample is shown: one of those that are over."""
    weeks = {week_option(week): week for week in (last - step * WEEK for step in range(WEEKS))}
    chosen = st.selectbox("Week of the sample", list(weeks), key="week", bind="query-params", label_visibility="collapsed", width=180)
    return weeks.get(chosen, last)


def _trust(desk: Desk, quality: Quality, sample: WeeklySample, last: date) -> None:
    judged, now = by_lot(quality), desk.clock.now()
    draw_result(sample, week_name(sample.week, last))
    draw(
        "agreement.html",
        messages=sum(each.messages for each in judged),
        agreements=agreements(judged),
        days=JUDGED_DAYS,
        fewest=FEWEST_FOR_PERCENT,
        read_part=READ_PART,
    )
    if judged:
        draw("confusions.html", confusions=confusions(judged))
    messages, moves = corrections(quality)
    draw("corrected.html", messages=messages, moves=moves, days=JUDGED_DAYS)
    rows = drift(quality.weeks)
    draw("drift.html", rows=rows, names=[name for name, _ in MEASURES], finding=finding(rows, last), unsure=UNSURE)
    draw("versions.html", versions=quality.versions, now=now, zone=desk.timezone)
