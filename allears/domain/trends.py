"""What customers write over time: counted step by step, told apart by one thing, narrowed by others; and what changed how it is read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from allears.domain.corrections import Reclassification


class Split(StrEnum):
    """What tells messages apart. By tag and by owner only messages of cases are counted: others have neither."""

    TOPIC = "topic"
    CHANNEL = "channel"
    SOURCE = "source"
    KIND = "kind"
    LANGUAGE = "language"
    OWNER = "owner"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Only:
    """Which messages are counted: those that have all that is given here."""

    channel: str | None = None
    source: str | None = None
    topic: str | None = None
    language: str | None = None
    kind: str | None = None
    sentiment: str | None = None
    owner: str | None = None
    tag: str | None = None

    @property
    def given(self) -> dict[str, str]:
        """What is given, by name."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages, and how many of them were complaints, praise, negative, positive."""

    messages: int = 0
    complaints: int = 0
    praise: int = 0
    negative: int = 0
    positive: int = 0

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))


@dataclass(frozen=True, slots=True)
class TrendCount:
    """Messages of one step of the period (the first is 0) and one key of the split; None: they have none, as a message without a topic."""

    step: int
    key: str | None
    counts: Counts


@dataclass(frozen=True, slots=True)
class ComplaintsOf:
    """Complaints of one day (business time zone) that share a topic, a source or a channel."""

    day: date
    split: Split
    key: str | None
    complaints: int


class Part(StrEnum):
    """What decides how messages are read and where they go."""

    MODEL = "model"
    TOPIC = "topic"
    ROUTE = "route"
    PERSON = "person"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that changed: its fingerprint before and after; None: there was none, or is none any more. A model's is its version."""

    at: datetime
    part: Part
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Taught:
    """Somebody taught a topic an example by which new messages are told, or took one back (`forgotten`)."""

    at: datetime
    topic: str
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed in a period, oldest first: rules by which new messages are read and routed, models that read old ones again.

    `taught` is what topics learned by examples.
    """

    rules: tuple[RuleChange, ...] = ()
    reclassified: tuple[Reclassification, ...] = ()
    taught: tuple[Taught, ...] = ()
