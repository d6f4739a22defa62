"""Promise 1: every message received is in exactly one place, by source and by day, and what could not be read."""

from __future__ import annotations

from itertools import groupby

import streamlit as st

from allears.domain.ledger import PLACES, LedgerRow, total
from app.dashboard.components import exported
from app.dashboard.connection import Desk
from app.dashboard.formats import count, days_before
from app.dashboard.render import draw
from app.dashboard.steps import exporting

PERIODS = {"7 days": 7, "28 days": 28, "90 days": 90}
USUAL_PERIOD = "28 days"


def show(desk: Desk) -> None:
    """The page; its period stands in the address."""
    now = desk.clock.now()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head"):
        head = st.empty()
        chosen = st.segmented_control(
            "Period", list(PERIODS), default=USUAL_PERIOD, required=True, key="period", bind="query-params", label_visibility="collapsed"
        )
        menu = st.container(width="content")
    days = PERIODS[chosen or USUAL_PERIOD]
    rows = desk.store.ledger(days_before(now, desk.timezone, days), desk.timezone.key)
    with head.container():
        draw("head.html", kicker=f"{desk.business} · the last {days} days", title=headline(rows))
    draw("ledger_line.html", totals=total(rows), places=PLACES, balanced=all(row.balanced for row in rows), days=days)
    draw("ledger_sources.html", sources=_by_source(rows), columns=("received", *PLACES, "waiting"))
    draw("ledger_days.html", days=_by_day(rows), columns=("received", *PLACES, "waiting"))
    entries = desk.store.quarantine()
    draw("quarantine.html", entries=entries, now=now, zone=desk.timezone)
    with menu:
        tables = {"By day": lambda: exported.ledger_rows(rows), "Quarantine": lambda: exported.quarantine_rows(entries)}
        exporting.offer(desk, f"ledger {days} days", tables)


def headline(rows: list[LedgerRow]) -> str:
    """Whether every message received is accounted for."""
    received = total(rows)["received"]
    stuck = sum(row.stuck for row in rows)
    astray = sum(abs(row.received - row.accounted) for row in rows)
    if astray:
        return f"{count(received)} received, {count(astray)} not accounted for."
    if stuck:
        return f"{count(received)} received, {count(stuck)} waiting for more than an hour."
    return f"{count(received)} received, all accounted for."


def _by_source(rows: list[LedgerRow]) -> list[tuple[str, dict[str, int], bool]]:
    ordered = sorted(rows, key=lambda row: row.source)
    groups = [(source, list(found)) for source, found in groupby(ordered, key=lambda row: row.source)]
    return [(source, total(found), all(row.balanced for row in found)) for source, found in groups]


def _by_day(rows: list[LedgerRow]) -> list[tuple[LedgerRow, ...]]:
    ordered = sorted(rows, key=lambda row: (-row.day.toordinal(), row.source))
    return [tuple(found) for _, found in groupby(ordered, key=lambda row: row.day)]
