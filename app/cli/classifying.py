"""Rows of a file in, the same rows with their predictions out, in flat memory."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from allears.assigning import plan_of
from allears.domain.topics import Topic
from allears.errors import ConfigurationError
from allears.finding_topics import TopicFinder
from allears.masking import mask
from allears.ports import Classifier
from allears.settings import load
from allears.tables import drafted, write_table
from app.cli.progress import counters
from models.registry import configured
from models.registry import load as load_model

BATCH = 1_000
ADDED = pa.schema(
    {
        "sentiment": pa.string(),
        "score": pa.float64(),
        "confidence": pa.float64(),
        "p_negative": pa.float64(),
        "p_neutral": pa.float64(),
        "p_positive": pa.float64(),
        "kind": pa.string(),
        "language": pa.string(),
        "urgency": pa.string(),
        "topics": pa.list_(pa.string()),
    }
)
Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """How texts are read: the model, and of a configuration, if there is one, the topics and what masked text keeps."""

    classifier: Classifier
    topics: tuple[Topic, ...] = ()
    own_names: tuple[str, ...] = ()

    @cached_property
    def _finder(self) -> TopicFinder:
        return TopicFinder(self.topics, self.classifier)

    def of(self, texts: list[str]) -> list[Row]:
        """What is added to each row."""
        predictions, vectors = self._finder.read(texts)
        return [
            {
                "sentiment": said.sentiment.value,
                "score": said.score,
                "confidence": said.confidence,
                "p_negative": said.p_negative,
                "p_neutral": said.p_neutral,
                "p_positive": said.p_positive,
                "kind": said.kind.value,
                "language": said.language,
                "urgency": said.urgency.value,
                "topics": [match.topic for match in matches],
            }
            for said, matches in zip(predictions, self._finder.find(texts, vectors), strict=True)
        ]


def reading(model: str | None, config: Path) -> Reading:
    """The named model, else the configured one, else the built-in; topics only where a configuration names them."""
    settings = load(config) if config.exists() else None
    if settings is None:
        return Reading(load_model(model or "builtin"))
    named = load_model(model, base=settings.base, labels=settings.model.labels) if model else configured(settings.model, settings.base)
    return Reading(named, plan_of(settings).topics, settings.own_names)


def classify_table(source: Path, output: Path, text_column: str, model: str | None, config: Path, *, masked: bool = False) -> int:
    """Classify a file, its texts masked after they were read if `masked`; how many rows.

    Raises ConfigurationError for a file or column that is not there.
    """
    read = reading(model, config)
    rows = read_rows(source)
    with counters() as progress:
        batches = _classified(rows, text_column, read, progress, masked=masked)
        if str(output) == "-":
            return _write_lines(batches, sys.stdout)
        return _write(batches, output)


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSONL, CSV or Parquet file, in order; "-" is JSONL on stdin."""
    readers = {".jsonl": _jsonl, ".csv": _csv, ".parquet": _parquet}
    if str(path) == "-":
        return _json_lines(sys.stdin, path)
    if not path.is_file():
        raise ConfigurationError(f"{path} is not there, or is no file.")
    if path.suffix.casefold() not in readers:
        raise ConfigurationError(f"{path}: its ending must be .jsonl, .csv or .parquet.")
    return readers[path.suffix.casefold()](path)


def _json_lines(lines: Iterable[str], path: Path) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise ConfigurationError(f"{path}:{number}: is not JSON: {error}.") from error
        if not isinstance(row, dict):
            raise ConfigurationError(f"{path}:{number}: is not a JSON object.")
        yield row


def _jsonl(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as file:
        yield from _json_lines(file, path)


def _csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        for row in reader:
            yield {name: row[name] for name in reader.fieldnames or ()}


def _parquet(path: Path) -> Iterator[Row]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(BATCH):
            yield from batch.to_pylist()


def _classified(rows: Iterator[Row], column: str, read: Reading, progress: Any, *, masked: bool) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH)):
        for row in batch:
            if column not in row:
                raise ConfigurationError(
                    f"There is no column {column!r}; there are {', '.join(map(repr, row))}. Name it with --text-column."
                )
        added = read.of([str(row[column] or "") for row in batch])
        if masked:
            batch = [_hidden(row, column, read.own_names) for row in batch]
        yield [{**_kept(row), **more} for row, more in zip(batch, added, strict=True)]
        progress("classify", len(batch))


def _hidden(row: Row, column: str, own_names: tuple[str, ...]) -> Row:
    return {**row, column: mask(str(row[column]), keep=own_names)} if row[column] else row


def _kept(row: Row) -> Row:
    """The input's own columns; one that has a name of ours goes on as `<name>_input`."""
    return {f"{name}_input" if name in ADDED.names else name: value for name, value in row.items()}


def _write_lines(batches: Iterable[list[Row]], file: TextIO) -> int:
    rows = 0
    for batch in batches:
        file.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in batch)
        file.flush()
        rows += len(batch)
    return rows


def _write(batches: Iterator[list[Row]], output: Path) -> int:
    """Write with the columns of the first batch. The user's own columns stay as they are, formulas too."""
    if output.suffix.casefold() == ".jsonl":
        with drafted(output) as draft, draft.open("w", encoding="utf-8") as file:
            return _write_lines(batches, file)
    first = next(batches, [])
    schema = _schema(first)
    stream = (_batch(batch, schema) for batch in chain([first], batches))
    return write_table(pa.RecordBatchReader.from_batches(schema, stream), output, formulas=True)


def _schema(rows: list[Row]) -> pa.Schema:
    if not rows:
        return ADDED
    fields = pa.Table.from_pylist(rows).schema
    return pa.schema(
        [ADDED.field(f.name) if f.name in ADDED.names else pa.field(f.name, pa.string()) if pa.types.is_null(f.type) else f for f in fields]
    )


def _batch(rows: list[Row], schema: pa.Schema) -> pa.RecordBatch:
    try:
        return pa.RecordBatch.from_pylist(rows, schema=schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
        raise ConfigurationError(f"A column changes its type on the way: {error}. Write JSONL instead.") from error
