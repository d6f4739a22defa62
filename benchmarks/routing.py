"""How often a message's topic is found by meaning: from its plain words alone, and with 1, 3 and 10 examples a topic.

Two tasks, both through the topic finder of the product: what customers of a bank want (Banking77, its 20 commonest intents) and what
complaints are about (CFPB, by product). A topic's plain words are its name in the data. "found" is the share of messages whose surest
topic is the right one, "by topic" the mean over topics, "no topic" the share that fits none; "nearest" is what would be found if every
message had to have a topic. "strangers" are messages about something else: the share of them that fits none, as they should. Those of
the corpus are customers' of other trades; the bank's other 57 intents are as near as strangers can be. Means over five choices of the
examples.

Run: python benchmarks/routing.py [--model FOLDER] [--data DIR]
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allears.domain.feedback import Kind, Prediction
from allears.domain.nearness import Nearness
from allears.domain.topics import Topic, topic
from allears.finding_topics import TopicFinder
from allears.ports import Embedder
from models.corpus import messages
from models.registry import load

DATA = Path(__file__).parents[2] / "shared" / "data" / "sentiment" / "train"
LEAST_AT_TEN = 0.85
"""Of what bank customers want, nearest to the right topic with ten examples."""
EXAMPLES = (0, 1, 3, 10)
CHOICES = 5
INTENTS = 20
LEAST_COMPLAINTS = 25
"""Products of which there are fewer are left out."""
LONGEST = 280
"""Characters of a stranger from the corpus."""
NEAR_TRADES = ("bank", "insurance", "chatter", "clipped", "complaints")
Labelled = list[tuple[str, str]]
"""Texts, each with its topic."""


@dataclass(frozen=True, slots=True)
class Task:
    """Topics with their plain words, messages that examples are chosen from, messages whose topic is to be found, and strangers."""

    name: str
    words: dict[str, str]
    taught: Labelled
    asked: Labelled
    strangers: dict[str, list[str]]


class Remembering:
    """A classifier that keeps the vectors of texts it has placed, since every choice of examples asks for the same."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder, self.version = embedder, embedder.version
        self._placed: dict[str, NDArray[np.float32]] = {}

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """The classifier's own."""
        return self._embedder.predict(texts)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors, in order."""
        new = [text for text in dict.fromkeys(texts) if text not in self._placed]
        if new:
            self._placed.update(zip(new, self._embedder.embed(new), strict=True))
        return np.array([self._placed[text] for text in texts])

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], NDArray[np.float32]]:
        """Both."""
        return self.predict(texts), self.embed(texts)


def main(model: str, data: Path) -> int:
    """Measure and print a table for each task; 1 if the bar is missed."""
    classifier = load(model)
    if not isinstance(classifier, Embedder):
        sys.exit(f"{model} does not place texts by meaning.")
    embedder = Remembering(classifier)
    banking = intents(data)
    reached = 0.0
    for task in (banking, products(data)):
        print(f"{classifier.version}, {task.name}: {len(task.words)} topics, {len(task.asked):,} messages")
        strangers = "".join(f"{name:>24}" for name in task.strangers)
        print(f"{'examples':>8}{'found':>9}{'by topic':>10}{'no topic':>10}{'nearest':>9}   strangers:{strangers}")
        for examples in EXAMPLES:
            figures = np.mean([measured(embedder, task, examples, choice) for choice in range(CHOICES if examples else 1)], axis=0)
            told = [f"{100 * share:.1f} %" for share in figures]
            apart = "".join(f"{each:>24}" for each in told[4:])
            print(f"{examples:>8}{told[0]:>9}{told[1]:>10}{told[2]:>10}{told[3]:>9}{'':14}{apart}", flush=True)
            if task is banking and examples == max(EXAMPLES):
                reached = figures[3]
        print()
    return int(reached < LEAST_AT_TEN)


def measured(embedder: Embedder, task: Task, examples: int, choice: int) -> list[float]:
    """Shares found, found by topic, without a topic, and nearest to the right one; then of each kind of strangers without a topic."""
    chosen = chosen_examples(task.taught, examples, choice)
    topics = [topic(name, words, chosen[name]) for name, words in task.words.items()]
    taken = {text for texts in chosen.values() for text in texts}
    asked = [(text, name) for text, name in task.asked if text not in taken]
    names = [name for _, name in asked]
    found = surest(TopicFinder(topics, embedder), embedder, [text for text, _ in asked])
    right = [each == name for each, name in zip(found, names, strict=True)]
    by_topic = np.mean([np.mean([hit for hit, name in zip(right, names, strict=True) if name == each]) for each in task.words])
    nearest = nearest_topics(topics, embedder, [text for text, _ in asked])
    apart = [surest(TopicFinder(topics, embedder), embedder, texts).count(None) / len(texts) for texts in task.strangers.values()]
    hits = sum(each == name for each, name in zip(nearest, names, strict=True))
    return [float(np.mean(right)), float(by_topic), found.count(None) / len(found), hits / len(found), *apart]


def chosen_examples(taught: Labelled, examples: int, choice: int) -> dict[str, list[str]]:
    """So many examples of each topic, another choice for each number."""
    chance = random.Random(choice)
    of_topic = defaultdict(list)
    for text, name in taught:
        of_topic[name].append(text)
    return {name: chance.sample(texts, examples) for name, texts in of_topic.items()}


def surest(finder: TopicFinder, embedder: Embedder, texts: Sequence[str]) -> list[str | None]:
    """Each text's surest topic, None where none fits."""
    return [found[0].topic if found else None for found in finder.find(texts, embedder.embed(texts))]


def nearest_topics(topics: Sequence[Topic], embedder: Embedder, texts: Sequence[str]) -> list[str]:
    """Each text's nearest topic, whether it fits or not; words that are the same count for nothing."""
    known = [(index, each) for index, one in enumerate(topics) for each in one.known_by]
    placed = embedder.embed([each if isinstance(each, str) else each.text for _, each in known])
    nearness = Nearness(placed, [index for index, _ in known], [not isinstance(each, str) for _, each in known], len(topics))
    return [topics[best].name for best in (nearness.of(embedder.embed(texts)) - nearness.handicaps).argmax(axis=1)]


def intents(data: Path) -> Task:
    """The commonest intents of bank customers; the others are strangers."""
    train, test = (rows(data / f"banking77_{part}.csv", "text", "category") for part in ("train", "test"))
    common = [name for name, _ in Counter(name for _, name in train).most_common(INTENTS)]
    others = [text for text, name in test if name not in common]
    return Task(
        "what bank customers want",
        {name: name.replace("_", " ") for name in common},
        [each for each in train if each[1] in common],
        [each for each in test if each[1] in common],
        {"the bank's other intents": others, "corpus": corpus_strangers()},
    )


def products(data: Path) -> Task:
    """Complaints by product."""
    told = [each for each in rows(data / "cfpb_complaints_sample.csv", "Consumer complaint narrative", "Product") if each[0].strip()]
    common = [name for name, count in Counter(name for _, name in told).most_common() if count >= LEAST_COMPLAINTS]
    told = [each for each in told if each[1] in common]
    return Task("complaints by product", {name: name for name in common}, told, told, {"corpus": corpus_strangers()})


def rows(path: Path, text: str, name: str) -> Labelled:
    """Two columns of a file."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as file:
        return [(row[text], row[name]) for row in csv.DictReader(file)]


def corpus_strangers() -> list[str]:
    """Short messages that want something of businesses of other trades."""
    wanted = (Kind.COMPLAINT, Kind.QUESTION, Kind.SUGGESTION)
    return [
        each.text
        for each in messages(split="test")
        if each.kind in wanted and len(each.text) <= LONGEST and not each.trade.startswith(NEAR_TRADES)
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="builtin", help="another folder that `allears train` wrote")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with banking77_{train,test}.csv and cfpb_complaints_sample.csv")
    given = parser.parse_args()
    sys.exit(main(given.model, given.data))
