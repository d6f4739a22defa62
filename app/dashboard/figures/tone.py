"""How customers feel over time, from the counts of each day: the share of negative messages, or positive less negative."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

from allears.domain.feedback import Sentiment
from allears.domain.overview import DayCount
from allears.domain.shift import LabelMove
from allears.domain.trends import Counts
from app.dashboard.figures.likely import Likely, corrected, error, net, share
from app.dashboard.formats import count, percent
from app.dashboard.periods import Period

NEGATIVE, NET = "Negative", "Net"


@dataclass(frozen=True, slots=True)
class TonePoint:
    """A day, or the week from that day on: the figure (None without messages), whether it is over, what to say of it, and its messages."""

    day: date
    value: Likely | None
    whole: bool
    says: str
    href: str


@dataclass(frozen=True, slots=True)
class Tone:
    """The figure over a period, step by step; the same of it all and of the period before; how far the model errs, if known."""

    points: tuple[TonePoint, ...]
    whole: Likely | None
    before: Likely | None
    messages: int
    error: Likely | None


def tone_of(daily: Sequence[DayCount], period: Period, figure: str, judged: Sequence[LabelMove], link: Callable[[date, date], str]) -> Tone:
    """The tone of a period; `daily` reaches back to the period before, `link` gives where a step's messages are."""
    errs = error(judged, _is_negative if figure == NEGATIVE else _sign_of)
    points = []
    for number, start in enumerate(period.starts):
        first, last = period.days_of(number)
        counts = _between(daily, first, last)
        value = _value(counts, figure, errs)
        says = f"{period.label(number)}: {spoken(value, figure)} of {count(counts.messages)} messages" if value else ""
        points.append(TonePoint(start, value, period.whole[number], says, link(first, last)))
    now, former = _between(daily, period.first, period.last), period.before()
    before = _between(daily, former.first, former.last)
    return Tone(tuple(points), _value(now, figure, errs), _value(before, figure, errs), now.messages, errs)


def spoken(value: Likely, figure: str) -> str:
    """A figure with its interval: "31% negative (28–35%)", "net −12% (−16 to −8%)"."""
    if figure == NEGATIVE:
        return f"{percent(value.middle)} negative ({percent(value.low)} to {percent(value.high)})"
    return f"net {percent(value.middle)} ({percent(value.low)} to {percent(value.high)})"


def _value(counts: Counts, figure: str, errs: Likely | None) -> Likely | None:
    if not counts.messages:
        return None
    if figure == NEGATIVE:
        return corrected(share(counts.negative, counts.messages), errs, 0.0, 1.0)
    return corrected(net(counts.positive, counts.negative, counts.messages), errs, -1.0, 1.0)


def _between(daily: Sequence[DayCount], first: date, last: date) -> Counts:
    found = (each for each in daily if first <= each.day <= last)
    return reduce(Counts.plus, (_counts(each) for each in found), Counts())


def _counts(each: DayCount) -> Counts:
    messages = each.negative + each.mixed + each.neutral + each.positive
    return Counts(messages=messages, negative=each.negative, positive=each.positive)


def _is_negative(sentiment: Sentiment) -> float:
    return float(sentiment is Sentiment.NEGATIVE)


def _sign_of(sentiment: Sentiment) -> float:
    return float(sentiment is Sentiment.POSITIVE) - float(sentiment is Sentiment.NEGATIVE)
