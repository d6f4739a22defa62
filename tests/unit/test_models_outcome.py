from collections.abc import Sequence

import pytest

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.errors import ConfigurationError
from models.corpus import Message
from models.labelled import LONG_SLICE, Labelled, amid_neutral, of_corpus
from models.outcome import outcome

NEG, NEU, POS, MIX = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.MIXED
CHANCES = {NEG: (0.8, 0.1, 0.1), NEU: (0.1, 0.8, 0.1), POS: (0.1, 0.1, 0.8), MIX: (0.5, 0.0, 0.5)}


class Parrot:
    """Says of a text what its first word says, and of its reasons for urgency the rest; of any other text that it is neutral."""

    version = "parrot-1"

    def __init__(self) -> None:
        self.heard: list[str] = []

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.heard += texts
        return [self._say(text) for text in texts]

    def _say(self, text: str) -> Prediction:
        word, *reasons = text.split(", ")
        sentiment = Sentiment(word) if word in set(Sentiment) else NEU
        kind = Kind.COMPLAINT if sentiment is NEG else Kind.OTHER
        confidence = max(CHANCES[sentiment])
        return Prediction(sentiment, 0, confidence, *CHANCES[sentiment], kind, "en", Urgency.LOW, tuple(f"{each}: …" for each in reasons))


def message(text: str, sentiment: Sentiment, **changes: object) -> Message:
    fields: dict[str, object] = {
        "id": "m", "language": "en", "trade": "gym", "split": "test", "channel": "email", "kind": Kind.OTHER,
        "signals": (), "features": (), "spans": (),
    }  # fmt: skip
    return Message(text=text, sentiment=sentiment, **(fields | changes))  # type: ignore[arg-type]  # names say the types


def test_a_slice_has_the_figures_of_its_rows():
    labelled = Labelled(
        "f",
        ["negative", "neutral", "positive", "neutral"],
        [NEG, NEG, POS, NEU],
        {"shop": [("Leith",), ("Leith", "Soho"), ("Leith",), ()]},
    )
    shops = outcome(Parrot(), labelled, ["shop"]).by["shop"]
    assert list(shops) == ["Leith", "Soho"]
    assert shops["Leith"].rows == 3
    assert shops["Leith"].accuracy == pytest.approx(2 / 3)
    assert shops["Leith"].macro_f1 == pytest.approx((2 / 3 + 1) / 2)
    assert shops["Leith"].ece == pytest.approx(abs(2.4 - 2) / 3)
    assert shops["Soho"].rows == 1
    assert shops["Soho"].accuracy == 0
    assert shops["Soho"].macro_f1 is None


def test_a_column_that_is_not_there_is_left_out():
    assert outcome(Parrot(), Labelled("f", ["negative", "positive"], [NEG, POS]), ["shop"]).by == {}


def test_where_labels_know_mixed_the_models_own_word_counts():
    said = outcome(Parrot(), Labelled("f", ["mixed", "mixed", "positive"], [MIX, NEG, POS])).report
    assert said.confusion == {NEG: {NEG: 0, POS: 0, MIX: 1}, POS: {NEG: 0, POS: 1, MIX: 0}, MIX: {NEG: 0, POS: 0, MIX: 1}}
    plain = outcome(Parrot(), Labelled("f", ["mixed", "positive"], [NEG, POS])).report
    assert plain.accuracy == 1


def test_kinds_are_compared_over_all_and_by_language():
    said = outcome(
        Parrot(),
        of_corpus(
            [
                message("negative", NEG, kind=Kind.COMPLAINT),
                message("positive", POS, kind=Kind.PRAISE),
                message("neutral", NEU, kind=Kind.OTHER, language="de"),
            ]
        ),
    )
    assert said.kinds["all"].rows == 3
    assert said.kinds["all"].macro_f1 == pytest.approx((1 + 0 + 2 / 3) / 3)
    assert (said.kinds["de"].rows, said.kinds["de"].accuracy, said.kinds["de"].macro_f1) == (1, 1, None)
    assert said.kinds["all"].ece is None


def test_a_signal_is_raised_by_the_reasons_that_begin_with_its_words():
    said = outcome(
        Parrot(),
        of_corpus(
            [
                message("negative, safety, threatens to leave", NEG, signals=("safety",)),
                message("negative, threatens to leave", NEG, signals=("churn",)),
                message("positive, written in a script the model cannot read", POS, signals=("churn", "legal")),
            ]
        ),
    )
    assert (said.signals["safety"].precision, said.signals["safety"].recall, said.signals["safety"].support) == (1, 1, 1)
    assert (said.signals["churn"].precision, said.signals["churn"].recall, said.signals["churn"].support) == (0.5, 0.5, 2)
    assert (said.signals["legal"].precision, said.signals["legal"].recall) == (0, 0)


def test_corpus_messages_are_cut_by_feature_and_mixed_is_one():
    rows = [message("mixed", MIX, features=("long",)), message("negative", NEG, features=("long", "irony")), message("neutral", NEU)]
    features = outcome(Parrot(), of_corpus(rows), ["feature"]).by["feature"]
    assert {name: each.rows for name, each in features.items()} == {"long": 2, "irony": 1, "mixed": 1, LONG_SLICE: 1}


def test_long_texts_count_in_their_own_slice_only():
    rows = [message("negative", NEG), message("positive", POS), message("neutral", NEU)]
    parrot = Parrot()
    said = outcome(parrot, of_corpus(rows), ["feature"])
    assert said.report.rows == 3
    assert said.report.accuracy == 1
    assert (said.by["feature"][LONG_SLICE].rows, said.by["feature"][LONG_SLICE].accuracy) == (2, 0)
    assert len(parrot.heard) == 5
    outcome(parrot, of_corpus(rows), ["language"])
    assert len(parrot.heard) == 8


def test_a_long_text_hides_a_clear_message_amid_neutral_ones_of_its_language():
    rows = [
        message("Nie wieder!", NEG, language="de"),
        message("Wunderbar.", POS, language="de"),
        message("Teils, teils.", MIX, language="de"),
        message("Ab wann ist am Montag geöffnet?", NEU, language="de"),
        message("Bitte meine Adresse ändern.", NEU, language="de"),
        message("Where are you?", NEU, language="en"),
        message("Jamais !", NEG, language="fr"),
    ]
    long = amid_neutral(rows, words=100)
    assert sorted(long.labels) == [NEG, POS]
    for text, label in zip(long.texts, long.labels, strict=True):
        lines = text.split("\n")
        clear = "Nie wieder!" if label is NEG else "Wunderbar."
        assert set(lines) == {clear, "Ab wann ist am Montag geöffnet?", "Bitte meine Adresse ändern."}
        assert lines.count(clear) == 1
        assert 40 < len(" ".join(lines[: lines.index(clear)]).split()) < 60
        assert 100 <= len(text.split()) < 115
    assert amid_neutral(rows, words=100) == long
    assert len(amid_neutral(rows, texts=1).texts) == 1


def test_texts_of_one_class_are_refused_with_their_name():
    with pytest.raises(ConfigurationError, match=r"reviews\.csv: The labels hold fewer than two classes"):
        outcome(Parrot(), Labelled("reviews.csv", ["negative"], [NEG]))
