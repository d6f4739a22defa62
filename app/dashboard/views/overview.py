"""How the business stands with its customers: a verdict, five figures, and what is behind them."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from allears.domain.ledger import PLACES, total
from allears.domain.overview import Overview
from allears.errors import AllEarsError
from app.dashboard.components.alarms import draw_alarms
from app.dashboard.components.states import telling_troubles
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.figures.breakdowns import AGES, channel_rows, topic_bars
from app.dashboard.figures.complaints import Complaints, draw_complaints, read_complaints
from app.dashboard.figures.feeling import draw_feeling
from app.dashboard.figures.headline import headline_figures
from app.dashboard.figures.overview_menu import offer_overview
from app.dashboard.figures.weekly_sample import draw_weekly_line
from app.dashboard.formats import days_before, today
from app.dashboard.render import draw
from app.dashboard.steps.correcting import draw_reading
from app.dashboard.steps.outcome import draw_done

PERIODS = {"7 days": 7, "28 days": 28, "90 days": 90}
USUAL_PERIOD = "28 days"
MOST_TOPICS = 8
MOST_QUOTES = 3
REFRESH = timedelta(seconds=60)


@st.fragment(run_every=REFRESH)
def show(desk: Desk) -> None:
    """The page; it reads itself anew each minute while someone looks."""
    with telling_troubles():
        _read_and_draw(desk)


def _read_and_draw(desk: Desk) -> None:
    now = desk.clock.now()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head"):
        head = st.empty()
        chosen = st.segmented_control(
            "Period", list(PERIODS), default=USUAL_PERIOD, required=True, key="period", bind="query-params", label_visibility="collapsed"
        )
        menu = st.container(width="content")
    days = PERIODS[chosen or USUAL_PERIOD]
    with head.container():
        draw("head.html", kicker=f"{desk.business} · {today(now, desk.timezone)}", title=f"Reading the last {days} days")
    try:
        with st.skeleton(110), st.skeleton(330), st.skeleton(290):
            overview = desk.store.overview(now, days, desk.timezone.key)
            alarms = desk.store.alarms()
            complaints = read_complaints(desk, overview)
    except AllEarsError:
        head.empty()
        raise
    with head.container():
        title = verdict.open_and_late(overview.owners, len(alarms), desk.directory)
        draw("head.html", kicker=f"{desk.business} · {today(now, desk.timezone)}", title=title)
    with menu:
        offer_overview(desk, overview, complaints)
    draw_alarms(desk, alarms, now)
    draw("strip.html", figures=headline_figures(overview))
    if overview.reclassified:
        draw("model_change.html", change=overview.reclassified, zone=desk.timezone)
    draw_weekly_line(desk)
    _complaints_and_need(desk, overview, complaints)
    _topics_and_owners(overview)
    _feeling_and_praise(desk, overview, complaints)
    _ledger_line(overview)


def _complaints_and_need(desk: Desk, overview: Overview, complaints: Complaints) -> None:
    left, right = st.columns([13, 7], gap="medium")
    with left:
        draw_complaints(desk, complaints, overview.days)
    with right:
        draw(
            "needs_you.html",
            lines=overview.due_first,
            open_cases=sum(owner.open for owner in overview.owners),
            now=overview.now,
            zone=desk.timezone,
        )


def _topics_and_owners(overview: Overview) -> None:
    left, right = st.columns([13, 7], gap="medium")
    with left:
        draw("topics.html", topics=topic_bars(overview.topics)[:MOST_TOPICS], more=max(0, len(overview.topics) - MOST_TOPICS))
    with right:
        draw("owners.html", rows=overview.owners, ages=AGES)


def _feeling_and_praise(desk: Desk, overview: Overview, complaints: Complaints) -> None:
    left, right = st.columns([13, 7], gap="medium")
    first = days_before(overview.now, desk.timezone, overview.days)
    with left:
        draw_feeling(desk, overview, complaints.changes)
        rows = channel_rows(overview.daily, first, overview.now.astimezone(desk.timezone).date())
        draw("channels.html", rows=rows, days=overview.days)
    with right:
        draw("praise.html", total=overview.praise_count)
        draw_done()
        for line in overview.praise[:MOST_QUOTES]:
            draw("quote.html", line=line)
            draw_reading(desk, line.item)


def _ledger_line(overview: Overview) -> None:
    draw(
        "ledger_line.html",
        totals=total(overview.ledger),
        places=PLACES,
        balanced=all(row.balanced for row in overview.ledger),
        days=overview.days,
    )
