"""People's corrections tell how often a label is wrongly given; later predictions lean the other way, at once and a little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp, log

from allears.domain.feedback import Prediction, Sentiment

STEADY = 50
"""Messages that count on both sides before any others: a handful of corrections moves little."""


@dataclass(frozen=True, slots=True)
class LabelMove:
    """How many items the model gave one sentiment while people say another; both are the same where nobody corrected."""

    said: Sentiment
    true: Sentiment
    items: int


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to the logarithm of each probability."""

    negative: float = 0.0
    neutral: float = 0.0
    positive: float = 0.0


NO_SHIFT = Shift()


def shift_of(moves: Iterable[LabelMove]) -> Shift:
    """For each label log((true + k) / (said + k)), with k = STEADY. Without corrections there is no shift."""
    said: Counter[Sentiment] = Counter()
    true: Counter[Sentiment] = Counter()
    for move in moves:
        said[move.said] += move.items
        true[move.true] += move.items
    labels = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
    return Shift(*(log((true[label] + STEADY) / (said[label] + STEADY)) for label in labels))


def with_shift(said: Prediction, shift: Shift) -> Prediction:
    """The prediction with its probabilities shifted and summing to 1; score and confidence follow.

    The sentiment changes only where another of the three has become the likeliest; mixed words stay mixed.
    """
    if shift == NO_SHIFT:
        return said
    before = (said.p_negative, said.p_neutral, said.p_positive)
    weighed = [p * exp(weight) for p, weight in zip(before, (shift.negative, shift.neutral, shift.positive), strict=True)]
    after = [p / sum(weighed) for p in weighed]
    negative, neutral, positive = after
    labels = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
    sentiment, confidence = said.sentiment, said.confidence
    if sentiment is not Sentiment.MIXED:
        likeliest = after.index(max(after))
        if likeliest != before.index(max(before)):
            sentiment = labels[likeliest]
        confidence = after[labels.index(sentiment)]
    return replace(
        said,
        sentiment=sentiment,
        score=round(positive - negative, 4),
        confidence=confidence,
        p_negative=negative,
        p_neutral=neutral,
        p_positive=positive,
    )
