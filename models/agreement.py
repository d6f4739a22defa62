"""Counting how guesses meet labels, whatever the labels are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

_BINS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement on some texts; all but `rows` in [0, 1].

    `macro_f1` weighs the classes that these texts' labels hold the same, and is None where that is one class. `ece` is the expected
    calibration error over ten equal bins of confidence, None where the guesses carry none.
    """

    rows: int
    accuracy: float
    macro_f1: float | None
    ece: float | None


class Tally:
    """How often each label was met by each guess."""

    def __init__(self, labels: Sequence[Hashable], guesses: Sequence[Hashable]) -> None:
        self._pairs = Counter(zip(labels, guesses, strict=True))
        self._labels, self._guesses = Counter(labels), Counter(guesses)

    def count(self, label: Hashable, guess: Hashable) -> int:
        """Texts of this label that were guessed so."""
        return self._pairs[label, guess]

    def support(self, label: Hashable) -> int:
        """Texts of this label."""
        return self._labels[label]

    def precision(self, label: Hashable) -> float:
        """The share of right ones among those guessed so; 0 where none was."""
        return self._pairs[label, label] / max(self._guesses[label], 1)

    def recall(self, label: Hashable) -> float:
        """The share of a label's texts that were found; 0 where there are none."""
        return self._pairs[label, label] / max(self._labels[label], 1)

    def f1(self, label: Hashable) -> float:
        """The harmonic mean of both."""
        return 2 * self._pairs[label, label] / max(self._guesses[label] + self._labels[label], 1)

    def macro_f1(self) -> float:
        """The mean F1 of the classes that the labels hold."""
        return sum(self.f1(label) for label in self._labels) / len(self._labels)


def figures(labels: Sequence[Hashable], guesses: Sequence[Hashable], confidences: Sequence[float] | None = None) -> Figures:
    """The figures of some texts, at least one."""
    hits = [guess == label for label, guess in zip(labels, guesses, strict=True)]
    return Figures(
        rows=len(labels),
        accuracy=sum(hits) / len(hits),
        macro_f1=Tally(labels, guesses).macro_f1() if len(set(labels)) > 1 else None,
        ece=None if confidences is None else calibration_error(confidences, hits),
    )


def calibration_error(confidences: Sequence[float], hits: Sequence[bool]) -> float:
    """Mean distance between confidence and accuracy over ten equal bins, each weighing by its texts (Naeini et al., 2015)."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in zip(confidences, hits, strict=True):
        bins.setdefault(min(int(confidence * _BINS), _BINS - 1), []).append((confidence, hit))
    return sum(abs(sum(confidence for confidence, _ in each) - sum(hit for _, hit in each)) for each in bins.values()) / len(hits)
