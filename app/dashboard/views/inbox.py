"""Cases and messages: every one, narrowed by what the address says; one of them beside the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from allears.domain.inbox import CasePage, MessagePage, Messages, Place, Show
from app.dashboard.components import narrowing
from app.dashboard.components.caselist import grouped
from app.dashboard.components.list_menus import offer_cases, offer_messages
from app.dashboard.components.narrowing import CASES, MESSAGES, Asked, draw_filters
from app.dashboard.components.paging import MOST_ROWS, ROWS, rows_asked, show_rows
from app.dashboard.components.preview import draw_case_preview, draw_message_preview
from app.dashboard.components.rows import follow_rows
from app.dashboard.components.states import telling_troubles
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.formats import start_of_today
from app.dashboard.render import draw
from app.dashboard.steps.bulk import draw_bulk, draw_bulk_outcome
from app.dashboard.steps.outcome import draw_done


@dataclass(frozen=True, slots=True)
class Top:
    """The head of the page: where its headline stands, and its menu."""

    business: str
    head: DeltaGenerator
    menu: DeltaGenerator

    def say(self, kicker: str, title: str) -> None:
        """Put a headline there."""
        with self.head.container():
            draw("head.html", kicker=f"{self.business} · {kicker}", title=title)


def show(desk: Desk) -> None:
    """The page; its filters, and how far one has read, stand in the address."""
    now = desk.clock.now()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head"):
        head = st.empty()
        chosen = st.segmented_control(
            "List",
            [CASES, MESSAGES],
            default=CASES,
            required=True,
            key="list",
            bind="query-params",
            label_visibility="collapsed",
            on_change=narrowing.from_the_start,
        )
        menu = st.container(width="content")
    top = Top(desk.business, head, menu)
    top.say("inbox", "Reading the inbox")
    asked = draw_filters(desk, chosen or CASES, now)
    draw_done()
    draw_bulk_outcome()
    if opened := st.query_params.get("open"):
        _one(desk, top, opened)
    elif chosen == MESSAGES:
        _messages(desk, top, asked, now)
    else:
        _cases(desk, top, asked, now)


def _cases(desk: Desk, top: Top, asked: Asked, now: datetime) -> None:
    tomorrow = start_of_today(now, desk.timezone) + timedelta(days=1)
    with st.skeleton(560):
        page = desk.store.case_lines(asked.show, asked.which, now, tomorrow, _after(), rows_asked())
    top.say("everyone’s cases", verdict.inbox(page.counts.open, page.counts.late, page.counts.unacknowledged))
    with top.menu:
        offer_cases(desk, page, asked.show, asked.which, now, tomorrow)
    if asked.bounded or asked.folded or asked.which.incident or asked.which.of_own or page.found != page.counts.open:
        draw("inbox_bounds.html", asked=asked, found=page.found, cases=True)
    if not page.lines:
        draw("no_case.html", open_cases=page.counts.open, show=asked.show)
        return
    _beside(desk, lambda: _case_rows(desk, page, asked.show, now, tomorrow), draw_case_preview, of_cases=True)
    last = page.lines[-1].case
    _more(
        page.found, len(page.lines), Place(last.resolved_at or last.opened_at if asked.show is Show.RESOLVED else last.next_date, last.id)
    )


def _messages(desk: Desk, top: Top, asked: Asked, now: datetime) -> None:
    with st.skeleton(560):
        wanted = Messages(asked.which, asked.standing, like=asked.like)
        page = desk.store.messages(wanted, _after(), rows_asked())
        like = desk.store.items([asked.like]) if asked.like else []
    top.say("every message", verdict.messages(page.found, like=asked.like is not None))
    with top.menu:
        offer_messages(desk, page, wanted)
    for stored in like:
        draw("inbox_like.html", like=stored)
    if asked.bounded or asked.folded or asked.which.incident or asked.which.of_own:
        draw("inbox_bounds.html", asked=asked, found=page.found, cases=False)
    if not page.lines:
        draw("no_message.html", like=asked.like is not None)
        return
    _beside(desk, lambda: _message_rows(desk, page, now), draw_message_preview, of_cases=False)
    _more(page.found, len(page.lines), None if asked.like else Place(page.lines[-1].received_at, page.lines[-1].id))


def _one(desk: Desk, top: Top, opened: str) -> None:
    """One message by itself."""
    top.say("every message", "One message")
    st.button("Back to the messages", on_click=narrowing.from_the_start)
    draw_message_preview(desk, opened)


def _case_rows(desk: Desk, page: CasePage, shown: Show, now: datetime, tomorrow: datetime) -> None:
    draw("inbox.html", groups=grouped(page, shown, now, tomorrow), now=now, zone=desk.timezone)


def _message_rows(desk: Desk, page: MessagePage, now: datetime) -> None:
    draw("inbox_messages.html", lines=page.lines, now=now, zone=desk.timezone)


@st.fragment
def _beside(desk: Desk, rows: Callable[[], None], preview: Callable[[Desk, str], None], *, of_cases: bool) -> None:
    """The list, and on the right what is selected in it and the one that was clicked; only this part is drawn anew by a click."""
    with telling_troubles():
        left, right = st.columns([15, 8], gap="medium")
        with left:
            rows()
        chosen = follow_rows()
        with right, st.container(key="beside"):
            if of_cases:
                draw_bulk(desk, chosen.selected)
            if chosen.preview and chosen.preview.startswith("C-") == of_cases:
                preview(desk, chosen.preview)
            else:
                draw("inbox_help.html", cases=of_cases)


def _after() -> Place | None:
    """Where the address says that the page begins; from the front where it says nothing that can be read."""
    at, _, name = st.query_params.get("after", "").partition("~")
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return None
    return Place(moment, name) if name and moment.tzinfo else None


def _more(found: int, shown: int, last: Place | None) -> None:
    """The ways on and back: more rows below these, the page after these, the front."""
    if st.query_params.get("after"):
        st.button("Back to the first", on_click=narrowing.from_the_start)
        found = shown + (shown >= rows_asked()) * ROWS
    if found <= shown:
        return
    if shown < MOST_ROWS:
        st.button(f"Show {min(ROWS, found - shown)} more", key="more_rows", on_click=show_rows, args=(shown + ROWS,))
    elif last:
        st.button("Go on after these", key="more_rows", on_click=_go_on, args=(last,))


def _go_on(last: Place) -> None:
    """A callback: the page begins after this place."""
    st.query_params.update(after=f"{last.at.isoformat()}~{last.id}", rows=str(ROWS))
