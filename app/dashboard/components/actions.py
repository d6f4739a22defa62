"""What can be done with a case: take it, hand it over with a reason, resolve it.

Each asks the heart (`allears.caring`), which refuses what the case does not allow; the refusal is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import streamlit as st

from allears import caring
from allears.domain.case import Case, CaseStatus
from allears.domain.people import Directory, Person
from allears.errors import CaseConflict
from app.dashboard.connection import Desk
from app.dashboard.render import ME, draw

DONE, REFUSED = "action_done", "action_refused"


def draw_actions(desk: Desk, case: Case) -> None:
    """The buttons of a case's present state, and what became of the last one pressed."""
    actor = st.session_state.get(ME)
    others = actor != case.owner
    with st.container(horizontal=True, key="actions", width="content"):
        if case.status is CaseStatus.OPEN:
            st.button("Acknowledge", type="primary", shortcut="A", disabled=others, on_click=_acknowledge, args=(desk, case, actor))
        if case.status.is_open and st.button("Hand over", shortcut="H", disabled=actor is None) and actor:
            _hand_over(desk, case, actor)
        if case.status.is_open and st.button("Resolve", shortcut="E", disabled=others) and actor:
            _resolve(desk, case, actor)


def draw_outcome(case: Case) -> None:
    """What the last action did, said once; and what is missing before one can act."""
    draw_done()
    actor = st.session_state.get(ME)
    if case.status.is_open and actor is None:
        draw("notice.html", text="Choose your name under “You are” in the side bar to act on this case.", refused=False)
    elif case.status.is_open and actor != case.owner:
        draw("notice.html", text=f"{case.owner} has this case. To act on it, hand it over to yourself, with a reason.", refused=False)


def draw_done() -> None:
    """What the last action did, or why it was refused, said once."""
    if refused := st.session_state.pop(REFUSED, None):
        draw("notice.html", text=refused, refused=True)
    if done := st.session_state.pop(DONE, None):
        draw("notice.html", text=done, refused=False)


def _acknowledge(desk: Desk, case: Case, actor: str) -> None:
    """A callback: it runs before the page is read anew, so it speaks of the case that was on screen."""
    _do(lambda: caring.acknowledge(desk.store, desk.clock, case.id, actor), f"Acknowledged by {actor}.")


def _hand_over(desk: Desk, case: Case, actor: str) -> None:
    @st.dialog("Hand this case to someone else", position="right", width=480)
    def drawer() -> None:
        draw("hand_over.html", hops=case.hops)
        load = Counter(each.owner for each in desk.store.open_cases())
        candidates = next_owners(desk.directory, case.owner)
        to = st.radio(
            "New owner",
            [person.name for person in candidates],
            captions=[_caption(desk, person, case.owner, load[person.name]) for person in candidates],
            index=None,
        )
        reason = st.text_area("Why (the new owner sees this)", placeholder="For example: refund above their authority", max_chars=1000)
        with st.container(horizontal=True):
            if st.button("Hand over", type="primary", key="do_hand_over"):
                if not to:
                    draw("notice.html", text="Choose the new owner.", refused=True)
                elif not reason.strip():
                    draw("notice.html", text="Say why: the reason goes with the case.", refused=True)
                else:
                    _do(
                        lambda: caring.hand_over(desk.store, desk.clock, desk.directory, desk.targets, case.id, to, reason.strip(), actor),
                        f"Handed over. {to} has it now and is alerted.",
                    )
                    st.rerun()
            if st.button("Keep the case"):
                st.rerun()

    drawer()


def _resolve(desk: Desk, case: Case, actor: str) -> None:
    @st.dialog("Resolve this case", position="right", width=480)
    def drawer() -> None:
        outcome = st.text_area("What was done", placeholder="For example: refunded 27 GBP and wrote to the customer", max_chars=2000)
        with st.container(horizontal=True):
            if st.button("Resolve the case", type="primary"):
                if not outcome.strip():
                    draw("notice.html", text="Say what was done: it stays with the case.", refused=True)
                else:
                    _do(lambda: caring.resolve(desk.store, desk.clock, case.id, outcome.strip(), actor), "Resolved.")
                    st.rerun()
            if st.button("Keep it open"):
                st.rerun()

    drawer()


def next_owners(directory: Directory, owner: str) -> list[Person]:
    """Everyone but the owner: the deputy first, then team mates, then the manager, then the others by name."""
    present = directory.people.get(owner)
    people = [person for person in directory if person.name != owner]
    if present is None:
        return sorted(people, key=lambda person: person.name)
    return sorted(
        people,
        key=lambda person: (
            person.name != present.deputy,
            not set(person.teams) & set(present.teams),
            person.name != present.manager,
            person.name,
        ),
    )


def _caption(desk: Desk, person: Person, owner: str, load: int) -> str:
    present = desk.directory.people.get(owner)
    facts = [(" and ".join(person.teams) or "no team").capitalize(), f"{load} open"]
    if person.is_away(desk.clock.now()):
        facts.append("away today")
    if present and present.deputy == person.name:
        facts.append(f"deputy of {present.first_name}")
    return ", ".join(facts)


def _do(step: Callable[[], object], done: str) -> None:
    try:
        step()
    except CaseConflict as conflict:
        st.session_state[REFUSED] = f"{conflict} This page now shows the case as it stands."
    else:
        st.session_state[DONE] = done
