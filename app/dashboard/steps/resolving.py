"""Resolving a case: what was done, and what the customer was given, as far as the owner's authority goes."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from allears import caring
from allears.domain.authority import OF_WORTH, exceeds, limits
from allears.domain.case import Case, Remedy, RemedyKind
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.outcome import refusal, refuse

CURRENCIES = ("EUR", "GBP", "USD", "CHF")
LARGEST = 1_000_000.0
_REFUSED = "resolve_refused"


def begin_resolving() -> None:
    """Nothing is refused yet."""
    st.session_state.pop(_REFUSED, None)


def resolve_form(desk: Desk, case: Case, actor: str) -> None:
    """What the owner fills in; beyond their authority the case can go to their manager instead."""
    outcome = st.text_area("What was done", placeholder="For example: the second payment went back today, and I rang her", max_chars=2000)
    kind = st.pills(
        "What the customer was given",
        list(RemedyKind),
        default=RemedyKind.NOTHING,
        required=True,
        format_func=lambda each: each.value.capitalize(),
    )
    remedy = _worth(desk, actor, kind) if kind in OF_WORTH else Remedy(RemedyKind(kind))
    with st.container(horizontal=True):
        resolve, keep = st.button("Resolve the case", type="primary"), st.button("Keep it open")
    if keep:
        st.rerun()
    if resolve:
        begin_resolving()
        if not outcome.strip():
            refuse("Say what was done: it stays with the case.")
        elif remedy is None:
            refuse("Say how much it was worth, and in which currency, as in 20.00 and GBP.")
        elif why := refusal(
            lambda: caring.resolve(desk.store, desk.clock, desk.directory, case.id, outcome.strip(), actor, remedy), "Resolved."
        ):
            st.session_state[_REFUSED] = why, remedy
        else:
            st.rerun()
    why, refused = st.session_state.get(_REFUSED, (None, None))
    if why and refused == remedy:
        refuse(why)
        if exceeds(desk.directory[actor].authority, refused):
            _offer_manager(desk, case, actor, f"A {refused} is beyond my authority. {outcome.strip()}")


def _worth(desk: Desk, actor: str, kind: RemedyKind) -> Remedy | None:
    """The remedy with its amount; None until both amount and currency are known."""
    authority = desk.directory[actor].authority
    draw("authority.html", authority=authority, manager=desk.directory[actor].manager)
    with st.container(horizontal=True):
        amount = st.number_input("Amount", min_value=0.01, max_value=LARGEST, value=None, step=1.0, format="%.2f")
        currency = st.selectbox("Currency", list(dict.fromkeys((*limits(authority or ""), *CURRENCIES))), accept_new_options=True)
    code = (currency or "").strip().upper()
    if amount is None or not (len(code) == 3 and code.isascii() and code.isalpha()):  # noqa: PLR2004 -- ISO 4217
        return None
    return Remedy(kind, Decimal(f"{amount:.2f}"), code)


def _offer_manager(desk: Desk, case: Case, actor: str, reason: str) -> None:
    """What was refused may be theirs to give: the case goes to them with what was to be done."""
    watch = desk.watch()
    people = watch.plan.directory
    manager = people.people.get(people[actor].manager or "")
    if manager is None:
        return
    to, _ = people.reachable(manager, watch.now)
    if to.name != actor and st.button(f"Hand over to {to.name}"):
        why = refusal(
            lambda: caring.hand_over(desk.store, desk.clock, watch.plan, case.id, to.name, reason, actor),
            f"Handed over. {to.name} has it now and is alerted.",
        )
        if why:
            refuse(why)
        else:
            st.rerun()
