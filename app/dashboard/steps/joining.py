"""Two cases that are one matter, one that is two, several with one cause: what whoever says so fills in."""

from __future__ import annotations

import streamlit as st

from allears import caring
from allears.domain.case import Case, CaseId
from allears.domain.records import CaseView, StoredItem
from app.dashboard import masking
from app.dashboard.connection import Desk
from app.dashboard.formats import moment
from app.dashboard.render import draw, excerpt
from app.dashboard.steps.outcome import refusal, refuse, taken_already

NO_INCIDENT = "None"


def merge_form(desk: Desk, view: CaseView, actor: str) -> None:
    """Another case of the same customer, which is closed and goes on in this one."""
    case = view.case
    others = _other_open_cases(desk, view)
    if not others:
        draw("notice.html", text="This customer has no other open case. Cases of two customers are linked to an incident.", refused=False)
        return
    other = st.radio(
        "The same matter as this one",
        list(others),
        captions=[f"{each.topic or 'no topic'}, with {each.owner}" for each in others.values()],
        index=0 if len(others) == 1 else None,
    )
    draw("merging.html", case=case, other=others.get(other) if other else None)
    reason = st.text_area("Why", placeholder="For example: the same parcel, asked about twice", max_chars=1000)
    if not _pressed(f"Merge into {case.id}", "Keep both", case):
        return
    if other is None:
        refuse("Choose the other case.")
    elif not reason.strip():
        refuse("Say why: it stands with both cases.")
    elif why := refusal(
        lambda: caring.merge(desk.store, desk.clock, case.id, other, reason, actor), f"{other} goes on in {case.id}.", case
    ):
        refuse(why)
    else:
        st.rerun()


def split_form(desk: Desk, view: CaseView, actor: str) -> None:
    """Some of the messages, which become a case of their own."""
    case, words = view.case, {stored.item.id: stored for stored in view.items if stored.item.id in view.case.item_ids}
    if len(words) < 2:  # noqa: PLR2004 - one goes, one stays
        draw("notice.html", text="This case has one message only. Hand it over if it is somebody else’s.", refused=False)
        return
    chosen = [item for item, stored in words.items() if st.checkbox(_named(desk, stored), key=f"split_{item}")]
    topics = [each.name for each in desk.plan.topics]
    topic: str | None = st.selectbox("What these are about", topics, index=None, placeholder="The same topic")
    reason = st.text_area("Why", placeholder="For example: the second mail is about another order", max_chars=1000)
    if not _pressed("Make it a case of its own", "Keep one case", case):
        return
    if not chosen:
        refuse("Choose the messages that are another matter.")
    elif not reason.strip():
        refuse("Say why: it stands with both cases.")
    elif why := refusal(
        lambda: caring.split(desk.store, desk.clock, case.id, chosen, topic, reason, actor),
        f"Split. {case.owner} has both cases.",
        case,
    ):
        refuse(why)
    else:
        st.rerun()


def link_form(desk: Desk, case: Case, actor: str) -> None:
    """The incident whose consequence the case is: one that other cases name, or a new name."""
    known = desk.store.incidents()
    options = [*([NO_INCIDENT] if case.incident_id else []), *(name for name in known if name != case.incident_id)]
    chosen: str | None = st.selectbox(
        "Incident",
        options,
        index=None,
        format_func=lambda name: f"{name} ({known[name]} open)" if name in known else name,
        placeholder="Choose one, or write a new name",
        accept_new_options=True,
    )
    draw("linking.html", incident=case.incident_id)
    if not _pressed("Link to it", "Change nothing", case):
        return
    name = None if chosen == NO_INCIDENT else (chosen or "").strip()[:120]
    if name == "":
        refuse("Choose an incident, or write what happened in a few words.")
    elif why := refusal(
        lambda: caring.link(desk.store, desk.clock, case.id, name, actor), f"Linked to “{name}”." if name else "Linked no more.", case
    ):
        refuse(why)
    else:
        st.rerun()


def _pressed(step: str, leave: str, case: Case) -> bool:
    with st.container(horizontal=True):
        taken, left = st.button(step, type="primary"), st.button(leave)
    if left or (taken and taken_already(case)):
        st.rerun()
    return taken


def _other_open_cases(desk: Desk, view: CaseView) -> dict[CaseId, Case]:
    ids = {stored.case_id for stored in view.book if stored.case_id} - {view.case.id}
    found = desk.store.cases(sorted(ids)) if ids else []
    return {case.id: case for case in found if case.status.is_open and case.customer_id == view.case.customer_id}


def _named(desk: Desk, stored: StoredItem) -> str:
    """A message in a line, with nothing that a label would read as markup."""
    at = moment(stored.item.received_at, desk.clock.now(), desk.timezone)
    words = excerpt(masking.words(stored.item.words[:1000], stored.item.author, stored.item.contact), 70)
    return f"{at}: " + "".join(f"\\{each}" if each in r"\`*_{}[]()#+-.!:$|~<>&" else each for each in words)
