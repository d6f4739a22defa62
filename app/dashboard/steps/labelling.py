"""People say what messages are: those the lot drew, without the model's word; and those it is unsure of, beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from allears.domain.access import Right
from allears.domain.feedback import ItemId, Kind, Sentiment
from allears.domain.quality import WeeklySample, spread_out
from allears.domain.records import StoredItem
from allears.errors import NotAllowed
from app.dashboard.access import actor, needs
from app.dashboard.components.states import telling_troubles
from app.dashboard.connection import Desk
from app.dashboard.figures.weekly_sample import SENTIMENTS, read_sample, week_name
from app.dashboard.render import draw
from app.dashboard.steps.correcting import draw_reading
from app.dashboard.steps.outcome import DONE, REFUSED, draw_done

OFFERED = 10
EACH = 5
"""Messages of each sentiment and language among which the offered ones are chosen."""
RECENT = timedelta(days=28)
WHY_CHECKED = "Labelled while checking what the model is unsure of"
_SAID, _SKIPPED = "labelling_said", "labelling_skipped"


@st.fragment
def draw_labelling(desk: Desk, week: date, last: date) -> None:
    """The next message that the lot drew from a week: its sentiment and its kind, by click or key."""
    with telling_troubles():
        draw_done()
        sample = read_sample(desk, week)
        skipped = st.session_state.setdefault(_SKIPPED, set())
        left = [each for each in sample.waiting if each not in skipped]
        draw("labelling_progress.html", sample=sample, skipped=len(sample.waiting) - len(left), week=week_name(week, last))
        if not sample.waiting:
            return
        if not left:
            st.button("Show the skipped ones again", on_click=skipped.clear)
        elif (name := actor()) and needs(Right.JUDGE):
            _one(desk, sample, left[0], name)
        elif not name:
            needs(Right.JUDGE)


def _one(desk: Desk, sample: WeeklySample, item_id: ItemId, name: str) -> None:
    found = desk.store.items([item_id])
    if not found:
        return
    draw("to_label.html", stored=found[0], now=desk.clock.now(), zone=desk.timezone)
    given = (desk, item_id, sample.week, name)
    with st.container(key="labelling"):
        _labels("Sentiment", SENTIMENTS, first=1, given=given)
        _labels("Kind", tuple(Kind), first=len(SENTIMENTS) + 1, given=given)
        st.button("Skip", key=f"skip-{item_id}", type="tertiary", shortcut="S", on_click=_skip, args=(item_id,))


def _labels(title: str, labels: Sequence[Sentiment | Kind], first: int, given: tuple[Desk, ItemId, date, str]) -> None:
    """A button for each label, with a digit that presses it; keyed by message, so that a digit pressed late says nothing of the next."""
    said = _said(given[1])
    with st.container(horizontal=True, key=f"labelling-{title}"):
        draw("labelling_title.html", title=title, chosen=said.get(type(labels[0])))
        for number, label in enumerate(labels, start=first):
            st.button(
                label.capitalize(),
                key=f"say-{label}-{given[1]}",
                type="primary" if label in said.values() else "secondary",
                shortcut=str(number),
                on_click=_say,
                args=(label, *given),
            )


def _said(item_id: ItemId) -> dict[type[Sentiment | Kind], Sentiment | Kind]:
    """What was said so far of a message: a sentiment, a kind, or neither yet."""
    of, said = st.session_state.get(_SAID, (None, {}))
    return said if of == item_id else {}


def _say(label: Sentiment | Kind, desk: Desk, item_id: ItemId, week: date, name: str) -> None:
    """A callback: it runs before the page is read anew. Sentiment and kind may come in either order; with both, it is judged."""
    said = {**_said(item_id), type(label): label}
    st.session_state[_SAID] = (item_id, said)
    sentiment, kind = said.get(Sentiment), said.get(Kind)
    if isinstance(sentiment, Sentiment) and isinstance(kind, Kind):
        _judge(desk, item_id, week, (sentiment, kind), name)


def _skip(item_id: ItemId) -> None:
    st.session_state[_SKIPPED].add(item_id)


def _judge(desk: Desk, item_id: ItemId, week: date | None, said: tuple[Sentiment, Kind], name: str) -> bool:
    try:
        kept = desk.store.record_judgement(item_id, week, *said, name, desk.clock.now())
    except NotAllowed as refused:
        st.session_state[REFUSED] = str(refused)
        return False
    if not kept:
        st.session_state[REFUSED] = "Somebody was faster: this message was judged already."
    return kept


@st.fragment
def draw_unsure(desk: Desk) -> None:
    """What the model is least sure of, for people to say that it is right, or what is."""
    with telling_troubles():
        draw_done()
        offered = spread_out(desk.store.unsure(desk.clock.now() - RECENT, EACH), OFFERED)
        draw("unsure.html", offered=len(offered), days=RECENT.days)
        if not offered or not needs(Right.JUDGE):
            return
        stored = {each.item.id: each for each in desk.store.items([each.item_id for each in offered])}
        for each in offered:
            if each.item_id in stored:
                _offer(desk, stored[each.item_id], each.confidence)


def _offer(desk: Desk, stored: StoredItem, confidence: float) -> None:
    with st.container(key=f"offer-{stored.item.id}", gap=None):
        draw("offered.html", stored=stored, confidence=confidence, now=desk.clock.now(), zone=desk.timezone)
        with st.container(horizontal=True, key=f"offered-{stored.item.id}"):
            draw_reading(desk, stored, WHY_CHECKED)
            st.button("That is right", key=f"right-{stored.item.id}", disabled=actor() is None, on_click=_confirm, args=(desk, stored))


def _confirm(desk: Desk, stored: StoredItem) -> None:
    """A callback: it runs before the page is read anew."""
    name = actor()
    if name and stored.understanding:
        said = stored.understanding.prediction
        if _judge(desk, stored.item.id, None, (said.sentiment, said.kind), name):
            st.session_state[DONE] = f"Kept: {said.sentiment} {said.kind} is right, says {name}."
