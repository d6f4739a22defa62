"""The sample business years later: a store with as many messages as asked for, made from those of the sample in one go.

    python benchmarks/grown.py FOLDER [MESSAGES]

Runs the sample business in FOLDER, then fills its store: channels, sources, topics, languages, kinds, sentiments and owners come as often
as in the sample, in the hours and on the weekdays of a shop; every sixth message of a case is the customer writing again; all but a few
thousand cases have run their course. Ids, times, customers and the numbers in the texts are each message's own. For the benchmarks; no
product code runs but what made the sample's store and its ids.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import duckdb

from allears.domain.feedback import item_id

MESSAGES = 10_000_000
YEARS = 2
BATCH = 1_000_000


def main() -> None:
    """Make the store, telling how far it is."""
    folder = Path(sys.argv[1])
    messages = int(sys.argv[2]) if len(sys.argv) > 2 else MESSAGES  # noqa: PLR2004 - the second argument
    if not (folder / "allears.duckdb").exists():
        subprocess.run([Path(sys.executable).with_name("allears"), "demo", folder, "--no-serve"], check=True)
    make, *write = Path(__file__).with_suffix(".sql").read_text("utf-8").rstrip().removesuffix(";").split(";\n\n")
    began = time.monotonic()
    with duckdb.connect(str(folder / "allears.duckdb"), config={"memory_limit": "6GB"}) as store:
        store.execute("SET TimeZone = 'UTC'; SET preserve_insertion_order = false")
        store.create_function("own_id", item_id, ["VARCHAR", "VARCHAR"], "VARCHAR")
        patterns = _take_sample(store)
        for first in range(0, messages, BATCH):
            batch = {"first": first, "end": min(first + BATCH, messages)}
            store.execute(make, {**batch, "all": messages, "patterns": patterns, "years": YEARS})
            for statement in write:
                store.execute(statement)
            print(f"{min(first + BATCH, messages):,} of {messages:,}, {time.monotonic() - began:.0f} s", flush=True)
        store.execute("DROP TABLE grown; DROP TABLE pattern; DROP TABLE pattern_cases")
        store.execute("CHECKPOINT")


def _take_sample(store: duckdb.DuckDBPyConnection) -> int:
    """The messages to repeat, numbered, with how each was read and its case; how many."""
    store.execute("""
        CREATE OR REPLACE TABLE pattern AS
        SELECT row_number() OVER (ORDER BY i.item_id) - 1 AS k,
            i.* EXCLUDE (key, external_key, customer_key, sentiment, kind, topic, urgency, detected, confidence, corrected, praised,
                known_at),
            u.* EXCLUDE (item_id, key, "at", language), u.language AS detected, m.* EXCLUDE (key, received_at)
        FROM items i LEFT JOIN understandings u ON u.item_id = i.item_id AND u.superseded_at IS NULL LEFT JOIN meanings m ON m.key = i.key;
        CREATE OR REPLACE TABLE pattern_cases AS SELECT * FROM cases;
    """)
    (patterns,) = store.execute("SELECT count(*) FROM pattern").fetchall()[0]
    return int(patterns)


if __name__ == "__main__":
    main()
