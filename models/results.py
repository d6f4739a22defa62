"""What models made of labelled texts, as tables for a terminal or a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from models.agreement import Figures
from models.outcome import Outcome

Results = Mapping[str, Mapping[str, Outcome]]
"""By file, then by model."""

NONE = "–"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells to show: figures are in percent, counts are ints."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str | int, ...]]


def by_short_name(results: Results) -> Results:
    """The same with files by their last name, where that leaves no doubt."""
    names = [Path(file).name for file in results]
    return {name if names.count(name) == 1 else file: outcomes for name, (file, outcomes) in zip(names, results.items(), strict=True)}


def float_name(model: str) -> str:
    """What a model is called where it runs with its float weights."""
    return f"{model}, float"


def summary(results: Results) -> Table:
    """Every model on every file."""
    return Table(
        "Summary",
        ("File", "Model", "Rows", "Accuracy", "Macro-F1", "Macro recall", "ECE"),
        [
            (file, model, r.rows, *map(percent, (r.accuracy, r.macro_f1, r.macro_recall, r.ece)))
            for file, outcomes in results.items()
            for model, r in ((model, each.report) for model, each in outcomes.items())
        ],
    )


def slices(results: Results) -> Iterator[Table]:
    """A table for each file and column that it was cut by."""
    for file, outcomes in results.items():
        for column in next(iter(outcomes.values())).by:
            yield _figures_table(f"{file} by {column}", column, {model: each.by[column] for model, each in outcomes.items()})


def kinds(results: Results) -> Iterator[Table]:
    """The kind by language, where people labelled it."""
    for file, outcomes in results.items():
        if any(each.kinds for each in outcomes.values()):
            yield _figures_table(f"{file}: kind, by language", "language", {model: each.kinds for model, each in outcomes.items()})


def signals(results: Results) -> Iterator[Table]:
    """Urgency signals, where people labelled them."""
    for file, outcomes in results.items():
        found = next(iter(outcomes.values())).signals
        if found:
            yield Table(
                f"{file}: urgency signals",
                ("signal", "Model", "Texts", "Precision", "Recall"),
                [
                    (
                        signal,
                        model,
                        each.signals[signal].support,
                        percent(each.signals[signal].precision),
                        percent(each.signals[signal].recall),
                    )
                    for signal in found
                    for model, each in outcomes.items()
                ],
            )


def details(file: str, model: str, outcome: Outcome) -> Table:
    """A table by class, with the confusion: how many texts of a class were said to be what."""
    report = outcome.report
    return Table(
        f"{file}: {model}"
        + (" (the labels know no neutral: the likelier of negative and positive was taken)" if report.two_classes else ""),
        ("Class", "Precision", "Recall", "F1", "Texts", *(f"said {each.label}" for each in report.classes)),
        [
            (each.label.value, *map(percent, (each.precision, each.recall, each.f1)), each.support, *report.confusion[each.label].values())
            for each in report.classes
        ],
    )


def against_float(results: Results) -> Iterator[Table]:
    """What the int8 weights cost, where a model also ran with its float weights."""
    rows: list[tuple[str | int, ...]] = []
    for file, outcomes in results.items():
        for model, each in outcomes.items():
            if full := outcomes.get(float_name(model)):
                ours, theirs = each.report.macro_f1, full.report.macro_f1
                rows.append((file, model, percent(ours), percent(theirs), f"{100 * (ours - theirs):+.1f}"))
    if rows:
        yield Table("int8 against float, macro-F1", ("File", "Model", "int8", "float", "Difference"), rows)


def percent(share: float | None) -> str:
    """A share as percent with one decimal."""
    return NONE if share is None else f"{100 * share:.1f}"


def _figures_table(title: str, column: str, models: Mapping[str, Mapping[str, Figures]]) -> Table:
    """Values of a column down, the models of each below one another; ECE only where there is one."""
    rows = [(value, model, found[value]) for value in next(iter(models.values())) for model, found in models.items()]
    sure = any(each.ece is not None for _, _, each in rows)
    return Table(
        title,
        (column, "Model", "Rows", "Accuracy", "Macro-F1", *(["ECE"] if sure else [])),
        [
            (value, model, each.rows, percent(each.accuracy), percent(each.macro_f1), *([percent(each.ece)] if sure else []))
            for value, model, each in rows
        ],
    )
