"""Putting right what was read in a message: a small control beside it, which asks the heart (`allears.correcting`)."""

from __future__ import annotations

import streamlit as st

from allears import correcting
from allears.domain.access import Right
from allears.domain.feedback import Kind, Sentiment, Status
from allears.domain.records import StoredItem
from allears.errors import CorrectionRefused, NotAllowed
from app.dashboard.access import actor, may, me
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.outcome import DONE


def draw_reading(desk: Desk, stored: StoredItem, why: str = "") -> None:
    """How a message was read, what people corrected, and the control to correct it; nothing for a message not yet read.

    `why` is the reason that stands there to begin with.
    """
    if stored.understanding is None:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", key=f"reading-{stored.item.id}"):
        draw("reading.html", stored=stored, now=desk.clock.now(), zone=desk.timezone)
        _control(desk, stored, why)


def _control(desk: Desk, stored: StoredItem, why: str) -> None:
    """The popover; what is in it is only drawn while it is open."""
    if me() and not may(Right.CORRECT):
        return
    name = actor()
    key = f"correct-{stored.item.id}"
    popover = st.popover("Correct", type="tertiary", key=key, on_change="rerun", disabled=name is None)
    if not popover.open or name is None or stored.understanding is None:
        return
    said = stored.understanding.prediction
    with popover:
        _choice("Sentiment", [each.value for each in Sentiment], said.sentiment, f"{key}-sentiment")
        _choice("Kind", [each.value for each in Kind], said.kind, f"{key}-kind")
        st.text_area("Why", value=why, key=f"{key}-why", placeholder="For example: ironic, the parcel never came", max_chars=1000)
        if refused := st.session_state.pop(f"{key}-refused", None):
            draw("notice.html", text=refused, refused=True)
        st.button("Keep the correction", type="primary", key=f"{key}-do", on_click=_correct, args=(desk, stored, name))


def _choice(label: str, options: list[str], present: str, key: str) -> None:
    st.segmented_control(label, options, default=present, required=True, format_func=str.capitalize, key=key)


def _correct(desk: Desk, stored: StoredItem, actor: str) -> None:
    """A callback: it runs before the page is read anew."""
    key = f"correct-{stored.item.id}"
    try:
        corrected = correcting.correct(
            desk.store,
            desk.clock,
            stored.item.id,
            sentiment=Sentiment(st.session_state[f"{key}-sentiment"]),
            kind=Kind(st.session_state[f"{key}-kind"]),
            by=actor,
            why=st.session_state[f"{key}-why"],
        )
    except (CorrectionRefused, NotAllowed) as refused:
        st.session_state[f"{key}-refused"] = str(refused)
    else:
        again = " The next round routes it again." if corrected.status is Status.UNDERSTOOD else ""
        st.session_state[DONE] = f"Corrected to {corrected.corrections[-1].corrected_to} by {actor}.{again}"
        st.session_state[key] = False
