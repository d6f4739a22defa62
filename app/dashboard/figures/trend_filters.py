"""What the trends show, as their filters say: all of it stands in the address, and links change a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import streamlit as st

from allears.assigning import LANGUAGES
from allears.domain.feedback import Channel, Kind, Sentiment
from allears.domain.trends import Only, Split
from app.dashboard.connection import Desk
from app.dashboard.figures.trending import FIGURES, Figure
from app.dashboard.periods import LENGTHS, OWN_DATES, PERIODS, Period, period
from app.dashboard.render import href

SPLITS = {split.value.capitalize(): split for split in Split}
BEFORE, YEAR_BEFORE = "The period before", "A year before"
USUAL_PERIOD = list(LENGTHS)[1]
USUAL = {"period": USUAL_PERIOD, "against": BEFORE, "figure": next(iter(FIGURES)), "by": next(iter(SPLITS))}
"""What is shown where the address says nothing."""
NEXT = (Split.TOPIC, Split.CHANNEL, Split.KIND, Split.SOURCE, Split.LANGUAGE, Split.OWNER)
"""What is offered next once a key was chosen: the first that is not settled yet."""
WIDTH = 124


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: the period and the one it is compared with, the split, the figure, and which messages count."""

    chosen: str
    period: Period
    against: str
    split: Split
    figure: Figure
    only: Only

    @property
    def compared(self) -> Period:
        """The period that this one is compared with."""
        return self.period.year_before() if self.against == YEAR_BEFORE else self.period.before()

    def address(self, *, split: Split | None = None, only: Only | None = None) -> str:
        """The address of the trends with another split or other filters.

        What is as usual is left out, as Streamlit leaves it out: an address that it changes is one more step for Back.
        """
        own = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()} if self.chosen == OWN_DATES else {}
        settled = {"period": self.chosen, "against": self.against, "figure": self.figure.name, "by": (split or self.split).capitalize()}
        unusual = {name: value for name, value in settled.items() if value != USUAL[name]}
        return href("trends", **unusual, **own, **(self.only if only is None else only).given)

    @property
    def of_cases(self) -> bool:
        """Whether only messages of cases count: no others have an owner or tags."""
        return self.split in (Split.OWNER, Split.TAG) or bool(self.only.owner or self.only.tag)

    def narrowed(self, key: str) -> Only:
        """The filters and one key of the split."""
        return replace(self.only, **{self.split.value: key})

    def into(self, key: str) -> str:
        """The address that looks only at one key, by what is not settled yet."""
        only = self.narrowed(key)
        return self.address(split=next((each for each in NEXT if each.value not in only.given), self.split), only=only)


def period_control() -> str:
    """Which period is chosen, by a row of buttons."""
    chosen = st.segmented_control(
        "Period", list(PERIODS), default=USUAL_PERIOD, required=True, key="period", bind="query-params", label_visibility="collapsed"
    )
    return chosen or USUAL_PERIOD


def asked(desk: Desk, now: datetime, chosen: str) -> Asked:
    """What is asked for, by the filters that this draws."""
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom"):
        figure = _settled("Figure", list(FIGURES))
        split = _settled("By", [name for name, each in SPLITS.items() if each is not Split.TAG or desk.plan.tags])
        against = _settled("Against", [BEFORE, YEAR_BEFORE])
        own = _own_dates(now.astimezone(desk.timezone).date()) if chosen == OWN_DATES else None
        with st.popover("Filters", key="more"):
            only = _only(desk)
    return Asked(chosen, period(chosen, own, now, desk.timezone), against, SPLITS[split], FIGURES[figure], only)


def _only(desk: Desk) -> Only:
    return Only(
        channel=_choice("Channel", [str(each) for each in Channel]),
        source=_choice("Source", [source.name for source in desk.sources]),
        topic=_choice("Topic", [topic.name for topic in desk.plan.topics]),
        language=_choice("Language", list(LANGUAGES)),
        kind=_choice("Kind", [str(each) for each in Kind]),
        sentiment=_choice("Sentiment", [str(each) for each in Sentiment]),
        owner=_choice("Owner", [person.name for person in desk.directory]),
        tag=_choice("Tag", [tag.name for tag in desk.plan.tags]) if desk.plan.tags else None,
    )


def _own_dates(today: date) -> tuple[date, date]:
    first = st.date_input(
        "From", today - timedelta(days=LENGTHS[USUAL_PERIOD] - 1), max_value=today, key="from", bind="query-params", width=WIDTH
    )
    last = st.date_input("To", today, max_value=today, key="to", bind="query-params", width=WIDTH)
    return first, last


def _settled(label: str, options: Sequence[str]) -> str:
    return st.selectbox(label, options, key=label.lower(), bind="query-params", width=WIDTH + 40)


def _choice(label: str, options: Sequence[str]) -> str | None:
    """A filter that may be empty. What the address names is an option too: a topic may be one of last year."""
    key = label.lower()
    named = st.query_params.get(key)
    also = [named] if named and named not in options else []
    return st.selectbox(
        label,
        [*options, *also],
        index=None,
        key=key,
        bind="query-params",
        placeholder=label,
        label_visibility="collapsed",
    )
