"""Customers: who waits, who wrote most, and anybody by name or contact."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from allears.domain.customers import First
from app.dashboard import masking
from app.dashboard.components.list_menus import offer_customers
from app.dashboard.components.paging import MOST_ROWS, ROWS, rows_asked, show_rows
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.render import draw
from app.dashboard.steps import exporting

PERIODS = {"7 days": 7, "28 days": 28, "90 days": 90}
USUAL = "28 days"
_PLACEHOLDERS = {None: "Search a name or a contact", "": "Names are masked for you"}
"""By whose customers are found by name; of an owner it says "your customers"."""


def show(desk: Desk) -> None:
    """The page; its filters stand in the address."""
    now = desk.clock.now()
    head = st.empty()
    with head.container():
        draw("head.html", kicker=f"{desk.business} · customers", title="Reading who wrote")
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        words = st.text_input(
            "Search",
            key="q",
            bind="query-params",
            placeholder=_PLACEHOLDERS.get(masking.names_of(), "Search your customers"),
            label_visibility="collapsed",
            icon=":material/search:",
            disabled=masking.names_of() == "",
            width=280,
            on_change=_from_the_start,
        )
        first = _control("First", "first", [str(each) for each in First], str(First.CASES))
        days = _control("Period", "period", list(PERIODS), USUAL)
    with st.skeleton(560):
        asked, since = (words or "").strip(), now - timedelta(days=PERIODS[days])
        page = desk.store.customers(asked, First(first), since, now, rows_asked())
    with head.container(), exporting.head():
        title = verdict.customers(page.found, days, searched=bool(words))
        draw("head.html", kicker=f"{desk.business} · customers", title=title)
        offer_customers(desk, page.found, asked, First(first), since, now)
    if not page.lines:
        draw("no_customer.html", searched=bool(words), names_of=masking.names_of())
        return
    draw("customers.html", lines=page.lines, days=days, now=now, zone=desk.timezone)
    more = min(ROWS, page.found - len(page.lines))
    if more > 0 and len(page.lines) < MOST_ROWS:
        st.button(f"Show {more} more", on_click=show_rows, args=(len(page.lines) + ROWS,))
    elif more > 0:
        draw("notice.html", text=f"The first {MOST_ROWS} are listed. Search for a name or a contact to find others.", refused=False)


def _control(label: str, key: str, options: list[str], usual: str) -> str:
    chosen = st.segmented_control(
        label,
        options,
        default=usual,
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
        on_change=_from_the_start,
    )
    return chosen or usual


def _from_the_start() -> None:
    """A callback: with other filters the list begins anew."""
    st.query_params.pop("rows", None)
