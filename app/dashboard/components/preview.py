"""A case or a message beside the list it stands in."""

from __future__ import annotations

from datetime import datetime, timedelta

import streamlit as st

from allears.domain.case import CaseId
from allears.domain.feedback import ItemId
from allears.domain.records import StoredItem
from app.dashboard import masking
from app.dashboard.components.timeline import Entry
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.actions import draw_first_steps
from app.dashboard.steps.correcting import draw_reading

LATELY = timedelta(days=28)
"""Of so long ago it is said how many messages are alike."""


def draw_case_preview(desk: Desk, case_id: str) -> None:
    """A case's newest words, who has it and why, and the steps that need no more than that."""
    case = desk.store.case(CaseId(case_id))
    if case is None:
        return
    items = desk.store.items(case.item_ids[-1:])
    now = desk.clock.now()
    owner = desk.directory.people.get(case.owner)
    with masking.of(masking.of_case(case), [case.owner]), st.container(border=True, key="preview"):
        draw("inbox_case.html", case=case, stored=items[0] if items else None, owner=owner, now=now, zone=desk.timezone)
        draw_first_steps(desk, case)


def draw_message_preview(desk: Desk, item_id: str) -> None:
    """A message with what came with it, how it was read, where it went, and how many are alike."""
    found = desk.store.items([ItemId(item_id)])
    if not found:
        draw("notice.html", text="This message is not known any more.", refused=False)
        return
    (stored,) = found
    case = desk.store.case(stored.case_id) if stored.case_id else None
    subject = masking.of_case(case) if case else masking.of_customer(stored.customer_id or "")
    now = desk.clock.now()
    with masking.of(subject, [case.owner] if case else []), st.container(key="preview"):
        entry = Entry(stored.item.received_at, message=stored)
        draw("timeline.html", entries=[entry], customer=name_of(stored), before=entry.at, system="", now=now, zone=desk.timezone)
        draw_reading(desk, stored)
        draw("inbox_message.html", stored=stored, case=case, customer=name_of(stored), alike=alike(desk, stored, now=now))


def alike(desk: Desk, *items: StoredItem, now: datetime) -> dict[ItemId, int]:
    """How many messages were lately alike to each of these in meaning; of those never placed nothing is said."""
    return desk.store.alike([each.item.id for each in items], now - LATELY)


def name_of(stored: StoredItem) -> str:
    """Whom a message is from, as it is shown."""
    return stored.item.author or stored.item.contact or "An anonymous customer"
