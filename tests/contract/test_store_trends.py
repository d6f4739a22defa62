"""What the store tells of messages over time, and of what changed how they are read. Both adapters tell the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from allears.domain.feedback import Channel, FeedbackItem, Kind, Sentiment, SourceName, Status
from allears.domain.records import Routed
from allears.domain.shift import LabelMove
from allears.domain.trends import Changes, ComplaintsOf, Counts, Only, Part, RuleChange, Split, Taught, TrendCount
from allears.ports import Store
from tests.builders import NOW, a_page, an_item, said, understanding_of
from tests.contract.store_steps import LONDON, opened, understand

DAY = timedelta(days=1)
NEW_YORK = "America/New_York"


def placed(store: Store, item: FeedbackItem, kind: Kind, sentiment: Sentiment, *topics: str, status: Status = Status.OTHER) -> None:
    understand(store, item, prediction=said(kind, sentiment), topics=topics)
    store.record_routing([Routed(item.id, status, "a reason")])


def in_case(store: Store, item: FeedbackItem, number: int, **changes: object) -> None:
    store.record_page(item.source, a_page([item]), NOW)
    store.record_understanding([understanding_of(item)])
    store.record_routing([opened(item, number, **changes)])


def days(*back: int) -> list[datetime]:
    return [NOW - each * DAY for each in back]


class TestTrends:
    @pytest.fixture
    def week(self, store: Store) -> Store:
        """Five messages that count, on two days, and two that do not."""
        in_case(store, an_item("1", received_at=NOW - 2 * DAY), 1001, owner="Ada Brook", tags=("gold", "press"))
        in_case(store, an_item("2", received_at=NOW - DAY, channel=Channel.X, source=SourceName("x")), 1002, owner="Ben Hall")
        placed(store, an_item("3", received_at=NOW - DAY, language="fr"), Kind.PRAISE, Sentiment.POSITIVE, "taste", status=Status.PRAISE)
        placed(store, an_item("4", received_at=NOW - DAY), Kind.QUESTION, Sentiment.NEUTRAL)
        placed(store, an_item("5", received_at=NOW - DAY), Kind.COMPLAINT, Sentiment.NEGATIVE, "billing", "taste")
        placed(store, an_item("6", received_at=NOW - DAY), Kind.OTHER, Sentiment.NEGATIVE, "billing", status=Status.SPAM)
        understand(store, an_item("7", received_at=NOW - DAY))
        ours = an_item("8", received_at=NOW - DAY)
        understand(store, ours)
        store.record_routing([Routed(ours.id, Status.OTHER, "written by Ada Brook", ours=True)])
        return store

    def test_messages_are_counted_by_step_and_key(self, week: Store):
        assert week.trends(Split.CHANNEL, days(3, 1.5, 0), Only()) == [
            TrendCount(0, "email", Counts(1, 1, 0, 1, 0)),
            TrendCount(1, "email", Counts(3, 1, 1, 1, 1)),
            TrendCount(1, "x", Counts(1, 1, 0, 1, 0)),
        ]

    @pytest.mark.parametrize(
        ("split", "keys"),
        [
            (Split.TOPIC, {"delivery": 2, "billing": 1, "taste": 1, None: 1}),
            (Split.SOURCE, {"support": 4, "x": 1}),
            (Split.KIND, {"complaint": 3, "praise": 1, "question": 1}),
            (Split.LANGUAGE, {"en": 4, "fr": 1}),
            (Split.OWNER, {"Ada Brook": 1, "Ben Hall": 1}),
            (Split.TAG, {"gold": 1, "press": 1, None: 1}),
        ],
    )
    def test_each_split_tells_them_apart_its_own_way(self, week: Store, split: Split, keys: dict[str | None, int]):
        assert {each.key: each.counts.messages for each in week.trends(split, days(7, 0), Only())} == keys

    @pytest.mark.parametrize(
        ("only", "messages"),
        [
            (Only(channel="x"), 1),
            (Only(source="support"), 4),
            (Only(topic="billing"), 1),
            (Only(language="fr"), 1),
            (Only(kind="complaint"), 3),
            (Only(sentiment="negative"), 3),
            (Only(owner="Ada Brook"), 1),
            (Only(tag="gold"), 1),
            (Only(channel="email", kind="complaint"), 2),
            (Only(owner="Ada Brook", channel="x"), 0),
        ],
    )
    def test_filters_narrow_and_hold_together(self, week: Store, only: Only, messages: int):
        assert sum(each.counts.messages for each in week.trends(Split.KIND, days(7, 0), only)) == messages

    def test_the_period_ends_before_its_last_moment(self, week: Store):
        assert week.trends(Split.CHANNEL, days(3, 2), Only()) == []
        assert [each.counts.messages for each in week.trends(Split.CHANNEL, days(2, 1), Only())] == [1]

    def test_a_step_may_begin_at_any_quarter_of_an_hour(self, store: Store):
        kathmandu = datetime(2026, 11, 18, 18, 15, tzinfo=UTC)  # midnight there
        for name, at in (("before", kathmandu - timedelta(seconds=1)), ("after", kathmandu)):
            placed(store, an_item(name, received_at=at), Kind.QUESTION, Sentiment.NEUTRAL)
        counted = store.trends(Split.CHANNEL, [kathmandu - DAY, kathmandu, kathmandu + DAY], Only())
        assert [(each.step, each.counts.messages) for each in counted] == [(0, 1), (1, 1)]


class TestComplaints:
    def test_complaints_of_a_day_are_counted_by_topic_source_and_channel(self, store: Store):
        late_in_new_york = datetime(2026, 11, 18, 4, 30, tzinfo=UTC)
        placed(store, an_item("1", received_at=late_in_new_york), Kind.COMPLAINT, Sentiment.NEGATIVE, "billing")
        placed(store, an_item("2", received_at=late_in_new_york), Kind.COMPLAINT, Sentiment.NEGATIVE)
        placed(store, an_item("3", received_at=late_in_new_york), Kind.PRAISE, Sentiment.POSITIVE, "billing")
        on = date(2026, 11, 17)
        assert store.complaints_of([on], NEW_YORK) == [
            ComplaintsOf(on, Split.CHANNEL, "email", 2),
            ComplaintsOf(on, Split.SOURCE, "support", 2),
            ComplaintsOf(on, Split.TOPIC, "billing", 1),
            ComplaintsOf(on, Split.TOPIC, None, 1),
        ]
        assert store.complaints_of([on], LONDON) == []
        assert store.complaints_of([], LONDON) == []


RULES = {Part.MODEL: {"model": "one"}, Part.TOPIC: {"billing": "a", "taste": "b"}}


class TestChanges:
    def test_what_is_first_known_of_a_part_is_no_change(self, store: Store):
        store.record_rules(RULES, NOW)
        store.record_rules({**RULES, Part.PERSON: {"Ada Brook": "c"}}, NOW + DAY)
        assert store.what_changed(NOW - DAY, NOW + 9 * DAY) == Changes()

    def test_what_is_other_new_or_gone_is_a_change(self, store: Store):
        store.record_rules(RULES, NOW)
        store.record_rules(RULES, NOW + DAY)
        store.record_rules({Part.MODEL: {"model": "two"}, Part.TOPIC: {"billing": "A", "shops": "s"}}, NOW + 2 * DAY)
        store.record_rules({Part.MODEL: {"model": "two"}, Part.TOPIC: {"billing": "A", "shops": "s", "taste": "b"}}, NOW + 3 * DAY)
        changed = store.what_changed(NOW, NOW + 2 * DAY).rules
        assert changed == (
            RuleChange(NOW + 2 * DAY, Part.MODEL, "model", "one", "two"),
            RuleChange(NOW + 2 * DAY, Part.TOPIC, "billing", "a", "A"),
            RuleChange(NOW + 2 * DAY, Part.TOPIC, "shops", None, "s"),
            RuleChange(NOW + 2 * DAY, Part.TOPIC, "taste", "b", None),
        )
        assert store.what_changed(NOW + 2 * DAY, NOW + 3 * DAY).rules == (RuleChange(NOW + 3 * DAY, Part.TOPIC, "taste", None, "b"),)

    def test_what_topics_were_taught_and_forgot_again_is_one(self, store: Store):
        understand(store, an_item("1"), an_item("2"))
        store.record_example("billing", an_item("1").id, "Priya Nair", NOW)
        store.record_example("taste", an_item("2").id, "Priya Nair", NOW)
        store.record_example("shops", an_item("2").id, "Priya Nair", NOW + DAY)  # it was of another topic
        billing, _ = store.examples()
        store.remove_example(billing.id, "Priya Nair", NOW + 2 * DAY)
        assert store.what_changed(NOW - DAY, NOW).taught == (Taught(NOW, "billing"), Taught(NOW, "taste"))
        assert store.what_changed(NOW, NOW + 2 * DAY).taught == (
            Taught(NOW + DAY, "shops"),
            Taught(NOW + DAY, "taste", forgotten=True),
            Taught(NOW + 2 * DAY, "billing", forgotten=True),
        )

    def test_a_model_that_read_old_messages_again_is_one(self, store: Store):
        item = an_item()
        understand(store, item)
        store.record_reclassification("fake-2", [replace(understanding_of(item), model_version="fake-2")], NOW, finished=True)
        (again,) = store.what_changed(NOW - DAY, NOW).reclassified
        assert (again.to_version, again.items, again.changed) == ("fake-2", 1, 0)
        assert store.what_changed(NOW, NOW + DAY).reclassified == ()


def test_what_people_said_of_messages_drawn_by_lot_is_counted_and_nothing_else(store: Store):
    drawn, offered = an_item("1"), an_item("2")
    for item in (drawn, offered):
        placed(store, item, Kind.COMPLAINT, Sentiment.NEGATIVE)
    store.record_judgement(drawn.id, date(2026, 11, 9), Sentiment.NEUTRAL, Kind.COMPLAINT, "Priya Nair", NOW)
    store.record_judgement(offered.id, None, Sentiment.NEUTRAL, Kind.COMPLAINT, "Priya Nair", NOW)
    assert store.judged_moves(NOW - DAY) == [LabelMove(Sentiment.NEGATIVE, Sentiment.NEUTRAL, 1)]
    assert store.judged_moves(NOW) == []
