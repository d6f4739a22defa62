"""Writing to a customer: the letter below their newest words, what they will see of it, and by when they hear again if that is promised."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from allears import caring
from allears.domain.case import CaseId
from allears.domain.feedback import BY_MAIL
from allears.domain.records import CaseView, StoredItem
from allears.mail.contexts import reply_subject
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.outcome import REFUSED, refusal, refuse, taken_already
from app.dashboard.steps.promising import ask_by_when, promised

LONGEST = 10_000
_LETTER = "letter"
_WRITTEN = "Your letter is written. It leaves within a minute."
_TOLD = "as the letter says"


def why_no_reply(view: CaseView, actor: str | None) -> str | None:
    """Why this person cannot write to the customer here, in our own words only; None if they can."""
    if actor is None:
        return "Choose your name under “You are” first."
    if actor != view.case.owner:
        return f"{view.case.owner} has this case. Hand it over to yourself first."
    if _address(view) is None:
        return "Their newest message came without a mail address. “Reach” says how they wrote."
    return None


def begin_replying(case_id: CaseId) -> None:
    """A letter in this case that was not sent is gone on with."""
    st.session_state[_LETTER] = st.session_state.get(_draft(case_id), "")


def reply_form(desk: Desk, view: CaseView, actor: str) -> None:
    """What the owner fills in."""
    case, newest = view.case, view.items[-1]
    draw("letter_to.html", stored=newest, now=desk.clock.now(), zone=desk.timezone)
    letter = st.text_area(
        "Your letter", key=_LETTER, height=200, max_chars=LONGEST, placeholder="Say sorry, say what happens next, and by when."
    )
    if not taken_already(case):
        st.session_state[_draft(case.id)] = letter
    by = ask_by_when(desk, case, actor) if st.checkbox("They hear again by a date I promise") else None
    draw(
        "letter_seen.html",
        sender=f"{actor}, {desk.business}",
        address=_address(view),
        subject=reply_subject(view, newest.item, desk.business),
        customer=newest.item.author,
    )
    with st.container(horizontal=True):
        send, nothing = st.button("Send", type="primary"), st.button("Send nothing")
    if nothing or (send and taken_already(case)):
        st.rerun()
    if not send:
        return
    if why := _why_not(desk, letter, by) or _send(desk, view, newest, letter, actor, by):
        refuse(why)
    else:
        st.rerun()


def _why_not(desk: Desk, letter: str, by: datetime | None) -> str | None:
    if not letter.strip():
        return "Write the letter first."
    if by is not None and by <= desk.clock.now():
        return "Promise a moment to come, or promise nothing. The letter has not been sent."
    return None


def _send(desk: Desk, view: CaseView, newest: StoredItem, letter: str, actor: str, by: datetime | None) -> str | None:
    """Why the letter was refused; None if it is on its way. A promise that is refused after it is told on the page."""
    case = view.case
    if why := refusal(lambda: caring.write(desk.store, desk.clock, desk.plan, case.id, newest.item.id, letter, actor), _WRITTEN, case):
        return why
    st.session_state.pop(_draft(case.id), None)
    if by is None:
        return None
    done = f"{_WRITTEN} {promised(desk, by)}"
    if why := refusal(lambda: caring.promise(desk.store, desk.clock, case.id, by, _TOLD, actor), done):
        st.session_state[REFUSED] = f"The promise is not on record: {why}"
    return None


def _address(view: CaseView) -> str | None:
    """The mail address that the customer's newest message came from."""
    contact = (view.items[-1].item.contact if view.items else None) or ""
    return contact.removeprefix(BY_MAIL) if contact.startswith(BY_MAIL) else None


def _draft(case_id: CaseId) -> str:
    """Session key of a letter that was begun; it outlives the drawer."""
    return f"letter-{case_id}"
