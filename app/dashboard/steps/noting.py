"""Leaving a note with a case: a word for whoever opens it later."""

from __future__ import annotations

import streamlit as st

from allears import caring
from allears.domain.case import Case
from app.dashboard.connection import Desk
from app.dashboard.steps.outcome import refusal, refuse, taken_already


def note_form(desk: Desk, case: Case, actor: str) -> None:
    """What whoever notes something fills in."""
    text = st.text_area("Note", placeholder="For example: rang her, she is away until Monday", max_chars=1000)
    with st.container(horizontal=True):
        keep, nothing = st.button("Keep the note", type="primary"), st.button("Note nothing")
    if nothing or (keep and taken_already(case)):
        st.rerun()
    if not keep:
        return
    if not text.strip():
        refuse("Write the note first.")
    elif why := refusal(lambda: caring.note(desk.store, desk.clock, case.id, text, actor), "Noted. The customer does not see it.", case):
        refuse(why)
    else:
        st.rerun()
