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
    """How many items the model gave one sentiment while people say another; both are the same where nobody corrected.

    `drawn` of them were drawn by lot and judged, so that they stand for all.
    """

    said: Sentiment
    true: Sentiment
    items: int
    drawn: int = 0


@dataclass(frozen=True, slots=True)
class Shift:
    """What is added to the logarithm of each probability."""

    negative: float = 0.0
    neutral: float = 0.0
    positive: float = 0.0


NO_SHIFT = Shift()


def shift_of(moves: Iterable[LabelMove]) -> Shift:
    """For each label log((true + k) / (said + k)), with k = STEADY. Without corrections there is no shift.

    Over all messages, though what nobody corrected counts as right there and hardly anybody looked; or over those drawn by lot, which
    stand for all: whichever leans further. No message counts twice in either.
    """
    counted = list(moves)
    every = _leaning((move.said, move.true, move.items) for move in counted)
    drawn = _leaning((move.said, move.true, move.drawn) for move in counted)
    return Shift(*(max(pair, key=abs) for pair in zip(every, drawn, strict=True)))


def _leaning(moves: Iterable[tuple[Sentiment, Sentiment, int]]) -> list[float]:
    said: Counter[Sentiment] = Counter()
    true: Counter[Sentiment] = Counter()
    for was, became, items in moves:
        said[was] += items
        true[became] += items
    labels = (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
    return [log((true[label] + STEADY) / (said[label] + STEADY)) for label in labels]


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
