"""What commands print: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text


def print_json(value: object) -> None:
    """One JSON document, on one line."""
    sys.stdout.write(json.dumps(value, default=_plain, ensure_ascii=False) + "\n")


def say(text: str) -> None:
    """A line for whoever watches."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None) -> None:
    """A table for people. Cells are plain text: nothing in them is markup, and control characters are shown as such."""
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False, show_header=any(columns))
    for column in columns:
        table.add_column(column, no_wrap=column != columns[-1], overflow="fold" if column == columns[-1] else "ellipsis")
    for row in rows:
        table.add_row(
            *(Text(printable("" if cell is None else str(cell)), justify="right" if isinstance(cell, int) else "left") for cell in row)
        )
    Console(soft_wrap=False).print(table)


def printable(text: str) -> str:
    """The text without what would steer a terminal; lines stay lines."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)
