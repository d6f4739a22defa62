import pytest

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.errors import ConfigurationError
from models.evaluation import evaluate, read_labels

NEG, NEU, POS = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE


def said(negative: float, neutral: float, positive: float, sentiment: Sentiment = NEU) -> Prediction:
    return Prediction(sentiment, 0, 0.5, negative, neutral, positive, Kind.OTHER, "en", Urgency.LOW)


def test_figures_of_a_small_example_worked_by_hand():
    report = evaluate([said(0.8, 0.1, 0.1), said(0.8, 0.1, 0.1), said(0.1, 0.8, 0.1), said(0.1, 0.1, 0.8)], [NEG, POS, NEU, POS])
    assert report.accuracy == 0.75
    assert report.macro_f1 == pytest.approx((2 / 3 + 1 + 2 / 3) / 3)
    assert report.macro_recall == pytest.approx((1 + 1 + 0.5) / 3)
    assert report.ece == pytest.approx(0.05)
    assert report.confusion[POS] == {NEG: 1, NEU: 0, POS: 1}
    assert not report.two_classes


def test_two_classes_are_told_apart_without_neutral():
    report = evaluate([said(0.3, 0.6, 0.1), said(0.1, 0.6, 0.3)], [NEG, POS])
    assert report.accuracy == 1
    assert report.two_classes


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        (["Neg", "neutral", "POS"], [NEG, NEU, POS]),
        ([-1, 0, 1], [NEG, NEU, POS]),
        ([0, 1], [NEG, POS]),
        ([0, 1, 2], [NEG, NEU, POS]),
        ([1, 3.0, 5], [NEG, NEU, POS]),
    ],
)
def test_labels_as_people_write_them(values: list[object], labels: list[Sentiment]):
    assert read_labels(values) == labels


def test_an_unknown_label_is_named_with_its_row():
    with pytest.raises(ConfigurationError, match="row 2: 'angry'"):
        read_labels(["pos", "angry"])


def test_one_class_is_nothing_to_tell_apart():
    with pytest.raises(ConfigurationError, match="fewer than two"):
        evaluate([said(1, 0, 0)], [NEG])
