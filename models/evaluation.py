"""How well predictions meet the labels that people gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allears.domain.feedback import Prediction, Sentiment
from allears.errors import ConfigurationError
from models.agreement import Tally, calibration_error

_NEGATIVE, _NEUTRAL, _POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
_NAMES = {
    name: sentiment
    for sentiment, names in {
        _NEGATIVE: ("negative", "neg", "negativ", "négatif", "negativo", "negatief", "bad"),
        _NEUTRAL: ("neutral", "neu", "neutre", "neutro", "neutraal"),
        _POSITIVE: ("positive", "pos", "positiv", "positif", "positivo", "positief", "good"),
        Sentiment.MIXED: ("mixed",),
    }.items()
    for name in names
}
_SIGNED = {"-1": _NEGATIVE, "0": _NEUTRAL, "1": _POSITIVE, "+1": _POSITIVE}
_YES_NO = {"0": _NEGATIVE, "1": _POSITIVE}
_COUNTED = {"0": _NEGATIVE, "1": _NEUTRAL, "2": _POSITIVE}
_STARS = {"1": _NEGATIVE, "2": _NEGATIVE, "3": _NEUTRAL, "4": _POSITIVE, "5": _POSITIVE}


@dataclass(frozen=True, slots=True)
class ClassReport:
    """One class: precision, recall and F1 in [0, 1]; `support` is how many texts carry this label."""

    label: Sentiment
    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Report:
    """Agreement with the labels. All figures but `rows` are in [0, 1]; macro figures weigh every class the same.

    `confusion[label][predicted]` counts texts. `ece` is the expected calibration error over ten equal bins of confidence.
    `two_classes` says that the labels know no neutral, and that the likelier of the two was taken.
    """

    rows: int
    accuracy: float
    macro_f1: float
    macro_recall: float
    ece: float
    classes: tuple[ClassReport, ...]
    confusion: dict[Sentiment, dict[Sentiment, int]]
    two_classes: bool


def read_labels(values: Sequence[object]) -> list[Sentiment]:
    """Labels as people write them: names; -1, 0, 1; 0 and 1 (negative, positive); 0, 1, 2; or one to five stars (3 is neutral).

    Which of these it is shows in the values together. Raises ConfigurationError with the row (counted from 1) of the
    first value that is none of them.
    """
    if not values:
        raise ConfigurationError("There are no rows to evaluate.")
    words = [str(value).strip().casefold().removesuffix(".0") for value in values]
    scale = _scale(set(words))
    for row, (word, value) in enumerate(zip(words, values, strict=True), 1):
        if word not in scale:
            raise ConfigurationError(
                f"row {row}: {value!r} is no sentiment label; use negative, neutral, positive (or mixed), "
                "or throughout one of -1/0/1, 0/1, 0/1/2, or 1 to 5 stars."
            )
    return [scale[word] for word in words]


def _scale(words: set[str]) -> dict[str, Sentiment]:
    if words <= _SIGNED.keys() and words != _YES_NO.keys():
        return _SIGNED
    return next((scale for scale in (_YES_NO, _COUNTED, _STARS) if words <= scale.keys()), _NAMES)


def evaluate(predictions: Sequence[Prediction], labels: Sequence[Sentiment]) -> Report:
    """Compare, on the classes that the labels know.

    A text is counted under its likeliest of these classes; where the labels know `mixed`, under what the model says outright.
    Raises ValueError where the lengths differ, ConfigurationError where there are no rows or only one class.
    """
    if len(predictions) != len(labels):
        raise ValueError(f"{len(predictions)} predictions for {len(labels)} labels")
    classes = tuple(sentiment for sentiment in Sentiment if sentiment in set(labels))
    if len(classes) < 2:  # noqa: PLR2004  # one class can be neither hit nor missed
        raise ConfigurationError("The labels hold fewer than two classes; there is nothing to tell apart.")
    guessed = [guess(prediction, classes) for prediction in predictions]
    guesses, confidences = [each for each, _ in guessed], [confidence for _, confidence in guessed]
    tally = Tally(labels, guesses)
    hits = [each is label for each, label in zip(guesses, labels, strict=True)]
    reports = tuple(ClassReport(each, tally.precision(each), tally.recall(each), tally.f1(each), tally.support(each)) for each in classes)
    return Report(
        rows=len(labels),
        accuracy=sum(hits) / len(hits),
        macro_f1=tally.macro_f1(),
        macro_recall=sum(each.recall for each in reports) / len(reports),
        ece=calibration_error(confidences, hits),
        classes=reports,
        confusion={label: {said: tally.count(label, said) for said in classes} for label in classes},
        two_classes=set(classes) == {Sentiment.NEGATIVE, Sentiment.POSITIVE},
    )


def guess(prediction: Prediction, classes: Sequence[Sentiment]) -> tuple[Sentiment, float]:
    """Which of at least two classes a prediction comes down to, and how surely, in [0, 1]."""
    if Sentiment.MIXED in classes and prediction.sentiment in classes:
        return prediction.sentiment, prediction.confidence
    chances = {
        sentiment: chance
        for sentiment, chance in (
            (Sentiment.NEUTRAL, prediction.p_neutral),
            (Sentiment.NEGATIVE, prediction.p_negative),
            (Sentiment.POSITIVE, prediction.p_positive),
        )
        if sentiment in classes
    }
    best = max(chances, key=chances.__getitem__)
    whole = sum(chances.values())
    return best, chances[best] / whole if whole else 1 / len(chances)
