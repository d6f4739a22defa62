"""The store twice: the file in this process, and the service over HTTP before it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from allears.store.http_store import HttpStore
from tests.builders import StandingClock, a_store
from tests.contract.store_service import TOKEN, Service, serving


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "allears.duckdb"


@pytest.fixture
def in_process(request: pytest.FixtureRequest, file: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    """An empty store, or with what `begun` of the test's class puts there."""
    with closing(a_store(file, clock, getattr(request.cls, "begun", None))) as store:
        yield store


@pytest.fixture(params=["in process", "over http"])
def store(request: pytest.FixtureRequest, in_process: DuckDBStore) -> Iterator[Store]:
    if request.param == "in process":
        yield in_process
        return
    service: Service = request.getfixturevalue("service")
    service.store = in_process
    yield request.getfixturevalue("client")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[HttpStore]:
    client = HttpStore(service.url, TOKEN)
    yield client
    client.close()
