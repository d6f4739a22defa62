"""Doing the same to several cases: one by one, so that what is refused of one stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from allears import caring
from allears.domain.access import Right
from allears.domain.case import CaseId
from allears.errors import AllEarsError, CaseConflict, NotAllowed
from app.dashboard.access import actor, needs
from app.dashboard.components.rows import select_none
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.outcome import refuse

_OUTCOME = "bulk_outcome"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step on several cases: what it was, of how many it was done, and why not of the others."""

    step: str
    done: int
    refused: tuple[tuple[str, str], ...]


def draw_bulk_outcome() -> None:
    """What became of the last step on several cases, said once."""
    if outcome := st.session_state.pop(_OUTCOME, None):
        draw("inbox_outcome.html", outcome=outcome)


def draw_bulk(desk: Desk, ids: Sequence[str]) -> None:
    """What can be done with the selected cases; nothing while none is."""
    if not ids:
        return
    with st.container(border=True, key="bulk"):
        draw("inbox_selected.html", number=len(ids))
        name = actor()
        if not needs(Right.BULK) or name is None:
            return
        if st.button("Acknowledge mine", key="bulk_acknowledge"):
            _finish("Acknowledged", ids, lambda case_id: caring.acknowledge(desk.store, desk.clock, case_id, name))
        _hand_over(desk, ids, name)
        if st.button("Select none", type="tertiary", key="bulk_none"):
            select_none()
            st.rerun()


def _hand_over(desk: Desk, ids: Sequence[str], name: str) -> None:
    watch = desk.watch()
    people = watch.plan.directory
    able = [person.name for person in people if people.why_not(person.name, watch.now) is None]
    to = st.selectbox("Hand over to", able, index=None, placeholder="Choose who", key="bulk_to")
    reason = st.text_input(
        "Why (each new owner sees this)", max_chars=1000, key="bulk_why", placeholder="For example: Ada is ill this week"
    )
    if not st.button(f"Hand over {'one case' if len(ids) == 1 else f'{len(ids)} cases'}", type="primary", key="bulk_hand_over"):
        return
    if not to:
        refuse("Choose the new owner.")
    elif not reason.strip():
        refuse("Say why: the reason goes with each case.")
    else:
        step = lambda case_id: caring.hand_over(desk.store, desk.clock, watch.plan, case_id, to, reason.strip(), name)  # noqa: E731
        _finish(f"Handed over to {to}", ids, step)


def _finish(said: str, ids: Sequence[str], step: Callable[[CaseId], object]) -> None:
    """Take the step on each case, and show the page anew with what became of it."""
    st.session_state[_OUTCOME] = one_by_one(said, ids, step)
    select_none()
    st.rerun()


def one_by_one(said: str, ids: Sequence[str], step: Callable[[CaseId], object]) -> Outcome:
    """Take a step on each case; a refusal stops no other, a store that fails leaves the rest undone."""
    refused: list[tuple[str, str]] = []
    for place, case_id in enumerate(ids):
        try:
            step(CaseId(case_id))
        except (CaseConflict, NotAllowed) as conflict:
            refused.append((case_id, str(conflict)))
        except AllEarsError as error:
            refused += [(left, str(error)) for left in ids[place:]]
            break
    return Outcome(said, len(ids) - len(refused), tuple(refused))
