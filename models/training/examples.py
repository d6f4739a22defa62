"""What there is to learn from: our corpus, and public sets that may train a model that ships."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from allears.domain.feedback import Kind, Sentiment
from models.corpus import Message
from models.encoder.heads import KINDS, SENTIMENTS, SIGNALS

CORPUS = "corpus"
_LONGEST = 1_000  # characters of a public text that are read
KEPT_INTENTS = 20
_NEUTRAL_BAND = 0.5  # of the mean human rating in [-4, 4], as VADER's authors draw it


@dataclass(frozen=True, slots=True)
class Example:
    """A text with what is known of it; None where not labelled.

    Indices into SENTIMENTS and KINDS, those of the SIGNALS that are there, and the name of what is wanted.
    """

    text: str
    source: str
    sentiment: int | None = None
    kind: int | None = None
    signals: tuple[int, ...] | None = None
    intent: str | None = None


def of_message(message: Message) -> Example:
    """A corpus message as an example."""
    signals = None if message.signals is None else tuple(SIGNALS.index(each) for each in message.signals)
    return Example(message.text, CORPUS, SENTIMENTS.index(message.sentiment), KINDS.index(message.kind), signals)


def public_examples(folder: Path) -> dict[str, list[Example]]:
    """Examples of every public set found in the folder, by name of the set; sets that are not there are left out."""
    found = {name: list(reader(folder)) for name, reader in _PUBLIC.items()}
    return {name: examples for name, examples in found.items() if examples}


def _rows(path: Path, delimiter: str = ",") -> Iterator[list[str]]:
    if path.is_file():
        csv.field_size_limit(sys.maxsize)
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from csv.reader(stream, delimiter=delimiter, quoting=csv.QUOTE_NONE if delimiter == ";" else csv.QUOTE_MINIMAL)


def _table(path: Path) -> Iterator[dict[str, str]]:
    rows = _rows(path)
    header = next(rows, [])
    yield from (dict(zip(header, row, strict=False)) for row in rows)


_PLEASED = frozenset(
    ["admiration", "amusement", "approval", "caring", "excitement", "gratitude", "joy", "love", "optimism", "pride", "relief"]
)
_DISPLEASED = frozenset(
    [
        "anger",
        "annoyance",
        "disappointment",
        "disapproval",
        "disgust",
        "embarrassment",
        "fear",
        "grief",
        "nervousness",
        "remorse",
        "sadness",
    ]
)


def _goemotions(folder: Path) -> Iterator[Example]:
    for part in ("train", "dev", "test"):
        for row in _table(folder / f"goemotions_{part}.csv"):
            emotions = set(row["emotions"].split("|"))
            pleased, displeased = bool(emotions & _PLEASED), bool(emotions & _DISPLEASED)
            if "neutral" in emotions and (pleased or displeased):
                continue  # the raters did not agree
            sentiment = (
                Sentiment.MIXED
                if pleased and displeased
                else Sentiment.POSITIVE
                if pleased
                else Sentiment.NEGATIVE
                if displeased
                else Sentiment.NEUTRAL
            )
            yield Example(row["text"], "goemotions", SENTIMENTS.index(sentiment))


def _rated(name: str) -> Callable[[Path], Iterator[Example]]:
    def read(folder: Path) -> Iterator[Example]:
        for row in _table(folder / f"vader_{name}Snippets.csv"):
            rating = float(row["mean_rating_-4_4"])
            sentiment = (
                Sentiment.POSITIVE if rating > _NEUTRAL_BAND else Sentiment.NEGATIVE if rating < -_NEUTRAL_BAND else Sentiment.NEUTRAL
            )
            yield Example(row["text"], name, SENTIMENTS.index(sentiment))

    return read


def _stack_overflow(folder: Path) -> Iterator[Example]:
    for part in ("train3098", "test1326"):
        for row in _rows(folder / f"{part}itemPOLARITY.csv", ";"):
            yield Example(";".join(row[2:]).strip('"'), "stack-overflow", SENTIMENTS.index(Sentiment(row[1])))


def _regulator(folder: Path) -> Iterator[Example]:
    for row in _table(folder / "cfpb_complaints_sample.csv"):
        if text := row.get("Consumer complaint narrative", "").strip():
            yield Example(text[:_LONGEST], "cfpb", SENTIMENTS.index(Sentiment.NEGATIVE), KINDS.index(Kind.COMPLAINT))


def _clothing(folder: Path) -> Iterator[Example]:
    by_stars = {1: Sentiment.NEGATIVE, 2: Sentiment.NEGATIVE, 4: Sentiment.POSITIVE, 5: Sentiment.POSITIVE}
    for row in _table(folder / "womens_clothing_sample.csv"):
        sentiment = by_stars.get(int(row["Rating"]))
        if sentiment and (text := row["ReviewText"].strip()):
            yield Example(text[:_LONGEST], "clothing", SENTIMENTS.index(sentiment))


def _banking(folder: Path) -> Iterator[Example]:
    """The commonest intents are left out altogether: routing by a few examples is measured on them."""
    rows = list(_table(folder / "banking77_train.csv"))
    kept = {intent for intent, _ in Counter(row["category"] for row in rows).most_common(KEPT_INTENTS)}
    for row in rows:
        if row["category"] not in kept:
            yield Example(row["text"], "banking77", intent=row["category"])


_PUBLIC: dict[str, Callable[[Path], Iterator[Example]]] = {
    "goemotions": _goemotions,
    "movieReview": _rated("movieReview"),
    "nytEditorial": _rated("nytEditorial"),
    "stack-overflow": _stack_overflow,
    "cfpb": _regulator,
    "clothing": _clothing,
    "banking77": _banking,
}
