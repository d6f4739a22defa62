"""What is understood of a message: the classifier's word, its topics, and whom it praises."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from allears.domain.feedback import FeedbackItem, Kind, Prediction, Sentiment
from allears.domain.topics import topic
from allears.understanding import Reader, understand_waiting
from tests.builders import SUPPORT, StandingClock, a_directory, a_page, a_store, an_item, said

GOOD, BAD = said(Kind.PRAISE, Sentiment.POSITIVE), said()
MIXED = said(sentiment=Sentiment.MIXED)
PLAIN = said(Kind.OTHER, Sentiment.NEUTRAL)


class ToldClassifier:
    """Says of each text what it was told, else that it is plain; remembers how it was asked."""

    version = "told-1"

    def __init__(self, **told: Prediction) -> None:
        self.told = told
        self.calls: list[list[str]] = []

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.calls.append(list(texts))
        return [next((prediction for word, prediction in self.told.items() if word in text), PLAIN) for text in texts]


def read(item: FeedbackItem, **told: Prediction):
    reader = Reader(ToldClassifier(**told), (topic("delivery", "parcel late"),), a_directory())
    (known,) = reader.understand([item])
    return known


def test_an_understanding_holds_the_models_word_and_the_topics():
    known = read(an_item(title="My parcel", text="It is late."), late=BAD)
    assert (known.item_id, known.prediction, known.model_version) == (an_item().id, BAD, "told-1")
    assert [match.topic for match in known.topics] == ["delivery"]


def test_praise_reaches_whom_it_names():
    assert read(an_item(text="Priya was kind. Ada too."), kind=GOOD).praised == ("Priya Nair", "Ada Brook")


def test_a_complaint_praises_nobody():
    assert read(an_item(text="Priya was rude."), rude=BAD).praised == ()


def test_in_mixed_words_only_who_stands_in_a_sentence_that_is_not_negative():
    text = "The bean was burnt all over. Priya was a dear. Ada was rude."
    assert read(an_item(text=text), bean=MIXED, dear=GOOD, rude=BAD).praised == ("Priya Nair",)


def test_praise_is_praise_even_in_a_sentence_that_sounds_negative():
    assert read(an_item(text="Great. Nobody else cared, Priya did."), Great=GOOD, cared=BAD).praised == ("Priya Nair",)


def test_the_person_a_source_names_is_praised():
    assert read(an_item(text="Lovely.", source_person="Ada Brook"), Lovely=GOOD).praised == ("Ada Brook",)


@pytest.mark.parametrize(("person", "prediction"), [("Nobody Known", GOOD), ("Ada Brook", BAD), ("Ada Brook", MIXED)])
def test_but_not_a_stranger_and_not_for_a_complaint(person: str, prediction: Prediction):
    assert read(an_item(text="Lovely.", source_person=person), Lovely=prediction).praised == ()


def test_a_batch_keeps_its_order_and_asks_twice():
    classifier = ToldClassifier(kind=GOOD, rude=BAD)
    items = [an_item("1", "Priya was kind."), an_item("2", "Ada was rude."), an_item("3", "Ada was kind.")]
    known = Reader(classifier, (), a_directory()).understand(items)
    assert [each.praised for each in known] == [("Priya Nair",), (), ("Ada Brook",)]
    assert len(classifier.calls) == 2


def test_everything_that_waits_is_understood_once(tmp_path: Path, clock: StandingClock):
    store = a_store(tmp_path / "store.duckdb", clock)
    store.record_page(SUPPORT, a_page(an_item(str(n)) for n in range(7)), clock.now())
    reader = Reader(ToldClassifier(), (), a_directory())
    seen: list[int] = []
    assert understand_waiting(store, reader, seen.append) == 7
    assert understand_waiting(store, reader, seen.append) == 0
    assert seen == [7]
    assert len(store.items_to_route(10)) == 7
    store.close()
