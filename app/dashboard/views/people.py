"""Who has what on their desk, whether they can be reached, and between whom cases went. By team, then name; never a ranking."""

from __future__ import annotations

import streamlit as st

from app.dashboard.components import exported
from app.dashboard.components.desks import desk_rows
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.render import draw
from app.dashboard.steps import exporting

PERIOD = 28
MOST_PASSAGES = 6
MOST_QUOTES = 3


def show(desk: Desk) -> None:
    """The page."""
    watch = desk.watch()
    now = watch.now
    desks = desk.store.desks(now)
    overview = desk.store.overview(now, PERIOD, desk.timezone.key)
    rows = desk_rows(watch.plan.directory, desks, now, desk.timezone)
    with exporting.head():
        draw("head.html", kicker=f"{desk.business} · people", title=verdict.people(rows))
        tables = {"People": lambda: exported.desk_rows(rows), "Hand-overs": lambda: exported.passage_rows(desks.passages)}
        exporting.offer(desk, "people", tables)
    draw("people.html", rows=rows)
    left, right = st.columns([13, 7], gap="medium")
    with left:
        hops = sum(way.hops for way in desks.passages)
        draw("passages.html", passages=desks.passages, hops=hops, open_cases=desks.open, most=MOST_PASSAGES)
    with right:
        named = [line for line in overview.praise if line.praised][:MOST_QUOTES]
        draw("thanks.html", named=named, days=PERIOD)
        for line in named:
            draw("quote.html", line=line)
