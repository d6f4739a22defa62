"""What a business's topics are known by, and which of them a text names in words near each other."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from allears.domain.feedback import TopicMatch
from allears.domain.records import TopicExample

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


MOST_EXAMPLES = 100
"""What people taught counts this often a topic, the newest first: more makes each round slower and says nothing new."""
_QUOTE = "“"


@dataclass(frozen=True, slots=True)
class Example:
    """A message that is about a topic; `by` is who filed it there, None where the configuration has it."""

    text: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic's name and what it is known by: phrases as they were written and in the words that carry meaning, and examples."""

    name: str
    phrases: tuple[tuple[str, ...], ...]
    spoken: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def known_by(self) -> tuple[str | Example, ...]:
        """Its phrases as they were written, then its examples."""
        return (*self.spoken, *self.examples)


def topic(name: str, about: str, examples: Iterable[str] = ()) -> Topic:
    """A topic from plain words: `about` holds phrases separated by commas."""
    spoken = tuple(phrase.strip() for phrase in about.split(",") if any(map(str.isalnum, phrase)))
    phrases = (tuple(word for word, _, _ in _telling(phrase)) for phrase in spoken)
    return Topic(name, tuple(phrase for phrase in phrases if phrase), spoken, tuple(map(Example, examples)))


def with_taught(topics: Iterable[Topic], taught: Sequence[TopicExample]) -> tuple[Topic, ...]:
    """The topics with what people taught of them, newest first; examples of topics that are none any more count for nothing."""
    of_topic: defaultdict[str, list[Example]] = defaultdict(list)
    for each in reversed(taught):
        of_topic[each.topic].append(Example(each.text, each.by))
    return tuple(replace(each, examples=(*each.examples, *of_topic[each.name][:MOST_EXAMPLES])) for each in topics)


def like(words: str, known: str | Example, name: str) -> str:
    """The evidence of a match by meaning: which of the customer's words are like what. Other customers' words are not quoted."""
    if isinstance(known, str):
        return f"“{clipped(words, 80)}” is like “{clipped(known, 60)}”, which is about {name}"
    if known.by is None:
        return f"“{clipped(words, 80)}” is like the example “{clipped(known.text, 60)}” of {name}"
    return f"“{clipped(words, 80)}” is like an earlier message that {known.by} filed under {name}"


def explained(match: TopicMatch) -> str:
    """Why a text is about a topic, as a sentence: a match by words has only these as its evidence."""
    why = match.evidence if match.evidence.startswith(_QUOTE) else f"“{match.evidence}” is about {match.topic}"
    return f"{why} ({match.score:.2f})."


def clipped(text: str, characters: int) -> str:
    """The text in one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= characters else line[: characters - 1].rstrip() + "…"


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
