"""What can be done with a case: take it, write to the customer, promise a date, hand it over with a reason, resolve it, note something.

Each asks the heart (`allears.caring`), which refuses what the case does not allow; the refusal is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from allears import caring
from allears.domain.access import Right
from allears.domain.case import Case, CaseStatus
from allears.domain.records import CaseView
from app.dashboard import masking
from app.dashboard.access import actor as who_acts
from app.dashboard.access import may, me, needs
from app.dashboard.components.states import telling_troubles
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.handing_over import hand_over_form
from app.dashboard.steps.joining import link_form, merge_form, split_form
from app.dashboard.steps.noting import note_form
from app.dashboard.steps.outcome import REFUSED, draw_done, refusal
from app.dashboard.steps.promising import promise_form
from app.dashboard.steps.replying import begin_replying, reply_form, why_no_reply
from app.dashboard.steps.resolving import begin_resolving, resolve_form

DRAWER = 480


def draw_actions(desk: Desk, view: CaseView) -> None:
    """The buttons of a case's present state, and the drawer of the one pressed; for those who may not act, who may."""
    case = view.case
    if not case.status.is_open or (me() and not needs(Right.WORK)):
        return
    actor = who_acts()
    others, no_reply = actor != case.owner, why_no_reply(view, actor)
    with st.container(horizontal=True, key="actions", width="content"):
        if case.status is CaseStatus.OPEN:
            st.button("Acknowledge", type="primary", shortcut="A", disabled=others, on_click=_acknowledge, args=(desk, case, actor))
        replying = st.button("Reply", shortcut="L", disabled=no_reply is not None, help=no_reply)
        promising = st.button("Promise", shortcut="P", disabled=others)
        handing_over = st.button("Hand over", shortcut="H", disabled=actor is None)
        resolving = st.button("Resolve", shortcut="E", disabled=others)
        with st.popover("More", disabled=actor is None):
            merging = st.button("Merge with another case", type="tertiary", disabled=actor is None)
            splitting = st.button("Split", type="tertiary", disabled=actor is None)
            linking = st.button("Link to an incident", type="tertiary", disabled=actor is None)
    if replying and actor:
        begin_replying(case.id)
        _drawer(case, "Write to the customer", partial(reply_form, desk, view, actor), dismissible=False)
    elif promising and actor:
        _drawer(case, "Promise when they hear next", partial(promise_form, desk, case, actor))
    elif handing_over and actor:
        _hand_over(desk, case, actor)
    elif resolving and actor:
        begin_resolving()
        _drawer(case, "Resolve this case", partial(resolve_form, desk, case, actor))
    elif merging and actor:
        _drawer(case, "Merge another case into this one", partial(merge_form, desk, view, actor))
    elif splitting and actor:
        _drawer(case, "Split this case", partial(split_form, desk, view, actor))
    elif linking and actor:
        _drawer(case, "Link to an incident", partial(link_form, desk, case, actor))


def draw_first_steps(desk: Desk, case: Case) -> None:
    """What can be done with a case from a list, without reading all of it: its owner takes it, anyone hands it over."""
    actor = who_acts()
    if not case.status.is_open or actor is None:
        return
    with st.container(horizontal=True, key="first-steps"):
        if case.status is CaseStatus.OPEN and actor == case.owner and may(Right.WORK):
            said = f"{case.id} acknowledged"
            st.button("Acknowledge", type="primary", shortcut="A", on_click=_acknowledge, args=(desk, case, actor, said))
        if may(Right.HAND_OVER) and st.button("Hand over", shortcut="H"):
            _hand_over(desk, case, actor)


def draw_noting(desk: Desk, case: Case) -> None:
    """Below what happened: the button to note something, and its drawer."""
    if me() and not may(Right.NOTE):
        return
    actor = who_acts()
    if st.button("Leave a note", shortcut="N", disabled=actor is None) and actor:
        _drawer(case, "Leave a note", partial(note_form, desk, case, actor))


def draw_outcome(case: Case) -> None:
    """What the last action did, said once; and what is missing before one can act."""
    draw_done()
    actor = who_acts()
    if not case.status.is_open:
        return
    if actor is None:
        draw("notice.html", text="Choose your name under “You are” in the side bar to act on this case.", refused=False)
    elif actor != case.owner and may(Right.WORK):
        draw("notice.html", text=f"{case.owner} has this case. To act on it, hand it over to yourself, with a reason.", refused=False)


def _hand_over(desk: Desk, case: Case, actor: str) -> None:
    _drawer(case, "Hand this case to someone else", partial(hand_over_form, desk, case, actor))


def _drawer(case: Case, title: str, form: Callable[[], None], *, dismissible: bool = True) -> None:
    """A form in a drawer on the right; however it is left, the page is read anew.

    One that is not `dismissible` is left by its buttons only: Escape would lose what was just typed, which no server has seen yet.
    """

    @st.dialog(title, position="right", width=DRAWER, dismissible=dismissible, on_dismiss="rerun")
    def drawer() -> None:
        with telling_troubles(), masking.of(masking.of_case(case), [case.owner]):
            form()

    drawer()


def _acknowledge(desk: Desk, case: Case, actor: str, said: str = "Acknowledged") -> None:
    """A callback: it runs before the page is read anew, so it speaks of the case that was on screen."""
    if why := refusal(lambda: caring.acknowledge(desk.store, desk.clock, case.id, actor), f"{said} by {actor}."):
        st.session_state[REFUSED] = f"{why} This page now shows the case as it stands."
