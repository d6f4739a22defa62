"""What the weekly report says: everything already written as it is read, so that printing only has to place it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A headline figure with its base and the week before; `late` where a promise is broken."""

    label: str
    value: str
    base: str
    change: str = ""
    was: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class ChartDay:
    """One day's complaints, and what is usual for it where that is known."""

    label: str
    complaints: int
    low: float | None
    high: float | None
    note: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's words, who said them and where, and who has the case; `language` is one of theirs, or empty."""

    words: str
    who: str
    owner: str
    sentiment: str
    language: str


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic that moved: complaints now and before, in words, with a bad and a good message where there are any."""

    topic: str
    moved: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class LateLine:
    """A case whose customer should have heard by now."""

    customer: str
    owner: str
    words: str
    late: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the ledger and how many messages are in it."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Report:
    """A week, ready to be printed."""

    title: str
    business: str
    verdict: str
    figures: tuple[FigureLine, ...]
    days: tuple[ChartDay, ...]
    days_named: tuple[tuple[int, str], ...]
    hairlines: tuple[tuple[int, str], ...]
    finding: str
    moved: str
    worse: tuple[TopicLine, ...]
    better: tuple[TopicLine, ...]
    late_lead: str
    late: tuple[LateLine, ...]
    praise_lead: str
    praise: tuple[Quote, ...]
    received: str
    places: tuple[Place, ...]
    ledger_lead: str
    balanced: bool
    shares: str
    foot: str
