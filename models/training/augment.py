"""The same words as other people would have typed them, and two messages as one."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable

from models.encoder.heads import SENTIMENTS
from models.training.examples import Example

_SHARES = {"upper": 0.04, "lower": 0.12, "bare": 0.06, "plain": 0.05, "typos": 0.10}
_TYPOS = 0.04  # of the letters


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


def joined_sentiment(first: int, second: int) -> int:
    """What two messages express together."""
    if second in (first, _NEUTRAL):
        return first
    return second if first == _NEUTRAL else _MIXED


def partner(example: Example, others: list[Example], chance: random.Random, share: float) -> Example | None:
    """Now and then, another message to stand beside this one, so that sentences learn to speak for themselves."""
    if example.sentiment is None or chance.random() >= share:
        return None
    other = chance.choice(others)
    return other if other.sentiment is not None else None
