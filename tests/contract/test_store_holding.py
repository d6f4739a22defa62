"""How the store is held: by one process, for many at once, behind a token."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import httpx
import pytest

from allears.domain.case import CaseId
from allears.domain.changes import acknowledge
from allears.domain.feedback import (
    Cursor,
    SourceName,
    Status,
)
from allears.errors import CaseConflict, StoreBusy, StoreError
from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from allears.store.http_store import HttpStore
from tests.builders import NOW, StandingClock, a_page, an_item
from tests.contract.store_service import TOKEN, Service
from tests.contract.store_steps import LONDON, status_of, take_in, with_case


class TestManyAtOnce:
    def test_writers_lose_nothing(self, store: Store):
        def write(writer: int) -> None:
            source = SourceName(f"s{writer}")
            for n in range(5):
                items = [an_item(f"{n}-{i}", source=source) for i in range(4)]
                store.record_page(source, a_page(items, cursor=str(n)), NOW)
                store.ledger(None, LONDON)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(write, range(4)))
        assert {(row.source, row.received, row.waiting) for row in store.ledger(None, LONDON)} == {(f"s{n}", 20, 20) for n in range(4)}
        assert {store.cursor(SourceName(f"s{n}")) for n in range(4)} == {Cursor("4")}

    def test_of_many_who_take_a_case_one_gets_it(self, store: Store):
        with_case(store)
        case = store.case(CaseId("C-1001"))
        assert case is not None

        def take(actor: str) -> bool:
            try:
                store.record_change(acknowledge(case, actor=actor, at=NOW), ())
            except CaseConflict:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert Counter(threads.map(take, "abcdefgh")) == {True: 1, False: 7}


class TestTheFile:
    def test_it_keeps_everything_over_a_restart(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        item = with_case(in_process)
        before = in_process.case_view(CaseId("C-1001"))
        in_process.close()
        reopened = DuckDBStore(file, clock)
        assert reopened.case_view(CaseId("C-1001")) == before
        assert status_of(reopened, item) is Status.CASE
        reopened.close()

    @pytest.mark.usefixtures("in_process")
    def test_another_process_is_told_who_has_it(self, file: Path):
        script = """
import sys
from pathlib import Path
from allears.clock import SystemClock
from allears.errors import StoreBusy
from allears.store.duckdb_store import DuckDBStore
try:
    DuckDBStore(Path(sys.argv[1]), SystemClock())
except StoreBusy as error:
    print(error)
"""
        told = subprocess.run([sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True)
        assert "is in use by process" in told.stdout

    @pytest.mark.usefixtures("in_process")
    def test_it_is_not_opened_twice_in_one_process_either(self, file: Path, clock: StandingClock):
        with pytest.raises(StoreBusy, match="in use"):
            DuckDBStore(file, clock)

    def test_migrations_are_recorded_once(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        in_process.close()
        DuckDBStore(file, clock).close()
        with duckdb.connect(str(file)) as connection:
            names = [name for (name,) in connection.execute("SELECT name FROM migrations ORDER BY name").fetchall()]
        assert names[0] == "0001_initial.sql"
        assert len(names) == len(set(names))

    def test_a_file_of_a_newer_version_is_refused_and_let_go(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        in_process.close()
        with duckdb.connect(str(file)) as connection:
            connection.execute("INSERT INTO migrations VALUES ('9999_from_the_future.sql', now())")
        with pytest.raises(StoreError, match=r"newer AllEars \(9999_from_the_future.sql\). Update AllEars"):
            DuckDBStore(file, clock)
        with duckdb.connect(str(file)) as connection:
            connection.execute("DELETE FROM migrations WHERE name LIKE '9999%'")
        DuckDBStore(file, clock).close()

    def test_a_file_that_is_no_store_is_refused_with_what_to_do(self, tmp_path: Path, clock: StandingClock):
        odd = tmp_path / "odd.duckdb"
        odd.write_bytes(b"no database " * 1000)
        with pytest.raises(StoreError, match="Restore a backup"):
            DuckDBStore(odd, clock)

    def test_a_reader_sees_one_moment(self, in_process: DuckDBStore):
        with in_process._db.reading() as moment:
            assert moment.rows("last_item") == [{"at": None}]
            take_in(in_process, an_item())
            assert moment.rows("last_item") == [{"at": None}]


class TestTheService:
    def test_a_wrong_token_opens_nothing(self, service: Service):
        client = HttpStore(service.url, "guessed")
        with pytest.raises(StoreError, match="token does not open the store"):
            client.open_cases()
        client.close()

    def test_a_wrong_token_is_answered_with_401(self, service: Service):
        for headers in ({"Authorization": "Bearer guessed"}, {}):
            assert httpx.post(f"{service.url}/api/v1/store/open_cases", headers=headers, content="{}").status_code == 401

    def test_a_service_that_is_gone_is_named(self):
        client = HttpStore("http://127.0.0.1:9", TOKEN)
        with pytest.raises(StoreError, match=r"127\.0\.0\.1:9 does not answer"):
            client.open_cases()
        client.close()
