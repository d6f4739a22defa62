"""The corpus of customer feedback that lies in this folder: how a message and its labels are read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from allears.domain.feedback import Kind, Sentiment
from allears.errors import ConfigurationError

FOLDER = Path(__file__).parent

Split = Literal["train", "dev", "test"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message with what its writer and reviewers say of it.

    `signals` is None where nobody looked for any; `spans` are (start, end) of the words that carry the sentiment.
    """

    id: str
    language: str
    trade: str
    split: Split
    channel: str
    text: str
    sentiment: Sentiment
    kind: Kind
    signals: tuple[str, ...] | None
    features: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


def messages(folder: Path = FOLDER, split: Split | None = None) -> Iterator[Message]:
    """Messages of all languages, or of one split. Raises ConfigurationError."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise ConfigurationError(f"There is no corpus under {folder}: it holds one .jsonl file a language.")
    for file in files:
        yield from (message for message in read_file(file) if split in (None, message.split))


def read_file(file: Path) -> Iterator[Message]:
    """The messages of one JSONL file. Raises ConfigurationError that names the line of a bad row."""
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _message(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ConfigurationError(f"{file.name}, line {number}: {error}") from error


def _message(row: dict[str, object]) -> Message:
    fields = {name: row[name] for name in ("id", "language", "trade", "split", "channel", "text")}
    return Message(
        **fields,  # type: ignore[arg-type]  # the corpus test checks every row's types
        sentiment=Sentiment(str(row["sentiment"])),
        kind=Kind(str(row["kind"])),
        signals=None if row.get("signals") is None else tuple(row["signals"]),  # type: ignore[arg-type]  # the same
        features=tuple(row.get("features", ())),  # type: ignore[arg-type]  # the same
        spans=tuple((start, end) for start, end in row.get("spans", ())),  # type: ignore[attr-defined]  # the same
    )
