"""Every figure on screen adds up: over views, filters, splits, pages and the export, on the sample business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from allears import caring
from allears.assigning import Plan, plan_of
from allears.clock import SystemClock
from allears.domain.case import Case
from allears.domain.customers import First
from allears.domain.feedback import Kind, Sentiment
from allears.domain.inbox import Messages, Place, Show, Standing, Which
from allears.domain.ledger import total
from allears.domain.overview import Overview
from allears.domain.records import ExportName
from allears.domain.trends import Only, Split
from allears.intake import gather
from allears.routing import route_waiting
from allears.settings import load
from allears.store.duckdb_store import DuckDBStore
from allears.understanding import Reader, understand_waiting
from app.sample.staging import stage
from connectors.registry import connector_for
from models.registry import load as load_model
from tests.builders import TOKENS

DAYS, ZONE = 28, "Europe/London"
FAR = datetime.fromisoformat("2100-01-01T00:00:00+00:00")
COUNTED = ("case", "praise", "other")
TAGS = """
[[tag]]
name = "by letter"
customers = ["email:*l.example", "email:*o.example"]

[[tag]]
name = "hill post"
customers = ["*@hillpost.example"]
"""


class Business:
    """The sample after a day's work in which people corrected, merged and resolved some of it."""

    def __init__(self, store: DuckDBStore, plan: Plan, now: datetime) -> None:
        self.store, self.plan, self.now = store, plan, now
        self.rows: list[dict[str, Any]] = store.export(ExportName.ITEMS).read_all().to_pylist()
        self.overview: Overview = store.overview(now, DAYS, ZONE)
        self.cases: list[Case] = store.open_cases()

    @property
    def counted(self) -> list[dict[str, Any]]:
        """What figures of the period count, as the export has it."""
        return [row for row in self.rows if row["status"] in COUNTED and self.now - timedelta(days=DAYS) < row["received_at"] <= self.now]

    def messages(self, **which: object) -> int:
        """How many messages the inbox finds, all its pages read."""
        wanted = Messages(Which(since=self.now - timedelta(days=DAYS), until=FAR, **which), Standing.COUNTED)  # type: ignore[arg-type]
        found, after, ids = None, None, set()
        while found is None or after is not None:
            page = self.store.messages(wanted, after, 20)
            found = page.found
            ids |= {line.id for line in page.lines}
            after = Place(page.lines[-1].received_at, page.lines[-1].id) if len(page.lines) == 20 else None
        assert len(ids) == found, "the pages hold what they say they do"
        return found


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    folder = tmp_path_factory.mktemp("reconcile")
    clock = SystemClock()
    stage(folder, clock.now())
    with (folder / "allears.toml").open("a", encoding="utf-8") as configuration:
        configuration.write(TAGS)
    settings = load(folder / "allears.toml", {})
    plan = plan_of(settings)
    store = DuckDBStore(settings.store_path, clock)
    for source in settings.source:
        gather(connector_for(settings, source, clock), store, clock)
    understand_waiting(store, Reader(load_model("lexicon"), plan.topics, plan.directory))
    route_waiting(store, plan, clock, TOKENS)
    work(store, clock, plan)
    yield Business(store, plan, clock.now())
    store.close()


def work(store: DuckDBStore, clock: SystemClock, plan: Plan) -> None:
    """A bit of everything that could make figures disagree."""
    cases = store.open_cases()
    for case in cases[:6]:
        caring.acknowledge(store, clock, case.id, case.owner)
    for case in cases[:3]:
        caring.resolve(store, clock, plan.directory, case.id, "put right", case.owner)
    for case in cases[10:16]:
        store.record_correction(case.item_ids[0], Sentiment.POSITIVE, None, case.owner, "irony the other way round", clock.now())
    store.record_correction(cases[17].item_ids[0], None, Kind.QUESTION, cases[17].owner, "it asks", clock.now())
    for case in cases[20:23]:
        caring.link(store, clock, case.id, "Late post", case.owner)
    many = [case for case in store.open_cases() if len(case.item_ids) > 1]
    caring.split(store, clock, many[0].id, many[0].item_ids[-1:], None, "another order", many[0].owner)
    route_waiting(store, plan, clock, TOKENS)


def test_the_overviews_days_are_the_exports_rows(business: Business):
    shown: Counter[tuple[date, str, str]] = Counter()
    first = business.now - timedelta(days=DAYS)
    for each in business.overview.daily:
        for tone in Sentiment:
            shown[each.day, each.channel, tone.value] += getattr(each, tone.value)
    local = Counter(
        (row["received_at"].astimezone(load_zone()).date(), row["channel"], row["sentiment"])
        for row in business.rows
        if row["status"] in COUNTED and first - timedelta(days=2 * DAYS) < row["received_at"] <= business.now
    )
    assert {key: number for key, number in shown.items() if number} == dict(local)
    assert sum(each.complaints for each in business.overview.daily) == sum(
        row["kind"] == "complaint" for row in business.rows if row["status"] in COUNTED
    )


def load_zone() -> Any:
    from zoneinfo import ZoneInfo  # noqa: PLC0415

    return ZoneInfo(ZONE)


def test_topics_are_the_exports_first_topics(business: Business):
    rows = Counter(row["topics"][0] for row in business.counted if row["topics"])
    assert {topic.topic: topic.messages for topic in business.overview.topics if topic.messages} == dict(rows)


@pytest.mark.parametrize("split", [Split.CHANNEL, Split.SOURCE, Split.KIND, Split.LANGUAGE, Split.TOPIC])
def test_every_split_of_the_trends_adds_up_to_the_whole(business: Business, split: Split):
    bounds = [business.now - timedelta(days=DAYS - 7 * week) for week in range(5)]
    counts = business.store.trends(split, bounds, Only())
    inside = [row for row in business.rows if row["status"] in COUNTED and bounds[0] <= row["received_at"] < bounds[-1]]
    assert sum(each.counts.messages for each in counts) == len(inside)
    assert sum(each.counts.negative for each in counts) == sum(row["sentiment"] == "negative" for row in inside)
    assert sum(each.counts.praise for each in counts) == sum(row["kind"] == "praise" for row in inside)


@pytest.mark.parametrize("split", [Split.OWNER, Split.TAG])
def test_splits_by_what_only_cases_have_never_count_more_than_cases(business: Business, split: Split):
    bounds = [business.now - timedelta(days=DAYS), business.now]
    in_cases = sum(row["status"] == "case" for row in business.counted)
    by_owner = sum(each.counts.messages for each in business.store.trends(split, bounds, Only()))
    assert by_owner == in_cases if split is Split.OWNER else by_owner <= in_cases * 3


@pytest.mark.parametrize("key", ["channel", "source", "kind", "sentiment", "topic"])
def test_each_filter_of_the_inbox_finds_what_the_export_has_and_all_together_the_whole(business: Business, key: str):
    def value(row: dict[str, Any]) -> str | None:
        return (row["topics"] or [None])[0] if key == "topic" else row[key]

    expected = Counter(value(row) for row in business.counted)
    typed = {"kind": Kind, "sentiment": Sentiment}.get(key, str)
    found = {name: business.messages(**{key: typed(name)}) for name in expected if name is not None}
    assert found == {name: number for name, number in expected.items() if name is not None}
    assert business.messages() == len(business.counted)


def test_a_trend_narrowed_by_a_filter_is_that_filters_inbox(business: Business):
    bounds = [business.now - timedelta(days=DAYS), business.now]
    for topic in [topic.topic for topic in business.overview.topics][:3]:
        narrowed = business.store.trends(Split.CHANNEL, bounds, Only(topic=topic, sentiment="negative"))
        assert sum(each.counts.messages for each in narrowed) == business.messages(topic=topic, sentiment=Sentiment.NEGATIVE)


def test_open_cases_are_the_same_number_on_every_page(business: Business):
    tomorrow = business.now + timedelta(days=1)
    counts = business.store.case_lines(Show.OPEN, Which(), business.now, tomorrow, None, 500).counts
    desks = business.store.desks(business.now)
    late = sum(case.next_date < business.now for case in business.cases)
    assert len(business.cases) == counts.open == desks.open == sum(owner.open for owner in business.overview.owners)
    assert late == counts.late == sum(each.late for each in desks.people) == sum(owner.late for owner in business.overview.owners)
    assert business.overview.figures.late == late
    assert all(sum(owner.ages) == owner.open for owner in business.overview.owners)
    for owner in business.overview.owners:
        found = business.store.case_lines(Show.OPEN, Which(owner=owner.owner), business.now, tomorrow, None, 500)
        assert (found.found, len(found.lines)) == (owner.open, owner.open)


def test_a_tags_messages_are_what_the_inbox_finds_by_it_and_what_its_cases_hold(business: Business):
    since = business.now - timedelta(days=DAYS)
    trends = {each.key: each.counts for each in business.store.trends(Split.TAG, [since, FAR], Only()) if each.key}
    held: Counter[str] = Counter()
    for case in business.store.export(ExportName.CASES).read_all().to_pylist():
        for tag in case["tags"]:
            held[tag] += sum(row["case_id"] == case["id"] and row["status"] == "case" for row in business.counted)
    assert set(held) == {"by letter", "hill post"}
    assert {tag: counts.messages for tag, counts in trends.items()} == dict(held)
    for tag, counts in trends.items():
        assert business.messages(tag=tag) == counts.messages
        assert business.messages(tag=tag, sentiment=Sentiment.NEGATIVE) == counts.negative
        narrowed = business.store.trends(Split.CHANNEL, [since, FAR], Only(tag=tag))
        assert sum(each.counts.messages for each in narrowed) == counts.messages
        open_ones = business.store.case_lines(Show.OPEN, Which(tag=tag), business.now, FAR, None, 500).found
        assert open_ones == sum(tag in case.tags for case in business.cases)


def test_incidents_count_the_cases_that_the_inbox_finds_by_them(business: Business):
    assert business.store.incidents() == {"Late post": 3}
    tomorrow = business.now + timedelta(days=1)
    assert business.store.case_lines(Show.OPEN, Which(incident="Late post"), business.now, tomorrow, None, 50).found == 3


def test_the_ledger_is_the_inbox_place_by_place(business: Business):
    totals = total(business.store.ledger(None, ZONE))
    assert totals["received"] == sum(totals[place] for place in (*COUNTED, "automated", "duplicate", "spam", "quarantined", "waiting"))
    for place in Standing:
        if place.value in totals and place is not Standing.WAITING:
            found = business.store.messages(Messages(Which(since=FAR - timedelta(days=40_000)), place), None, 1).found
            assert found == totals[place.value], place


def test_resolved_cases_are_the_overviews(business: Business):
    found = business.store.case_lines(Show.RESOLVED, Which(), business.now, business.now + timedelta(days=1), None, 50).found
    assert found == business.overview.figures.resolved == 3
    assert business.overview.figures.opened == len(business.cases) + 3


def test_praise_is_what_the_inbox_finds_or_names_somebody(business: Business):
    named = sum(row["status"] == "case" and bool(row["praised"]) for row in business.counted)
    assert business.overview.praise_count == named + sum(row["status"] == "praise" for row in business.counted)


def test_customers_have_together_what_known_customers_wrote(business: Business):
    page = business.store.customers("", First.MESSAGES, business.now - timedelta(days=DAYS), business.now, 1000)
    known = Counter(row["customer_id"] for row in business.counted if row["customer_id"])
    assert {line.id: line.messages for line in page.lines if line.messages} == dict(known)
