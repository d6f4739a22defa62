"""Every open case, the longest late first, narrowed by who has it, what it is about and how it came."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from allears.domain.feedback import Channel
from allears.domain.records import CaseLine
from app.dashboard import verdict
from app.dashboard.components.caselist import grouped, is_due_today, is_late, is_unacknowledged
from app.dashboard.connection import Desk
from app.dashboard.render import draw

SHORTEST_PERIOD = 7
MOST_ROWS = 200
ALL = "All open"


def show(desk: Desk) -> None:
    """The page; its filters stand in the address."""
    now = desk.clock.now()
    lines = desk.store.overview(now, SHORTEST_PERIOD, desk.timezone.key).open_cases
    late = sum(is_late(line, now) for line in lines)
    title = verdict.inbox(len(lines), late, sum(map(is_unacknowledged, lines)))
    draw("head.html", kicker=f"{desk.business} · everyone’s cases", title=title)
    matches = _filters(desk, lines, now)
    found = [line for line in lines if matches(line)]
    if not found:
        draw("no_case.html", open_cases=len(lines))
        return
    shown = grouped(found, now, desk.timezone)
    draw("inbox.html", groups=shown, most=MOST_ROWS, found=len(found), now=now, zone=desk.timezone)


def _filters(desk: Desk, lines: tuple[CaseLine, ...], now: datetime) -> Callable[[CaseLine], bool]:
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        words = st.text_input(
            "Search",
            key="q",
            bind="query-params",
            placeholder="Search words, customer or case",
            label_visibility="collapsed",
            icon=":material/search:",
            width=232,
        )
        standing = _standing(now, desk.timezone)
        chosen = st.segmented_control(
            "Show", list(standing), default=ALL, required=True, key="show", bind="query-params", label_visibility="collapsed"
        )
        owner = _choice("Owner", [person.name for person in desk.directory])
        topic = _choice("Topic", sorted({line.case.topic for line in lines if line.case.topic}))
        channel = _choice("Channel", [str(each) for each in Channel])
    needle = (words or "").strip().casefold()
    stands = standing[chosen or ALL]

    def matches(line: CaseLine) -> bool:
        return (
            stands(line)
            and owner in (None, line.case.owner)
            and topic in (None, line.case.topic)
            and channel in (None, line.channel)
            and needle in f"{line.case.id}\n{line.customer}\n{line.words}".casefold()
        )

    return matches


def _standing(now: datetime, zone: ZoneInfo) -> dict[str, Callable[[CaseLine], bool]]:
    return {
        ALL: lambda _: True,
        "Late": lambda line: is_late(line, now),
        "Due today": lambda line: is_due_today(line, now, zone),
        "Unacknowledged": is_unacknowledged,
    }


def _choice(label: str, options: list[str]) -> str | None:
    return st.selectbox(
        label,
        options,
        index=None,
        key=label.lower(),
        bind="query-params",
        placeholder=label,
        label_visibility="collapsed",
        width=132,
    )
