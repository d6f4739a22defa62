"""What a classifier believes of a text's sentiment."""

from __future__ import annotations

from dataclasses import dataclass

from allears.domain.feedback import Sentiment


@dataclass(frozen=True, slots=True)
class Opinion:
    """Probabilities of the three sentiments, summing to 1, and a signed score in [-1, 1]."""

    negative: float
    neutral: float
    positive: float
    score: float

    @property
    def likeliest(self) -> Sentiment:
        """The sentiment with the highest probability, never `mixed`."""
        return max((Sentiment.NEUTRAL, Sentiment.NEGATIVE, Sentiment.POSITIVE), key=self.confidence)

    def confidence(self, sentiment: Sentiment) -> float:
        """How surely a text has this sentiment; for `mixed`, how surely it is not neutral."""
        return {
            Sentiment.NEGATIVE: self.negative,
            Sentiment.NEUTRAL: self.neutral,
            Sentiment.POSITIVE: self.positive,
            Sentiment.MIXED: self.negative + self.positive,
        }[sentiment]
