"""The configuration as it was read, whether it works, and what other rules would change."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from allears.domain.access import Right
from allears.settings import Settings
from app.dashboard import connection
from app.dashboard.access import needs
from app.dashboard.components.as_read import sections, worth_knowing
from app.dashboard.components.checks import draw_checks
from app.dashboard.components.replay import draw_replay
from app.dashboard.connection import Desk
from app.dashboard.formats import age
from app.dashboard.render import draw

AS_READ, CHECKS, REPLAY = "As read", "Checks", "Try other rules"


def show(desk: Desk) -> None:
    """The page; its part stands in the address."""
    settings, read_at = connection.settings(), connection.read_at()
    changed_at = datetime.fromtimestamp(settings.path.stat().st_mtime, UTC)
    now = desk.clock.now()
    draw("head.html", kicker=f"{desk.business} · settings", title=headline(settings, f"{age(changed_at, now)} ago"))
    with st.container(horizontal=True, key="filters"):
        parts = [AS_READ, CHECKS, REPLAY]
        part = st.segmented_control(
            "Show", parts, default=AS_READ, required=True, key="section", bind="query-params", label_visibility="collapsed"
        )
    if part == CHECKS:
        if needs(Right.CHECKS):
            draw_checks(desk, settings.path)
    elif part == REPLAY:
        if needs(Right.REPLAY):
            draw_replay(settings.path)
    else:
        shown = {"path": str(settings.path), "changed_at": changed_at, "read_at": read_at, "warnings": worth_knowing(settings)}
        draw("settings_file.html", **shown, now=now, zone=desk.timezone)
        for section in sections(settings, now.astimezone(desk.timezone).date()):
            draw("settings_section.html", section=section)


def headline(settings: Settings, changed: str) -> str:
    """What is set up, and whether a calendar cannot be read."""
    parts = ((len(settings.source), "source"), (len(settings.person), "person"), (len(settings.route), "route"))
    plural = {"person": "people"}
    named = [f"{number} {word if number == 1 else plural.get(word, word + 's')}" for number, word in parts]
    unread = len(settings.unread_calendars)
    mend = f" {'One calendar' if unread == 1 else f'{unread} calendars'} cannot be read." if unread else ""
    return f"{', '.join(named[:-1])} and {named[-1]}, changed {changed}.{mend}"
