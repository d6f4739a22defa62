"""A quick model first; a larger one only for the texts the quick one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from allears.domain.feedback import Prediction
from allears.ports import Classifier


@dataclass(frozen=True, slots=True)
class Cascade:
    """Asks `second` where `first` is less sure of the sentiment than `below`; kind, urgency and language stay the first's word."""

    first: Classifier
    second: Classifier
    below: float

    @property
    def version(self) -> str:
        """Both names, since both had their say."""
        return f"{self.first.version}, below {self.below:g} {self.second.version}"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order."""
        said = self.first.predict(texts)
        unsure = [index for index, each in enumerate(said) if each.confidence < self.below]
        for index, again in zip(unsure, self.second.predict([texts[index] for index in unsure]), strict=True):
            said[index] = replace(
                said[index],
                sentiment=again.sentiment,
                score=again.score,
                confidence=again.confidence,
                p_negative=again.p_negative,
                p_neutral=again.p_neutral,
                p_positive=again.p_positive,
            )
        return said
