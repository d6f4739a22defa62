"""Where messages lie by their meaning: signs of their embeddings, kept with what was understood."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from allears.domain.feedback import Prediction
from allears.domain.meaning import BITS, nearness, signs
from allears.domain.topics import topic
from allears.understanding import Reader
from tests.builders import a_directory, an_item, said


class Placing:
    """A classifier that places each text by its length, and counts how often it reads."""

    version = "placing-1"

    def __init__(self) -> None:
        self.read = 0

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [said() for _ in texts]

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.read += len(texts)
        vectors = np.zeros((len(texts), BITS), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[: len(text)] = 1
        return vectors

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], np.ndarray]:
        return self.predict(texts), self.embed(texts)


class Plain:
    """A classifier that places nothing."""

    version = "plain-1"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [said() for _ in texts]


def test_signs_are_one_bit_a_dimension_and_none_for_what_cannot_be_read():
    vectors = np.array([[0.5, -0.5] * (BITS // 2), [0.0] * BITS], np.float32)
    assert signs(vectors) == [bytes([0b10101010] * 48), None]


def test_embeddings_of_another_size_are_placed_too():
    assert [len(placed or b"") for placed in signs(np.ones((1, 768), np.float32))] == [48]
    assert signs(np.ones((1, 8), np.float32)) == [b"\xff" + bytes(47)]
    assert signs(np.zeros((0, 0), np.float32)) == []


def test_nearness_falls_from_one_to_none():
    assert nearness(0) == 1
    assert nearness(64) == pytest.approx(0.866, abs=0.001)
    assert nearness(192) == nearness(300) == pytest.approx(0)


@pytest.mark.parametrize("topics", [(), (topic("billing", "charged twice"),)])
def test_a_message_is_placed_with_what_is_understood_of_it_and_read_once(topics):
    placing = Placing()
    reader = Reader(placing, topics, a_directory())
    (understanding,) = reader.understand([an_item(text="abc")])
    assert understanding.meaning == bytes([0b11100000]) + bytes(47)
    assert placing.read <= 1 + sum(len(each.known_by) for each in topics)


def test_a_model_that_places_nothing_leaves_messages_without_a_place():
    (understanding,) = Reader(Plain(), (), a_directory()).understand([an_item()])
    assert understanding.meaning is None
