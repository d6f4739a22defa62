"""Who has what on their desk, whether they can be reached, and between whom cases went. By team, then name; never a ranking."""

from __future__ import annotations

import streamlit as st

from app.dashboard import verdict
from app.dashboard.components.desks import desk_rows, passages
from app.dashboard.connection import Desk
from app.dashboard.render import draw

PERIOD = 28
MOST_PASSAGES = 6
MOST_QUOTES = 3


def show(desk: Desk) -> None:
    """The page."""
    watch, book = desk.watch()
    now = watch.now
    overview = desk.store.overview(now, PERIOD, desk.timezone.key)
    rows = desk_rows(watch.plan.directory, book.cases, now, desk.timezone)
    draw("head.html", kicker=f"{desk.business} · people", title=verdict.people(rows))
    draw("people.html", rows=rows)
    left, right = st.columns([13, 7], gap="medium")
    with left:
        ways = passages(overview.open_cases)
        hops = sum(way.hops for way in ways)
        draw("passages.html", passages=ways, hops=hops, open_cases=len(overview.open_cases), most=MOST_PASSAGES)
    with right:
        named = [line for line in overview.praise if line.praised][:MOST_QUOTES]
        draw("thanks.html", named=named, days=PERIOD)
        for line in named:
            draw("quote.html", line=line)
