"""The audit log: who looked at whose personal data, the newest first. Admins see it."""

from __future__ import annotations

import streamlit as st

from app.dashboard.components.list_menus import offer_audit
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps import exporting

PAGE = 50
LONGEST = 6  # digits of a part's number


def show(desk: Desk) -> None:
    """The page."""
    asked = st.query_params.get("part", "1")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) <= LONGEST else 1
    skip = (number - 1) * PAGE
    found = desk.store.audit(PAGE + 1, skip)
    title = "Nobody has asked to see masked data." if not found and not skip else "Who looked at what is masked."
    with exporting.head():
        draw("head.html", kicker=f"{desk.business} · audit log", title=title)
        offer_audit(desk)
    draw(
        "audit.html",
        entries=found[:PAGE],
        number=number,
        more=len(found) > PAGE,
        by_role=desk.by_role,
        now=desk.clock.now(),
        zone=desk.timezone,
    )
