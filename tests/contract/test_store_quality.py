"""What the store promises of quality: the same lot for everyone, a message counts once, and figures as they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from allears.domain.feedback import Channel, FeedbackItem, ItemId, Kind, Sentiment, Status
from allears.domain.quality import WHY_SAMPLED, Basis, Judged, Reading, WeeklySample
from allears.domain.records import Routed
from allears.domain.shift import LabelMove
from allears.ports import Store
from tests.builders import NOW, an_item, said, understanding_of
from tests.contract.store_steps import LONDON, status_of, take_in, understand

NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE
COMPLAINT, PRAISE, QUESTION = Kind.COMPLAINT, Kind.PRAISE, Kind.QUESTION
MONDAY = date(2026, 11, 9)
TUESDAY = datetime(2026, 11, 10, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=180)


def placed(store: Store, *items: FeedbackItem, status: Status = Status.OTHER, **labels: object) -> tuple[FeedbackItem, ...]:
    understand(store, *items, prediction=said(**labels))
    store.record_routing([Routed(item.id, status, "a reason") for item in items])
    return items


def in_week(number: int, **changes: object) -> FeedbackItem:
    return an_item(f"m-{number}", text=f"Parcel number {number} is late.", received_at=TUESDAY + timedelta(minutes=number), **changes)


def sample(store: Store, size: int = 30, week: date = MONDAY) -> WeeklySample:
    return store.weekly_sample(week, LONDON, size)


def judge(store: Store, item_id: ItemId, week: date | None = MONDAY, sentiment: Sentiment = NEGATIVE, kind: Kind = COMPLAINT) -> bool:
    return store.record_judgement(item_id, week, sentiment, kind, "Priya Nair", NOW)


class TestTheLot:
    def test_it_draws_the_same_messages_each_time_and_more_where_more_are_asked_for(self, store: Store):
        placed(store, *(in_week(number) for number in range(40)))
        drawn = sample(store, 10)
        assert (drawn.messages, drawn.read, len(set(drawn.waiting))) == (40, 0, 10)
        assert sample(store, 10) == drawn
        assert sample(store, 20).waiting[:10] == drawn.waiting
        order = [item.id for item in sorted((in_week(number) for number in range(40)), key=lambda item: item.received_at)]
        assert list(drawn.waiting) != order[:10]

    def test_each_week_has_its_own(self, store: Store):
        placed(store, *(in_week(number) for number in range(9)))
        placed(store, *(replace(in_week(100 + number), received_at=TUESDAY + timedelta(days=7)) for number in range(9)))
        next_week = sample(store, 3, MONDAY + timedelta(days=7))
        assert (next_week.messages, set(next_week.waiting) & set(sample(store, 30).waiting)) == (9, set())

    def test_weeks_begin_on_monday_in_the_business_time_zone(self, store: Store):
        sunday_night = datetime(2026, 11, 9, 4, 30, tzinfo=UTC)  # Sunday 23:30 in New York
        placed(store, replace(in_week(1), received_at=sunday_night))
        assert store.weekly_sample(MONDAY, "America/New_York", 9).messages == 0
        assert store.weekly_sample(MONDAY, LONDON, 9).messages == 1

    @pytest.mark.parametrize("status", [Status.SPAM, Status.AUTOMATED, Status.DUPLICATE])
    def test_it_draws_only_what_counts_in_figures(self, store: Store, status: Status):
        placed(store, in_week(1), status=status)
        take_in(store, in_week(2))
        assert sample(store) == WeeklySample(MONDAY, (), (), ())


class TestJudging:
    def test_what_is_judged_waits_no_more_and_counts_beside_what_was_said(self, store: Store):
        items = placed(store, *(in_week(number) for number in range(3)))
        first = sample(store).waiting[0]
        assert judge(store, first)
        now = sample(store)
        assert (now.read, len(now.waiting), first in now.waiting) == (1, 2, False)
        assert now.all_read == (Reading(NEGATIVE, COMPLAINT, len(items)),)
        assert now.judged == (Reading(NEGATIVE, COMPLAINT, 1, (NEGATIVE, COMPLAINT)),)

    def test_the_first_word_holds_and_a_message_counts_once(self, store: Store):
        (item,) = placed(store, in_week(1))
        assert judge(store, item.id, sentiment=NEUTRAL)
        assert not judge(store, item.id, sentiment=POSITIVE)
        assert not judge(store, item.id, week=None, sentiment=POSITIVE)
        (stored,) = store.items([item.id])
        assert [(each.sentiment, each.why) for each in stored.corrections] == [(NEUTRAL, WHY_SAMPLED)]
        assert sample(store).judged == (Reading(NEGATIVE, COMPLAINT, 1, (NEUTRAL, COMPLAINT)),)

    def test_what_differs_is_a_correction_and_goes_back_to_routing(self, store: Store):
        (item,) = placed(store, in_week(1), kind=Kind.OTHER, sentiment=NEUTRAL)
        assert judge(store, item.id)
        assert status_of(store, item) is Status.UNDERSTOOD
        assert (sample(store).read, sample(store).messages) == (1, 1)
        (stored,) = store.items([item.id])
        assert stored.understanding is not None
        assert (stored.understanding.prediction.sentiment, stored.understanding.prediction.kind) == (NEGATIVE, COMPLAINT)
        assert [(each.by, each.said) for each in stored.corrections] == [("Priya Nair", "neutral other")]

    def test_what_agrees_is_none(self, store: Store):
        (item,) = placed(store, in_week(1))
        judge(store, item.id)
        assert store.items([item.id])[0].corrections == ()

    def test_an_earlier_correction_made_with_a_reason_stands(self, store: Store):
        (item,) = placed(store, in_week(1))
        store.record_correction(item.id, NEUTRAL, None, "Ada Brook", "ironic", NOW)
        assert judge(store, item.id, sentiment=POSITIVE, kind=QUESTION)
        (stored,) = store.items([item.id])
        assert [(each.why, each.corrected_to) for each in stored.corrections] == [("ironic", "neutral"), (WHY_SAMPLED, "question")]
        store.record_routing([Routed(item.id, Status.OTHER, "again")])
        assert sample(store).all_read == (Reading(NEGATIVE, COMPLAINT, 1),)
        assert sample(store).judged == (Reading(NEGATIVE, COMPLAINT, 1, (POSITIVE, QUESTION)),)

    def test_the_week_is_counted_by_what_the_model_says_however_much_is_corrected(self, store: Store):
        items = placed(store, *(in_week(number) for number in range(3)))
        judge(store, items[0].id, sentiment=POSITIVE, kind=COMPLAINT)
        store.record_correction(items[1].id, NEUTRAL, None, "Ada Brook", "ironic", NOW)
        assert sample(store).all_read == (Reading(NEGATIVE, COMPLAINT, 3),)

    def test_another_model_counts_by_its_own_words(self, store: Store):
        (item,) = placed(store, in_week(1))
        judge(store, item.id, sentiment=NEUTRAL)
        anew = replace(understanding_of(item, said(QUESTION, NEUTRAL)), model_version="fake-2")
        store.record_reclassification("fake-2", [anew], NOW, finished=True)
        assert sample(store).judged == (Reading(NEUTRAL, QUESTION, 1, (NEUTRAL, COMPLAINT)),)

    def test_what_was_confirmed_as_unsure_can_still_be_drawn_by_lot(self, store: Store):
        (item,) = placed(store, in_week(1))
        assert judge(store, item.id, week=None)
        assert sample(store).waiting == (item.id,)
        assert judge(store, item.id, sentiment=NEUTRAL)
        assert [(each.basis, each.sentiment) for each in quality(store).judged] == [(Basis.LOT, NEUTRAL)]

    def test_nothing_is_said_of_what_nobody_read(self, store: Store):
        take_in(store, in_week(1))
        assert not judge(store, in_week(1).id)
        assert not judge(store, ItemId("unknown"))

    def test_the_label_shift_counts_it_once_and_as_drawn(self, store: Store):
        items = placed(store, *(in_week(number) for number in range(4)))
        judge(store, items[0].id, sentiment=NEUTRAL)
        judge(store, items[1].id)
        judge(store, items[2].id, week=None)
        assert set(store.label_moves("fake-1", LONG_AGO)) == {LabelMove(NEGATIVE, NEUTRAL, 1, 1), LabelMove(NEGATIVE, NEGATIVE, 3, 1)}


def quality(store: Store, weeks: int = 2):
    return store.quality(MONDAY, weeks, LONDON, LONG_AGO)


class TestQuality:
    def test_weeks_stand_as_they_are_read_now(self, store: Store):
        placed(store, in_week(1), in_week(2), confidence=0.9)
        (item,) = placed(store, replace(in_week(3), received_at=TUESDAY - timedelta(days=7)), confidence=0.5, language="und")
        placed(store, replace(in_week(4), received_at=TUESDAY + timedelta(days=7)))
        store.record_correction(item.id, NEUTRAL, QUESTION, "Ada Brook", "why", NOW)
        store.record_routing([Routed(item.id, Status.OTHER, "again")])
        before, last = quality(store).weeks
        assert (before.week, before.messages, before.unsure, before.unreadable) == (MONDAY - timedelta(days=7), 1, 1, 1)
        assert (before.sentiments, before.kinds) == ({NEUTRAL: 1}, {QUESTION: 1})
        assert (last.week, last.messages, last.unsure, last.unreadable, round(last.confidence, 3)) == (MONDAY, 2, 0, 0, 0.9)

    def test_a_week_without_messages_is_there_all_the_same(self, store: Store):
        assert [(each.messages, each.confidence) for each in quality(store, 9).weeks] == [(0, 0.0)] * 9

    def test_what_people_said_is_counted_by_how_they_came_to_say_it(self, store: Store):
        items = placed(store, *(in_week(number) for number in range(4)))
        judge(store, items[0].id, sentiment=NEUTRAL)
        judge(store, items[1].id, week=None)
        store.record_correction(items[2].id, None, QUESTION, "Ada Brook", "why", NOW)
        store.record_correction(items[2].id, POSITIVE, None, "Ada Brook", "why", NOW)
        as_said = (Channel.EMAIL.value, "en", NEGATIVE, COMPLAINT)
        assert set(quality(store).judged) == {
            Judged(Basis.LOT, *as_said, NEUTRAL, COMPLAINT, 1),
            Judged(Basis.UNSURE, *as_said, NEGATIVE, COMPLAINT, 1),
            Judged(Basis.CORRECTED, *as_said, POSITIVE, QUESTION, 1),
        }
        assert store.quality(MONDAY, 2, LONDON, NOW).judged == ()

    def test_versions_say_since_when_and_how_much_stands_as_they_read_it(self, store: Store):
        items = placed(store, in_week(1), in_week(2))
        anew = [replace(understanding_of(items[0]), model_version="fake-2")]
        store.record_reclassification("fake-2", anew, NOW + timedelta(days=1), finished=True)
        assert [(each.version, each.since, each.messages) for each in quality(store).versions] == [
            ("fake-2", NOW + timedelta(days=1), 1),
            ("fake-1", NOW, 1),
        ]


class TestUnsure:
    def test_it_offers_the_least_sure_of_each_label_and_language(self, store: Store):
        placed(store, *(in_week(number) for number in range(3)), confidence=0.5)
        placed(store, *(in_week(number) for number in range(3, 6)), confidence=0.4, language="fr")
        placed(store, in_week(6), confidence=0.3, sentiment=POSITIVE)
        placed(store, in_week(7), confidence=0.7)
        found = store.unsure(LONG_AGO, 2)
        assert [(each.sentiment, each.language, each.confidence) for each in found] == [
            (POSITIVE, "en", pytest.approx(0.3)),
            *[(NEGATIVE, "fr", pytest.approx(0.4))] * 2,
            *[(NEGATIVE, "en", pytest.approx(0.5))] * 2,
        ]
        assert store.unsure(NOW, 2) == []

    def test_it_offers_no_words_twice(self, store: Store):
        placed(store, *(replace(in_week(number), text="The parcel is late again.") for number in range(5)), confidence=0.5)
        assert [each.words for each in store.unsure(LONG_AGO, 5)] == ["The parcel is late again."]

    def test_it_offers_nothing_that_a_person_read(self, store: Store):
        items = placed(store, *(in_week(number) for number in range(4)), confidence=0.5)
        judge(store, items[0].id, week=None)
        judge(store, items[1].id)
        store.record_correction(items[2].id, NEUTRAL, None, "Ada Brook", "why", NOW)
        assert [each.item_id for each in store.unsure(LONG_AGO, 5)] == [items[3].id]
