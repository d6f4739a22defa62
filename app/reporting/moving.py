"""Which topics got worse and better in a week, by how many complaints they brought, and whose words say so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from allears.domain.records import StoredItem
from allears.domain.trends import Counts
from allears.domain.verbatims import TopicWords, Verbatim
from app.dashboard import masking
from app.dashboard.formats import FEWEST_FOR_PERCENT, STEADY, change, count
from app.dashboard.render import excerpt
from app.reporting.content import Quote, TopicLine
from app.reporting.weeks import DAYS

MOST_MOVED = 2
MOST_WORDS = 180
CHANCE = 3.84
"""Chi-squared of one degree of freedom that one of twenty pairs of weeks exceeds by chance."""


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """A topic's messages in the week and in the week before; `topic` is None for messages without one."""

    topic: str
    now: Counts
    before: Counts

    @staticmethod
    def of(counted: Iterable[tuple[int, str | None, Counts]]) -> tuple[TopicCounts, ...]:
        """From counts by day, of which the week's first is 0; what has no topic is one called ""."""
        now, before = defaultdict[str, Counts](Counts), defaultdict[str, Counts](Counts)
        for at, topic, counts in counted:
            week = now if at >= 0 else before
            if at >= -DAYS:
                week[topic or ""] = week[topic or ""].plus(counts)
        return tuple(TopicCounts(topic, now[topic], before[topic]) for topic in sorted({*now, *before}))

    @property
    def difference(self) -> int:
        """Complaints more than the week before."""
        return self.now.complaints - self.before.complaints

    @property
    def beyond_chance(self) -> bool:
        """Whether the two weeks differ by more than two counts of one and the same rate mostly do, and by enough to matter."""
        now, before = self.now.complaints, self.before.complaints
        return self.difference**2 > CHANCE * (now + before) and abs(self.difference) >= STEADY * before


def moved_topics(topics: Sequence[TopicCounts]) -> tuple[list[TopicCounts], list[TopicCounts]]:
    """The topics that got worse and those that got better, the furthest first; by chance only where nothing else moved."""
    named = [each for each in topics if each.topic and each.difference]
    clear = [each for each in named if each.beyond_chance] or named
    ordered = sorted(clear, key=lambda each: (-abs(each.difference), each.topic))
    worse = [each for each in ordered if each.difference > 0][:MOST_MOVED]
    return worse, [each for each in ordered if each.difference < 0][:MOST_MOVED]


def lead(worse: Sequence[TopicCounts], better: Sequence[TopicCounts]) -> str:
    """How sure it is that something moved."""
    if not worse and not better:
        return "No topic brought more or fewer complaints than the week before."
    if any(each.beyond_chance for each in (*worse, *better)):
        return "Topics whose complaints changed by more than chance explains."
    return "No topic changed by more than chance explains. These moved furthest."


def lines_of(topics: Sequence[TopicCounts], words: Mapping[str, TopicWords]) -> tuple[TopicLine, ...]:
    """The topics with the words that stand for them."""
    return tuple(TopicLine(_sentence(each.topic), _moved(each), _quotes(words.get(each.topic, TopicWords()))) for each in topics)


def _moved(topic: TopicCounts) -> str:
    now, before = topic.now.complaints, topic.before.complaints
    many = "1 complaint" if now == 1 else f"{count(now)} complaints"
    by = f" ({change(now, before)})" if before >= FEWEST_FOR_PERCENT else ""
    return f"{many}, was {count(before)}{by}"


def _quotes(words: TopicWords) -> tuple[Quote, ...]:
    return tuple(_quote(each) for each in (words.bad, words.good) if each)


def _quote(verbatim: Verbatim) -> Quote:
    item, owner = verbatim.item.item, verbatim.owner
    reading = verbatim.item.understanding
    return Quote(
        words=excerpt(masking.words(item.text[:2000], item.author, item.contact, owner=owner), MOST_WORDS),
        who=f"{masking.who(item.author or item.contact or 'Anonymous', owner)}, {item.channel}",
        owner=owner or "",
        sentiment=reading.prediction.sentiment.value if reading else "",
        language=language_of(verbatim.item),
    )


def language_of(stored: StoredItem) -> str:
    """The language a message is in, as it says itself or as the model takes it; empty where neither knows."""
    read = stored.understanding.prediction.language if stored.understanding else ""
    return stored.item.language or read or ""


def _sentence(topic: str) -> str:
    return topic[:1].upper() + topic[1:]
