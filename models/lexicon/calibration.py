"""From weights to probabilities: how often texts that read like this were meant negatively, neutrally, positively."""

from __future__ import annotations

import math

from models.lexicon.reading import Reading
from models.opinion import Opinion

_DAMPING = 12.0

# Logits of negative and positive against neutral, over (1, damped good, damped bad). Fitted on the development sets
# that docs/models.md names, every set weighing the same, classes half balanced; nothing else was learnt from data.
_NEGATIVE = (-0.50, -0.55, -3.65)
_POSITIVE = (-0.84, 3.27, 0.55)


def opinion_of(reading: Reading) -> Opinion:
    """What a reading says of the sentiment."""
    features = (1.0, _damped(reading.good), _damped(reading.bad))
    negative = math.exp(_dot(_NEGATIVE, features))
    positive = math.exp(_dot(_POSITIVE, features))
    whole = negative + 1.0 + positive
    return Opinion(negative / whole, 1.0 / whole, positive / whole, score=_damped(reading.good + reading.bad))


def _damped(weight: float) -> float:
    return weight / math.sqrt(weight * weight + _DAMPING)


def _dot(weights: tuple[float, ...], features: tuple[float, ...]) -> float:
    return sum(weight * feature for weight, feature in zip(weights, features, strict=True))
