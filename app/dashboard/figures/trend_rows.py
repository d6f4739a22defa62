"""The trends' figures as they are shown: each with its former value, its change, and the messages behind both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allears.domain.trends import Counts, Only
from app.dashboard.figures.trend_filters import Asked
from app.dashboard.figures.trending import Figure, Lines, Trend, changed, key_name, written
from app.dashboard.formats import count
from app.dashboard.links import messages
from app.dashboard.periods import Period


@dataclass(frozen=True, slots=True)
class SmallTrend:
    """One of the small charts: its key's name, the figure and its change, where it leads into, and its lines."""

    name: str
    figure: str
    former: str
    change: str
    into: str | None
    lines: Lines


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure, and where its messages are."""

    text: str
    link: str | None


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A key in the table: the figure now and before with its change, and the same of all its messages."""

    name: str
    into: str | None
    now: Cell
    before: Cell
    change: str
    messages: Cell
    messages_before: Cell
    messages_change: str


def small_trends(question: Asked, kept: Sequence[Trend], others: Trend | None) -> list[SmallTrend]:
    """Each key's small chart, and last that of the others together."""
    small = [_small(question, trend, key_name(question.split, trend.key), _only(question, trend.key)) for trend in kept]
    return small + ([_small(question, others, f"{count(others.stands_for)} others", None)] if others else [])


def table_rows(question: Asked, ranked: Sequence[Trend]) -> list[TrendRow]:
    """The table's rows."""
    return [_row(question, trend) for trend in ranked]


def lines_of(question: Asked, trend: Trend, only: Only | None) -> Lines:
    """A trend's lines; `only` says where its messages are, None if at no one address."""
    figure, period = question.figure, question.period
    return Lines(
        values=tuple(figure.value(each) for each in trend.steps),
        before=tuple(figure.value(each) for each in trend.before),
        says=tuple(f"{period.label(number)}: {_spoken(figure, each)}" for number, each in enumerate(trend.steps)),
        hrefs=tuple(
            None if only is None else _where(question, figure, *period.days_of(number), only) for number in range(len(period.starts))
        ),
    )


def _small(question: Asked, trend: Trend, name: str, only: Only | None) -> SmallTrend:
    return SmallTrend(
        name=name,
        figure=written(trend.total, question.figure),
        former=written(trend.total_before, question.figure),
        change=changed(trend, question.figure),
        into=question.into(trend.key) if only is not None and trend.key is not None else None,
        lines=lines_of(question, trend, only),
    )


def _row(question: Asked, trend: Trend) -> TrendRow:
    only, figure, whole = _only(question, trend.key), question.figure, Figure("Messages", "messages", "messages")
    return TrendRow(
        name=key_name(question.split, trend.key),
        into=question.into(trend.key) if trend.key is not None else None,
        now=_cell(question, figure, trend.total, question.period, only),
        before=_cell(question, figure, trend.total_before, question.compared, only),
        change=changed(trend, figure),
        messages=_cell(question, whole, trend.total, question.period, only),
        messages_before=_cell(question, whole, trend.total_before, question.compared, only),
        messages_change=changed(trend, whole),
    )


def _cell(question: Asked, figure: Figure, counts: Counts, period: Period, only: Only | None) -> Cell:
    link = _where(question, figure, period.first, period.last, only) if only is not None and figure.count(counts) else None
    return Cell(written(counts, figure), link)


def _only(question: Asked, key: str | None) -> Only | None:
    """What narrows messages to a key; None for what has none: no filter asks for that."""
    return None if key is None else question.narrowed(key)


def _where(question: Asked, figure: Figure, first: date, last: date, only: Only) -> str:
    """Where the messages that count are."""
    narrowed = {**only.given, **dict([figure.narrows] if figure.narrows else [])}
    return messages(first, last, narrowed, of_cases=question.of_cases)


def _spoken(figure: Figure, counts: Counts) -> str:
    return f"{written(counts, figure)} {figure.noun}" if not figure.share else f"{written(counts, figure)} of messages are {figure.noun}"
