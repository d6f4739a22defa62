"""A whole text read: its language, its tone and its cues, before anything is judged from them."""

from __future__ import annotations

from dataclasses import dataclass

from models.language import UNKNOWN, detect
from models.lexicon.sentences import sentences
from models.lexicon.tone import Tone, tone
from models.lexicon.wordbook import LANGUAGES, Cue, Wordbook, wordbook


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of a text give away, sentence by sentence. `language` is ISO 639-1 or "und"."""

    language: str
    tones: tuple[Tone, ...]

    @property
    def good(self) -> float:
        """All the good it says, >= 0."""
        return sum(each.good for each in self.tones)

    @property
    def bad(self) -> float:
        """All the bad it says, <= 0."""
        return sum(each.bad for each in self.tones)

    def words_for(self, cue: Cue) -> str | None:
        """The words that first gave a cue; None where nothing did."""
        return next((words for each in self.tones for found, words in each.cues if found is cue), None)

    def has(self, cue: Cue) -> bool:
        """Whether any sentence gives a cue."""
        return any(each.has(cue) for each in self.tones)


def read(text: str, language: str | None = None) -> Reading:
    """Read a text with the words of its language, detected where not given. Never raises.

    A text in an unknown language is read by its emoji alone.
    """
    parts = tuple(sentences(text))
    language = language or detect(text)
    if language == UNKNOWN:
        language = _most_known([word for part in parts for word in part.words])
    book = wordbook(language if language in LANGUAGES else UNKNOWN)
    return Reading(language, tuple(tone(part, book) for part in parts))


def _most_known(words: list[str]) -> str:
    """A few words say too little to a language model, but may stand in one language's word list only."""
    known = {language: wordbook(language).knows(words) - _shared().knows(words) for language in LANGUAGES}
    most = max(known.values())
    leaders = [language for language, count in known.items() if count == most]
    return leaders[0] if most > 0 and len(leaders) == 1 else UNKNOWN


def _shared() -> Wordbook:
    return wordbook(UNKNOWN)
