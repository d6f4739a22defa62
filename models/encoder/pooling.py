"""From tokens to texts, sentences and words: weighted means that add up exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.encoder.heads import HEADS, SIGNAL
from models.encoder.session import Tokens

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLUMN_HEAD = np.repeat(np.arange(len(HEADS)), [head.stop - head.start for head in HEADS])


@dataclass(frozen=True, slots=True)
class Shares:
    """What each token of a text adds to its logits.

    `weights` has shape (tokens, heads), each column summing to 1; `logits` (tokens, SIGNAL.stop), its column sums being the text's
    logits; `ends` are the tokens' last characters.
    """

    weights: NDArray[np.float32]
    logits: NDArray[np.float32]
    ends: NDArray[np.int32]

    @property
    def whole(self) -> NDArray[np.float32]:
        """The text's logits, of shape (SIGNAL.stop,)."""
        logits: NDArray[np.float32] = self.logits.sum(axis=0)
        return logits

    def owners(self, starts: Sequence[int]) -> NDArray[np.intp]:
        """For each token the index of the span it belongs to, spans given by their first characters, in order.

        That is the last span that begins before the token ends: the mark of a word's beginning takes the space before it.
        """
        found: NDArray[np.intp] = np.maximum(np.searchsorted(np.asarray(starts), self.ends, side="left") - 1, 0)
        return found

    def pooled(self, spans: Sequence[tuple[int, int]]) -> NDArray[np.float32]:
        """Logits of each span of characters, of shape (spans, SIGNAL.stop); spans are in order and do not overlap.

        A span without a token of its own has logits 0.
        """
        if len(spans) == 1:
            return self.whole[np.newaxis]
        owner = self.owners([start for start, _ in spans])
        weight = np.zeros((len(spans), len(HEADS)), np.float32)
        logits = np.zeros((len(spans), SIGNAL.stop), np.float32)
        np.add.at(weight, owner, self.weights)
        np.add.at(logits, owner, self.logits)
        means: NDArray[np.float32] = np.divide(logits, np.maximum(weight, 1e-9)[:, _COLUMN_HEAD], dtype=np.float32)
        return means


def chances_of_signals(whole: NDArray[np.float32], of_sentences: NDArray[np.float32]) -> NDArray[np.float32]:
    """How likely a text carries each of SIGNALS: as a whole or, where it stands in one sentence of many, by that one.

    Logits of shape (SIGNAL.stop,) and (sentences, SIGNAL.stop).
    """
    loudest = np.maximum(whole[SIGNAL], of_sentences[:, SIGNAL].max(axis=0))
    chances: NDArray[np.float32] = 1 / (1 + np.exp(-loudest))
    return chances


def shares_of(tokens: Tokens) -> Shares:
    """Weigh a text's tokens."""
    scores = tokens.logits[:, SIGNAL.stop :]
    exponents = np.exp(scores - scores.max(axis=0))
    weights = exponents / exponents.sum(axis=0)
    return Shares(weights, tokens.logits[:, : SIGNAL.stop] * weights[:, _COLUMN_HEAD], tokens.ends)
