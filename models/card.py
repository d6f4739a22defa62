"""The tables of a model card, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from models.labelled import CORPUS
from models.results import Results, Table, against_float, details, kinds, signals, slices, summary

_NOTES = (
    "All figures but counts are percent. Macro-F1 weighs every class the same, in a slice the classes that its labels hold; – where that "
    "is one class. ECE is the expected calibration error over ten bins; VADER gives no probabilities, so its ECE means nothing."
)


def card(results: Results, command: str, day: date) -> str:
    """A page that says how it was made and holds every table; the confusion is the first model's on the corpus."""
    versions = {model: each.version for outcomes in results.values() for model, each in outcomes.items()}
    named = ", ".join(f"{model} is `{version}`" for model, version in versions.items())
    parts = [f"# Evaluation\n\n{day:%d %B %Y}, by `{command}`: {named}.\n\n{_NOTES}", *map(markdown, _tables(results))]
    return "\n\n".join(parts) + "\n"


def markdown(table: Table) -> str:
    """A heading and a table; figures stand to the right."""
    return "\n".join(
        [
            f"## {table.title}\n",
            _line(table.columns),
            _line(["---" if at < _names(table) else "--:" for at in range(len(table.columns))]),
            *map(_line, table.rows),
        ]
    )


def _tables(results: Results) -> Iterator[Table]:
    yield summary(results)
    yield from against_float(results)
    yield from slices(results)
    yield from kinds(results)
    yield from signals(results)
    for model, outcome in list(results.get(CORPUS, {}).items())[:1]:
        yield details(CORPUS, model, outcome)


def _names(table: Table) -> int:
    """How many of the first columns are names, not figures."""
    return 1 + ("Model" in table.columns)


def _line(cells: tuple[str | int, ...] | list[str]) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"
