"""How far the model can be trusted: where people agree with it, whether it drifts, and what people should read next to know better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from math import sqrt
from statistics import median
from zoneinfo import ZoneInfo

from allears.domain.estimating import Estimate, Stratum, estimate
from allears.domain.feedback import ItemId, Kind, Sentiment

UNSURE = 0.6
"""Below this confidence a reading counts as unsure: as `[model] second_below` where nothing is set."""
NO_LANGUAGE = "und"
"""The language of what the model cannot tell one of, and hardly reads."""
WHY_SAMPLED = "Labelled in the weekly sample, without seeing the model's word"
WEEK = timedelta(days=7)
FEWEST_WEEKS = 3
"""Earlier weeks that tell what is usual."""
DEVIATIONS = 3.0
"""How far beside the usual a week must lie: of 200 weeks in which nothing changed, one."""
OF_MEDIAN = 1.4826
"""Median absolute deviation to standard deviation, where nothing is skewed."""


class Basis(StrEnum):
    """How a message came before the person who judged it; only what the lot drew stands for all messages."""

    LOT = "lot"
    UNSURE = "unsure"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Judged:
    """How many messages the model read one way and people another, or the same, by how they came to be judged."""

    basis: Basis
    channel: str
    language: str
    said_sentiment: Sentiment
    said_kind: Kind
    sentiment: Sentiment
    kind: Kind
    messages: int


@dataclass(frozen=True, slots=True)
class WeekRead:
    """How the messages of one week (its Monday, business time zone) are read now.

    `unsure` are below UNSURE, `unreadable` in a language that could not be told; `confidence` is the mean, in [0, 1].
    """

    week: date
    messages: int
    unsure: int
    unreadable: int
    confidence: float
    sentiments: Mapping[Sentiment, int]
    kinds: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """A version of the model: when it first and last read a message, and how many messages stand as it read them."""

    version: str
    since: datetime
    last: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What the Quality page shows, read in one go: finished weeks oldest first, the version in use at the front."""

    judged: tuple[Judged, ...]
    weeks: tuple[WeekRead, ...]
    versions: tuple[ModelVersion, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """A message the model is unsure of, offered to be read by a person."""

    item_id: ItemId
    sentiment: Sentiment
    language: str
    confidence: float
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Messages with these labels as the model gives them; `given` are the labels people gave, None for those nobody drew or judged."""

    said_sentiment: Sentiment
    said_kind: Kind
    messages: int
    given: tuple[Sentiment, Kind] | None = None


@dataclass(frozen=True, slots=True)
class WeeklySample:
    """The messages of a finished week that the lot drew.

    `all_read` counts all messages of the week by the model's labels, `judged` those of them that people judged; `waiting` are drawn and
    not judged yet, in the order of the lot.
    """

    week: date
    all_read: tuple[Reading, ...]
    judged: tuple[Reading, ...]
    waiting: tuple[ItemId, ...]

    @property
    def messages(self) -> int:
        """All messages of the week that count in figures."""
        return sum(each.messages for each in self.all_read)

    @property
    def read(self) -> int:
        """How many of them people judged."""
        return sum(each.messages for each in self.judged)


@dataclass(frozen=True, slots=True)
class LabelShare:
    """A label's share of a week as people see it, None where nobody judged any, and as the model says, both in [0, 1]."""

    label: Sentiment | Kind
    people: Estimate | None
    model: float


def last_week(now: datetime, zone: ZoneInfo) -> date:
    """The Monday of the last week that is over."""
    today = now.astimezone(zone).date()
    return today - timedelta(days=today.weekday()) - WEEK


def bounds(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a week and that of the next."""
    return datetime.combine(week, time(), zone), datetime.combine(week + WEEK, time(), zone)


def shares(sample: WeeklySample, labels: Sequence[Sentiment | Kind]) -> list[LabelShare]:
    """Each label's share of the week: of all sentiments, or of all kinds."""
    of_kind = labels[0] in tuple(Kind)

    def said(each: Reading) -> Sentiment | Kind:
        return each.said_kind if of_kind else each.said_sentiment

    whole = Counter[Sentiment | Kind]()
    for each in sample.all_read:
        whole[said(each)] += each.messages
    judged = Counter[tuple[Sentiment | Kind, Sentiment | Kind]]()
    for each in sample.judged:
        if each.given:
            judged[said(each), each.given[of_kind]] += each.messages
    return [
        LabelShare(
            label,
            estimate([Stratum(whole[s], sum(judged[s, true] for true in labels), judged[s, label]) for s in labels]),
            whole[label] / sample.messages if sample.messages else 0.0,
        )
        for label in labels
    ]


def agreement(judged: Iterable[Judged]) -> tuple[int, int, int]:
    """Of how many judged messages people gave the model's sentiment, and its kind: (messages, sentiment, kind)."""
    messages = sentiment = kind = 0
    for each in judged:
        messages += each.messages
        sentiment += each.messages * (each.sentiment is each.said_sentiment)
        kind += each.messages * (each.kind is each.said_kind)
    return messages, sentiment, kind


def is_unlike(share: float, messages: int, earlier: Sequence[float]) -> bool:
    """Whether a week's share lies beside what the weeks before had, by more than those differ and more than chance explains."""
    if len(earlier) < FEWEST_WEEKS or not messages:
        return False
    usual = median(earlier)
    spread = OF_MEDIAN * median(abs(each - usual) for each in earlier)
    chance = sqrt(max(usual * (1 - usual), 0.25 / messages) / messages)
    return abs(share - usual) > DEVIATIONS * max(spread, chance, 0.005)


def spread_out(offered: Sequence[Unsure], most: int) -> list[Unsure]:
    """The most unsure first, in turn from each label and language, and no two of much the same words."""
    by_group: dict[tuple[Sentiment, str], list[Unsure]] = {}
    for each in sorted(offered, key=lambda each: (each.confidence, each.item_id)):
        by_group.setdefault((each.sentiment, each.language), []).append(each)
    chosen: list[Unsure] = []
    while len(chosen) < most and any(by_group.values()):
        for group in by_group.values():
            while group and len(chosen) < most:
                each = group.pop(0)
                if not any(_alike(each.words, other.words) for other in chosen):
                    chosen.append(each)
                    break
    return chosen


def _alike(one: str, other: str) -> bool:
    """Whether two texts share half of their words or more."""
    first, second = set(one.casefold().split()), set(other.casefold().split())
    return len(first & second) * 2 >= max(1, len(first | second))
