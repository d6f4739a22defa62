"""The DuckDB file: opened once, migrated, written by one transaction at a time, read beside it."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

import duckdb
import pyarrow as pa

from allears.errors import StoreBusy, StoreError

Row = dict[str, Any]


@cache
def statement(name: str) -> str:
    """The text of `sql/<name>.sql`."""
    return files("allears.store").joinpath("sql", f"{name}.sql").read_text("utf-8")


class Session:
    """Named statements on one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def run(self, name: str, /, **parameters: object) -> None:
        """Run a statement for its effect."""
        self._connection.execute(statement(name), parameters or None)

    def rows(self, name: str, /, **parameters: object) -> list[Row]:
        """Every row a statement gives, as plain Python values."""
        rows: list[Row] = self.arrow(name, **parameters).to_pylist()
        return rows

    def arrow(self, name: str, /, **parameters: object) -> pa.Table:
        """What a statement gives, as one Arrow table."""
        return self._connection.execute(statement(name), parameters or None).to_arrow_table()

    @contextmanager
    def given(self, **tables: pa.Table) -> Iterator[None]:
        """Let statements read these Arrow tables by name."""
        for name, table in tables.items():
            self._connection.register(name, table)
        try:
            yield
        finally:
            for name in tables:
                self._connection.unregister(name)


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the machine DuckDB may take; what does not fit is spilled beside the file.

    `many_ask`: whether what took long to find is kept a moment for others who ask the same.
    """

    memory: str
    threads: str
    many_ask: bool = False


ONE_SHOT = Share("200MB", "1")
"""For a command: one writer needs one thread, and each thread more costs memory."""
_LEAST, _MOST = 1, 8
_SIXTH = 6
_CONTAINER = Path("/sys/fs/cgroup/memory.max")


def service_share() -> Share:
    """For the store service, which answers the dashboard while it writes: a sixth of the memory there is, from 1 to 8 GB."""
    there_is = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(OSError, ValueError):  # no container, or one without a limit
        there_is = min(there_is, int(_CONTAINER.read_text("ascii")))
    return Share(f"{min(_MOST, max(_LEAST, there_is // _SIXTH // 10**9))}GB", "2", many_ask=True)


PLACES = 1_000
"""So many rows, known by their places, are fetched without looking at the rows between them; of more DuckDB reads all."""


class Database:
    """One process's hold on a store file. Opening waits for nobody: a second process gets StoreBusy."""

    def __init__(self, path: Path, share: Share) -> None:
        self._path = path
        self._writing = threading.Lock()
        self._lock = _take_lock(path)
        try:
            self._connection = duckdb.connect(
                str(path),
                config={
                    "autoinstall_known_extensions": "false",
                    "memory_limit": share.memory,
                    "threads": share.threads,
                    "dynamic_or_filter_threshold": str(PLACES),
                },
            )
            self._connection.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
        except duckdb.Error as error:
            self._lock.close()
            raise StoreError(
                f"The store {path} cannot be opened: {error}. Restore a backup, or move the file away to begin anew."
            ) from error
        try:
            self._migrate()
        except BaseException:  # whatever it was, the lock must not outlive it
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent view, beside whatever is being written."""
        with self._connection.cursor() as cursor:
            cursor.begin()
            try:
                yield Session(cursor)
            finally:
                cursor.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: all of it is kept, or nothing. What DuckDB refuses is a StoreError."""
        try:
            with self._writing, self._connection.cursor() as cursor:
                cursor.begin()
                try:
                    yield Session(cursor)
                except BaseException:  # whatever it was, nothing of the transaction may stay
                    cursor.rollback()
                    raise
                cursor.commit()
        except duckdb.Error as error:
            raise StoreError(f"The store {self._path} did not take it: {error}") from error

    def stream(self, name: str) -> pa.RecordBatchReader:
        """What a statement gives, in batches, from a cursor of its own that ends with the reader."""
        return self._connection.cursor().execute(statement(name)).to_arrow_reader(10_000)

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file."""
        with self._writing:
            self._connection.execute("CHECKPOINT")

    def close(self) -> None:
        """Let go of the file."""
        with self._writing:
            self._connection.close()
            self._lock.close()

    def _migrate(self) -> None:
        self._connection.execute("CREATE TABLE IF NOT EXISTS migrations (name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")
        applied = {name for (name,) in self._connection.execute("SELECT name FROM migrations").fetchall()}
        known = {entry.name: entry for entry in files("allears.store").joinpath("migrations").iterdir() if entry.name.endswith(".sql")}
        newer = sorted(applied - known.keys())
        if newer:
            raise StoreError(f"The store {self._path} was written by a newer AllEars ({newer[-1]}). Update AllEars to open it.")
        for name in sorted(known.keys() - applied):
            with self.writing() as session:
                session._connection.execute(known[name].read_text("utf-8"))  # noqa: SLF001 - a migration is not a named statement
                session._connection.execute("INSERT INTO migrations VALUES (?, now())", [name])  # noqa: SLF001


def _take_lock(path: Path) -> TextIO:
    """Hold `<store>.lock`, which tells who has the store; the system lets go of it when the process dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f"{path.name}.lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "another process"
        lock.close()
        raise StoreBusy(f"The store {path} is in use by {holder}. Wait until it has finished, or stop it.") from error
    lock.truncate(0)
    lock.write(f"process {os.getpid()}")
    lock.flush()
    return lock
