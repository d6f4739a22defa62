"""One case: the customer's words, what happened, who has it and why, and what can be done."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

import streamlit as st

from allears.domain.access import Right
from allears.domain.case import SYSTEM, Case, CaseId, CaseStatus, EventType
from allears.domain.feedback import Sentiment
from allears.domain.records import CaseView
from app.dashboard import masking
from app.dashboard.access import me, needs
from app.dashboard.components.hands import TakeBy, hands, standing, take_by
from app.dashboard.components.preview import alike
from app.dashboard.components.timeline import chapters, timeline
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.steps.actions import draw_actions, draw_noting, draw_outcome
from app.dashboard.steps.correcting import draw_reading
from app.dashboard.steps.showing import draw_showing

STEPS = (CaseStatus.OPEN, CaseStatus.ACKNOWLEDGED, CaseStatus.PROMISED, CaseStatus.RESOLVED, CaseStatus.CLOSED)
ALWAYS_SHOWN = {CaseStatus.OPEN, CaseStatus.ACKNOWLEDGED, CaseStatus.RESOLVED}
MOST_OF_TITLE = 1_000
MOST_IN_BOOK = 12
MOST_COMPARED = 5
"""Of so many messages, the newest, it is said how many are alike: each is compared with all of four weeks."""


def show(desk: Desk) -> None:
    """The page of the case that the query's `id` names."""
    asked = st.query_params.get("id", "")
    view = desk.store.case_view(CaseId(asked)) if asked else None
    if view is None:
        draw("unknown_case.html", asked=asked)
        return
    with masking.of(masking.of_case(view.case), [view.case.owner]):
        _draw(desk, view)


def _draw(desk: Desk, view: CaseView) -> None:
    now = desk.clock.now()
    customer = _customer(view)
    _head(desk, view, customer)
    draw_outcome(view.case)
    draw_showing(desk, masking.of_case(view.case), [view.case.owner])
    if view.case.status.is_open and view.case.next_date < now:
        draw("late_banner.html", case=view.case, customer=customer, now=now, zone=desk.timezone)
    left, right = st.columns([16, 9], gap="medium")
    with left:
        _timeline(desk, view, customer, now)
    with right:
        draw("reach.html", reach=_reach(view), customer=customer)
        _owner(desk, view, customer, now)
        draw(
            "book.html",
            customer=customer,
            customer_id=view.case.customer_id,
            items=view.book[:MOST_IN_BOOK],
            total=len(view.book),
            now=now,
            zone=desk.timezone,
        )


def _owner(desk: Desk, view: CaseView, customer: str, now: datetime) -> None:
    """Who has it and what they owe, and who had it before."""
    case, owner = view.case, desk.directory.people.get(view.case.owner)
    by = _take_by(desk, case)
    draw("owner.html", case=case, customer=customer, owner=owner, alerted=_alert_seconds(view), take_by=by, now=now, zone=desk.timezone)
    had = hands(view, now)
    if len(had) > 1:
        open_now = case.status.is_open
        draw("hands.html", hands=had, standing=standing(case), open=open_now, customer=customer, now=now, zone=desk.timezone)


def _take_by(desk: Desk, case: Case) -> TakeBy | None:
    if case.status is not CaseStatus.OPEN or case.alerted_at is None:
        return None
    watch = desk.watch()
    return take_by(watch, case)


def _timeline(desk: Desk, view: CaseView, customer: str, now: datetime) -> None:
    """What happened, and under each message how it was read."""
    before: datetime | None = None
    like = alike(desk, *view.items[-MOST_COMPARED:], now=now)
    with st.container(key="timeline"):
        for part in chapters(timeline(view)):
            draw("timeline.html", entries=part, customer=customer, before=before, system=SYSTEM, now=now, zone=desk.timezone)
            if part[-1].message:
                draw_reading(desk, part[-1].message)
                if part[-1].message.item.id in like:
                    draw("more_like.html", id=part[-1].message.item.id, alike=like)
            before = part[-1].at
    if me():
        needs(Right.CORRECT)
    draw_noting(desk, view.case)


def _head(desk: Desk, view: CaseView, customer: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head"):
        draw("case_head.html", case=view.case, customer=customer, title=_title(view))
        draw_actions(desk, view)
    draw("case_state.html", case=view.case, customer=customer, sentiment=_sentiment(view), steps=_steps(view.case))


def _title(view: CaseView) -> str:
    if not view.items:
        return str(view.case.id)
    first = view.items[0].item
    return (first.title or first.text).strip()[:MOST_OF_TITLE] or str(view.case.id)


def _customer(view: CaseView) -> str:
    for stored in view.items:
        if name := stored.item.author or stored.item.contact:
            return name
    return "An anonymous customer"


def _reach(view: CaseView) -> list[tuple[str, str, str | None]]:
    """Ways to the customer: what it is, how it reads, and a link that is safe to follow, if there is one."""
    ways: dict[str, tuple[str, str, str | None]] = {}
    for stored in view.items:
        kind, _, address = (stored.item.contact or "").partition(":")
        if kind == "email":
            ways[address] = ("Email", address, f"mailto:{quote(address, safe='@')}")
        elif kind == "phone":
            ways[address] = ("Phone", address, f"tel:{quote(address, safe='+')}")
        elif address:
            url = stored.item.url or ""
            ways[address] = (kind.capitalize(), address, url if url.startswith("https://") else None)
    return list(ways.values())


def _sentiment(view: CaseView) -> Sentiment | None:
    understood = [stored.understanding for stored in view.items if stored.understanding]
    return understood[-1].prediction.sentiment if understood else None


def _steps(case: Case) -> list[tuple[str, str]]:
    """Each step's name and whether it is done, now or ahead; steps that not every case takes show once taken."""
    reached = STEPS.index(case.status)
    return [
        (step.value.capitalize(), "done" if place < reached else "now" if place == reached else "ahead")
        for place, step in enumerate(STEPS)
        if step in ALWAYS_SHOWN or step is case.status
    ]


def _alert_seconds(view: CaseView) -> float | None:
    """From the first message's arrival to the first alert; None while no alert left."""
    alerted = next((event.at for event in view.events if event.type is EventType.ALERTED), view.case.alerted_at)
    return (alerted - view.items[0].item.received_at).total_seconds() if alerted and view.items else None
