"""Customers' own words that stand for what a topic is like: one bad and one good message."""

from __future__ import annotations

from dataclasses import dataclass

from allears.domain.records import StoredItem


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A message of a topic, and who has its case now, if it has one."""

    topic: str
    item: StoredItem
    owner: str | None


@dataclass(frozen=True, slots=True)
class TopicWords:
    """What one topic's customers said: a complaint, and what went well; None where nobody wrote such."""

    bad: Verbatim | None = None
    good: Verbatim | None = None
