"""VADER, the usual English baseline, behind the classifier's port: for comparison only."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Any

from allears.domain.feedback import Prediction
from allears.errors import ConfigurationError
from models.lexicon.judgement import judged
from models.lexicon.reading import read
from models.opinion import Opinion

# Where its authors draw the lines around neutral (Hutto & Gilbert, 2014).
_POSITIVE = 0.05
_NEGATIVE = -0.05


class VaderClassifier:
    """Sentiment by VADER; kind, urgency and language by the lexicon's cues, judged with it."""

    def __init__(self, analyzer: Any) -> None:
        self._analyzer = analyzer
        self.version = f"vader-{version('vaderSentiment')}"

    @classmethod
    def open(cls) -> VaderClassifier:
        """Load its word list. Raises ConfigurationError where the package is not installed."""
        try:
            package = import_module("vaderSentiment.vaderSentiment")
        except ImportError as error:
            raise ConfigurationError('model.name: "vader" needs a package that is not installed: pip install vaderSentiment') from error
        return cls(package.SentimentIntensityAnalyzer())

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order. Never raises."""
        return [self._judge(text) for text in texts]

    def _judge(self, text: str) -> Prediction:
        opinion = opinion_of(self._analyzer.polarity_scores(text)["compound"])
        return judged(read(text), opinion, opinion.likeliest)


def opinion_of(compound: float) -> Opinion:
    """VADER gives no probabilities; these only keep its decisions: its three classes, and its sign where there are two."""
    if _NEGATIVE < compound < _POSITIVE:
        return Opinion(max(-compound, 0.0), 1 - abs(compound), max(compound, 0.0), compound)
    sure = (1 + abs(compound)) / 2
    if compound > 0:
        return Opinion(0.0, 1 - sure, sure, compound)
    return Opinion(sure, 1 - sure, 0.0, compound)
