"""A customer's own stars weigh beside their words: "the coffee was there" with one star is no praise."""

from __future__ import annotations

from dataclasses import replace

from allears.domain.feedback import Kind, Prediction, Sentiment

_SAYS = {1: (0.90, 0.08, 0.02), 2: (0.75, 0.20, 0.05), 3: (0.35, 0.45, 0.20), 4: (0.05, 0.25, 0.70), 5: (0.02, 0.08, 0.90)}
"""How likely negative, neutral and positive words are, given one to five stars."""


def with_stars(said: Prediction, stars: float | None) -> Prediction:
    """What the words and the stars (1 to 5) say together, taken as independent evidence; the words alone without stars.

    Words that are mixed stay so. A kind that the stars contradict gives way: no praise or small talk at one star,
    no small talk at five.
    """
    weights = _SAYS.get(round(stars)) if stars is not None else None
    if weights is None:
        return said
    joint = [p * weight for p, weight in zip((said.p_negative, said.p_neutral, said.p_positive), weights, strict=True)]
    negative, neutral, positive = (p / sum(joint) for p in joint) if sum(joint) else weights
    confidence, sentiment = max((negative, Sentiment.NEGATIVE), (neutral, Sentiment.NEUTRAL), (positive, Sentiment.POSITIVE))
    if said.sentiment is Sentiment.MIXED:
        confidence, sentiment = said.confidence, Sentiment.MIXED
    kind = said.kind
    if sentiment is Sentiment.NEGATIVE and kind in (Kind.PRAISE, Kind.OTHER):
        kind = Kind.COMPLAINT
    elif sentiment is Sentiment.POSITIVE and kind is Kind.OTHER:
        kind = Kind.PRAISE
    return replace(
        said,
        sentiment=sentiment,
        score=round(positive - negative, 4),
        confidence=confidence,
        p_negative=negative,
        p_neutral=neutral,
        p_positive=positive,
        kind=kind,
    )
