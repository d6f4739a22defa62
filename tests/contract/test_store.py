"""What the store promises of messages: taken in once and whole, held, understood, and counted. Both adapters keep it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from allears.domain.feedback import (
    Channel,
    Cursor,
    Kind,
    Original,
    Rejected,
    Sentiment,
    SourceName,
    Status,
    Urgency,
    item_id,
)
from allears.domain.records import ExportName, Routed
from allears.domain.sources import PageReceipt, SourceRun
from allears.errors import StoreError
from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, StandingClock, a_page, an_item, said, understanding_of
from tests.contract.store_steps import LONDON, take_in, understand, with_case


class TestIntake:
    def test_an_item_comes_back_as_it_was_given(self, store: Store):
        item = an_item(
            title="Late again",
            quoted="> your order",
            thread_id="t-1",
            references=("a", "b"),
            language="en",
            rating=2.5,
            reach=1_200,
            url="https://x.example/1",
            source_person="Ada Brook",
            extra={"shop": "Leith", "ünï": "☕"},
        )
        take_in(store, item)
        assert store.items_to_understand(10) == [item]
        (stored,) = store.items([item.id])
        assert (stored.item, stored.status, stored.ingested_at, stored.understanding) == (item, Status.NEW, NOW, None)

    def test_a_page_moves_the_cursor(self, store: Store):
        assert store.cursor(SUPPORT) is None
        store.record_page(SUPPORT, a_page([an_item()], cursor="7"), NOW)
        store.record_page(SUPPORT, a_page(cursor="9"), NOW)
        store.record_page(SUPPORT, a_page([an_item("m-2")]), NOW)
        assert store.cursor(SUPPORT) == Cursor("9")
        assert store.cursor(SourceName("other")) is None

    def test_a_page_seen_again_is_merged(self, store: Store):
        page = a_page([an_item("1"), an_item("2")], [Rejected("3", "no date")], cursor="2")
        assert store.record_page(SUPPORT, page, NOW) == PageReceipt(2, 1, 0)
        assert store.record_page(SUPPORT, page, NOW) == PageReceipt(0, 0, 3)
        overlapping = a_page([an_item("2"), an_item("4"), an_item("4")], cursor="4")
        assert store.record_page(SUPPORT, overlapping, NOW) == PageReceipt(1, 0, 2)
        assert {item.external_id for item in store.items_to_understand(10)} == {"1", "2", "4"}
        assert [row.received for row in store.ledger(None, LONDON)] == [4]

    def test_the_first_reading_of_a_message_stays(self, store: Store):
        take_in(store, an_item(text="as it was first read"))
        take_in(store, an_item(text="read again by a newer parser"))
        assert [item.text for item in store.items_to_understand(10)] == ["as it was first read"]

    def test_the_same_id_from_two_sources_is_two_messages(self, store: Store):
        care = SourceName("care")
        take_in(store, an_item())
        store.record_page(care, a_page([an_item(source=care)]), NOW)
        assert {item.source for item in store.items_to_understand(10)} == {"support", "care"}

    def test_a_page_that_fails_leaves_nothing(self, store: Store):
        page = a_page([an_item("1"), an_item("2", reach=2**70)], [Rejected("3", "no date")], cursor="3")
        with pytest.raises(StoreError):
            store.record_page(SUPPORT, page, NOW)
        assert store.cursor(SUPPORT) is None
        assert store.items_to_understand(10) == []
        assert store.quarantine() == []
        assert store.ledger(None, LONDON) == []

    def test_a_page_that_fails_in_the_middle_of_its_transaction_leaves_nothing(self, in_process: DuckDBStore):
        broken = an_item("2", spam=None)  # refused after the originals and contacts were written
        with pytest.raises(StoreError, match="NOT NULL"):
            in_process.record_page(SUPPORT, a_page([an_item("1"), broken], cursor="3"), NOW)
        assert in_process.cursor(SUPPORT) is None
        assert in_process.items_to_understand(10) == []
        assert in_process.ledger(None, LONDON) == []
        assert in_process.export(ExportName.CUSTOMERS).read_all().num_rows == 0

    def test_a_customer_is_the_same_on_every_channel_they_use_one_address_on(self, store: Store):
        mail, form = an_item("1"), an_item("2", channel=Channel.FORM)
        take_in(store, mail, form, an_item("3", contact=None))
        customers = {each.item.external_id: each.customer_id for each in store.items([mail.id, form.id, item_id(SUPPORT, "3")])}
        assert customers["1"] == customers["2"] is not None
        assert customers["3"] is None

    def test_an_empty_address_is_nobodys(self, store: Store):
        take_in(store, an_item("1", contact=""), an_item("2", contact=""))
        assert {(each.item.contact, each.customer_id) for each in store.items([item_id(SUPPORT, "1"), item_id(SUPPORT, "2")])} == {
            (None, None)
        }

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("before\x00after", "before\x00after"),
            ("half \ud83d a face", "half ? a face"),
            ("x" * 100_000, "x" * 100_000),
            ("'; DROP TABLE items; --", "'; DROP TABLE items; --"),
            ("$1 ${HOME} {{7*7}} %s \\", "$1 ${HOME} {{7*7}} %s \\"),
            ("<script>alert(1)</script>\u202e\ufeff", "<script>alert(1)</script>\u202e\ufeff"),
            ("", ""),
        ],
        ids=["nul", "lone surrogate", "long", "sql", "templates", "markup", "empty"],
    )
    def test_hostile_text_is_only_text(self, store: Store, text: str, kept: str):
        fields = ("external_id", "text", "title", "author", "quoted", "thread_id", "url")
        take_in(store, an_item(**dict.fromkeys(fields, text), contact=f"x:{text}", references=(text,), extra={"kept": text}))
        (item,) = store.items_to_understand(10)
        assert {getattr(item, field) for field in fields} == {kept}
        assert (item.contact, item.references) == (f"x:{kept}", (kept,))
        assert item.extra == {"kept": kept}
        store.record_understanding([understanding_of(item)])
        assert [each.item for each in store.items_to_route(10)] == [item]

    def test_what_a_server_says_may_be_odd_too(self, store: Store):
        store.record_source_run(SourceRun(SUPPORT, NOW, 1.0, 0, error="no \udcff login", notices=("odd \udcff",)))
        (health,) = store.source_health()
        assert (health.error, health.notices) == ("no ? login", ("odd ?",))

    def test_health_remembers_when_a_source_last_worked(self, store: Store):
        later, last = NOW + timedelta(minutes=5), NOW + timedelta(minutes=10)
        store.record_source_run(SourceRun(SUPPORT, NOW, 1.0, 3))
        store.record_source_run(SourceRun(SUPPORT, later, 1.0, 0))
        store.record_source_run(SourceRun(SUPPORT, last, 1.0, 0, error="Login refused."))
        (health,) = store.source_health()
        assert (health.last_run_at, health.last_ok_at, health.last_item_at, health.error) == (last, later, NOW, "Login refused.")

    def test_claims_keep_two_runs_apart(self, store: Store, clock: StandingClock):
        until = NOW + timedelta(minutes=2)
        assert store.claim("gather support", "a", until)
        assert store.claim("gather support", "a", until)
        assert not store.claim("gather support", "b", until)
        assert store.claim("gather care", "b", until)
        store.release("gather support", "b")
        assert not store.claim("gather support", "b", until)
        store.release("gather support", "a")
        assert store.claim("gather support", "b", until)
        clock.move(minutes=3)
        assert store.claim("gather support", "a", until + timedelta(minutes=3))


class TestQuarantine:
    def test_a_message_that_cannot_be_read_waits_with_its_original(self, store: Store):
        store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "no date")]), NOW)
        (held,) = store.quarantine()
        assert (held.source, held.external_id, held.error, held.at) == (SUPPORT, "3", "no date", NOW)
        entry = store.quarantine_entry(held.item_id)
        assert entry is not None
        assert (entry.entry, entry.original) == (held, Original("3", b"raw", "message/rfc822"))
        assert store.quarantine_entry(item_id(SUPPORT, "unknown")) is None

    def test_bytes_of_any_kind_are_kept(self, store: Store):
        body = bytes(range(256)) * 4
        store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "odd")], originals=(Original("3", body, "text/plain"),)), NOW)
        entry = store.quarantine_entry(item_id(SUPPORT, "3"))
        assert entry is not None
        assert entry.original.body == body

    def test_a_message_read_at_last_leaves_quarantine_and_counts_on_the_day_it_came(self, store: Store):
        store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "no date")]), NOW)
        next_day = NOW + timedelta(days=1)
        item = an_item("3")
        assert store.record_page(SUPPORT, a_page([item]), next_day) == PageReceipt(1, 0, 0)
        assert store.quarantine() == []
        assert store.quarantine_entry(item.id) is None
        (row,) = store.ledger(None, LONDON)
        assert (row.day, row.received, row.quarantined, row.waiting, row.balanced) == (NOW.date(), 1, 0, 1, True)

    def test_what_was_read_once_is_not_quarantined_later(self, store: Store):
        take_in(store, an_item("3"))
        assert store.record_page(SUPPORT, a_page(rejected=[Rejected("3", "no date")]), NOW) == PageReceipt(0, 0, 1)
        assert store.quarantine() == []


class TestUnderstanding:
    def test_what_was_understood_comes_back(self, store: Store):
        item = an_item()
        take_in(store, item)
        prediction = said(Kind.PRAISE, Sentiment.MIXED, urgency=Urgency.HIGH, urgency_reasons=("legal threat",), language="fr")
        known = understanding_of(item, prediction, topics=("billing", "taste"), praised=("Ada Brook",))
        store.record_understanding([known])
        (each,) = store.items_to_route(10)
        assert (each.item, each.understanding, each.ingested_at) == (item, known, NOW)

    def test_only_new_items_are_touched(self, store: Store):
        item = an_item()
        understand(store, item)
        store.record_understanding([understanding_of(item, said(Kind.PRAISE)), understanding_of(an_item("unknown"))])
        (each,) = store.items_to_route(10)
        assert each.understanding.prediction.kind is Kind.COMPLAINT

    def test_batches_end_at_their_limit_and_keep_the_order_of_arrival(self, store: Store):
        items = [an_item(str(n), received_at=NOW - timedelta(hours=n)) for n in range(4)]
        understand(store, *items)
        assert [each.item.external_id for each in store.items_to_route(3)] == ["3", "2", "1"]


class TestLedger:
    def test_messages_count_by_source_and_by_the_businesss_day(self, store: Store):
        late_evening = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # already 2 July in London
        care = SourceName("care")
        take_in(store, an_item("1"), an_item("2"), at=late_evening)
        store.record_page(care, a_page([an_item("1", source=care)], [Rejected("9", "odd")]), late_evening)
        rows = store.ledger(None, LONDON)
        assert [(row.source, row.day, row.received) for row in rows] == [("care", date(2026, 7, 2), 2), ("support", date(2026, 7, 2), 2)]
        assert (rows[0].quarantined, rows[0].waiting) == (1, 1)
        assert [row.day for row in store.ledger(None, "UTC")] == [date(2026, 7, 1)] * 2
        assert store.ledger(date(2026, 7, 3), LONDON) == []

    def test_every_place_is_counted(self, store: Store):
        places = [Status.PRAISE, Status.OTHER, Status.AUTOMATED, Status.DUPLICATE, Status.SPAM]
        items = [an_item(str(n)) for n in range(len(places))]
        understand(store, *items)
        store.record_routing([Routed(item.id, place, "a reason") for item, place in zip(items, places, strict=True)])
        with_case(store, an_item("case"))
        store.record_page(SUPPORT, a_page([an_item("waits")], [Rejected("r", "odd")]), NOW)
        (row,) = store.ledger(None, LONDON)
        counts = (row.case, row.praise, row.other, row.automated, row.duplicate, row.spam, row.quarantined, row.waiting)
        assert counts == (1,) * 8
        assert row.received == row.accounted == 8

    def test_a_message_that_waits_for_more_than_an_hour_is_stuck(self, store: Store, clock: StandingClock):
        take_in(store, an_item())
        clock.move(minutes=59)
        assert store.ledger(None, LONDON)[0].balanced
        clock.move(minutes=2)
        (row,) = store.ledger(None, LONDON)
        assert (row.stuck, row.balanced) == (1, False)

    def test_a_message_that_vanishes_is_seen(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        take_in(in_process, an_item("1"), an_item("2"))
        in_process.close()
        with duckdb.connect(str(file)) as behind_its_back:
            behind_its_back.execute("DELETE FROM items WHERE external_id = '1'")
        reopened = DuckDBStore(file, clock)
        (row,) = reopened.ledger(None, LONDON)
        reopened.close()
        assert (row.received, row.accounted, row.balanced) == (2, 1, False)

    def test_a_message_stored_twice_is_seen(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        take_in(in_process, an_item("1"))
        in_process.close()
        with duckdb.connect(str(file)) as behind_its_back:
            behind_its_back.execute("INSERT INTO items SELECT * FROM items")
        reopened = DuckDBStore(file, clock)
        (row,) = reopened.ledger(None, LONDON)
        reopened.close()
        assert (row.received, row.accounted, row.balanced) == (1, 2, False)
