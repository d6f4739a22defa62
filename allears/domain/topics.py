"""Which topics a text is about, by the plain words a business describes them with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from allears.domain.feedback import TopicMatch

_WORD = re.compile(r"\w+")
_STEM = 5
_ENDING = 4
"""Words agree when their first five letters do and neither is more than four letters longer: "charged" and "charges", "Rechnung" and
"Rechnungen", but not "Kaffee" and "Kaffeemaschine"."""
_NEAR = 12
"""Words of one phrase stand within this many words of each other."""
_LITTLE = frozenset(
    [
        "the",
        "and",
        "for",
        "was",
        "not",
        "are",
        "with",
        "too",
        "der",
        "die",
        "das",
        "und",
        "ist",
        "nicht",
        "les",
        "des",
        "pas",
        "est",
        "une",
        "los",
        "las",
        "del",
        "por",
        "una",
        "dos",
        "das",
        "het",
        "een",
        "niet",
        "van",
        "che",
        "non",
    ]
)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's name and the phrases it is described by, in the words that carry meaning."""

    name: str
    phrases: tuple[tuple[str, ...], ...]


def topic(name: str, about: str) -> Topic:
    """A topic from plain words: `about` holds phrases separated by commas."""
    phrases = (tuple(word for word, _, _ in _telling(phrase)) for phrase in about.split(","))
    return Topic(name, tuple(phrase for phrase in phrases if phrase))


def matches(text: str, topics: Iterable[Topic]) -> tuple[TopicMatch, ...]:
    """Topics the text is about, the surest first. One phrase gives 0.6 to 0.9 by its length, further ones add to it."""
    words = list(_telling(text[:20_000]))
    places: dict[str, list[tuple[int, int]]] = {}
    for index, (word, _, _) in enumerate(words):
        places.setdefault(word[:_STEM], []).append((index, len(word)))
    found = []
    for each in topics:
        score, evidence = 0.0, ""
        for phrase in each.phrases:
            span = _span(phrase, places)
            if span is None:
                continue
            weight = min(0.5 + 0.15 * len(set(phrase)), 0.9)
            score = max(score, weight) if score == 0 else score + (1 - score) * 0.3
            words_said = text[words[span[0]][1] : words[span[1]][2]]
            evidence = max(evidence, words_said, key=len)
        if score:
            found.append(TopicMatch(each.name, round(score, 2), " ".join(evidence.split())[:80]))
    return tuple(sorted(found, key=lambda match: -match.score))


def _span(phrase: tuple[str, ...], places: dict[str, list[tuple[int, int]]]) -> tuple[int, int] | None:
    """First and last word of the closest place where all words of a phrase stand near each other."""
    found = [[index for index, length in places.get(word[:_STEM], ()) if abs(length - len(word)) <= _ENDING] for word in phrase]
    if not all(found):
        return None
    best: tuple[int, int] | None = None
    for start in found[0]:
        spots = [min(indexes, key=lambda index: abs(index - start)) for indexes in found]
        low, high = min(spots), max(spots)
        if high - low < _NEAR and (best is None or high - low < best[1] - best[0]):
            best = low, high
    return best


def _telling(text: str) -> Iterable[tuple[str, int, int]]:
    """Every word that carries meaning, without case and accents, and where it starts and ends."""
    for match in _WORD.finditer(text):
        word = unicodedata.normalize("NFKD", match[0].casefold())
        plain = "".join(letter for letter in word if not unicodedata.combining(letter))
        if len(plain) > 2 and plain not in _LITTLE:  # noqa: PLR2004 - two letters carry no topic
            yield plain, match.start(), match.end()
