"""A store from before pages read labels beside the messages: everything is found as if it had been written now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb

from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, StandingClock, an_item

MIGRATIONS = Path(__file__).parents[2] / "allears" / "store" / "migrations"
ITEM = an_item()
HOUR = timedelta(hours=1)


def an_older_store(file: Path) -> None:
    with duckdb.connect(str(file)) as old:
        old.execute("SET TimeZone = 'UTC'; CREATE TABLE migrations (name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")
        for migration in sorted(MIGRATIONS.iterdir())[:4]:
            old.execute(migration.read_text("utf-8"))
            old.execute("INSERT INTO migrations VALUES (?, now())", [migration.name])
        old.execute(
            "INSERT INTO items BY NAME SELECT ? AS item_id, 'support' AS source, 'email' AS channel, 'm-1' AS external_id, "
            "[] AS \"references\", ?::TIMESTAMPTZ AS received_at, ?::TIMESTAMPTZ AS ingested_at, 'Jo Lind' AS author, "
            "'email:jo@x.org' AS contact, 'c-jo' AS customer_id, ? AS text, false AS spam, '{}' AS extra, 'case' AS status, "
            "'C-1001' AS case_id",
            [ITEM.id, NOW - HOUR, NOW - HOUR, ITEM.text],
        )
        old.execute(
            "INSERT INTO originals BY NAME SELECT ? AS item_id, 'support' AS source, 'm-1' AS external_id, 'text/plain' AS media_type, "
            "?::TIMESTAMPTZ AS ingested_at",
            [ITEM.id, NOW - HOUR],
        )
        old.execute(
            "INSERT INTO understandings BY NAME SELECT ? AS item_id, ?::TIMESTAMPTZ AS \"at\", 'old-1' AS model_version, "
            "'neutral' AS sentiment, 0.0 AS score, 0.5 AS confidence, 0.2 AS p_negative, 0.5 AS p_neutral, 0.3 AS p_positive, "
            "'complaint' AS kind, 'en' AS language, 'normal' AS urgency, [] AS urgency_reasons, "
            "[{'topic': 'delivery', 'score': 0.9, 'evidence': 'parcel'}] AS topics, ['Ada Brook'] AS praised",
            [ITEM.id, NOW - HOUR],
        )
        old.execute(
            "INSERT INTO corrections BY NAME SELECT ? AS item_id, ?::TIMESTAMPTZ AS \"at\", 'Ada Brook' AS \"by\", 'plain' AS why, "
            "'negative' AS sentiment, 'old-1' AS model_version, 'neutral' AS said_sentiment, 'complaint' AS said_kind",
            [ITEM.id, NOW],
        )
        old.execute(
            "INSERT INTO cases BY NAME SELECT 'C-1001' AS id, 'open' AS status, 'Ada Brook' AS owner, 'why' AS why_owner, "
            "'c-jo' AS customer_id, 'complaint' AS kind, 'delivery' AS topic, 'normal' AS urgency, [] AS urgency_reasons, "
            "[?] AS item_ids, ?::TIMESTAMPTZ AS opened_at, ?::TIMESTAMPTZ AS next_date, 0 AS hops, 1 AS version, "
            "['Ada Brook'] AS owners, [] AS passed_by, [] AS tags",
            [ITEM.id, NOW - HOUR, NOW + HOUR],
        )
        old.execute(
            "INSERT INTO events BY NAME SELECT 'C-1001' AS case_id, ?::TIMESTAMPTZ AS \"at\", 'AllEars' AS actor, 'alerted' AS type, "
            "'Alert handed over' AS detail",
            [NOW - HOUR + timedelta(seconds=7)],
        )
        old.execute(
            "INSERT INTO source_health BY NAME SELECT 'support' AS source, ?::TIMESTAMPTZ AS first_run_at, "
            "?::TIMESTAMPTZ AS last_run_at, 1.0 AS seconds, [] AS notices",
            [NOW - 2 * HOUR, NOW],
        )


def test_an_older_store_has_its_labels_figures_and_cases(tmp_path: Path, clock: StandingClock):
    an_older_store(tmp_path / "old.duckdb")
    store = DuckDBStore(tmp_path / "old.duckdb", clock)
    try:
        overview = store.overview(NOW, 7, "UTC")
        (day,) = overview.daily
        assert (day.negative, day.neutral, day.complaints) == (1, 0, 1)
        assert [(topic.topic, topic.negative) for topic in overview.topics] == [("delivery", 1)]
        assert (overview.figures.time_to_owner.cases, overview.figures.time_to_owner.median_seconds) == (1, 7.0)
        assert [(line.case.id, line.sentiment) for line in overview.due_first] == [("C-1001", "negative")]
        assert [line.item.item.id for line in overview.praise] == [ITEM.id]
        view = store.case_view(overview.due_first[0].case.id)
        assert view is not None
        assert [stored.item.external_id for stored in view.items] == ["m-1"]
        assert [(row.received, row.case, row.balanced) for row in store.ledger(None, "UTC")] == [(1, 1, True)]
    finally:
        store.close()
