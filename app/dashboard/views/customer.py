"""One customer: who they are as far as it is known, what they wrote on any channel, what they were told and given, and by whom."""

from __future__ import annotations

import streamlit as st

from allears.domain.case import CustomerId
from allears.domain.customers import Customer
from allears.domain.inbox import MessagePage, Messages
from app.dashboard import masking
from app.dashboard.components.history import axis, had_by, names, thread
from app.dashboard.components.list_menus import offer_messages
from app.dashboard.components.paging import MOST_ROWS, ROWS, rows_asked, show_rows
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.render import draw
from app.dashboard.steps import exporting
from app.dashboard.steps.showing import draw_showing


def show(desk: Desk) -> None:
    """The page of the customer that the query's `id` names."""
    asked = CustomerId(st.query_params.get("id", ""))
    customer = desk.store.customer(asked) if asked else None
    if customer is None:
        draw("unknown_customer.html")
        return
    with st.skeleton(400):
        page = desk.store.messages(Messages(customer=asked), None, rows_asked())
    subject, owners = masking.of_customer(asked), [case.owner for case in customer.cases if case.status.is_open]
    with masking.of(subject, owners):
        draw_showing(desk, subject, owners)
        _draw(desk, customer, page)


def _draw(desk: Desk, customer: Customer, page: MessagePage) -> None:
    now, zone = desk.clock.now(), desk.timezone
    name = names(customer) or (page.lines[0].customer if page.lines else "A customer")
    late = sum(case.status.is_open and case.next_date < now for case in customer.cases)
    title = verdict.customer(customer.messages, sum(case.status.is_open for case in customer.cases), late)
    draw("customer_head.html", customer=name, title=title, marks=axis(customer.marks, now, zone), total=len(customer.marks), zone=zone)
    left, right = st.columns([16, 9], gap="medium")
    with left:
        with exporting.head():
            draw("customer_earlier.html", shown=len(page.lines), found=page.found)
            offer_messages(desk, page, Messages(customer=customer.id))
        if page.found > len(page.lines) and len(page.lines) < MOST_ROWS:
            st.button(f"Show {min(ROWS, page.found - len(page.lines))} earlier", on_click=show_rows, args=(len(page.lines) + ROWS,))
        words = thread(page.lines, customer.letters, whole=page.found <= len(page.lines))
        draw("customer_thread.html", words=words, customer=name, now=now, zone=zone)
    with right:
        draw("customer_cards.html", known=customer, customer=name, had_by=had_by(customer.cases), now=now, zone=zone)
