"""The built-in model behind the classifier's port."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.errors import ConfigurationError
from models import language
from models.encoder import calibration
from models.encoder.evidence import evidence_of
from models.encoder.heads import KIND, KINDS, SENTIMENT, SENTIMENTS, SIGNAL, SIGNALS
from models.encoder.pooling import chances_of_signals, shares_of
from models.encoder.sentences import sentences, telling
from models.encoder.session import READ_CHARS, Session, Tokens
from models.lexicon.judgement import told_in_words
from models.lexicon.reading import Reading, read
from models.lexicon.wordbook import Cue

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANIFEST = "manifest.json"

# From this share of unknown letters on, a text is in a script that the model cannot read.
UNREADABLE = 0.3
_EVEN = 1 / 3

# Mixed by sentences that disagree, where the text as a whole leaves it open.
_LEAST = 0.5

REASONS = {
    "legal": "threatens legal action",
    "safety": "safety",
    "churn": "threatens to leave",
    "public": "threatens to go public",
    "vulnerable": "vulnerable person",
}
# A complaint in a long mail is better heard once too often: chosen on the dev split, with neutral messages around others.
_MANY = 4
_OUTSPOKEN = 0.9

_NEVER = ((Sentiment.POSITIVE, Kind.COMPLAINT), (Sentiment.NEGATIVE, Kind.PRAISE))
_CRITICAL = frozenset({"safety"})
_ESCALATES_TOGETHER = 3
_QUOTED_CHARS = 90

_NEGATIVE, _NEUTRAL, _POSITIVE, _MIXED = range(len(SENTIMENTS))


class EncoderClassifier:
    """One pass a text: sentiment, kind and urgency signals of the whole and of its sentences."""

    def __init__(self, session: Session, calibrated: calibration.Calibration, version: str) -> None:
        self._session, self._calibration = session, calibrated
        self.version = version

    @classmethod
    def open(cls, folder: Path) -> EncoderClassifier:
        """Load a folder that `allears train` wrote. Raises ConfigurationError."""
        try:
            version = json.loads((folder / MANIFEST).read_text("utf-8"))["version"]
        except (OSError, ValueError, KeyError) as error:
            raise ConfigurationError(f"model.name: {folder / MANIFEST} cannot be read: {error}") from error
        return cls(Session(folder), calibration.read(folder), version)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order. Odd text never raises."""
        judged = {index: self._judge(texts[index], said) for index, said in self._session.stream(texts)}
        return [judged[index] for index in range(len(texts))]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, one a text, in order; texts that mean alike, in any language, have a high dot product.

        A text in a script the model cannot read has zeros.
        """
        placed = {index: _placed(said) for index, said in self._session.stream(texts)}
        return np.array([placed[index] for index in range(len(texts))])

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], NDArray[np.float32]]:
        """What `predict` and `embed` give, from one pass."""
        read = {index: (self._judge(texts[index], said), _placed(said)) for index, said in self._session.stream(texts)}
        return [read[index][0] for index in range(len(texts))], np.array([read[index][1] for index in range(len(texts))])

    def _judge(self, text: str, said: Tokens) -> Prediction:
        if not _is_read(said):
            return _unread(text)
        stands = sentences(text[:READ_CHARS]) or [(0, len(text))]
        shares = shares_of(said)
        logits = shares.pooled(stands)
        whole = self._heard(shares.whole, logits)
        chances = self._calibration.sentiment(whole[SENTIMENT])
        sentiment, kind = _together(self._sentiment(chances, logits), chances, self._calibration.kind(whole[KIND]))
        worded = telling(text, stands)
        spoken = language.detect(text)
        words = read(text, spoken) if kind is Kind.COMPLAINT else None
        told = [text[slice(*stands[index])] for index in worded]
        urgency, reasons = self._urgency(kind, words, shares.whole, logits[worded], told)
        negative, neutral = float(chances[_NEGATIVE] + chances[_MIXED] / 2), float(chances[_NEUTRAL])
        positive = max(0.0, 1.0 - negative - neutral)
        return Prediction(
            sentiment=sentiment,
            score=positive - negative,
            confidence=max(float(chances[SENTIMENTS.index(sentiment)]), _LEAST if sentiment is Sentiment.MIXED else 0.0),
            p_negative=negative,
            p_neutral=neutral,
            p_positive=positive,
            kind=kind,
            language=spoken,
            urgency=urgency,
            urgency_reasons=reasons,
            evidence=evidence_of(text, shares, stands, sentiment),
        )

    def _heard(self, whole: NDArray[np.float32], of_sentences: NDArray[np.float32]) -> NDArray[np.float32]:
        """The text's logits; among many neutral sentences those of the one that is plainly not, which their mean would drown."""
        if len(of_sentences) < _MANY or self._calibration.sentiment(whole[SENTIMENT]).argmax() != _NEUTRAL:
            return whole
        chances = self._calibration.sentiment(of_sentences[:, SENTIMENT])
        chances[:, _NEUTRAL] = 0
        loudest = int(chances.max(axis=1).argmax())
        return of_sentences[loudest] if chances[loudest].max() >= _OUTSPOKEN else whole

    def _sentiment(self, chances: NDArray[np.float32], of_sentences: NDArray[np.float32]) -> Sentiment:
        """The likeliest; mixed also where sentences plainly disagree."""
        likeliest = SENTIMENTS[int(chances.argmax())]
        if len(of_sentences) == 1 or likeliest is Sentiment.MIXED:
            return likeliest
        sides = self._calibration.sentiment(of_sentences[:, SENTIMENT]).max(axis=0)
        return Sentiment.MIXED if min(sides[_NEGATIVE], sides[_POSITIVE]) >= self._calibration.disagreement else likeliest

    def _urgency(
        self, kind: Kind, words: Reading | None, whole: NDArray[np.float32], of_sentences: NDArray[np.float32], told: Sequence[str]
    ) -> tuple[Urgency, tuple[str, ...]]:
        """How soon a person must look, and why, with the sentence that says so. Plain praise is never pressing."""
        if kind is Kind.PRAISE:
            return Urgency.LOW, ()
        said_outright = {"safety"} if words and words.has(Cue.SAFETY) else set()
        chances = zip(SIGNALS, chances_of_signals(whole, of_sentences), self._calibration.signal_thresholds, strict=True)
        found = [index for index, (signal, chance, least) in enumerate(chances) if chance >= least or signal in said_outright]
        tellers = of_sentences[:, SIGNAL].argmax(axis=0)
        seen = tuple(f"{REASONS[SIGNALS[index]]}: {_quoted(told[tellers[index]])}" for index in found)
        reasons = (*seen, *(told_in_words(words) if words else ()))
        if len(reasons) >= _ESCALATES_TOGETHER or any(SIGNALS[index] in _CRITICAL for index in found):
            return Urgency.CRITICAL, reasons
        if reasons:
            return Urgency.HIGH, reasons
        return (Urgency.NORMAL if kind in {Kind.COMPLAINT, Kind.QUESTION} else Urgency.LOW), ()


def _together(sentiment: Sentiment, chances: NDArray[np.float32], kinds: NDArray[np.float32]) -> tuple[Sentiment, Kind]:
    """The sentiment with the likeliest kind; where nobody means both, the likeliest of the pairs that somebody may mean."""
    kind = KINDS[int(kinds.argmax())]
    if (sentiment, kind) not in _NEVER:
        return sentiment, kind
    pairs = np.outer(chances, kinds)
    for never, of_kind in _NEVER:
        pairs[SENTIMENTS.index(never), KINDS.index(of_kind)] = 0
    first, second = divmod(int(pairs.argmax()), len(KINDS))
    return SENTIMENTS[first], KINDS[second]


def _placed(said: Tokens) -> NDArray[np.float32]:
    return said.embedding if _is_read(said) else np.zeros_like(said.embedding)


def _is_read(said: Tokens) -> bool:
    return len(said.logits) > 0 and said.unread < UNREADABLE


def _unread(text: str) -> Prediction:
    """What can be said of a text that can't be read: nothing. Where there are words, a person must look."""
    words = any(map(str.isalpha, text))
    return Prediction(
        sentiment=Sentiment.NEUTRAL,
        score=0.0,
        confidence=_EVEN,
        p_negative=_EVEN,
        p_neutral=_EVEN,
        p_positive=_EVEN,
        kind=Kind.QUESTION if words else Kind.OTHER,
        language=language.detect(text),
        urgency=Urgency.NORMAL if words else Urgency.LOW,
        urgency_reasons=("written in a script the model cannot read",) if words else (),
    )


def _quoted(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if len(words) <= _QUOTED_CHARS else words[: _QUOTED_CHARS - 1].rstrip() + "…"
