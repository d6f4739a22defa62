"""Whom of our people a text names: by full name, alias, title and surname, or first name; for certain, or perhaps."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from allears.domain.people import Directory

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_CAPITALISED = re.compile(r"\b[^\W\d_a-z][\w'’-]+(?: [^\W\d_a-z][\w'’-]+)*")
_TITLE = r"\b(?:Mr|Mrs|Ms|Miss|Dr|Herrn?|Frau|Monsieur|Madame|Mme|Señora?|Sra?|Signora?|Senhora?|Meneer|Mevrouw)\s+"
_ABBREVIATED = re.compile(r"\b(Mr|Mrs|Ms|Dr|Mme|Sra?)\.")
"""Titles whose dot ends no sentence."""
_MISSPELT = 0.85
"""A letter more or less, or a wrong one in a long name."""
_LIKE = 0.8
"""A wrong letter in a short name: "Priah" may be Priya, and "Prima" is none."""
_LONG_ENOUGH = 5

Called = Mapping[str, tuple[str, ...]]
"""What people are called, and the names of those who are called so."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A sentence that names somebody: the only one of these `people`, or, unless it is certain, perhaps one of them."""

    people: tuple[str, ...]
    sentence: str
    is_certain: bool


def named_in(text: str, directory: Directory, *, author: str | None) -> dict[str, str]:
    """Names of the people a text mentions for certain, each with the sentence that does so.

    A first name counts only if one person has it and the author does not sign with it; a surname only after a
    title. Where nobody is named exactly, a misspelt name of five letters or more counts too.
    """
    found: dict[str, str] = {}
    for mention in _mentions(text, directory, author):
        if mention.is_certain:
            found.setdefault(mention.people[0], mention.sentence)
    return found


def perhaps_named_in(text: str, directory: Directory, *, author: str | None) -> tuple[tuple[str, ...], ...]:
    """Names of the people of whom a text may mean one, for each word that leaves it open; nobody whom it names for certain.

    Several people may be called so, or a word may be no more than like a name.
    """
    mentions = _mentions(text, directory, author)
    certain = {mention.people[0] for mention in mentions if mention.is_certain}
    open_ones = (mention.people for mention in mentions if not mention.is_certain)
    return tuple(dict.fromkeys(people for people in open_ones if certain.isdisjoint(people)))


def called(name: str, directory: Directory) -> tuple[str, ...]:
    """Names of the people who are called so, whatever the case: in full, by an alias, or by a first name."""
    wanted = " ".join(name.casefold().split())
    return tuple(
        person.name for person in directory if wanted in {each.casefold() for each in (person.name, person.first_name, *person.aliases)}
    )


def _mentions(text: str, directory: Directory, author: str | None) -> list[Mention]:
    """Who is named exactly; if nobody is for certain, whose name is misspelt as well; if nobody at all, whose name a word is like."""
    signed = set((author or "").casefold().split())
    spoken = _called((word, person.name) for person in directory for word in {person.name, person.first_name, *person.aliases})
    spoken = {word: people for word, people in spoken.items() if word.casefold() not in signed}
    surnames = _called((person.name.split()[-1], person.name) for person in directory)
    exact = list(_exact(text[:20_000], spoken, surnames))
    if any(mention.is_certain for mention in exact):
        return exact
    words = list(_unknown_words(text[:2_000], {*spoken, *signed}))
    return [*exact, *_misspelt(words, spoken)] or list(_like(words, spoken))


def _called(names: Iterable[tuple[str, str]]) -> Called:
    people: dict[str, tuple[str, ...]] = {}
    for word, name in names:
        people[word] = (*people.get(word, ()), name)
    return people


def _exact(text: str, spoken: Called, surnames: Called) -> Iterator[Mention]:
    patterns = [(_any_of(lead, names), names) for lead, names in (("", spoken), (_TITLE, surnames)) if names]
    for sentence in _SENTENCE.findall(_ABBREVIATED.sub(r"\1", text)):
        for pattern, names in patterns:
            for match in pattern.finditer(sentence):
                people = names[match[1]]
                yield Mention(people, sentence.strip(), is_certain=len(people) == 1)


def _any_of(lead: str, names: Called) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"{lead}\b({longest_first})\b")


def _unknown_words(text: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Capitalised words, and pairs of them, that are long enough to be a name and not just what one is called; with their sentences."""
    for sentence in _SENTENCE.findall(text):
        for run in _CAPITALISED.findall(sentence):
            words = [word for word in run.split() if word.casefold() not in known]
            for word in (*words, *(" ".join(pair) for pair in pairwise(words))):
                if len(word) >= _LONG_ENOUGH and word not in known:
                    yield word, sentence.strip()


def _misspelt(words: Iterable[tuple[str, str]], spoken: Called) -> Iterator[Mention]:
    for word, sentence in words:
        people = _whose(word, spoken, _MISSPELT, swapped=True)
        if people:
            yield Mention(people, sentence, is_certain=len(people) == 1)


def _like(words: Iterable[tuple[str, str]], spoken: Called) -> Iterator[Mention]:
    """Not at the beginning of a sentence, where every word is capitalised."""
    for word, sentence in words:
        people = _whose(word, spoken, _LIKE)
        if people and not sentence.startswith(word):
            yield Mention(people, sentence, is_certain=False)


def _whose(word: str, spoken: Called, likeness: float, *, swapped: bool = False) -> tuple[str, ...]:
    """The people called so alike, in [0, 1], or, with `swapped`, with the same letters in another order."""
    like: dict[str, None] = {}
    for name, people in spoken.items():
        if len(name) >= _LONG_ENOUGH and word[0] == name[0] and abs(len(word) - len(name)) <= 1:
            one, other = word.casefold(), name.casefold()
            if (swapped and sorted(one) == sorted(other)) or SequenceMatcher(None, one, other).ratio() >= likeness:
                like.update(dict.fromkeys(people))
    return tuple(like)
