"""What the store shows: a case with its book, the overview, the exports. Both adapters show the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from allears.domain.case import CaseChange, CaseId
from allears.domain.changes import acknowledge, resolve
from allears.domain.feedback import (
    Channel,
    Kind,
    Sentiment,
    Status,
)
from allears.domain.records import ExportName, Routed
from allears.domain.sources import SourceRun
from allears.errors import CaseConflict
from allears.ports import Store
from tests.builders import NOW, SUPPORT, a_case, a_page, an_item, said
from tests.contract.store_steps import LONDON, alert, opened, take_in, understand, with_case


class TestReading:
    def test_a_case_shows_its_messages_and_the_customers_book(self, store: Store):
        hour = timedelta(hours=1)
        first, second = an_item("1"), an_item("2", received_at=NOW + hour, text="And another thing about that parcel.")
        understand(store, first, second)
        customer = store.items([first.id])[0].customer_id
        opening = opened(first, customer_id=customer)
        assert opening.change is not None
        grown = replace(opening.change.case, item_ids=(first.id, second.id), version=2)
        store.record_routing([opening, Routed(second.id, Status.CASE, "joined", grown.id, change=CaseChange(grown, ()))])
        old = an_item("3", received_at=NOW - 9 * hour, text="Lovely coffee as ever, thanks.")
        older = an_item("4", received_at=NOW - 99 * hour, text="When do you open on Sundays?")
        stranger, spam = an_item("5", contact="email:x@y.org"), an_item("6")
        understand(store, old, older, stranger, spam)
        places = ((old, Status.PRAISE), (older, Status.OTHER), (stranger, Status.OTHER), (spam, Status.SPAM))
        store.record_routing([Routed(each.id, status, "a reason") for each, status in places])
        view = store.case_view(grown.id)
        assert view is not None
        assert [stored.item for stored in view.items] == [first, second]
        assert [stored.item for stored in view.book] == [old, older]

    def test_open_cases_come_in_the_order_they_are_due(self, store: Store):
        for number, hours in ((1001, 5), (1002, 1), (1003, 3)):
            with_case(store, an_item(str(number)), number, next_date=NOW + timedelta(hours=hours))
        case = store.case(CaseId("C-1002"))
        assert case is not None
        assert [each.id for each in store.open_cases()] == ["C-1002", "C-1003", "C-1001"]
        store.record_change(resolve(case, outcome="refunded", actor="Ada Brook", at=NOW), ())
        assert [each.id for each in store.open_cases()] == ["C-1003", "C-1001"]

    def test_errors_keep_their_type_and_words(self, store: Store):
        with pytest.raises(CaseConflict) as caught:
            store.record_change(CaseChange(a_case(9, version=2), ()), ())
        assert str(caught.value) == "Case C-9 changed meanwhile. Look at it again, then repeat the step."

    def test_maintenance_says_what_it_did(self, store: Store):
        with_case(store)
        assert store.maintain(NOW)
        assert store.case(CaseId("C-1001")) is not None


class TestOverview:
    @pytest.fixture
    def month(self, store: Store) -> Store:
        """Two weeks counted by hand: two cases now and one before, praise, and things that do not count."""
        day = timedelta(days=1)
        store.record_source_run(SourceRun(SUPPORT, NOW - 20 * day, 1.0, 1))
        angry, mixed = an_item("1", received_at=NOW - day), an_item("2", received_at=NOW - 2 * day, channel=Channel.FORM)
        before = an_item("3", received_at=NOW - 10 * day)
        happy, other, spam = (
            an_item("4", received_at=NOW - 3 * day),
            an_item("5", received_at=NOW - day),
            an_item("6", received_at=NOW - day),
        )
        understand(store, angry, before, spam)
        understand(store, mixed, prediction=said(sentiment=Sentiment.MIXED), topics=("taste",))
        understand(store, happy, prediction=said(Kind.PRAISE, Sentiment.POSITIVE), topics=("taste",), praised=("Ada Brook",))
        understand(store, other, prediction=said(Kind.OTHER, Sentiment.NEUTRAL), topics=())
        store.record_routing(
            [
                opened(angry, 1001, opened_at=NOW - day, next_date=NOW - timedelta(hours=1)),
                opened(mixed, 1002, opened_at=NOW - 2 * day, owner="Ben Hall", hops=1),
                opened(before, 1003, opened_at=NOW - 10 * day),
                Routed(happy.id, Status.PRAISE, ""),
                Routed(other.id, Status.OTHER, ""),
                Routed(spam.id, Status.SPAM, ""),
            ]
        )
        store.record_sent(alert(angry).key, angry.received_at + timedelta(seconds=30))
        store.record_sent(alert(mixed, to="Ben Hall", number=1002).key, mixed.received_at + timedelta(seconds=50))
        resolved = store.case(CaseId("C-1003"))
        assert resolved is not None
        store.record_change(resolve(resolved, outcome="refunded", actor="Ada Brook", at=NOW - 3 * day), ())
        held = store.case(CaseId("C-1001"))
        assert held is not None
        store.record_change(acknowledge(held, actor="Ada Brook", at=NOW - day + timedelta(minutes=10)), ())
        return store

    def test_the_headline_figures(self, month: Store):
        figures = month.overview(NOW, 7, LONDON).figures
        assert (figures.opened, figures.resolved, figures.solved_alone, figures.hops, figures.late) == (2, 1, 1, 1, 1)
        assert (figures.time_to_owner.cases, figures.time_to_owner.median_seconds) == (2, 40.0)
        assert figures.time_to_owner.p95_seconds == pytest.approx(49.0)
        assert (figures.first_reply.cases, figures.first_reply.median_seconds) == (0, None)
        assert (figures.time_to_acknowledge.cases, figures.time_to_acknowledge.median_seconds) == (1, 600.0)

    def test_the_period_before(self, month: Store):
        before = month.overview(NOW, 7, LONDON).figures_before
        assert (before.opened, before.resolved, before.time_to_owner.cases, before.time_to_owner.median_seconds) == (1, 0, 0, None)

    def test_the_breakdowns(self, month: Store):
        overview = month.overview(NOW, 7, LONDON)
        assert [(load.owner, load.open, load.late, load.unacknowledged) for load in overview.owners] == [
            ("Ada Brook", 1, 1, 0),
            ("Ben Hall", 1, 0, 1),
        ]
        assert [(t.topic, t.negative, t.mixed, t.neutral, t.positive, t.before) for t in overview.topics] == [
            ("taste", 0, 1, 0, 1, 0),
            ("delivery", 1, 0, 0, 0, 1),
        ]
        yesterday = [(d.channel, d.negative, d.neutral, d.complaints) for d in overview.daily if d.day == (NOW - timedelta(days=1)).date()]
        assert yesterday == [("email", 1, 1, 1)]
        assert Counter(d.channel for d in overview.daily) == {"email": 3, "form": 1}

    def test_the_lists(self, month: Store):
        overview = month.overview(NOW, 7, LONDON)
        assert [(line.case.id, line.customer, line.sentiment, line.channel) for line in overview.due_first] == [
            ("C-1001", "Jo Lind", "negative", "email"),
            ("C-1002", "Jo Lind", "mixed", "form"),
        ]
        assert [(line.item.item.external_id, line.praised) for line in overview.praise] == [("4", ("Ada Brook",))]
        assert (overview.praise_count, overview.last_item_at, overview.now, overview.days) == (1, NOW, NOW, 7)
        assert [(row.received, row.balanced) for row in overview.ledger] == [(6, True)]

    def test_an_empty_store_has_an_overview(self, store: Store):
        overview = store.overview(NOW, 28, LONDON)
        assert (overview.figures.opened, overview.due_first, overview.daily, overview.last_item_at) == (0, (), (), None)
        assert overview.figures.time_to_owner.p95_seconds is None


EXPORTED = {
    ExportName.ITEMS: "id source channel external_id thread_id received_at ingested_at author customer_id title text language rating reach "
    "url kind sentiment score confidence urgency topics automated spam duplicate_of case_id incident_id praised model_version status",
    ExportName.CASES: "id status owner customer_id kind topic urgency urgency_reasons item_ids hops opened_at alerted_at acknowledged_at "
    "first_response_at promised_for resolved_at closed_at next_date incident_id why_owner",
    ExportName.EVENTS: "id case_id at actor type detail",
    ExportName.CUSTOMERS: "id name contacts first_seen_at items cases",
    ExportName.CORRECTIONS: "id language trade split channel text sentiment kind signals features spans",
}


class TestExport:
    @pytest.mark.parametrize("name", ExportName)
    def test_every_promised_column_is_there(self, store: Store, name: ExportName):
        assert set(EXPORTED[name].split()) <= set(store.export(name).schema.names)

    def test_rows_carry_what_is_known(self, store: Store):
        item = with_case(store)
        take_in(store, an_item("2", contact="email:two@x.org"))
        exported = {row["external_id"]: row for row in store.export(ExportName.ITEMS).read_all().to_pylist()}
        assert {key: exported["m-1"][key] for key in ("id", "status", "case_id", "kind", "topics", "praised", "received_at")} == {
            "id": item.id,
            "status": "case",
            "case_id": "C-1001",
            "kind": "complaint",
            "topics": ["delivery"],
            "praised": [],
            "received_at": NOW,
        }
        assert (exported["2"]["status"], exported["2"]["sentiment"]) == ("new", None)
        (case,) = store.export(ExportName.CASES).read_all().to_pylist()
        assert (case["id"], case["owner"], case["item_ids"], case["opened_at"]) == ("C-1001", "Ada Brook", [item.id], NOW)
        assert [row["type"] for row in store.export(ExportName.EVENTS).read_all().to_pylist()] == ["opened"]
        customers = store.export(ExportName.CUSTOMERS).read_all().to_pylist()
        assert sorted((row["contacts"], row["items"]) for row in customers) == [(["email:jo@x.org"], 1), (["email:two@x.org"], 1)]

    def test_more_rows_than_one_batch(self, store: Store):
        store.record_page(SUPPORT, a_page([an_item(str(n)) for n in range(12_000)]), NOW)
        assert store.export(ExportName.ITEMS).read_all().num_rows == 12_000
