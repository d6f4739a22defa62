"""Who of our people a text names: by full name, alias, title and surname, or a first name only one of them has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

from allears.domain.people import Directory, Person

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)*")
_TITLE = r"\b(?:Mr|Mrs|Ms|Miss|Dr|Herrn?|Frau|Monsieur|Madame|Mme|Señora?|Sra?|Signora?|Senhora?|Meneer|Mevrouw)\s+"
_ABBREVIATED = re.compile(r"\b(Mr|Mrs|Ms|Dr|Mme|Sra?)\.")
"""Titles whose dot ends no sentence."""
_MISSPELT = 0.8
_LONG_ENOUGH = 5


def named_in(text: str, directory: Directory, *, author: str | None) -> dict[str, str]:
    """Names of the people a text mentions, each with the sentence that does so.

    A first name counts only if one person has it and the author does not sign with it; a surname only after a
    title. Where nobody is named exactly, a misspelt name of five letters or more counts too.
    """
    signed = set((author or "").casefold().split())
    spoken = _of_one_person((word, person) for person in directory for word in {person.name, person.first_name, *person.aliases})
    spoken = {word: person for word, person in spoken.items() if word.casefold() not in signed}
    surnames = _of_one_person((person.name.split()[-1], person) for person in directory)
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(_ABBREVIATED.sub(r"\1", text[:20_000])):
        for lead, names in (("", spoken), (_TITLE, surnames)):
            longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
            for match in re.finditer(rf"{lead}\b({longest_first})\b", sentence) if names else ():
                found.setdefault(names[match[1]].name, sentence.strip())
    return found or _misspelt(text, spoken, signed)


def _of_one_person(called: Iterable[tuple[str, Person]]) -> dict[str, Person]:
    """What only one person is called; what two people are called names neither."""
    people: dict[str, list[Person]] = {}
    for word, person in called:
        people.setdefault(word, []).append(person)
    return {word: each[0] for word, each in people.items() if len(each) == 1}


def _misspelt(text: str, spoken: dict[str, Person], signed: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(text[:2_000]):
        for run in _CAPITALISED.findall(sentence):
            words = [word for word in run.split() if word.casefold() not in signed]
            for word in (*words, *(" ".join(pair) for pair in pairwise(words))):
                for name, person in spoken.items():
                    alike = len(word) >= _LONG_ENOUGH <= len(name) and word[0] == name[0] and abs(len(word) - len(name)) <= 1
                    if alike and SequenceMatcher(None, word.casefold(), name.casefold()).ratio() >= _MISSPELT:
                        found.setdefault(person.name, sentence.strip())
    return found
