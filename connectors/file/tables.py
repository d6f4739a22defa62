"""CSV, JSONL and Parquet files as streams of rows: every value text, every name the file's own."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from io import TextIOWrapper
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

Row = dict[str, str]

LONGEST_FIELD = 131_072
"""Characters; a longer field is likely a quote left open, which would swallow the rest of the file."""
_DELIMITERS = ",;\t|"
_PARQUET_ROWS = 5_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFile(Exception):
    """A whole file that cannot be read; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One record that could not be taken apart, as it stands in the file."""

    raw: str
    error: str


@dataclass(frozen=True, slots=True)
class Table:
    """An open file. `columns` is None where each row brings its own names (JSONL); an empty file has none."""

    columns: tuple[str, ...] | None
    rows: Iterator[Row | Unreadable]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The rows of a file, read as they are asked for. Raises UnreadableFile."""
    try:
        if path.suffix.lower() == ".parquet":
            with pq.ParquetFile(path) as file:
                yield Table(tuple(file.schema_arrow.names), _parquet_rows(file))
            return
        with path.open(encoding="utf-8", errors="surrogateescape", newline="") as text:
            _refuse_utf_16(path)
            lines = _Lines(text)
            yield Table(None, _json_rows(lines)) if path.suffix.lower() in {".jsonl", ".ndjson"} else _csv_table(lines)
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror or error}") from error
    except pa.ArrowException as error:
        raise UnreadableFile(f"is not readable Parquet: {error}") from error


class _Lines:
    """Lines of a file, whatever ends them, those taken since `taken` was last cleared, and whether one was wanted after the last."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self.taken: list[str] = []
        self.ended = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._text, None)
        if line is None:
            self.ended = True
            raise StopIteration
        if not line.isascii():
            line = _mended(line).removeprefix("\ufeff")
        self.taken.append(line)
        return line


def _mended(line: str) -> str:
    """A line that is not UTF-8 is read as Windows-1252; files that were glued together hold both."""
    try:
        line.encode()
    except UnicodeEncodeError:
        return line.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return line


def _refuse_utf_16(path: Path) -> None:
    with path.open("rb") as raw:
        if raw.read(2) in _UTF_16:
            raise UnreadableFile("is UTF-16 text; save it as UTF-8")


def _csv_table(lines: _Lines) -> Table:
    header = next((line for line in lines if line.strip()), "")
    delimiter = _delimiter(header)
    if header.lower().startswith("sep="):  # Excel's own hint stands before the header
        delimiter = header.strip()[4:5] or delimiter
        header = next(lines, "")
    # a quoted name may run over several lines: the reader is given the first one back
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(_chain(header, lines), delimiter=delimiter)
    try:
        columns = _distinct(next(reader, []))
    except csv.Error as error:
        raise UnreadableFile(f"has a header that is not CSV ({error})") from error
    lines.taken.clear()
    return Table(columns, _csv_rows(reader, columns, lines))


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _delimiter(header: str) -> str:
    """The one that cuts the header into most columns."""
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    columns: list[str] = []
    for position, name in enumerate(names, 1):
        column = name.strip() or f"column {position}"
        columns.append(column if column not in columns else f"{column} {position}")
    return tuple(columns)


def _csv_rows(reader: Iterator[list[str]], columns: tuple[str, ...], lines: _Lines) -> Iterator[Row | Unreadable]:
    width = len(columns)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Unreadable("".join(lines.taken), f"is not CSV: {error}; is a quote left open, or a text very long?")
            lines.taken.clear()
            continue
        if any(map(str.strip, fields)):
            if lines.ended:  # in the middle of this row
                yield Unreadable("".join(lines.taken), "leaves a quote open, so that all below it would be one text; close it")
            elif len(fields) > width and any(map(str.strip, fields[width:])):
                yield Unreadable(
                    "".join(lines.taken), f"has {len(fields)} fields under {width} columns; a delimiter in a text needs quotes"
                )
            else:
                fields += [""] * (width - len(fields))
                yield dict(zip(columns, fields, strict=False))
        lines.taken.clear()


def _json_rows(lines: _Lines) -> Iterator[Row | Unreadable]:
    for line in lines:
        lines.taken.clear()
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield Unreadable(line, f"is not JSON: {error}")
            continue
        if not isinstance(row, dict):
            yield Unreadable(line, "is JSON, but no object with named values")
        elif "\\u" in line and not _is_text(row):
            yield Unreadable(line, "holds half a character (a lone surrogate)")
        else:
            yield json_row(row)


def _is_text(row: dict[str, object]) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def json_row(row: dict[str, object]) -> Row:
    """A decoded JSON object with every value as text."""
    return {name: _text(value) for name, value in row.items()}


def _parquet_rows(file: pq.ParquetFile) -> Iterator[Row]:
    for batch in file.iter_batches(batch_size=_PARQUET_ROWS):
        for row in _in_microseconds(batch).to_pylist():
            yield json_row(row)


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Nanoseconds have no place in a datetime."""
    fields = [field.with_type(pa.timestamp("us", field.type.tz)) if pa.types.is_timestamp(field.type) else field for field in batch.schema]
    return pa.RecordBatch.from_arrays(
        [column.cast(field.type, safe=False) for column, field in zip(batch.columns, fields, strict=True)], schema=pa.schema(fields)
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bool | list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
