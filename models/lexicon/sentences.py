"""A text as sentences of words, in one pass over a bounded part of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# What a customer wants stands at the start or at the end; about 2,000 words in all are read.
_HEAD_CHARS = 8_000
_TAIL_CHARS = 4_000

_LONGEST_WORD = 40
PAUSE = ","
NUMBER = "#"

_TOKEN = re.compile(
    r"(?P<skip>https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]+(?:\.\w+)+|@\w+)"
    r"|(?P<face><3|</3|[:;=8][-'^o]?[)(\]\[DPpOo/\\|*3](?!\w)|:'[()])"
    r"|(?P<number>\d[\d.,:]*)"
    r"|(?P<word>[^\W\d_]+(?:['\u2019][^\W\d_]+)*['\u2019]?)"
    r"|(?P<end>[.!?¿¡…]+|\n+)"
    r"|(?P<pause>[,;:()]|(?<=\s)[-\u2013\u2014](?=\s))"
    r"|(?P<emoji>[\U0001F000-\U0001FAFF\u2600-\u27BF\u2B50])",
)
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|dell|nell|all|sull|un|dall|quest|bell)'(?=.)")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Casefolded words with `PAUSE` between clauses and `NUMBER` for figures; `loud` are positions written in capitals."""

    words: tuple[str, ...]
    loud: frozenset[int]
    asks: bool
    exclamations: int


def sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text that hold at least one word or emoji."""
    words: list[str] = []
    loud: set[int] = set()
    text = _excerpt(text)
    shouting = text.isupper()
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match.group()
        if kind == "word":
            if token.isupper() and len(token) > 2 and not shouting:  # noqa: PLR2004  # "I" and "TV" are no shouts
                loud.add(len(words))
            words.extend(_split(token))
        elif kind in {"face", "emoji"}:
            words.append(token)
        elif kind == "number":
            words.append(NUMBER)
        elif kind == "pause":
            words.append(PAUSE)
        elif kind == "end" and words:
            yield Sentence(tuple(words), frozenset(loud), "?" in token, min(token.count("!"), 3))
            words, loud = [], set()
    if words:
        yield Sentence(tuple(words), frozenset(loud), asks=False, exclamations=0)


def _excerpt(text: str) -> str:
    if len(text) > _HEAD_CHARS + _TAIL_CHARS:
        text = f"{text[:_HEAD_CHARS]}\n{text[-_TAIL_CHARS:]}"
    return unicodedata.normalize("NFC", text)


def _split(token: str) -> list[str]:
    """A word without its capitals; a Romance elision ("l'article", "n'est") becomes two."""
    word = token[:_LONGEST_WORD].replace("\u2019", "'").casefold()
    elision = _ELISION.match(word)
    if elision is None:
        return [word.rstrip("'")]
    return [elision.group(), word[elision.end() :].rstrip("'")]
