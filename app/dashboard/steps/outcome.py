"""What became of the last step: said once, on the page or, where it was refused in a drawer, inside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from allears.domain.case import Case
from allears.errors import CaseConflict, NotAllowed
from app.dashboard.render import draw

DONE, REFUSED = "action_done", "action_refused"
_TAKEN = "action_taken"


def draw_done() -> None:
    """What the last action did, or why it was refused, said once."""
    if refused := st.session_state.pop(REFUSED, None):
        draw("notice.html", text=refused, refused=True)
    if done := st.session_state.pop(DONE, None):
        draw("notice.html", text=done, refused=False)


def refuse(text: str) -> None:
    """What keeps a step from being taken, beside its button."""
    draw("notice.html", text=text, refused=True)


def refusal(step: Callable[[], object], done: str, case: Case | None = None) -> str | None:
    """Take a step; why the heart refused it, or None: then the next page says `done`.

    Of a step on this `case`, as it stood when the drawer was opened, it is remembered that it was taken.
    """
    try:
        step()
    except (CaseConflict, NotAllowed) as refused:
        return str(refused)
    st.session_state[DONE] = done
    if case:
        st.session_state[_TAKEN] = case.id, case.version
    return None


def taken_already(case: Case) -> bool:
    """Whether a remembered step was taken on the case as it stood: the second of two quick clicks means the first."""
    return bool(st.session_state.get(_TAKEN) == (case.id, case.version))
