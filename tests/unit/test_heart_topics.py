"""Topics found by meaning: with a few phrases, with what people taught, and where none of ours fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from allears.domain.feedback import Kind, Prediction, Sentiment, TopicMatch
from allears.domain.nearness import Nearness
from allears.domain.records import TopicExample
from allears.domain.topics import MOST_EXAMPLES, Topic, explained, topic, with_taught
from allears.finding_topics import TopicFinder
from tests.builders import NOW, an_item, said

MEANINGS = (
    {"parcel", "package", "courier", "delivered", "colis", "paket"},
    {"charged", "invoice", "money", "bill", "rechnung"},
    {"grinder", "machine", "kettle", "broken"},
    {"choir", "weather", "football"},
)
DELIVERY, BILLING = topic("delivery", "parcel late"), topic("billing", "charged twice")


class Placer:
    """Places a text by the meanings of its words, one dimension each; knows what it was asked."""

    version = "placer-1"

    def __init__(self) -> None:
        self.read: list[str] = []
        self.embedded: list[list[str]] = []

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.read += texts
        return [said(Kind.COMPLAINT, Sentiment.NEGATIVE) for _ in texts]

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.append(list(texts))
        return np.array([placed(text) for text in texts])

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], NDArray[np.float32]]:
        return self.predict(texts), np.array([placed(text) for text in texts])


class Deaf:
    """A classifier that cannot place texts."""

    version = "deaf-1"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [said() for _ in texts]


def placed(text: str) -> NDArray[np.float32]:
    words = re.findall(r"\w+", text.casefold())
    counts = np.array([sum(word in meaning for word in words) for meaning in MEANINGS], np.float32)
    return counts / max(float(np.linalg.norm(counts)), 1e-9)


def found(text: str, *topics: Topic, classifier: Any = None, quoting: bool = True) -> tuple[TopicMatch, ...]:
    finder = TopicFinder(topics or (DELIVERY, BILLING), classifier or Placer())
    _, vectors = finder.read([text])
    return finder.find([text], vectors, [quoting])[0]


def taught(topic: str, text: str, by: str = "Ada Brook", number: int = 1) -> TopicExample:
    return TopicExample(number, topic, text, an_item(str(number)).id, by, NOW)


class TestByMeaning:
    def test_other_words_of_the_same_meaning_are_about_the_topic(self):
        (match,) = found("Mon colis, toujours rien.")
        assert match.topic == "delivery"
        assert explained(match) == f"“Mon colis, toujours rien.” is like “parcel late”, which is about delivery ({match.score:.2f})."

    def test_the_sentence_that_says_so_is_quoted(self):
        (match,) = found("Hello there. It costs 3.50 in all. The package never came. Best wishes, Jo")
        assert match.evidence.startswith("“The package never came.” is like “parcel late”")

    def test_where_nobody_reads_it_the_beginning_is_quoted_and_no_sentence_is_looked_at(self):
        classifier = Placer()
        (match,) = found("Hello there. The package never came.", classifier=classifier, quoting=False)
        assert match.evidence.startswith("“Hello there. The package never came.” is like")
        assert classifier.embedded == [["parcel late", "charged twice"]]

    def test_a_long_message_is_quoted_in_short(self):
        (match,) = found("The package " + "never " * 40 + "came")
        assert len(match.evidence) < 150
        assert "…” is like" in match.evidence

    def test_words_near_each_other_make_it_surer_and_are_what_is_quoted(self):
        (by_words,), (by_meaning,) = found("Football: the parcel is late."), found("Football: the courier is slow.")
        assert by_words.evidence == "parcel is late"
        assert by_words.score > by_meaning.score
        assert explained(by_words) == f"“parcel is late” is about delivery ({by_words.score:.2f})."

    @pytest.mark.parametrize("text", ["Our choir sings on Friday.", "", "!?", "漢字"])
    def test_what_is_about_something_else_or_cannot_be_placed_fits_none(self, text: str):
        assert found(text) == ()

    def test_a_message_may_be_about_two_topics(self):
        matches = found("The package came, and you took the money again.")
        assert {match.topic for match in matches} == {"delivery", "billing"}
        assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)

    def test_one_topic_alone_does_not_fit_everything(self):
        assert [match.topic for match in found("The courier was rude.", DELIVERY)] == ["delivery"]
        assert found("The invoice is wrong.", DELIVERY) == ()

    def test_without_vectors_words_alone_decide(self):
        assert found("The courier is slow.", classifier=Deaf()) == ()
        (match,) = found("The parcel is late.", classifier=Deaf())
        assert (match.topic, match.score, match.evidence) == ("delivery", 0.8, "parcel is late")

    def test_each_text_is_read_once_and_what_topics_are_known_by_once_a_run(self):
        classifier = Placer()
        finder = TopicFinder((DELIVERY, BILLING), classifier)
        for text in ("The courier is slow.", "My bill is wrong."):
            _, vectors = finder.read([text])
            finder.find([text], vectors, [True])
        assert classifier.read == ["The courier is slow.", "My bill is wrong."]
        assert classifier.embedded == [["parcel late", "charged twice"]]

    def test_no_texts_have_no_topics(self):
        finder = TopicFinder((DELIVERY,), Placer())
        predictions, vectors = finder.read([])
        assert (predictions, finder.find([], vectors, [])) == ([], [])

    def test_without_topics_texts_are_placed_and_compared_with_nothing(self):
        classifier = Placer()
        finder = TopicFinder((topic("key accounts", ""),), classifier)
        _, vectors = finder.read(["Hello"])
        assert vectors is not None
        assert finder.find(["Hello"], vectors, [True]) == [()]
        assert classifier.embedded == []


class TestExamples:
    def test_a_message_like_one_that_was_filed_goes_where_that_was_and_the_other_customers_words_stay_theirs(self):
        repair = with_taught((DELIVERY, topic("repair", "warranty")), [taught("repair", "My secret kettle no. 4471 is broken.")])
        assert found("The grinder is broken again.", DELIVERY, topic("repair", "warranty")) == ()
        (match,) = found("The grinder is broken again.", *repair)
        assert match.evidence == "“The grinder is broken again.” is like an earlier message that Ada Brook filed under repair"
        assert "4471" not in explained(match)

    def test_an_example_of_the_configuration_is_named(self):
        (match,) = found("The grinder is broken.", DELIVERY, topic("repair", "", ["My kettle leaks since May"]))
        assert match.evidence == "“The grinder is broken.” is like the example “My kettle leaks since May” of repair"

    def test_a_topic_that_was_taught_does_not_take_the_messages_of_the_others(self):
        examples = [taught("delivery", f"My package and the money, number {number}", number=number) for number in range(1, 6)]
        (match, *_) = found("The money was taken again", *with_taught((DELIVERY, BILLING), examples))
        assert match.topic == "billing"

    def test_examples_of_a_topic_that_is_none_any_more_count_for_nothing(self):
        assert with_taught((DELIVERY,), [taught("press", "A question of a journalist")]) == (DELIVERY,)

    def test_the_newest_count(self):
        many = [taught("delivery", f"Message {number}", number=number) for number in range(1, MOST_EXAMPLES + 6)]
        (delivery,) = with_taught((DELIVERY,), many)
        assert [example.text for example in delivery.examples[:1]] == [f"Message {MOST_EXAMPLES + 5}"]
        assert len(delivery.examples) == MOST_EXAMPLES


@given(st.integers(1, 30), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_any_vectors_can_be_compared_even_the_same_one_under_several_topics(known: int, topics: int, seed: int):
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=(known, 8)).astype(np.float32)[chance.integers(known, size=known)]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    topic_of = chance.integers(topics, size=known).tolist()
    nearness = Nearness(vectors, topic_of, (chance.random(known) < 0.5).tolist(), topics)
    belongs = nearness.of(np.vstack([vectors, np.zeros((1, 8), np.float32)]))
    assert belongs.shape == (known + 1, topics)
    assert np.isfinite(belongs).all()
    assert (belongs[-1] == 0).all()
    _, closest = nearness.closest(vectors[:1], topic_of[0])
    assert vectors[closest] @ vectors[0] == pytest.approx(1, abs=1e-5)
    assert topic_of[closest] == topic_of[0]
