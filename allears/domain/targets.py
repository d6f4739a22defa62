"""By when things are due: a customer's first answer, the next word after it, the end of the matter, and an owner's "I have it"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from allears.domain.feedback import Urgency


class Goal(StrEnum):
    """What a target is for."""

    ANSWER = "answer"
    ACKNOWLEDGE = "acknowledge"
    PROMISE = "promise"
    RESOLVE = "resolve"


@dataclass(frozen=True, slots=True)
class Targets:
    """Business durations by goal and urgency; `tagged` holds those of customers with a tag, which count where they are shorter."""

    usual: Mapping[Goal, Mapping[Urgency, timedelta]]
    tagged: Mapping[str, Mapping[Goal, Mapping[Urgency, timedelta]]] = field(default_factory=dict)

    def of(self, goal: Goal, urgency: Urgency, tags: tuple[str, ...] = ()) -> timedelta:
        """The business duration of one goal for a matter of this urgency and a customer with these tags."""
        also = (self.tagged.get(tag, {}).get(goal, {}).get(urgency) for tag in tags)
        return min([self.usual[goal][urgency], *(each for each in also if each is not None)])


def _hours(critical: float, high: float, normal: float, low: float) -> dict[Urgency, timedelta]:
    hours = {Urgency.CRITICAL: critical, Urgency.HIGH: high, Urgency.NORMAL: normal, Urgency.LOW: low}
    return {urgency: timedelta(hours=each) for urgency, each in hours.items()}


USUAL: Mapping[Goal, Mapping[Urgency, timedelta]] = {
    Goal.ANSWER: _hours(1, 2, 8, 16),
    Goal.ACKNOWLEDGE: _hours(0.25, 0.5, 4, 8),
    Goal.PROMISE: _hours(8, 16, 24, 40),
    Goal.RESOLVE: _hours(8, 24, 40, 80),
}
"""What holds where a configuration says nothing, in hours of working time."""
