"""Which topics messages are about: by meaning where the model can place texts, and by words near each other always."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from allears.domain.feedback import Prediction, TopicMatch
from allears.domain.topics import Example, Topic, like, matches
from allears.ports import Classifier, Embedder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from allears.domain.nearness import Nearness

    Vectors = NDArray[np.float32]

UNSURE_WORDS = 0.5
"""A match in words lifts its topic by as much as its score is above this."""
SURELY = 0.15
"""What is so far above its bar is right about three times in four: a score says how often."""
SENTENCES = 12
"""The one to quote is looked for among so many sentences of a message, its first."""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…])\s+|\n+")
_WORDS = re.compile(r"[^\W\d_]+\W+[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Fit:
    topic: int
    above_bar: float
    place: float
    words: TopicMatch | None


class TopicFinder:
    """Finds topics in texts. Vectors of phrases and examples are computed once, when the first text is looked at."""

    def __init__(self, topics: Sequence[Topic], classifier: Classifier) -> None:
        self._topics, self._classifier = tuple(topics), classifier
        self._known = [known for topic in topics for known in topic.known_by]
        self.embedder = classifier if isinstance(classifier, Embedder) else None
        """What places texts by meaning, if anything does."""

    def read(self, texts: Sequence[str]) -> tuple[list[Prediction], Vectors | None]:
        """What the classifier says of each text, and where it places it, from one pass."""
        return self.embedder.predict_and_embed(texts) if self.embedder else (self._classifier.predict(texts), None)

    def find(self, texts: Sequence[str], vectors: Vectors | None, quoting: Sequence[bool] | None = None) -> list[tuple[TopicMatch, ...]]:
        """The topics of each text, the surest first.

        `vectors` are those of the texts, of shape (texts, dimensions), or None where the classifier has none. `quoting` says of which
        texts single sentences are looked at, so that a match by meaning can quote the one that says so; others quote their beginning.
        """
        by_words = [matches(text, self._topics) for text in texts]
        if vectors is None or self.embedder is None or not texts or not self._known:
            return by_words
        rows = self._nearness.of(vectors).tolist()
        fitting = [self._fitting(row, words) for row, words in zip(rows, by_words, strict=True)]
        by_meaning = [bool(fits) and fits[0].words is None for fits in fitting]
        wanted = [asked and missing for asked, missing in zip(quoting or [False] * len(texts), by_meaning, strict=True)]
        said = self._said(self.embedder, texts, vectors, wanted)
        return [tuple(self._match(fit, *parts) for fit in fits) for fits, parts in zip(fitting, said, strict=True)]

    @cached_property
    def _nearness(self) -> Nearness:
        from allears.domain.nearness import Nearness  # noqa: PLC0415  # numpy is only loaded where texts are placed

        assert self.embedder is not None  # noqa: S101  # for the type checker: asked only where there is one
        texts = [known if isinstance(known, str) else known.text for known in self._known]
        topic_of = [index for index, topic in enumerate(self._topics) for _ in topic.known_by]
        is_example = [isinstance(known, Example) for known in self._known]
        return Nearness(self.embedder.embed(texts), topic_of, is_example, len(self._topics))

    def _fitting(self, nearness: Sequence[float], words: Sequence[TopicMatch]) -> list[_Fit]:
        """The topics that are not below their bar, the best placed first."""
        said = {match.topic: match for match in words}
        fits = []
        for index, (topic, near) in enumerate(zip(self._topics, nearness, strict=True)):
            match = said.get(topic.name)
            belongs = near + (match.score - UNSURE_WORDS if match else 0)
            fits.append(_Fit(index, belongs - self._nearness.bars[index], belongs - self._nearness.handicaps[index], match))
        return sorted((fit for fit in fits if fit.above_bar >= 0), key=lambda fit: -fit.place)

    def _said(
        self, embedder: Embedder, texts: Sequence[str], vectors: Vectors, by_sentence: Sequence[bool]
    ) -> list[tuple[list[str], Vectors]]:
        """The parts of each text that may be quoted, and their vectors: its sentences where wanted, else itself."""
        sentences = {index: _sentences(texts[index]) for index, wanted in enumerate(by_sentence) if wanted}
        sentences = {index: parts for index, parts in sentences.items() if len(parts) > 1}
        own = embedder.embed([part for parts in sentences.values() for part in parts]) if sentences else vectors[:0]
        said, begin = [], 0
        for index, text in enumerate(texts):
            parts = sentences.get(index)
            said.append((parts, own[begin : begin + len(parts)]) if parts else ([text], vectors[index : index + 1]))
            begin += len(parts or ())
        return said

    def _match(self, fit: _Fit, said: Sequence[str], vectors: Vectors) -> TopicMatch:
        score = min(round(1 / (1 + math.exp(-fit.above_bar / SURELY)), 2), 0.99)
        if fit.words:
            return replace(fit.words, score=score)
        part, known = self._nearness.closest(vectors, fit.topic)
        name = self._topics[fit.topic].name
        return TopicMatch(name, score, like(said[part], self._known[known], name))


def _sentences(text: str) -> list[str]:
    """The sentences of at least two words."""
    return [part.strip() for part in _BETWEEN_SENTENCES.split(text) if _WORDS.search(part)][:SENTENCES]
