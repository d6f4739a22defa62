"""Tables of the overview: what customers talk about, and what each channel brings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from allears.domain.overview import DayCount, TopicCount

MOST_COLUMNS = 30
AGES = ("<1 d", "1–3", "3–7", ">7 d")
"""How long cases have been open: headings of `OwnerLoad.ages`."""
SENTIMENTS = ("negative", "mixed", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Bar:
    """A stacked bar: (sentiment, count) of what is not zero, and the whole's length in per cent of the longest."""

    parts: tuple[tuple[str, int], ...]
    length: float

    @property
    def words(self) -> str:
        """The bar in words: "81 negative, 9 mixed"."""
        return ", ".join(f"{number} {sentiment}" for sentiment, number in self.parts) or "none"


@dataclass(frozen=True, slots=True)
class Column:
    """One step of a trend, both parts in per cent of the channel's highest step."""

    negative: float
    rest: float


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel in the period: messages, the same of the period before, its tone, and its trend step by step."""

    channel: str
    messages: int
    before: int
    negative: int
    bar: Bar
    trend: tuple[Column, ...]


def topic_bars(topics: Sequence[TopicCount]) -> list[tuple[TopicCount, Bar]]:
    """Topics with their bars on one common scale, the largest first."""
    ranked = sorted(topics, key=lambda topic: topic.messages, reverse=True)
    longest = max((topic.messages for topic in ranked), default=1) or 1
    return [(topic, _bar({name: getattr(topic, name) for name in SENTIMENTS}, 100 * topic.messages / longest)) for topic in ranked]


def channel_rows(counts: Sequence[DayCount], first: date, today: date) -> list[ChannelRow]:
    """Channels of the period `first` to `today`, the busiest first; `counts` reaches back to the period before."""
    length = today - first + timedelta(days=1)
    by_channel: defaultdict[str, list[DayCount]] = defaultdict(list)
    for each in counts:
        by_channel[each.channel].append(each)
    rows = [_channel(name, found, first, length) for name, found in by_channel.items()]
    return sorted((row for row in rows if row.messages), key=lambda row: row.messages, reverse=True)


def _bar(numbers: dict[str, int], length: float) -> Bar:
    return Bar(tuple((name, number) for name, number in numbers.items() if number), length)


def _channel(name: str, counts: Sequence[DayCount], first: date, length: timedelta) -> ChannelRow:
    inside = [each for each in counts if each.day >= first]
    tone = {sentiment: sum(getattr(each, sentiment) for each in inside) for sentiment in SENTIMENTS}
    return ChannelRow(
        channel=name,
        messages=sum(tone.values()),
        before=sum(_messages(each) for each in counts if first - length <= each.day < first),
        negative=tone["negative"],
        bar=_bar(tone, 100.0),
        trend=_trend(inside, first, length.days),
    )


def _trend(counts: Sequence[DayCount], first: date, days: int) -> tuple[Column, ...]:
    width = -(-days // MOST_COLUMNS)
    steps = -(-days // width)
    negative, every = [0] * steps, [0] * steps
    for each in counts:
        step = min((each.day - first).days // width, steps - 1)
        negative[step] += each.negative
        every[step] += _messages(each)
    highest = max(every, default=0) or 1
    return tuple(Column(100 * bad / highest, 100 * (whole - bad) / highest) for bad, whole in zip(negative, every, strict=True))


def _messages(each: DayCount) -> int:
    return each.negative + each.mixed + each.neutral + each.positive
