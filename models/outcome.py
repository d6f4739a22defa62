"""What one model makes of labelled texts: as a whole, in slices, and by kind and urgency signal where people labelled those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allears.domain.feedback import Prediction, Sentiment
from allears.errors import ConfigurationError
from allears.ports import Classifier
from models.agreement import Figures, Tally, figures
from models.encoder.classifier import REASONS
from models.evaluation import Report, evaluate, guess
from models.labelled import FEATURE, Labelled

ALL = "all"

# So many texts at once: enough to batch by length, few enough to stay small in memory.
_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class SignalReport:
    """One urgency signal: precision and recall in [0, 1]; `support` texts carry it."""

    precision: float
    recall: float
    support: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """All figures of one model on one set.

    `by[column][value]` are slices, the largest first; `kinds` is by language, with "all"; both `kinds` and `signals` are empty where
    nothing is labelled.
    """

    version: str
    report: Report
    by: Mapping[str, Mapping[str, Figures]]
    kinds: Mapping[str, Figures]
    signals: Mapping[str, SignalReport]


def outcome(classifier: Classifier, labelled: Labelled, by: Sequence[str] = ()) -> Outcome:
    """Let the model read the texts and compare; columns of `by` that the texts do not have are left out. Raises ConfigurationError."""
    try:
        said = _said(classifier, labelled.texts)
        report = evaluate(said, labelled.labels)
    except ConfigurationError as error:
        raise ConfigurationError(f"{labelled.name}: {error}") from error
    classes = tuple(each.label for each in report.classes)
    slices = {column: _slices(said, labelled, column, classes) for column in by if column in labelled.columns}
    for name, beside in labelled.beside.items() if FEATURE in slices else ():
        if beside.texts:
            slices[FEATURE][name] = _figures(_said(classifier, beside.texts), beside.labels, classes)
    return Outcome(classifier.version, report, slices, _kinds(said, labelled), _signals(said, labelled))


def _said(classifier: Classifier, texts: Sequence[str]) -> list[Prediction]:
    return [each for start in range(0, len(texts), _AT_ONCE) for each in classifier.predict(texts[start : start + _AT_ONCE])]


def _slices(said: Sequence[Prediction], labelled: Labelled, column: str, classes: Sequence[Sentiment]) -> dict[str, Figures]:
    parts = sorted(_parts(labelled.columns[column]).items(), key=lambda part: (-len(part[1]), part[0]))
    return {value: _figures([said[row] for row in rows], [labelled.labels[row] for row in rows], classes) for value, rows in parts}


def _parts(values: Sequence[tuple[str, ...]]) -> dict[str, list[int]]:
    """The rows of each value; a row can have several values, or none."""
    rows: dict[str, list[int]] = {}
    for row, of_row in enumerate(values):
        for value in of_row:
            rows.setdefault(value, []).append(row)
    return rows


def _figures(said: Sequence[Prediction], labels: Sequence[Sentiment], classes: Sequence[Sentiment]) -> Figures:
    guessed = [guess(prediction, classes) for prediction in said]
    return figures(labels, [each for each, _ in guessed], [confidence for _, confidence in guessed])


def _kinds(said: Sequence[Prediction], labelled: Labelled) -> dict[str, Figures]:
    if labelled.kinds is None:
        return {}
    rows = {ALL: list(range(len(said))), **_parts(labelled.columns.get("language", ()))}
    return {value: figures([labelled.kinds[row] for row in part], [said[row].kind for row in part]) for value, part in rows.items()}


def _signals(said: Sequence[Prediction], labelled: Labelled) -> dict[str, SignalReport]:
    """A signal is raised where a reason begins with its words."""
    if labelled.signals is None:
        return {}
    found = {}
    for signal, words in REASONS.items():
        raised = [any(reason.startswith(f"{words}:") for reason in prediction.urgency_reasons) for prediction in said]
        tally = Tally([signal in carried for carried in labelled.signals], raised)
        found[signal] = SignalReport(tally.precision(True), tally.recall(True), tally.support(True))
    return found
