"""The same words as other people would have typed them, and several messages as one."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Sequence

from allears.domain.feedback import Kind
from models.encoder.heads import KINDS, SENTIMENTS
from models.training.examples import Example

_SHARES = {"upper": 0.04, "lower": 0.12, "bare": 0.06, "plain": 0.05, "typos": 0.10}
_TYPOS = 0.04  # of the letters
_PAIRS = 0.6  # of the joined messages


def retyped(text: str, chance: random.Random) -> str:
    """The text in capitals, in small letters, without punctuation, without accents, or with slips; mostly as it is."""
    draw = chance.random()
    for way, share in _SHARES.items():
        if draw < share:
            return _WAYS[way](text, chance)
        draw -= share
    return text


def _plain(text: str, _: random.Random) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))


def _bare(text: str, _: random.Random) -> str:
    return re.sub(r"[.,;:!?¡¿\"'…-]+", " ", text).strip() or text


def _typos(text: str, chance: random.Random) -> str:
    letters = list(text)
    for at in range(len(letters) - 1):
        if letters[at].isalpha() and letters[at + 1].isalpha() and chance.random() < _TYPOS:
            slip = chance.randrange(3)
            if slip == 0:
                letters[at], letters[at + 1] = letters[at + 1], letters[at]
            else:
                letters[at] = "" if slip == 1 else letters[at] * 2
    return "".join(letters)


_WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "upper": lambda text, _: text.upper(),
    "lower": lambda text, _: text.lower(),
    "bare": _bare,
    "plain": _plain,
    "typos": _typos,
}

_NEGATIVE, _NEUTRAL, _POSITIVE, _MIXED = range(len(SENTIMENTS))
_COMPLAINT = KINDS.index(Kind.COMPLAINT)


def joined_sentiment(sentiments: Sequence[int]) -> int:
    """What several messages express together."""
    voiced = {each for each in sentiments if each != _NEUTRAL} or {_NEUTRAL}
    return voiced.pop() if len(voiced) == 1 else _MIXED


def joined_kind(kinds: Sequence[int | None]) -> int | None:
    """What several messages are together: a complaint if one of them is, else what they all are, else not known."""
    return _COMPLAINT if _COMPLAINT in kinds else kinds[0] if len(set(kinds)) == 1 else None


def company(example: Example, others: list[Example], chance: random.Random, share: float) -> list[Example]:
    """Now and then, messages of the same source to stand beside this one, so that sentences learn to speak for themselves.

    Mostly one; sometimes up to four, all but one of them neutral, as a complaint stands in a long mail.
    """
    if example.sentiment is None or chance.random() >= share:
        return []
    count = 1 if chance.random() < _PAIRS else chance.randint(2, 4)
    drawn = [other for other in chance.sample(others, min(len(others), 8 * count)) if _may_join(other, example)]
    if count == 1:
        return drawn[:1]
    return [other for other in drawn if _NEUTRAL in (other.sentiment, example.sentiment)][:count]


def _may_join(other: Example, example: Example) -> bool:
    return other.source == example.source and other.sentiment is not None
