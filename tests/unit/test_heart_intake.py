"""Messages come in: page by page, with a resume point, whatever a source does in between."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.feedback import Cursor, FeedbackItem, ItemId, Original, Page, Rejected, SourceName
from allears.errors import AuthenticationError, ConfigurationError, RecordRejected, StoreError, TransientError
from allears.intake import gather, retry_quarantined
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, StandingClock, a_page, a_store, an_item


@dataclass
class Scripted:
    """Implements `allears.ports.Connector`: brings the pages it was given and then, perhaps, fails."""

    pages: tuple[Page, ...] = ()
    failure: Exception | None = None
    reads: FeedbackItem | None = None
    name: SourceName = SUPPORT
    asked_since: Cursor | None = None

    def check(self) -> str:
        return "fine"

    def fetch(self, since: Cursor | None) -> Iterator[Page]:
        self.asked_since = since
        yield from self.pages
        if self.failure:
            raise self.failure

    def read(self, original: Original) -> FeedbackItem:  # noqa: ARG002 - as the port has it
        if self.reads is None:
            raise RecordRejected("still no date")
        return self.reads


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    store = a_store(tmp_path / "store.duckdb", clock)
    yield store
    store.close()


PAGES = (
    a_page([an_item("1"), an_item("2")], cursor="2", notices=("half the list",)),
    a_page([an_item("2"), an_item("3")], [Rejected("4", "no date")], cursor="4", notices=("half the list", "slow")),
)


class TestGather:
    def test_every_page_is_stored_and_counted(self, store: DuckDBStore, clock: StandingClock):
        gathered = gather(Scripted(PAGES), store, clock)
        assert (gathered.source, gathered.new_items, gathered.new_quarantined, gathered.known, gathered.error) == ("support", 3, 1, 1, None)
        assert gathered.notices == ("half the list", "half the list", "slow")
        (health,) = store.source_health()
        assert (health.last_ok_at, health.error, health.notices) == (NOW, None, ("half the list", "slow"))

    def test_the_next_fetch_goes_on_where_this_one_ended(self, store: DuckDBStore, clock: StandingClock):
        first, second = Scripted(PAGES), Scripted()
        gather(first, store, clock)
        gather(second, store, clock)
        assert (first.asked_since, second.asked_since) == (None, Cursor("4"))

    @pytest.mark.parametrize("failure", [AuthenticationError("Login refused."), TransientError("Busy.", retry_after=30)])
    def test_what_was_stored_before_a_failure_stays(self, store: DuckDBStore, clock: StandingClock, failure: Exception):
        gathered = gather(Scripted(PAGES[:1], failure), store, clock)
        assert (gathered.new_items, gathered.error) == (2, failure)
        assert store.cursor(SUPPORT) == Cursor("2")
        (health,) = store.source_health()
        assert (health.error, health.last_ok_at, health.last_item_at) == (str(failure), None, NOW)

    def test_a_programming_error_is_not_hidden(self, store: DuckDBStore, clock: StandingClock):
        with pytest.raises(ZeroDivisionError):
            gather(Scripted(PAGES[:1], ZeroDivisionError()), store, clock)
        assert store.cursor(SUPPORT) == Cursor("2")

    def test_an_error_of_the_store_is_raised(self, store: DuckDBStore, clock: StandingClock):
        with pytest.raises(StoreError):
            gather(Scripted((a_page([an_item("1", reach=2**70)], cursor="1"),)), store, clock)
        assert store.cursor(SUPPORT) is None

    def test_it_stops_when_it_is_told_to(self, store: DuckDBStore, clock: StandingClock):
        heard: list[int] = []

        def go_on(new: int) -> bool:
            heard.append(new)
            return False

        assert gather(Scripted(PAGES, AuthenticationError("never reached")), store, clock, go_on).new_items == 2
        assert heard == [2]
        assert store.cursor(SUPPORT) == Cursor("2")


class TestRetry:
    @pytest.fixture
    def held(self, store: DuckDBStore) -> ItemId:
        store.record_page(SUPPORT, a_page(rejected=[Rejected("4", "no date")]), NOW)
        return store.quarantine()[0].item_id

    def test_what_can_be_read_now_becomes_an_item(self, store: DuckDBStore, clock: StandingClock, held: ItemId):
        retry_quarantined(Scripted(reads=an_item("4")), store, clock, held)
        assert [item.external_id for item in store.items_to_understand(10)] == ["4"]
        assert store.quarantine() == []

    def test_what_still_cannot_waits_on(self, store: DuckDBStore, clock: StandingClock, held: ItemId):
        with pytest.raises(RecordRejected, match="still no date"):
            retry_quarantined(Scripted(), store, clock, held)
        assert len(store.quarantine()) == 1

    def test_what_is_read_as_another_message_waits_on(self, store: DuckDBStore, clock: StandingClock, held: ItemId):
        with pytest.raises(RecordRejected, match="kept as 4"):
            retry_quarantined(Scripted(reads=an_item("5")), store, clock, held)
        assert len(store.quarantine()) == 1

    def test_an_unknown_id_and_a_foreign_source_are_told(self, store: DuckDBStore, clock: StandingClock, held: ItemId):
        with pytest.raises(ConfigurationError, match="quarantine list"):
            retry_quarantined(Scripted(), store, clock, ItemId("unknown"))
        with pytest.raises(ConfigurationError, match="came from support, not from care"):
            retry_quarantined(Scripted(name=SourceName("care")), store, clock, held)


ids = st.integers(0, 12)
messages = st.tuples(st.lists(ids, max_size=5), st.lists(ids, max_size=2))


@settings(max_examples=25, deadline=None)
@given(st.lists(messages, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_pages_that_overlap_in_any_order_give_the_same_messages_and_a_balanced_ledger(
    pages: list[tuple[list[int], list[int]]], random: Random
):
    """A message that was readable once is an item in the end, one that never was is in quarantine; each counts once."""
    readable = {str(n) for items, _ in pages for n in items}
    held = {str(n) for _, rejected in pages for n in rejected} - readable
    shuffled = [*pages, *pages]
    random.shuffle(shuffled)
    clock = StandingClock()
    with tempfile.TemporaryDirectory() as folder:
        store = a_store(Path(folder) / "store.duckdb", clock)
        for number, (items, rejected) in enumerate(shuffled):
            page = a_page([an_item(str(n)) for n in items], [Rejected(str(n), "no date") for n in rejected if n not in items], str(number))
            store.record_page(SUPPORT, page, NOW + timedelta(hours=7 * number))
        clock.move(hours=1)
        rows = [replace(row, stuck=0) for row in store.ledger(None, "Europe/London")]
        assert {item.external_id for item in store.items_to_understand(100)} == readable
        assert {entry.external_id for entry in store.quarantine()} == held
        assert sum(row.received for row in rows) == len(readable | held)
        assert all(row.balanced for row in rows)
        store.close()
