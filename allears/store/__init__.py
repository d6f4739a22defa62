"""Everything kept: DuckDB in this process, or the store service over HTTP, behind one port."""

from __future__ import annotations

from typing import cast

from allears.clock import SystemClock
from allears.ports import Store
from allears.settings import Settings
from allears.store.service_note import read_note


def connect(settings: Settings) -> Store:
    """The store of a configuration: through its service if one runs, else the file itself.

    Raises StoreBusy if another process holds the file, StoreError if it cannot be opened.
    """
    note = read_note(settings.state_dir)
    if note is not None:
        from allears.store.http_store import HttpStore  # noqa: PLC0415 - whoever opens the file needs no HTTP client

        return cast("Store", HttpStore(note.url, note.token))
    from allears.store.duckdb_store import DuckDBStore  # noqa: PLC0415 - a client of the service needs no DuckDB: 60 MB less each

    return DuckDBStore(settings.store_path, SystemClock())
