"""The word lists of one language, read from `words/<language>.toml` and made ready to look words up in."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from models.lexicon.phrases import Phrases

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_EVERYWHERE = "any"
_SHORTEST_STEM = 3
_STRONGER, _WEAKER = 1.35, 0.65


class Cue(StrEnum):
    """What a phrase gives away beside its tone."""

    COMPLAINT = "complaint"
    PRAISE = "praise"
    QUESTION = "question"
    REQUEST = "request"
    SUGGESTION = "suggestion"
    LEGAL = "legal"
    SAFETY = "safety"
    SECURITY = "security"
    CHURN = "churn"
    PUBLIC = "public"
    VULNERABLE = "vulnerable"
    REPEATED = "repeated"
    PRESSING = "pressing"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase means: a tone weight (None: it has none of its own), and a cue where it is one."""

    weight: float | None
    cue: Cue | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """One file of `words/`: words by weight, words that shift others, phrases by weight, phrases by cue."""

    words: dict[str, str]
    shifts: dict[str, str]
    common: str = ""
    phrases: dict[str, str] = field(default_factory=dict)
    cues: dict[str, str] = field(default_factory=dict)


class Wordbook:
    """One language's words. Weights run from -4 (furious) to 4 (delighted)."""

    def __init__(self, language: str) -> None:
        tables: list[_Table] = [_table(_EVERYWHERE)] + ([_table(language)] if language in LANGUAGES else [])
        shifts: dict[str, set[str]] = {
            name: {form for table in tables for word in table.shifts.get(name, "").split() for form in _spellings(word)}
            for name in ("negators", "late_negators", "stronger", "weaker", "contrast")
        }
        self.language = language
        self.negators = frozenset(shifts["negators"])
        self.late_negators = frozenset(shifts["late_negators"])
        self.contrast = frozenset(shifts["contrast"])
        self.boosts = dict.fromkeys(shifts["stronger"], _STRONGER) | dict.fromkeys(shifts["weaker"], _WEAKER)
        self.common = frozenset(word for table in tables for word in table.common.split())
        self.phrases = Phrases(_meanings(tables))
        weights = _weights(tables, self.common)
        exact = {word: weight for word, weight in weights.items() if not word.endswith("*")}
        stems = {word.removesuffix("*"): weight for word, weight in weights.items() if word.endswith("*")}

        @lru_cache(maxsize=100_000)
        def weight(word: str) -> float:
            for form in _squeezed(word):
                if form in exact:
                    return exact[form]
                for length in range(len(form), _SHORTEST_STEM - 1, -1):
                    if form[:length] in stems:
                        return stems[form[:length]]
            return 0.0

        self.weight = weight

    def knows(self, words: Iterable[str]) -> int:
        """How many of these words are this language's: its commonest ones, and those with a weight."""
        return sum(word in self.common or self.weight(word) != 0 for word in words)


@cache
def wordbook(language: str) -> Wordbook:
    """The words of a language; for one without a list, only what is understood everywhere (emoji, "super", "ok")."""
    return Wordbook(language)


def _table(language: str) -> _Table:
    text = files("models.lexicon").joinpath("words", f"{language}.toml").read_text("utf-8")
    return _Table(**tomllib.loads(text))


def _weights(tables: Iterable[_Table], common: Iterable[str]) -> dict[str, float]:
    """Words and stems (`word*`) with their weights, also without accents; a common word is never read as another's misspelling."""
    plain = {word: float(weight) for table in tables for weight, words in table.words.items() for word in words.split()}
    weights = dict.fromkeys(common, 0.0) | {word.casefold(): weight for word, weight in plain.items()}
    for word, weight in plain.items():
        for form in _spellings(word):
            weights.setdefault(form, weight)
    return weights


def _meanings(tables: Iterable[_Table]) -> Iterator[tuple[str, Meaning]]:
    for table in tables:
        for weight, lines in table.phrases.items():
            for phrase in _lines(lines):
                yield phrase, Meaning(float(weight))
        for cue, lines in table.cues.items():
            for phrase in _lines(lines):
                yield phrase, Meaning(None, Cue(cue))


def _lines(lines: str) -> Iterator[str]:
    for line in lines.splitlines():
        if line.strip():
            yield " ".join(_slot(part) for part in line.split())


def _slot(part: str) -> str:
    words = part.removesuffix("?").split("|")
    return "|".join(form for word in words for form in _spellings(word)) + ("?" if part.endswith("?") else "")


def _spellings(word: str) -> tuple[str, ...]:
    """A word as written, without its accents, and with German umlauts spelt out."""
    word = word.casefold()
    plain = "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))
    spelt = word.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return tuple(dict.fromkeys((word, plain, spelt)))


def _squeezed(word: str) -> Iterator[str]:
    """A word, and what it may be when letters were drawn out: "soooo goood"."""
    yield word
    if re.search(r"(.)\1\1", word):
        yield re.sub(r"(.)\1{2,}", r"\1\1", word)
        yield re.sub(r"(.)\1{2,}", r"\1", word)
