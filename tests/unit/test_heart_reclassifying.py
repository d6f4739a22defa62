"""Another model reads again: shown first, done in batches that a kill cannot tear, and what corrections teach the next readings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from allears.domain.feedback import FeedbackItem, Kind, Prediction, Sentiment, Status, Understanding
from allears.domain.records import Routed
from allears.reclassifying import reclassify
from allears.store.duckdb_store import DuckDBStore
from allears.understanding import BATCH, Reader, learnt_shift, understand_waiting
from tests.builders import NOW, SUPPORT, StandingClock, a_directory, a_page, an_item, said, understanding_of

MANY = 2 * BATCH + 7


class Plain:
    """Finds every message plain; the further one close to it."""

    version = "plain-1"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        close = said(Kind.OTHER, p_negative=0.45, p_neutral=0.40, p_positive=0.15)
        return [close if "close" in text else said(Kind.OTHER, Sentiment.NEUTRAL) for text in texts]


class Killed(Exception):
    """What a kill is to a test."""


class KilledStore(DuckDBStore):
    """A store whose process ends before the second batch is kept."""

    batches = 0

    def record_reclassification(self, model_version: str, understood: Sequence[Understanding], at, *, finished: bool) -> None:
        self.batches += 1
        if self.batches == 2:
            raise Killed
        super().record_reclassification(model_version, understood, at, finished=finished)


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[KilledStore]:
    store = KilledStore(tmp_path / "store.duckdb", clock)
    yield store
    store.close()


def read_before(store: DuckDBStore, *items: FeedbackItem) -> None:
    store.record_page(SUPPORT, a_page(items), NOW)
    store.record_understanding([understanding_of(item) for item in items])
    store.record_routing([Routed(item.id, Status.OTHER, "a reason") for item in items])


READER = Reader(Plain(), (), a_directory())


def test_what_would_change_is_shown_and_nothing_changes(store: KilledStore, clock: StandingClock):
    items = [an_item(str(n)) for n in range(3)]
    read_before(store, *items)
    store.record_correction(items[0].id, Sentiment.MIXED, None, "Ada Brook", "both", NOW)
    before = store.items([item.id for item in items])
    found = reclassify(store, READER, clock, None, apply=False)
    assert (found.items, found.changed, found.corrected, found.from_versions) == (3, 3, 1, {"fake-1"})
    assert found.sentiments == Counter({(Sentiment.NEGATIVE, Sentiment.NEUTRAL): 3})
    assert found.kinds == Counter({(Kind.COMPLAINT, Kind.OTHER): 3})
    assert store.items([item.id for item in items]) == before
    assert store.overview(NOW, 7, "UTC").reclassified is None


def test_a_run_that_was_killed_goes_on_where_it_was(store: KilledStore, clock: StandingClock):
    read_before(store, *(an_item(str(n)) for n in range(MANY)))
    with pytest.raises(Killed):
        reclassify(store, READER, clock, None, apply=True)
    half = store.overview(NOW, 7, "UTC").reclassified
    assert half is not None
    assert (half.items, half.finished) == (BATCH, False)
    rest = reclassify(store, READER, clock, None, apply=True)
    assert rest.items == MANY - BATCH
    whole = store.overview(NOW, 7, "UTC").reclassified
    assert whole is not None
    assert (whole.items, whole.changed, whole.finished, whole.began_at) == (MANY, MANY, True, half.began_at)
    assert reclassify(store, READER, clock, None, apply=True).items == 0
    assert store.overview(NOW, 7, "UTC").reclassified == whole


def test_new_messages_are_read_with_what_corrections_taught(store: KilledStore, clock: StandingClock):
    read_before(store, *(an_item(str(n), f"close call {n}") for n in range(200)))
    reclassify(store, READER, clock, None, apply=True)
    for n in range(60):
        store.record_correction(an_item(str(n)).id, Sentiment.NEUTRAL, None, "Ada Brook", "plain words", NOW)
    reader = Reader(Plain(), (), a_directory(), learnt_shift(store, Plain(), clock))
    later = an_item("later", "Another close one.")
    store.record_page(SUPPORT, a_page([later]), NOW)
    assert understand_waiting(store, reader) == 1
    (stored,) = store.items([later.id])
    assert stored.understanding is not None
    known = stored.understanding
    assert (known.prediction.sentiment, known.unshifted, known.model_version) == (Sentiment.NEUTRAL, Sentiment.NEGATIVE, "plain-1")
    clock.move(days=181)
    assert learnt_shift(store, Plain(), clock) == Reader(Plain(), (), a_directory()).shift
