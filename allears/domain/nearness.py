"""How near messages come to topics in meaning: vectors in, one figure a message and topic out.

A topic is known by its phrases and its examples. Kernel ridge regression over all of them, with the exponential of the cosine as kernel,
says how much a message belongs to each. It works from one phrase a topic on and gets better with every example; `benchmarks/routing.py`
measures it. Two things keep it sane:

- A message fits a topic only from a bar on, which is the higher the more is known of the topic: whatever fits no topic must stay below.
- Real messages are more like other messages than like phrases. So a topic has a handicap for its examples, or else the first topic that
  anybody taught would take the messages of all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Chosen on the sample business, whole and with topics left out, on those intents of Banking77 that the benchmark does not ask for, and
# on the corpus, whose messages about other trades fit none of them.
_SHARPNESS = 2.0
_RIDGE = 0.3
_PHRASE_WEIGHT = 3.0  # a phrase was chosen with care, an example is whatever a customer wrote
_BAR = 0.09
_BAR_RISE = 0.035  # with each doubling of what is known
_PHRASES_AS_AN_EXAMPLE = 4  # so many raise the bar as one example does
_HANDICAP = 0.09  # with each doubling of the examples


class Nearness:
    """What is near to which topic.

    `known` holds unit vectors of shape (phrases and examples, dimensions), `topic_of` the topic of each, from 0 to `topics` - 1, and
    `example` whether it is an example. `bars` and `handicaps` are of shape (topics,).
    """

    def __init__(self, known: NDArray[np.float32], topic_of: Sequence[int], example: Sequence[bool], topics: int) -> None:
        self._known, self._topic_of = known, np.array(topic_of)
        belongs = np.eye(topics)[self._topic_of]
        ridge = np.diag(_RIDGE / np.where(example, 1.0, _PHRASE_WEIGHT))
        self._weights = np.linalg.solve(_alike(known @ known.T) + ridge, belongs)
        examples = np.asarray(example, np.float64) @ belongs
        phrases = belongs.sum(axis=0) - examples
        self.bars: NDArray[np.float64] = _BAR + _BAR_RISE * np.log2(1 + examples + phrases / _PHRASES_AS_AN_EXAMPLE)
        self.handicaps: NDArray[np.float64] = _HANDICAP * np.log2(1 + examples)

    def of(self, vectors: NDArray[np.float32]) -> NDArray[np.float64]:
        """How much each message belongs to each topic, of shape (messages, topics), about 0 to 1. Zeros belong to none."""
        belongs: NDArray[np.float64] = _alike(vectors @ self._known.T) @ self._weights
        return belongs

    def closest(self, vectors: NDArray[np.float32], topic: int) -> tuple[int, int]:
        """Of several vectors and all that the topic is known by, the two that are closest: their indices."""
        own = np.flatnonzero(self._topic_of == topic)
        cosines = vectors @ self._known[own].T
        vector, known = np.unravel_index(cosines.argmax(), cosines.shape)
        return int(vector), int(own[known])


def _alike(cosines: NDArray[np.float32]) -> NDArray[np.float64]:
    """The kernel: 1 for the same meaning, 0 for vectors at a right angle."""
    alike: NDArray[np.float64] = np.expm1(_SHARPNESS * cosines.astype(np.float64)) / np.expm1(_SHARPNESS)
    return alike
