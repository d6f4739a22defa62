"""Tables in files: Parquet, CSV safe against formulas, and JSONL, written in a stream and put in place when whole."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from allears.errors import ConfigurationError

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(reader: pa.RecordBatchReader, path: Path, *, formulas: bool = False, marked: bool = False) -> int:
    """Write all rows in the format of the file's ending; how many. The file appears only when it is whole.

    CSV is that of RFC 4180. Its cells that a spreadsheet would run begin with an apostrophe, unless `formulas` says that they are
    the user's own; `marked` puts a byte order mark before them, by which Excel knows UTF-8. Raises ConfigurationError.
    """
    ending = path.suffix.casefold()
    write = _csv_writer(formulas, "utf-8-sig" if marked else "utf-8") if ending == ".csv" else _WRITERS.get(ending)
    if write is None:
        raise ConfigurationError(f"{path}: its ending must be .parquet, .csv or .jsonl.")
    with drafted(path) as draft:
        return write(reader, draft)


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """A file to write instead of `path`, which takes its place if all goes well and is gone otherwise. Raises ConfigurationError."""
    draft = path.with_name(f".{path.name}.part")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _parquet(reader: pa.RecordBatchReader, path: Path) -> int:
    rows = 0
    with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _jsonl(reader: pa.RecordBatchReader, path: Path) -> int:
    rows = 0
    with path.open("w", encoding="utf-8") as file:
        for row in _rows(reader):
            file.write(json.dumps(row, ensure_ascii=False, default=_time) + "\n")
            rows += 1
    return rows


def _csv_writer(formulas: bool, encoding: str) -> Callable[[pa.RecordBatchReader, Path], int]:
    def write(reader: pa.RecordBatchReader, path: Path) -> int:
        rows = 0
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(reader.schema.names)
            for row in _rows(reader):
                writer.writerow([_cell(value, formulas) for value in row.values()])
                rows += 1
        return rows

    return write


def _rows(reader: pa.RecordBatchReader) -> Iterable[dict[str, object]]:
    for batch in reader:
        yield from batch.to_pylist()


def _cell(value: object, formulas: bool) -> object:
    """A CSV cell: lists joined by "|", times with offset, and no text that a spreadsheet would run as a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _time(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = "|".join(str(each) for each in value)
    if isinstance(value, str) and value.startswith(_FORMULA) and not formulas:
        return f"'{value}"
    return value


def _time(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


_WRITERS: dict[str, Callable[[pa.RecordBatchReader, Path], int]] = {".parquet": _parquet, ".jsonl": _jsonl}
