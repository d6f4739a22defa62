"""Handing a case over: to whom, why, and what it was really about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from allears import caring
from allears.domain.case import Case
from allears.domain.people import Directory, Person
from allears.domain.records import Load
from app.dashboard.components.desks import presence
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.outcome import refusal, refuse


def hand_over_form(desk: Desk, case: Case, actor: str) -> None:
    """What whoever hands over fills in; who cannot take it now is shown with the reason."""
    watch = desk.watch()
    people, loads = watch.plan.directory, {each.owner: each.load for each in desk.store.desks(watch.now).people}
    others = next_owners(people, case.owner)
    able = [person for person in others if people.why_not(person.name, watch.now) is None]
    draw("hand_over.html", hops=case.hops, nobody=not able)
    to = st.radio(
        "New owner",
        [person.name for person in able],
        captions=[_caption(desk, people, person, case.owner, loads.get(person.name, Load()), watch.now) for person in able],
        index=None,
        key="new_owner",
    )
    unable = [(person.name, presence(people, person.name, watch.now, desk.timezone)) for person in others if person not in able]
    if unable:
        draw("cannot_take.html", people=unable)
    reason = st.text_area("Why (the new owner sees this)", placeholder="For example: refund above their authority", max_chars=1000)
    topic = _really_about(desk, case)
    with st.container(horizontal=True):
        hand_over, keep = st.button("Hand over", type="primary", key="do_hand_over", disabled=not able), st.button("Keep the case")
    if keep:
        st.rerun()
    if not hand_over:
        return
    if not to:
        refuse("Choose the new owner.")
    elif not reason.strip():
        refuse("Say why: the reason goes with the case.")
    elif why := refusal(
        lambda: caring.hand_over(desk.store, desk.clock, watch.plan, case.id, to, reason.strip(), actor, topic),
        f"Handed over. {to} has it now and is alerted." + (f" Like messages now count as {topic}." if topic else ""),
    ):
        refuse(why)
    else:
        st.rerun()


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


def _really_about(desk: Desk, case: Case) -> str | None:
    """The topic the case should have come under, if it came under another; like messages then go where that topic goes."""
    topics = [each.name for each in desk.plan.topics if each.name != case.topic]
    if not topics:
        return None
    topic: str | None = st.selectbox("This was really about", topics, index=None, placeholder="Leave empty if it came to the right place")
    draw("really_about.html", topic=topic, goes_to=_whom(desk, topic) if topic else ())
    return topic


def _whom(desk: Desk, topic: str) -> Sequence[str]:
    """Where a topic's routes lead: "the billing team", "Ada Brook"."""
    forms = [route.to.partition(":") for route in desk.plan.routes if route.topic == topic]
    return tuple(dict.fromkeys(f"the {name} team" if form == "team" else name for form, _, name in forms))


def _caption(desk: Desk, people: Directory, person: Person, owner: str, load: Load, now: datetime) -> str:
    present = people.people.get(owner)
    teams = (" and ".join(person.teams) or "no team").capitalize()
    facts = [teams, presence(people, person.name, now, desk.timezone), f"{load.open} open (weight {load.weight:g})"]
    if present and present.deputy == person.name:
        facts.append(f"deputy of {present.first_name}")
    return ", ".join(facts)
