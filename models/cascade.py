"""A quick model first; a larger one only for the texts the quick one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from allears.domain.feedback import Prediction
from allears.ports import Classifier, Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def cascade(first: Classifier, second: Classifier, below: float) -> Classifier:
    """The two as one classifier, which places texts by meaning if the first does."""
    return EmbeddingCascade(first, second, below) if isinstance(first, Embedder) else Cascade(first, second, below)


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
        return self._second_thoughts(texts, self.first.predict(texts))

    def _second_thoughts(self, texts: Sequence[str], said: list[Prediction]) -> list[Prediction]:
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


@dataclass(frozen=True, slots=True)
class EmbeddingCascade(Cascade):
    """A cascade whose first model also places texts by meaning."""

    first: Embedder

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The first model's vectors."""
        return self.first.embed(texts)

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], NDArray[np.float32]]:
        """Both; the first model reads each text once."""
        said, vectors = self.first.predict_and_embed(texts)
        return self._second_thoughts(texts, said), vectors
