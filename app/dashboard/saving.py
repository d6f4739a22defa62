"""Files made of what a page shows, when somebody asks for one: tables as CSV and Parquet, charts as SVG and PNG."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from allears.errors import AllEarsError
from app.dashboard.charts.palette import LIGHT, Palette

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, object]
Rows = Iterable[Row] | Callable[[], Iterable[Row]]
Chart = Callable[[Palette], Any]
"""Gives a chart of Altair's in the colours asked for."""
MOST_ROWS = 1_000_000
BATCH = 5_000
PATIENCE = 60
"""Seconds that a picture may take."""


def table_file(rows: Rows, ending: str) -> bytes:
    """The first MOST_ROWS rows as a file; `ending` is "csv" or "parquet". CSV is marked as UTF-8, which Excel needs."""
    from allears.tables import write_table  # noqa: PLC0415 - pyarrow is 30 MB, for whoever saves a file

    with TemporaryDirectory(prefix="allears-") as folder:
        path = Path(folder) / f"table.{ending}"
        given = rows() if callable(rows) else rows
        write_table(_batches(islice(given, MOST_ROWS)), path, marked=True)
        return path.read_bytes()


def picture(chart: Chart, ending: str) -> bytes:
    """A chart as a file, on white; `ending` is "svg" or "png". Drawn by a process of its own, whose memory goes with it."""
    command = [sys.executable, "-m", "app.dashboard.drawing", ending]
    try:
        spec: str = chart(LIGHT).to_json()
        done = subprocess.run(command, input=spec.encode(), capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603 - our own module
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise AllEarsError("The chart could not be drawn. Save its rows instead, and try again later.") from error
    return done.stdout


def _batches(rows: Iterator[Row]) -> pa.RecordBatchReader:
    """The rows as Arrow has them; a column is what its first BATCH values are, text where it is empty so far."""
    import pyarrow as pa  # noqa: PLC0415 - see table_file

    first = [_plain(row) for row in islice(rows, BATCH)]
    found = pa.RecordBatch.from_pylist(first).schema if first else pa.schema([])
    empty = {pa.null(): pa.string(), pa.list_(pa.null()): pa.list_(pa.string())}
    schema = pa.schema([(field.name, empty.get(field.type, field.type)) for field in found])
    text = [field.name for field in schema if pa.types.is_string(field.type)]

    def batch(given: list[dict[str, object]]) -> pa.RecordBatch:
        for row in given:
            row.update((name, str(row[name])) for name in text if row.get(name) is not None)
        return pa.RecordBatch.from_pylist(given, schema=schema)

    further = iter(lambda: [_plain(row) for row in islice(rows, BATCH)], [])
    return pa.RecordBatchReader.from_batches(schema, (batch(given) for given in chain([first], further)))


def _plain(row: Row) -> dict[str, object]:
    return {
        name: value.value if isinstance(value, Enum) else list(value) if isinstance(value, tuple) else value for name, value in row.items()
    }
