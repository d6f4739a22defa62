"""A round notices that the rules changed since the last messages were read: through the configuration, the real store, and a mailbox."""

from __future__ import annotations

from pathlib import Path

from allears.domain.trends import Part
from allears.settings import load
from allears.store.duckdb_store import DuckDBStore
from flows.round import understand
from flows.wiring import Wiring
from tests.builders import NOW, SUPPORT, StandingClock, a_page, an_item

BUSINESS = """
[business]
name = "Northwind Coffee"

[model]
name = "lexicon"

[[source]]
name = "support"
channel = "form"

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"

[[route]]
topic = "delivery"
about = "{about}"
to = "person:Cara Diaz"

[routing]
default = "person:Cara Diaz"
"""


def test_a_topic_that_was_described_anew_is_told_from_the_next_message_on(tmp_path: Path):
    path, clock = tmp_path / "allears.toml", StandingClock()
    store = DuckDBStore(tmp_path / "allears.duckdb", clock)

    def round_over(about: str, *messages: str) -> int:
        path.write_text(BUSINESS.format(about=about), "utf-8")
        clock.move(hours=1)
        if messages:
            store.record_page(SUPPORT, a_page(an_item(name) for name in messages), clock.now())
        return understand(Wiring(load(path, {}), store, clock))

    assert round_over("parcel late", "1") == 1
    assert round_over("parcel lost") == 0
    assert store.what_changed(NOW, clock.now()).rules == ()
    assert round_over("parcel lost", "2", "3") == 2
    (changed,) = store.what_changed(NOW, clock.now()).rules
    assert (changed.at, changed.part, changed.name) == (clock.now(), Part.TOPIC, "delivery")
    assert round_over("parcel lost", "4") == 1
    assert store.what_changed(changed.at, clock.now()).rules == ()
    store.close()
