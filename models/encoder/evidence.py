"""Which sentences and words carry an opinion: the tokens' own shares in it, which add up to it exactly."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from allears.domain.feedback import Evidence, Sentiment
from models.encoder.heads import SENTIMENT, SENTIMENTS
from models.encoder.pooling import Shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORD = re.compile(r"\w+(?:['\u2019-]\w+)*|[^\w\s]+")
_WORDS = 5
_TELLING = 0.12  # of one side's tone, from which on a word is shown

_SIDES = {
    Sentiment.NEGATIVE: (-1,),
    Sentiment.POSITIVE: (1,),
    Sentiment.MIXED: (-1, 1),
    Sentiment.NEUTRAL: (),
}


def evidence_of(text: str, shares: Shares, stands: Sequence[tuple[int, int]], sentiment: Sentiment) -> tuple[Evidence, ...]:
    """For each side of the sentiment the sentence that carries most of it, where there are several, then its most telling words."""
    if sentiment is Sentiment.NEUTRAL:
        return ()
    logits = shares.logits[:, SENTIMENT]
    tone = logits[:, SENTIMENTS.index(Sentiment.POSITIVE)] - logits[:, SENTIMENTS.index(Sentiment.NEGATIVE)]
    words = [match.span() for match in _WORD.finditer(text[: int(shares.ends[-1])])] or list(stands)
    of_words, of_sentences = _summed(tone, shares, words), _summed(tone, shares, stands)
    found: list[Evidence] = []
    for side in _SIDES[sentiment]:
        if len(stands) > 1:
            best = int((side * of_sentences).argmax())
            found.append(Evidence(stands[best][0], stands[best][1], _share(side, of_sentences, best), sentence=True))
        telling = {index: _share(side, of_words, index) for index in np.argsort(-side * of_words)[:_WORDS].tolist()}
        found += [Evidence(words[index][0], words[index][1], share) for index, share in telling.items() if abs(share) >= _TELLING]
    return tuple(found)


def _summed(tone: NDArray[np.float32], shares: Shares, spans: Sequence[tuple[int, int]]) -> NDArray[np.float64]:
    return np.bincount(shares.owners([start for start, _ in spans]), weights=tone, minlength=len(spans)).astype(np.float64)


def _share(side: int, tones: NDArray[np.float64], index: int) -> float:
    """How much of one side's whole tone a span carries, signed; 0 where it leans the other way."""
    whole = np.maximum(side * tones, 0).sum()
    return round(side * float(max(side * tones[index], 0) / whole), 3) if whole else 0.0
