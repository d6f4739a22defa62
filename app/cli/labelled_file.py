"""Labelled texts by what one types for them: a file, or the corpus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from allears.errors import ConfigurationError
from app.cli.classifying import Row, read_rows
from models.corpus import messages
from models.evaluation import read_labels
from models.labelled import CORPUS, Labelled, of_corpus

EMPTY = "(empty)"


def labelled(file: Path, text_column: str, label_column: str, by: Sequence[str]) -> Labelled:
    """The texts and labels of a file with those columns of `by` that it has; `corpus` is the corpus's test split.

    Raises ConfigurationError for a file, column or label that is not there.
    """
    if str(file) == CORPUS:
        return of_corpus(list(messages(split="test")))
    rows = list(read_rows(file))
    for column in (text_column, label_column):
        if rows and column not in rows[0]:
            raise ConfigurationError(f"{file}: there is no column {column!r}; there are {', '.join(map(repr, rows[0]))}.")
    try:
        labels = read_labels([row.get(label_column) for row in rows])
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    return Labelled(
        name=str(file),
        texts=[str(row.get(text_column) or "") for row in rows],
        labels=labels,
        columns={column: [_values(row, column) for row in rows] for column in by if column in rows[0]},
    )


def _values(row: Row, column: str) -> tuple[str, ...]:
    """What a row has in a column: each of a list's values, or the one."""
    value = row.get(column)
    if isinstance(value, list):
        return tuple(map(str, value))
    return (EMPTY if value is None or value == "" else str(value),)
