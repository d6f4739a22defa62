"""What people taught about topics when they handed cases over, and forgetting it again."""

from __future__ import annotations

import streamlit as st

from allears.domain.access import Right
from allears.domain.records import TopicExample
from allears.errors import NotAllowed
from app.dashboard.access import actor, me, needs
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.outcome import DONE, REFUSED, draw_done

MOST_SHOWN = 100


def draw_examples(desk: Desk) -> None:
    """The examples, the newest first, each with a way to forget it."""
    taught = desk.store.examples()[::-1]
    draw("examples.html", number=len(taught), most=MOST_SHOWN)
    draw_done()
    if not taught:
        return
    name, forgetting = actor(), me() is None or needs(Right.FORGET)
    topics = {each.name for each in desk.plan.topics}
    shown = taught[:MOST_SHOWN]
    authors = {stored.item.id: (stored.item.author, stored.item.contact) for stored in desk.store.items([each.item_id for each in shown])}
    with st.container(key="examples"):
        for each in shown:
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key=f"example-{each.id}"):
                draw(
                    "example.html",
                    example=each,
                    authors=authors.get(each.item_id, ()),
                    known=each.topic in topics,
                    now=desk.clock.now(),
                    zone=desk.timezone,
                )
                if forgetting:
                    st.button(
                        "Forget this example", key=f"forget-{each.id}", disabled=name is None, on_click=_forget, args=(desk, each, name)
                    )


def _forget(desk: Desk, example: TopicExample, actor: str) -> None:
    """A callback: it runs before the page is read anew."""
    try:
        forgotten = desk.store.remove_example(example.id, actor, desk.clock.now())
    except NotAllowed as refused:
        st.session_state[REFUSED] = str(refused)
        return
    if forgotten:
        st.session_state[DONE] = f"Forgotten: an example of {example.topic}. It counts no more from the next round on."
    else:
        st.session_state[REFUSED] = "This example was forgotten already."
