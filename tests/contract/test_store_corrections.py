"""What the store promises of readings: a person's word stands beside the model's, and no version of either is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from allears.domain.case import CaseId
from allears.domain.corrections import Correction
from allears.domain.feedback import FeedbackItem, Kind, Sentiment, Status
from allears.domain.records import ExportName, Routed
from allears.domain.shift import LabelMove
from allears.errors import CorrectionRefused
from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, StandingClock, an_item, said, understanding_of
from tests.contract.store_steps import LONDON, status_of, take_in, understand, with_case

PLAIN = said(Kind.OTHER, Sentiment.NEUTRAL)
GOOD = said(Kind.PRAISE, Sentiment.POSITIVE)


def correct(store: Store, item: FeedbackItem, sentiment: Sentiment | None = None, kind: Kind | None = None, **how: str) -> Correction:
    return store.record_correction(item.id, sentiment, kind, how.get("by", "Priya Nair"), how.get("why", "ironic"), NOW)


def placed(store: Store, item: FeedbackItem, status: Status) -> FeedbackItem:
    understand(store, item, prediction=GOOD if status is Status.PRAISE else PLAIN)
    store.record_routing([Routed(item.id, status, "a reason")])
    return item


def labels(store: Store, item: FeedbackItem) -> tuple[Sentiment, Kind]:
    (stored,) = store.items([item.id])
    assert stored.understanding is not None
    return stored.understanding.prediction.sentiment, stored.understanding.prediction.kind


class TestCorrections:
    def test_everything_reads_the_persons_word_and_the_models_is_kept(self, store: Store):
        item = with_case(store)
        given = correct(store, item, Sentiment.NEUTRAL, Kind.QUESTION)
        expected = Correction(
            item.id, NOW, "Priya Nair", "ironic", Sentiment.NEUTRAL, Kind.QUESTION, "fake-1", Sentiment.NEGATIVE, Kind.COMPLAINT
        )
        assert given == expected
        (stored,) = store.items([item.id])
        assert stored.understanding == understanding_of(item, said(Kind.QUESTION, Sentiment.NEUTRAL))
        assert stored.corrections == (expected,)
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert view.items == (stored,)
        overview = store.overview(NOW, 7, LONDON)
        assert [(day.negative, day.neutral, day.complaints) for day in overview.daily] == [(0, 1, 0)]
        assert [(topic.negative, topic.neutral) for topic in overview.topics] == [(0, 1)]
        assert [line.sentiment for line in overview.due_first] == ["neutral"]
        (row,) = store.export(ExportName.ITEMS).read_all().to_pylist()
        assert (row["sentiment"], row["kind"], row["model_sentiment"], row["model_kind"]) == (
            "neutral",
            "question",
            "negative",
            "complaint",
        )
        assert (row["corrected_by"], row["corrected_at"], row["corrected_why"]) == ("Priya Nair", NOW, "ironic")

    def test_the_last_word_on_each_label_holds_and_every_word_is_kept(self, store: Store):
        item = with_case(store)
        correct(store, item, Sentiment.NEUTRAL)
        correct(store, item, kind=Kind.SUGGESTION, by="Ada Brook")
        assert labels(store, item) == (Sentiment.NEUTRAL, Kind.SUGGESTION)
        correct(store, item, Sentiment.POSITIVE)
        assert labels(store, item) == (Sentiment.POSITIVE, Kind.SUGGESTION)
        (stored,) = store.items([item.id])
        assert [(each.sentiment, each.kind, each.by, each.said_sentiment) for each in stored.corrections] == [
            (Sentiment.NEUTRAL, None, "Priya Nair", Sentiment.NEGATIVE),
            (None, Kind.SUGGESTION, "Ada Brook", Sentiment.NEGATIVE),
            (Sentiment.POSITIVE, None, "Priya Nair", Sentiment.NEGATIVE),
        ]

    def test_nothing_is_said_of_what_nobody_read(self, store: Store):
        take_in(store, an_item())
        for item in (an_item(), an_item("unknown")):
            with pytest.raises(CorrectionRefused, match="was read yet"):
                correct(store, item, Sentiment.NEUTRAL)
        assert store.export(ExportName.CORRECTIONS).read_all().num_rows == 0

    def test_hostile_words_are_only_words(self, store: Store):
        item = with_case(store)
        assert correct(store, item, Sentiment.NEUTRAL, why="'; DROP TABLE corrections; -- \ud83d").why == "'; DROP TABLE corrections; -- ?"

    def test_they_outlast_a_restart(self, in_process: DuckDBStore, file: Path, clock: StandingClock):
        item = with_case(in_process)
        correct(in_process, item, Sentiment.NEUTRAL)
        before = in_process.items([item.id])
        in_process.close()
        reopened = DuckDBStore(file, clock)
        assert reopened.items([item.id]) == before
        reopened.close()

    def test_they_are_exported_as_rows_to_learn_from(self, store: Store):
        item, other = an_item("1", title="Thanks", language="fr"), an_item("2")
        understand(store, item, other)
        correct(store, item, Sentiment.NEUTRAL)
        assert store.export(ExportName.CORRECTIONS).read_all().to_pylist() == [
            {
                "id": item.id,
                "language": "fr",
                "trade": "own",
                "split": "train",
                "channel": "email",
                "text": item.words,
                "sentiment": "neutral",
                "kind": "complaint",
                "signals": None,
                "features": [],
                "spans": [],
            }
        ]


class TestBackToRouting:
    @pytest.mark.parametrize("status", [Status.PRAISE, Status.OTHER])
    def test_a_corrected_kind_brings_an_item_without_a_case_back(self, store: Store, status: Status):
        item = placed(store, an_item(), status)
        correct(store, item, kind=Kind.COMPLAINT)
        (waiting,) = store.items_to_route(10)
        assert (waiting.item, waiting.understanding.prediction.kind, waiting.routed_before) == (item, Kind.COMPLAINT, True)

    @pytest.mark.parametrize("status", [Status.SPAM, Status.AUTOMATED, Status.DUPLICATE])
    def test_what_no_customer_waits_for_stays_where_it_is(self, store: Store, status: Status):
        item = placed(store, an_item(), status)
        correct(store, item, kind=Kind.COMPLAINT)
        assert status_of(store, item) is status

    def test_a_case_stays_a_case(self, store: Store):
        item = with_case(store)
        correct(store, item, kind=Kind.PRAISE)
        assert (status_of(store, item), store.items_to_route(10)) == (Status.CASE, [])

    def test_a_corrected_sentiment_moves_nothing(self, store: Store):
        item = placed(store, an_item(), Status.PRAISE)
        correct(store, item, Sentiment.NEUTRAL)
        assert status_of(store, item) is Status.PRAISE

    def test_what_waits_for_the_first_time_was_not_routed_before(self, store: Store):
        item = an_item()
        understand(store, item)
        correct(store, item, kind=Kind.QUESTION)
        (waiting,) = store.items_to_route(10)
        assert (waiting.understanding.prediction.kind, waiting.routed_before) == (Kind.QUESTION, False)

    def test_the_ledger_balances_all_the_time(self, store: Store, clock: StandingClock):
        item = placed(store, an_item(), Status.PRAISE)
        clock.move(days=20)
        store.record_correction(item.id, None, Kind.COMPLAINT, "Priya Nair", "ironic", clock.now())
        clock.move(minutes=59)
        (row,) = store.ledger(None, LONDON)
        assert (row.received, row.praise, row.waiting, row.stuck, row.balanced) == (1, 0, 1, 0, True)
        clock.move(minutes=2)
        assert store.ledger(None, LONDON)[0].stuck == 1
        store.record_routing([Routed(item.id, Status.OTHER, "routed again")])
        assert store.ledger(None, LONDON)[0].balanced


def anew(*items: FeedbackItem, prediction=PLAIN, version: str = "fake-2"):
    return [replace(understanding_of(item, prediction), model_version=version) for item in items]


def versions(file: Path) -> list[tuple[str, str, bool]]:
    with duckdb.connect(str(file)) as behind_its_back:
        return behind_its_back.execute(
            'SELECT model_version, sentiment, superseded_at IS NULL FROM understandings ORDER BY "at", superseded_at NULLS LAST'
        ).fetchall()


class TestVersions:
    def test_a_new_version_takes_the_old_ones_place(self, store: Store):
        item = with_case(store)
        before = store.case_view(CaseId("C-1001"))
        store.record_reclassification("fake-2", anew(item), NOW, finished=True)
        view = store.case_view(CaseId("C-1001"))
        assert view is not None
        assert before is not None
        assert view.items[0].understanding == anew(item)[0]
        assert (view.case, view.events, view.items[0].status) == (before.case, before.events, before.items[0].status)
        assert store.items_to_route(10) == []

    def test_the_old_one_is_kept(self, in_process: DuckDBStore, file: Path):
        item = with_case(in_process)
        day = timedelta(days=1)
        in_process.record_reclassification("fake-2", anew(item), NOW + day, finished=True)
        in_process.record_reclassification("fake-1", anew(item, prediction=GOOD, version="fake-1"), NOW + 2 * day, finished=True)
        in_process.close()
        assert versions(file) == [("fake-1", "negative", False), ("fake-2", "neutral", False), ("fake-1", "positive", True)]

    def test_a_correction_outlasts_a_new_version(self, store: Store):
        item = with_case(store)
        correct(store, item, Sentiment.MIXED)
        store.record_reclassification("fake-2", anew(item, prediction=GOOD), NOW, finished=True)
        assert labels(store, item) == (Sentiment.MIXED, Kind.PRAISE)
        (stored,) = store.items([item.id])
        assert [each.said_sentiment for each in stored.corrections] == [Sentiment.NEGATIVE]

    def test_what_this_model_has_read_is_left_as_it_is(self, store: Store):
        item = with_case(store)
        store.record_reclassification("fake-1", anew(item, version="fake-1"), NOW, finished=True)
        assert labels(store, item) == (Sentiment.NEGATIVE, Kind.COMPLAINT)
        assert store.overview(NOW, 7, LONDON).reclassified is None

    def test_only_what_another_model_read_is_to_be_read_again(self, store: Store):
        old, recent, new = (an_item(str(n), received_at=NOW - timedelta(days=days)) for n, days in ((1, 9), (2, 1), (3, 1)))
        understand(store, old, recent)
        take_in(store, new)
        correct(store, recent, Sentiment.NEUTRAL)
        found = store.items_to_reclassify("fake-2", None, None, 10)
        assert {(each.item.external_id, each.said_sentiment, each.said_kind, each.model_version, each.corrected) for each in found} == {
            ("1", "negative", "complaint", "fake-1", False),
            ("2", "negative", "complaint", "fake-1", True),
        }
        assert [each.item for each in store.items_to_reclassify("fake-2", NOW - timedelta(days=2), None, 10)] == [recent]
        first, second = found
        assert store.items_to_reclassify("fake-2", None, None, 1) == [first]
        assert store.items_to_reclassify("fake-2", None, first.item.id, 10) == [second]
        assert store.items_to_reclassify("fake-1", None, None, 10) == []

    def test_a_reclassification_is_one_record_however_many_batches(self, store: Store):
        items = [an_item(str(n)) for n in range(3)]
        understand(store, *items)
        later = NOW + timedelta(minutes=5)
        store.record_reclassification("fake-2", anew(items[0]), NOW, finished=False)
        running = store.overview(later, 7, LONDON).reclassified
        assert running is not None
        assert (running.items, running.changed, running.finished) == (1, 1, False)
        store.record_reclassification("fake-2", anew(*items[:2], prediction=said()), later, finished=False)
        store.record_reclassification("fake-2", anew(items[2]), later, finished=True)
        done = store.overview(later, 7, LONDON).reclassified
        assert done is not None
        assert (done.began_at, done.last_at, done.finished, done.from_versions, done.to_version) == (
            NOW,
            later,
            True,
            ("fake-1",),
            "fake-2",
        )
        assert (done.items, done.changed) == (3, 2)
        assert store.overview(later + timedelta(days=15), 7, LONDON).reclassified is None

    def test_the_next_one_is_a_record_of_its_own(self, store: Store):
        items = [an_item(str(n)) for n in range(2)]
        understand(store, *items)
        store.record_reclassification("fake-2", anew(items[0]), NOW, finished=False)
        later = NOW + timedelta(minutes=5)
        store.record_reclassification("fake-3", anew(*items, version="fake-3"), later, finished=True)
        third = store.overview(later, 7, LONDON).reclassified
        assert third is not None
        assert (third.items, third.from_versions, third.changed) == (2, ("fake-1", "fake-2"), 1)
        last = later + timedelta(minutes=5)
        store.record_reclassification("fake-2", anew(*items), last, finished=True)
        back = store.overview(last, 7, LONDON).reclassified
        assert back is not None
        assert (back.began_at, back.items, back.changed) == (last, 2, 0)


class TestLabelMoves:
    def test_they_count_this_models_words_and_peoples(self, store: Store):
        items = [an_item(str(n), text=f"The parcel is late and nobody answers, {n}.") for n in range(4)]
        for item in items:
            placed(store, item, Status.PRAISE)
        correct(store, items[0], Sentiment.NEGATIVE)
        correct(store, items[1], Sentiment.MIXED)
        spam = placed(store, an_item("spam"), Status.SPAM)
        correct(store, spam, Sentiment.NEGATIVE)
        placed(store, an_item("old", received_at=NOW - timedelta(days=200)), Status.PRAISE)
        assert set(store.label_moves("fake-1", NOW - timedelta(days=180))) == {
            LabelMove(Sentiment.POSITIVE, Sentiment.NEGATIVE, 1),
            LabelMove(Sentiment.POSITIVE, Sentiment.MIXED, 1),
            LabelMove(Sentiment.POSITIVE, Sentiment.POSITIVE, 2),
        }
        assert store.label_moves("fake-2", NOW - timedelta(days=180)) == []

    def test_what_the_shift_moved_counts_as_the_model_said_it(self, store: Store):
        item = an_item()
        take_in(store, item)
        store.record_understanding([replace(understanding_of(item, PLAIN), unshifted=Sentiment.NEGATIVE)])
        store.record_routing([Routed(item.id, Status.OTHER, "a reason")])
        assert store.label_moves("fake-1", NOW - timedelta(days=180)) == [LabelMove(Sentiment.NEGATIVE, Sentiment.NEGATIVE, 1)]
        assert correct(store, item, Sentiment.POSITIVE).said_sentiment is Sentiment.NEGATIVE


def test_a_store_from_before_there_were_corrections_keeps_its_readings(tmp_path: Path, clock: StandingClock):
    file = tmp_path / "old.duckdb"
    migrations = Path(__file__).parents[2] / "allears" / "store" / "migrations"
    item = an_item()
    with duckdb.connect(str(file)) as old:
        old.execute("SET TimeZone = 'UTC'; CREATE TABLE migrations (name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")
        old.execute((migrations / "0001_initial.sql").read_text("utf-8"))
        old.execute("INSERT INTO migrations VALUES ('0001_initial.sql', now())")
        old.execute(
            'INSERT INTO items (item_id, source, channel, external_id, "references", received_at, ingested_at, text, spam, extra, status) '
            "VALUES (?, 'support', 'email', 'm-1', [], ?, ?, 'Late.', false, '{}', 'praise')",
            [item.id, NOW, NOW],
        )
        old.execute(
            "INSERT INTO understandings VALUES (?, ?, 'fake-1', 'positive', 0.5, 0.8, 0.1, 0.1, 0.8, 'praise', 'en', 'low', [], [], [])",
            [item.id, NOW],
        )
    store = DuckDBStore(file, clock)
    assert labels(store, item) == (Sentiment.POSITIVE, Kind.PRAISE)
    correct(store, item, kind=Kind.COMPLAINT)
    assert [each.item.id for each in store.items_to_route(10)] == [item.id]
    store.close()
