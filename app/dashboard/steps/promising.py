"""Promising when a customer hears next: a date and a time, and what they were told."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from allears import caring
from allears.domain.case import Case
from allears.domain.targets import Goal
from app.dashboard.connection import Desk
from app.dashboard.formats import moment
from app.dashboard.render import draw
from app.dashboard.steps.outcome import refusal, refuse

STEP = timedelta(minutes=15)


def promise_form(desk: Desk, case: Case, actor: str) -> None:
    """What the owner fills in."""
    by = ask_by_when(desk, case, actor)
    told = st.text_area("What you told them", placeholder="For example: the second payment is on its way back", max_chars=2000)
    with st.container(horizontal=True):
        if st.button("Keep the promise on record", type="primary"):
            if not told.strip():
                refuse("Say what you told the customer: whoever has the case later must know it.")
            elif why := refusal(
                lambda: caring.promise(desk.store, desk.clock, case.id, by, told.strip(), actor),
                promised(desk, by),
            ):
                refuse(why)
            else:
                st.rerun()
        if st.button("Promise nothing"):
            st.rerun()


def ask_by_when(desk: Desk, case: Case, actor: str) -> datetime:
    """A date and a time in the owner's time zone; at first those that the targets ask for."""
    owner, now = desk.directory[actor], desk.clock.now()
    here = owner.timezone
    usual = _rounded(owner.due(now, desk.plan.targets.of(Goal.PROMISE, case.urgency, case.tags)).astimezone(here))
    with st.container(horizontal=True):
        today = now.astimezone(here).date()
        day = st.date_input("They hear by", usual.date(), min_value=today, format="YYYY-MM-DD", key="promise_day")
        clock = st.time_input("At", usual.time(), step=STEP, key="promise_time")
    by = datetime.combine(day, clock, here)
    draw("promise_by.html", by=by, now=now, here=here, business=desk.timezone)
    return by


def promised(desk: Desk, by: datetime) -> str:
    """What is said of a promise that was kept on record."""
    return f"Promised: the customer hears by {moment(by, desk.clock.now(), desk.timezone).replace('Today', 'today')}."


def _rounded(at: datetime) -> datetime:
    """The next full quarter of an hour."""
    over = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - over + STEP if over else at
