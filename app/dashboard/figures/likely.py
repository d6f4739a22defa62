"""How far a share may be off: by chance, since a day's messages are few, and by the model's errors, as people judged them.

Chance: Wilson's interval for a share. Errors: the mean of (what people say - what the model says) over messages drawn by lot, with
the interval of Bonett and Price (2012) for paired proportions. Both together: the method of variance estimates recovery of Zou and
Donner (2008).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from allears.domain.feedback import Sentiment
from allears.domain.shift import LabelMove

Z = 1.959964
"""Of a normal distribution 95% lie within so many deviations."""
FEWEST_JUDGED = 50
"""With fewer judged messages nothing is said of the model's errors."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A value, and between what the true one lies with 95% confidence."""

    middle: float
    low: float
    high: float


def share(part: int, of: int) -> Likely:
    """A share of `of` > 0, by Wilson."""
    p, edge = part / of, Z * Z / of
    center, spread = (p + edge / 2) / (1 + edge), Z * sqrt(p * (1 - p) / of + edge / (4 * of)) / (1 + edge)
    return Likely(p, max(0.0, center - spread), min(1.0, center + spread))


def net(positive: int, negative: int, of: int) -> Likely:
    """The positive share less the negative share of `of` > 0 messages, from -1 to 1."""
    around = _mean({1.0: positive, -1.0: negative, 0.0: of - positive - negative})
    return Likely((positive - negative) / of, max(-1.0, around.low), min(1.0, around.high))


def error(moves: Sequence[LabelMove], value: Callable[[Sentiment], float]) -> Likely | None:
    """What to add to the mean of `value` (-1 to 1) as the model says it, to have it as people say it; None if too few were judged."""
    by_difference: dict[float, int] = {}
    for move in moves:
        difference = value(move.true) - value(move.said)
        by_difference[difference] = by_difference.get(difference, 0) + move.items
    return _mean(by_difference) if sum(by_difference.values()) >= FEWEST_JUDGED else None


def corrected(counted: Likely, error: Likely | None, least: float, most: float) -> Likely:
    """The value as it was counted, with an interval that holds what the model errs as well."""
    if error is None:
        return counted
    middle = counted.middle + error.middle
    below = sqrt((counted.middle - counted.low) ** 2 + (error.middle - error.low) ** 2)
    above = sqrt((counted.high - counted.middle) ** 2 + (error.high - error.middle) ** 2)
    return Likely(counted.middle, max(least, middle - below), min(most, middle + above))


def _mean(numbers: dict[float, int]) -> Likely:
    """The mean of so many of each value, as if one more of 1 and one more of -1 had been seen: few never look certain."""
    of = sum(numbers.values()) + 2
    mean = sum(value * number for value, number in numbers.items()) / of
    squares = (sum(value * value * number for value, number in numbers.items()) + 2) / of
    spread = Z * sqrt(max(0.0, squares - mean * mean) / of)
    return Likely(mean, mean - spread, mean + spread)
