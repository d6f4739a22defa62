"""Figures over time: what is counted, how each key moved against another period, and who moved most."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from allears.assigning import LANGUAGES
from allears.domain.trends import Counts, Split, TrendCount
from app.dashboard.formats import FEWEST_FOR_PERCENT, change, count, share, signed

MOST_KEYS = 12
WITHOUT = {
    Split.TOPIC: "No topic",
    Split.LANGUAGE: "Language unknown",
    Split.TAG: "No tag",
    Split.KIND: "Kind unknown",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What is looked at: messages of one kind or tone (`part`, a field of Counts), or their share of all messages.

    `narrows` is how the list of messages is narrowed to them.
    """

    name: str
    noun: str
    part: str
    share: bool = False
    narrows: tuple[str, str] | None = None

    def count(self, counts: Counts) -> int:
        """The messages that count."""
        number: int = getattr(counts, self.part)
        return number

    def value(self, counts: Counts) -> float | None:
        """The figure; a share of nothing is None."""
        if not self.share:
            return self.count(counts)
        return self.count(counts) / counts.messages if counts.messages else None


_COMPLAINT, _PRAISE, _NEGATIVE = ("kind", "complaint"), ("kind", "praise"), ("sentiment", "negative")
FIGURES = {
    figure.name: figure
    for figure in (
        Figure("Complaints", "complaints", "complaints", narrows=_COMPLAINT),
        Figure("Messages", "messages", "messages"),
        Figure("Praise", "pieces of praise", "praise", narrows=_PRAISE),
        Figure("Negative", "negative messages", "negative", narrows=_NEGATIVE),
        Figure("Share of complaints", "complaints", "complaints", share=True, narrows=_COMPLAINT),
        Figure("Share of praise", "praise", "praise", share=True, narrows=_PRAISE),
        Figure("Share of negative", "negative", "negative", share=True, narrows=_NEGATIVE),
    )
}


@dataclass(frozen=True, slots=True)
class Trend:
    """A key's counts step by step, now and in the period it is compared with; the key is None for what has none, or for all others."""

    key: str | None
    steps: tuple[Counts, ...]
    before: tuple[Counts, ...]
    stands_for: int = 1

    @property
    def total(self) -> Counts:
        """All of the period."""
        return _sum(self.steps)

    @property
    def total_before(self) -> Counts:
        """All of the other period."""
        return _sum(self.before)

    def moved(self, figure: Figure) -> float:
        """By how many messages the figure moved: a share by those that are more, or fewer, than the former share would make."""
        now, before = self.total, self.total_before
        if not figure.share:
            return figure.count(now) - figure.count(before)
        return figure.count(now) - now.messages * (figure.value(before) or 0.0)


def trends_of(now: Sequence[TrendCount], before: Sequence[TrendCount], steps: int) -> list[Trend]:
    """A trend for each key that has messages in either period."""
    shown, former = _by_key(now, steps), _by_key(before, steps)
    nothing = (Counts(),) * steps
    return [Trend(key, shown.get(key, nothing), former.get(key, nothing)) for key in dict.fromkeys((*shown, *former))]


def together(trends: Sequence[Trend], steps: int) -> Trend:
    """All of them as one."""
    now, before = ([_sum(getattr(each, name)[step] for each in trends) for step in range(steps)] for name in ("steps", "before"))
    return Trend(None, tuple(now), tuple(before), stands_for=len(trends))


def movers(trends: Sequence[Trend], figure: Figure) -> list[Trend]:
    """Those that moved most first, whether up or down; of those that moved alike, the largest."""
    return sorted(trends, key=lambda each: (-abs(each.moved(figure)), -figure.count(each.total), each.key or ""))


def with_others(ranked: Sequence[Trend], steps: int) -> tuple[list[Trend], Trend | None]:
    """As many as are shown, and the others as one where they are more."""
    if len(ranked) <= MOST_KEYS:
        return list(ranked), None
    return list(ranked[: MOST_KEYS - 1]), together(ranked[MOST_KEYS - 1 :], steps)


def _sum(counts: Iterable[Counts]) -> Counts:
    return reduce(Counts.plus, counts, Counts())


def _by_key(found: Sequence[TrendCount], steps: int) -> dict[str | None, tuple[Counts, ...]]:
    by_key: defaultdict[str | None, list[Counts]] = defaultdict(lambda: [Counts()] * steps)
    for each in found:
        by_key[each.key][each.step] = each.counts
    return {key: tuple(counts) for key, counts in by_key.items()}


@dataclass(frozen=True, slots=True)
class Lines:
    """A figure step by step, and the same of the other period; what to say of each step, and where its messages are (None: nowhere)."""

    values: tuple[float | None, ...]
    before: tuple[float | None, ...]
    says: tuple[str, ...]
    hrefs: tuple[str | None, ...]

    @property
    def most(self) -> float:
        """The highest value of both."""
        return max((value for value in (*self.values, *self.before) if value is not None), default=0.0)


def written(counts: Counts, figure: Figure) -> str:
    """A figure as one writes it: "1,284", "34%", "3 of 7"."""
    return share(figure.count(counts), counts.messages) if figure.share else count(figure.count(counts))


def changed(trend: Trend, figure: Figure) -> str:
    """How a figure changed: "+131%", "steady", "+3 pts"; of shares of few messages nothing is said."""
    now, before = trend.total, trend.total_before
    if not figure.share:
        return change(figure.count(now), figure.count(before))
    if min(now.messages, before.messages) < FEWEST_FOR_PERCENT:
        return "–"
    points = round(100 * (figure.value(now) or 0.0)) - round(100 * (figure.value(before) or 0.0))
    return "steady" if points == 0 else f"{signed(points)} pts"


def key_name(split: Split, key: str | None) -> str:
    """A key as one writes it."""
    if key is None:
        return WITHOUT.get(split, "None")
    if split is Split.LANGUAGE:
        return LANGUAGES.get(key, key)
    return key if split in (Split.OWNER, Split.SOURCE, Split.TAG) else key[:1].upper() + key[1:]
