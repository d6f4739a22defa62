"""Who of our people a text names: by full name, alias, or a first name only one of them has."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from allears.domain.people import Directory, Person

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w'’-]+")  # noqa: RUF001 - the apostrophe customers type
_MISSPELT = 0.8
_LONG_ENOUGH = 5


def named_in(text: str, directory: Directory, *, author: str | None) -> dict[str, str]:
    """Names of the people a text mentions, each with the sentence that does so.

    A first name counts only if one person has it and the author does not sign with it. Where nobody is named
    exactly, a misspelt name of five letters or more counts too.
    """
    signed = set((author or "").casefold().split())
    spoken = {word: person for word, person in _spoken_names(directory).items() if word.casefold() not in signed}
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(text[:20_000]):
        for word, person in spoken.items():
            if re.search(rf"\b{re.escape(word)}(?:'s|’s)?\b", sentence):  # noqa: RUF001 - the apostrophe customers type
                found.setdefault(person.name, sentence.strip())
    return found or _misspelt(text, spoken)


def _spoken_names(directory: Directory) -> dict[str, Person]:
    """What each person may be called; what two people are called names neither."""
    called: dict[str, list[Person]] = {}
    for person in directory:
        for word in {person.name, person.first_name, *person.aliases}:
            called.setdefault(word, []).append(person)
    return {word: people[0] for word, people in called.items() if len(people) == 1}


def _misspelt(text: str, spoken: dict[str, Person]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(text[:2_000]):
        for word in _CAPITALISED.findall(sentence):
            for name, person in spoken.items():
                alike = len(word) >= _LONG_ENOUGH <= len(name) and word[0] == name[0] and abs(len(word) - len(name)) <= 1
                if alike and SequenceMatcher(None, word.casefold(), name.casefold()).ratio() >= _MISSPELT:
                    found.setdefault(person.name, sentence.strip())
    return found
