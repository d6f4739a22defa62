"""What the inbox is narrowed by: filters that stand in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from allears.assigning import LANGUAGES
from allears.domain.feedback import Channel, ItemId, Kind, Sentiment, Urgency
from allears.domain.inbox import Show, Standing, Which
from app.dashboard import masking
from app.dashboard.connection import Desk
from app.dashboard.formats import short_day
from app.dashboard.render import OF_LIST

CASES, MESSAGES = "Cases", "Messages"
ALL_TIME = "All time"
PERIODS = {"7 days": 7, "28 days": 28, "90 days": 90, "12 months": 365, ALL_TIME: None}
USUAL = 90
"""Days that are searched, and listed of messages and resolved cases, unless dates are chosen."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the filters say. `bounded`: no dates were chosen, so that only the usual days are searched.

    `folded` is what those say that stand under More filters.
    """

    show: Show
    which: Which
    standing: Standing | None
    like: ItemId | None
    bounded: bool
    folded: tuple[str, ...] = ()


def draw_filters(desk: Desk, chosen: str, now: datetime) -> Asked:
    """The filters of a list, CASES or MESSAGES, and what they say."""
    of_cases = chosen == CASES
    with st.container(horizontal=True, key="filters", vertical_alignment="center"):
        words = st.text_input(
            "Search",
            key="q",
            bind="query-params",
            placeholder="Search words, customer or case" if masking.names_of() is None else "Search words or a case",
            label_visibility="collapsed",
            icon=":material/search:",
            on_change=from_the_start,
            width=208,
        )
        show = Show(_shown() if of_cases else Show.OPEN)
        owner = _choice("Owner", "owner", [person.name for person in desk.directory])
        topic = _choice("Topic", "topic", [each.name for each in desk.plan.topics])
        channel = _choice("Channel", "channel", list(Channel))
        with st.popover("More filters", key="more"):
            which, standing = _more(desk, of_cases=of_cases)
            days = _choice("Period", "period", list(PERIODS))
            first, last = _date("From", "from"), _date("To", "to")
    said = (which.source, which.kind, which.sentiment, which.urgency, which.language, which.tag, standing, days)
    dates = (first and f"from {short_day(first)}", last and f"to {short_day(last)}")
    folded = tuple(str(each) for each in (*said, *dates) if each)
    like = None if of_cases else st.query_params.get("like")
    dated = bool(days or first or last)
    usual = not of_cases or show is Show.RESOLVED or bool(words)
    since = _since(PERIODS[days] if days else None, first, desk.timezone, now) if dated else now - timedelta(days=USUAL) if usual else None
    which = replace(
        which,
        words=(words or "").strip(),
        owner=owner,
        topic=topic,
        channel=channel,
        incident=st.query_params.get("incident"),
        names_of=masking.names_of(),
        since=since,
        until=_midnight(last + timedelta(days=1), desk.timezone) if last else None,
    )
    return Asked(show, which, standing, ItemId(like) if like else None, bounded=usual and not dated, folded=folded)


def from_the_start() -> None:
    """A callback: with other filters the list begins anew."""
    for name in OF_LIST:
        st.query_params.pop(name, None)


def _more(desk: Desk, *, of_cases: bool) -> tuple[Which, Standing | None]:
    source = _choice("Source", "source", [each.name for each in desk.sources])
    kind = _choice("Kind", "kind", list(Kind))
    sentiment = _choice("Sentiment", "sentiment", list(Sentiment))
    urgency = _choice("Urgency", "urgency", list(Urgency))
    language = _choice("Language", "language", sorted(LANGUAGES))
    tags = [tag.name for tag in desk.plan.tags]
    tag = _choice("Tag", "tag", tags) if tags or "tag" in st.query_params else None
    standing = None if of_cases else _choice("Status", "status", list(Standing))
    which = Which(
        source=source,
        kind=Kind(kind) if kind else None,
        sentiment=Sentiment(sentiment) if sentiment else None,
        urgency=Urgency(urgency) if urgency else None,
        language=language,
        tag=tag,
    )
    return which, Standing(standing) if standing else None


def _shown() -> str:
    return str(
        st.segmented_control(
            "Show",
            [str(each) for each in Show],
            default=str(Show.OPEN),
            required=True,
            key="show",
            bind="query-params",
            label_visibility="collapsed",
            on_change=from_the_start,
        )
        or Show.OPEN
    )


def _choice(label: str, key: str, options: Sequence[str]) -> str | None:
    """A filter by one of some values; what the address names is one of them, as a topic that the configuration has no more."""
    known = [str(each) for each in options]
    asked = st.query_params.get(key)
    free = key in ("owner", "topic", "source", "language", "tag")
    return st.selectbox(
        label,
        [*known, asked] if free and asked and asked not in known else known,
        index=None,
        key=key,
        bind="query-params",
        placeholder=label,
        label_visibility="collapsed",
        on_change=from_the_start,
        width=116 if key in ("owner", "topic", "channel") else "stretch",
    )


def _date(label: str, key: str) -> date | None:
    chosen: date | None = st.date_input(label, value=None, key=key, bind="query-params", format="YYYY-MM-DD", on_change=from_the_start)
    return chosen


def _since(days: int | None, first: date | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    if first:
        return _midnight(first, zone)
    return now - timedelta(days=days) if days else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
