"""Phrases found in a sentence by their words: one dictionary step a word, whatever the number of phrases.

A phrase is a row of slots: `word`, `stem*`, `either|or`, `maybe?` (may be missing) and `...` (up to four words in between).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from models.lexicon.sentences import PAUSE

_GAP = 4
_SHORTEST_STEM = 2

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class _Slot:
    words: frozenset[str]
    stems: tuple[str, ...]
    optional: bool
    gap: bool

    def fits(self, word: str) -> bool:
        return word in self.words or (bool(self.stems) and word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class Found(Generic[M]):
    """A phrase at words[start:end] of a sentence, and what it means."""

    start: int
    end: int
    meaning: M


class Phrases(Generic[M]):
    """Many phrases, each with its meaning. Raises ValueError where a phrase starts with a slot that may be missing."""

    def __init__(self, meanings: Iterable[tuple[str, M]]) -> None:
        by_word: dict[str, list[tuple[tuple[_Slot, ...], M]]] = defaultdict(list)
        by_stem: dict[str, list[tuple[tuple[_Slot, ...], M]]] = defaultdict(list)
        for phrase, meaning in meanings:
            first, *rest = (_slot(part) for part in phrase.split())
            if first.optional or first.gap:
                raise ValueError(f"the phrase {phrase!r} must start with a word")
            for word in first.words:
                by_word[word].append((tuple(rest), meaning))
            for stem in first.stems:
                by_stem[stem].append((tuple(rest), meaning))

        @lru_cache(maxsize=50_000)
        def starting(word: str) -> tuple[tuple[tuple[_Slot, ...], M], ...]:
            stems = (word[:length] for length in range(_SHORTEST_STEM, len(word) + 1))
            return (*by_word.get(word, ()), *(each for stem in stems for each in by_stem.get(stem, ())))

        self._starting = starting

    def find(self, words: Sequence[str]) -> list[Found[M]]:
        """Every phrase in a sentence, in the order of their starts; they may overlap."""
        found = []
        for start, word in enumerate(words):
            for rest, meaning in self._starting(word):
                end = _end(rest, words, start + 1)
                if end is not None:
                    found.append(Found(start, end, meaning))
        return found


def _slot(part: str) -> _Slot:
    if part == "...":
        return _Slot(frozenset(), (), optional=False, gap=True)
    optional = part.endswith("?")
    choices = part.removesuffix("?").split("|")
    return _Slot(
        frozenset(choice for choice in choices if not choice.endswith("*")),
        tuple(choice.removesuffix("*") for choice in choices if choice.endswith("*")),
        optional,
        gap=False,
    )


def _end(slots: tuple[_Slot, ...], words: Sequence[str], position: int) -> int | None:
    """Where the rest of a phrase ends if it goes on at `position`; None where it does not."""
    if not slots:
        return position
    slot, rest = slots[0], slots[1:]
    if slot.gap:
        for start in range(position, min(position + _GAP, len(words)) + 1):
            end = _end(rest, words, start)
            if end is not None:
                return end
            if start < len(words) and words[start] == PAUSE:
                return None
        return None
    if position < len(words) and slot.fits(words[position]):
        end = _end(rest, words, position + 1)
        if end is not None:
            return end
    return _end(rest, words, position) if slot.optional else None
