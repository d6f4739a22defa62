"""The tone of one sentence: weights of its words, turned and stretched by the words around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.lexicon.phrases import Found
from models.lexicon.sentences import PAUSE, Sentence
from models.lexicon.wordbook import Cue, Meaning, Wordbook

_NEGATION_REACH = 4
_LATE_NEGATION_REACH = 3
_TURN = -0.6
_LOUD = 1.25
_EXCLAMATION = 0.12
_BEFORE_CONTRAST, _AFTER_CONTRAST = 0.6, 1.3
_ASKED = 0.6
_OPENING = 2

# What a complaint told without emotion, or a praise told by deeds, weighs as a word of tone would.
_CUE_WEIGHT = {Cue.COMPLAINT: -1.9, Cue.PRAISE: 1.9}

# Praise in a sentence that tells a failure ("great, charged twice again") is irony or politeness.
_IRONY = 0.25


@dataclass(frozen=True, slots=True)
class Tone:
    """How much good (>= 0) and bad (<= 0) a sentence says, and the cues in it with the words that gave them."""

    good: float
    bad: float
    asks: bool
    cues: tuple[tuple[Cue, str], ...]

    def has(self, cue: Cue) -> bool:
        """Whether the sentence gives this cue."""
        return any(each is cue for each, _ in self.cues)


def tone(sentence: Sentence, book: Wordbook) -> Tone:
    """Read one sentence with one language's words."""
    words = sentence.words
    found = _longest(book.phrases.find(words))
    cues = tuple((each.meaning.cue, " ".join(words[each.start : each.end])) for each in found if each.meaning.cue)
    weighed = _phrase_weights(found, words, book) | _word_weights(sentence, book, _covered(found))
    turning = max((position for position, word in enumerate(words) if word in book.contrast and position), default=None)
    stretch = (1 + _EXCLAMATION * sentence.exclamations) * (_ASKED if sentence.asks else 1)
    good = bad = 0.0
    for position, weight in weighed.items():
        side = 1.0 if turning is None else _BEFORE_CONTRAST if position < turning else _AFTER_CONTRAST
        if weight > 0:
            good += weight * side * stretch
        else:
            bad += weight * side * stretch
    fails = any(cue is Cue.COMPLAINT for cue, _ in cues)
    if fails and turning is None:
        good *= _IRONY
    told = {cue for cue, _ in cues}
    good += sum(max(_CUE_WEIGHT.get(cue, 0), 0) for cue in told)
    bad += sum(min(_CUE_WEIGHT.get(cue, 0), 0) for cue in told)
    asks = sentence.asks or any(each.meaning.cue is Cue.QUESTION and _opens(words, each.start) for each in found)
    return Tone(good, bad, asks, cues)


def _opens(words: tuple[str, ...], position: int) -> bool:
    """Whether a clause starts there: "is it" asks at the start of one, and tells within."""
    return position < _OPENING or words[position - 1] == PAUSE


def _longest(found: list[Found[Meaning]]) -> list[Found[Meaning]]:
    """Phrases with a weight of their own do not count twice where they overlap: the longest stays. Cues all stay."""
    kept: list[Found[Meaning]] = []
    taken: set[int] = set()
    for each in sorted(found, key=lambda each: each.start - each.end):
        if each.meaning.weight is None:
            kept.append(each)
        elif taken.isdisjoint(range(each.start, each.end)):
            taken.update(range(each.start, each.end))
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


def _covered(found: Iterable[Found[Meaning]]) -> set[int]:
    """Positions whose words have been weighed as part of a phrase."""
    return {position for each in found if each.meaning.weight is not None for position in range(each.start, each.end)}


def _phrase_weights(found: Iterable[Found[Meaning]], words: tuple[str, ...], book: Wordbook) -> dict[int, float]:
    return {
        each.start: each.meaning.weight * (_TURN if _turned(words, each.start, each.start, book) else 1)
        for each in found
        if each.meaning.weight
    }


def _word_weights(sentence: Sentence, book: Wordbook, covered: set[int]) -> dict[int, float]:
    words = sentence.words
    weighed = {}
    for position, word in enumerate(words):
        weight = 0.0 if position in covered else book.weight(word)
        if weight == 0:
            continue
        weight *= _boost(words, position, book) * (_LOUD if position in sentence.loud else 1)
        weighed[position] = weight * _TURN if _turned(words, position, position + 1, book) else weight
    return weighed


def _boost(words: tuple[str, ...], position: int, book: Wordbook) -> float:
    boost = 1.0
    for word in words[max(position - 2, 0) : position]:
        boost *= book.boosts.get(word, 1.0)
    return boost


def _turned(words: tuple[str, ...], start: int, end: int, book: Wordbook) -> bool:
    """Whether the words at [start, end) stand in the reach of a negation, in the same clause."""
    for position in range(start - 1, max(start - 1 - _NEGATION_REACH, -1), -1):
        word = words[position]
        if word == PAUSE or word in book.contrast:
            break
        if word in book.negators or word.endswith("n't"):
            return True
    for position in range(end, min(end + _LATE_NEGATION_REACH, len(words))):
        word = words[position]
        if word == PAUSE or word in book.contrast:
            break
        if word in book.late_negators:
            return all(book.weight(later) == 0 for later in words[position + 1 : position + 3])
    return False
