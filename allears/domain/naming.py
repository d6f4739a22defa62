"""Who of our people a text names: by full name, alias, title and surname, or a first name only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from allears.domain.people import Directory, Person

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)?")  # noqa: RUF001 - the apostrophe customers type
_TITLES = (
    *("Mr", "Mrs", "Ms", "Miss", "Dr", "Herr", "Herrn", "Frau", "Monsieur", "Madame", "Mme", "Señor", "Señora", "Sr", "Sra"),
    *("Signor", "Signora", "Senhor", "Senhora", "Meneer", "Mevrouw"),
)
_MISSPELT = 0.8
_LONG_ENOUGH = 5


def named_in(text: str, directory: Directory, *, author: str | None) -> dict[str, str]:
    """Names of the people a text mentions, each with the sentence that does so.

    A first name counts only if one person has it and the author does not sign with it; a surname only after a
    title. Where nobody is named exactly, a misspelt name of five letters or more counts too.
    """
    signed = set((author or "").casefold().split())
    spoken = {word: person for word, person in _spoken_names(directory).items() if word.casefold() not in signed}
    pattern = _pattern(tuple(sorted(spoken, key=len, reverse=True)))
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(text[:20_000]) if spoken else ():
        for match in pattern.finditer(sentence):
            found.setdefault(spoken[" ".join(match[0].replace(".", "").split())].name, sentence.strip())
    return found or _misspelt(text, spoken)


@lru_cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words, the longest first; a title may have a dot."""
    return re.compile(rf"\b(?:{'|'.join(re.escape(word).replace(' ', r'[.]?[ ]') for word in words)})\b".replace("\\[.]", "[.]"))


def _spoken_names(directory: Directory) -> dict[str, Person]:
    """What each person may be called; what two people are called names neither."""
    called: dict[str, list[Person]] = {}
    for person in directory:
        for word in {person.name, person.first_name, *person.aliases, *_titled(person)}:
            called.setdefault(word, []).append(person)
    return {word: people[0] for word, people in called.items() if len(people) == 1}


def _titled(person: Person) -> Iterable[str]:
    surname = person.name.split()[-1]
    return (f"{title} {surname}" for title in _TITLES)


def _misspelt(text: str, spoken: dict[str, Person]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(text[:2_000]):
        for words in _CAPITALISED.findall(sentence):
            for word in {words, *words.split()}:
                for name, person in spoken.items():
                    alike = len(word) >= _LONG_ENOUGH <= len(name) and word[0] == name[0] and abs(len(word) - len(name)) <= 1
                    if alike and SequenceMatcher(None, word.casefold(), name.casefold()).ratio() >= _MISSPELT:
                        found.setdefault(person.name, sentence.strip())
    return found
