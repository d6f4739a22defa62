"""How often "more like this" is about the same topic, on the sample business and on the corpus.

    python benchmarks/likeness.py STORE [CORPUS_TEXTS]

STORE is the store of a sample business (`allears demo DIR --no-serve` makes DIR/allears.duckdb). Of each message with a topic, the ten
nearest others in meaning: how many have its topic, by whole embeddings, by their signs, and by signs after a mean was taken off, and how
many of all pairs at most so many bits apart do. Of the corpus, which has no topics, how many of the ten are of the same trade and kind.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb
import numpy as np
from numpy.typing import NDArray

from allears.domain.meaning import APART, signs
from models.encoder import EncoderClassifier
from models.registry import BUILTIN

NEAREST = 10
Vectors = NDArray[np.float32]
ROOT = Path(__file__).parent.parent


def main() -> None:
    """Measure and print."""
    store, texts = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3000  # noqa: PLR2004 - the second argument
    model = EncoderClassifier.open(BUILTIN)
    corpus = [json.loads(line) for path in sorted((ROOT / "models/corpus").glob("*.jsonl")) for line in path.open(encoding="utf-8")]
    drawn = random.Random(1).sample(corpus, texts)
    of_corpus = model.embed([each["text"] for each in drawn])
    with duckdb.connect(str(store), read_only=True) as sample:
        found = sample.execute(
            "SELECT concat_ws(chr(10), title, text), topic FROM items WHERE status IN ('case', 'praise') ORDER BY item_id"
        ).fetchall()
    mean = of_corpus.mean(axis=0)
    tell("sample business, same topic", model.embed([text for text, _ in found]), [topic for _, topic in found], mean)
    tell("corpus, same trade and kind", of_corpus, [f"{each['trade']} {each['kind']}" for each in drawn], mean)


def tell(name: str, vectors: Vectors, labels: Sequence[str | None], mean: Vectors) -> None:
    """Print what share of the nearest carry the same label, by each way of comparing."""
    known = np.array([label is not None for label in labels])
    same = np.equal.outer(np.array(labels, object), np.array(labels, object)) & known[:, None]
    apart = distances(vectors)
    chance = same.sum(axis=1)[known].mean() / len(labels)
    print(f"{name}: {known.sum()} messages, by chance {chance:.3f}")
    for way, far in (("whole", -(vectors @ vectors.T)), ("signs", apart), ("signs, mean off", distances(vectors - mean))):
        print(
            f"  {way}: {precision(far, same, known):.3f} of the {NEAREST} nearest, {precision(far, same, known, 1):.3f} of the nearest one"
        )
    pairs = np.triu(np.ones_like(apart, bool), 1)
    near = pairs & (apart <= APART) & known[:, None] & known[None, :]
    print(f"  of {near.sum()} pairs at most {APART} bits apart: {same[near].mean():.3f}")


def distances(vectors: Vectors) -> NDArray[np.float64]:
    """How many bits each pair is apart."""
    bits = np.unpackbits(np.array([np.frombuffer(placed or bytes(48), np.uint8) for placed in signs(vectors)]), axis=1).astype(np.float32)
    return bits.shape[1] - bits @ bits.T - (1 - bits) @ (1 - bits).T


def precision(far: NDArray[np.floating], same: NDArray[np.bool_], known: NDArray[np.bool_], nearest: int = NEAREST) -> float:
    """What share of each known message's nearest others are the same."""
    far = far.astype(np.float64)
    np.fill_diagonal(far, np.inf)
    order = np.argsort(far, axis=1, kind="stable")[:, :nearest]
    return float(np.take_along_axis(same, order, axis=1)[known].mean())


if __name__ == "__main__":
    main()
