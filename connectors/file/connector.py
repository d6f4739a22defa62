"""Reads the files of a folder, each row a message, and goes on where it stopped."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path

from allears.domain.feedback import Cursor, FeedbackItem, Original, Page, Rejected, SourceName
from allears.errors import ConfigurationError, RecordRejected
from connectors.context import SourceContext
from connectors.file.parse import RowReader
from connectors.file.progress import Mark, Tally, cursor_of, marks_of
from connectors.file.settings import FileSettings
from connectors.file.tables import Row, Table, Unreadable, UnreadableFile, json_row, open_table

PAGE_ROWS = 2_000
ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_Message = tuple[Original, FeedbackItem | Rejected]


class _Replaced(Exception):
    """The file no longer begins with the rows that were read."""


@dataclass(slots=True)
class _Gathered:
    """A page while it fills; small files share one."""

    messages: list[_Message] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def page(self, marks: dict[str, Mark]) -> Page:
        """The page, after which the next one begins."""
        page = Page(
            items=tuple(read for _, read in self.messages if isinstance(read, FeedbackItem)),
            rejected=tuple(read for _, read in self.messages if isinstance(read, Rejected)),
            originals=tuple(original for original, _ in self.messages),
            cursor=cursor_of(marks),
            notices=tuple(self.notices),
        )
        self.messages, self.notices = [], []
        return page


class FileConnector:
    """A source of CSV, JSONL and Parquet files."""

    def __init__(self, context: SourceContext, settings: FileSettings) -> None:
        self._context = context
        self._settings = settings
        self._reader = RowReader(context.name, settings)

    @property
    def name(self) -> SourceName:
        """The source's name in the configuration."""
        return self._context.name

    def check(self) -> str:
        """Open every file and look at its columns. Raises ConfigurationError."""
        files = [file for file in self._files() if file.suffix.lower() in ENDINGS]
        problems = []
        for file in files:
            try:
                with open_table(file) as table:
                    self._refuse_wrong_columns(table)
            except UnreadableFile as error:
                problems.append(f"{self._shown(file)} {error}")
        if problems:
            raise ConfigurationError("; ".join(problems))
        return f"{len(files)} file{'' if len(files) == 1 else 's'} at {self._settings.path}"

    def fetch(self, since: Cursor | None) -> Iterator[Page]:
        """Rows of new, grown and replaced files. A file that cannot be read lets the others pass, then raises ConfigurationError."""
        files = {self._shown(file): file for file in self._files()}
        before = marks_of(since)
        marks = {name: mark for name, mark in before.items() if name in files}
        gathered = _Gathered()
        problems = []
        for name, file in files.items():
            if file.suffix.lower() not in ENDINGS:
                gathered.notices.append(f"{name} was left alone: its name ends in none of {', '.join(ENDINGS)}")
                continue
            try:
                yield from self._pages(name, file, marks, gathered)
            except UnreadableFile as error:
                problems.append(f"{name} {error}")
        if gathered.messages or gathered.notices or marks != before:
            yield gathered.page(marks)
        if problems:
            raise ConfigurationError("; ".join(problems))

    def read(self, original: Original) -> FeedbackItem:
        """Read one row again, with the settings of now. Raises RecordRejected."""
        kept = json.loads(original.body)
        if "raw" in kept:
            raise RecordRejected(kept["error"])
        return self._reader.item(original.external_id, json_row(kept["row"]), datetime.fromisoformat(kept["modified"]))

    def _pages(self, name: str, file: Path, marks: dict[str, Mark], gathered: _Gathered) -> Iterator[Page]:
        """Full pages; what is left of the file stays gathered. `marks` follows."""
        size, mtime_ns = _state(file)
        mark = marks.get(name)
        if mark and mark.is_end_of(size, mtime_ns):
            return
        modified = datetime.fromtimestamp(mtime_ns / 1e9, UTC)
        for known in (mark, None) if mark else (None,):
            tally = Tally()
            try:
                for message in self._messages(file, modified, tally, known):
                    gathered.messages.append(message)
                    if len(gathered.messages) >= PAGE_ROWS:
                        marks[name] = tally.mark()
                        yield gathered.page(marks)
            except _Replaced:
                continue
            marks[name] = tally.mark(size, mtime_ns)
            return

    def _messages(self, file: Path, modified: datetime, tally: Tally, known: Mark | None) -> Iterator[_Message]:
        """The rows behind `known`. Raises _Replaced, before any is yielded, if the file does not begin as it did."""
        rows_known = known.rows if known else 0
        opening = _encode({"file": self._shown(file), "modified": modified.isoformat()})[:-1]
        with open_table(file) as table:
            self._refuse_wrong_columns(table)
            for row in table.rows:
                message = self._message(row, opening, modified, tally, skim=tally.rows < rows_known)
                if known and tally.rows == rows_known and tally.chain != known.chain:
                    raise _Replaced
                if message:
                    yield message
        if tally.rows < rows_known:
            raise _Replaced

    def _message(self, row: Row | Unreadable, opening: str, modified: datetime, tally: Tally, *, skim: bool) -> _Message | None:
        """The row as it is kept and as it was read; None where it is known already."""
        if isinstance(row, Unreadable):
            words, own_id = f'"raw":{_encode(row.raw)},"error":{_encode(row.error)}', ""
        else:
            words, own_id = f'"row":{_encode(row)}', self._reader.own_id(row)
        external_id, clash = tally.name(tally.add(words.encode()), own_id)
        if skim or external_id is None:
            return None
        original = Original(external_id, f"{opening},{words}}}".encode(), "application/json")
        if isinstance(row, Unreadable):
            return original, Rejected(external_id, row.error)
        if clash:
            return original, Rejected(external_id, clash)
        try:
            return original, self._reader.item(external_id, row, modified)
        except RecordRejected as error:
            return original, Rejected(external_id, str(error))

    def _refuse_wrong_columns(self, table: Table) -> None:
        if table.columns and (missing := self._reader.missing(table.columns)):
            raise UnreadableFile(f"has no column for {', '.join(missing)}; its columns are {', '.join(table.columns)}")

    def _files(self) -> list[Path]:
        """What the pattern matches, by name. Raises ConfigurationError where the place itself is missing."""
        base, pattern = self._context.base, self._settings.path
        place = base.joinpath(*takewhile(lambda part: not glob.has_magic(part), Path(pattern).parts))
        if not place.exists():
            raise ConfigurationError(f"path = {pattern!r}: there is no {place}; make it, or mend the path")
        found = glob.glob(pattern, root_dir=base, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
        return sorted(file for name in found if (file := base / name).is_file())

    def _shown(self, file: Path) -> str:
        return str(file.relative_to(self._context.base)) if file.is_relative_to(self._context.base) else str(file)


def _state(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError as error:
        raise UnreadableFile(f"cannot be opened: {error.strerror}") from error
    return found.st_size, found.st_mtime_ns
