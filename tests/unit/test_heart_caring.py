"""What people do with a case, also when two do it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from allears import caring
from allears.domain.case import Case, CaseChange, CaseId, CaseStatus, EventType, Remedy, RemedyKind
from allears.domain.feedback import Status
from allears.domain.outbox import OutboxMessage, Way
from allears.domain.people import Absence
from allears.domain.records import Routed
from allears.errors import CaseConflict
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_page, a_person, a_plan, an_item, understanding_of

CASE = CaseId("C-1001")
PLAN = a_plan(
    a_person("Cara Diaz"),
    a_person("Ada Brook", authority="refund up to 100 GBP", manager="Cara Diaz"),
    a_person("Ben Hall", ways=("json://127.0.0.1",)),
    a_person("Mei Lin", deputy="Ben Hall", away=(Absence(NOW.date(), NOW.date()),)),
    a_person("Al Roe", active=False),
)
TEAM = PLAN.directory
WORDS = "The refund takes two days"


class BusyStore(DuckDBStore):
    """A store in which something else happens to the case just before a change is written."""

    meanwhile: Callable[[DuckDBStore], None] | None = None
    every_time = False

    def record_change(self, change: CaseChange, outbox: Sequence[OutboxMessage]) -> None:
        if self.meanwhile is not None:
            happen, self.meanwhile = self.meanwhile, self.meanwhile if self.every_time else None
            happen(self)
        super().record_change(change, outbox)


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[BusyStore]:
    store = BusyStore(tmp_path / "store.duckdb", clock)
    item = an_item()
    store.record_page(SUPPORT, a_page([item]), NOW)
    store.record_understanding([understanding_of(item)])
    store.record_routing([Routed(item.id, Status.CASE, "a reason", CASE, change=CaseChange(a_case(item_ids=(item.id,)), ()))])
    yield store
    store.close()


def touch(store: DuckDBStore) -> None:
    """Something that changes the case's version and nothing else."""
    case = store.case(CASE)
    assert case is not None
    DuckDBStore.record_change(store, CaseChange(replace(case, version=case.version + 1), ()), ())


def hand_over(store: DuckDBStore, clock: StandingClock, to: str = "Ben Hall", reason: str = "speaks Dutch", **what: str) -> Case:
    return caring.hand_over(store, clock, PLAN, CASE, to, reason, "Ada Brook", **what)


def refund(amount: int, currency: str = "GBP") -> Remedy:
    return Remedy(RemedyKind.REFUND, Decimal(amount), currency)


def test_taking_it(store: BusyStore, clock: StandingClock):
    case = caring.acknowledge(store, clock, CASE, "Ada Brook")
    assert (case.status, case.acknowledged_at) == (CaseStatus.ACKNOWLEDGED, NOW)
    assert store.case(CASE) == case
    with pytest.raises(CaseConflict, match="already acknowledged"):
        caring.acknowledge(store, clock, CASE, "Ada Brook")


def test_nobody_acts_on_anothers_case(store: BusyStore, clock: StandingClock):
    for step in (
        lambda: caring.acknowledge(store, clock, CASE, "Ben Hall"),
        lambda: caring.promise(store, clock, CASE, NOW + timedelta(days=2), WORDS, "Ben Hall"),
        lambda: caring.resolve(store, clock, TEAM, CASE, "refunded", "Ben Hall"),
    ):
        with pytest.raises(CaseConflict, match=r"Ada Brook has C-\d+\. Hand it over to Ben Hall first"):
            step()


def test_promising_the_next_word(store: BusyStore, clock: StandingClock):
    by = NOW + timedelta(days=2)
    case = caring.promise(store, clock, CASE, by, WORDS, "Ada Brook")
    assert (case.status, case.promised_for, case.next_date) == (CaseStatus.PROMISED, by, by)
    assert store.case(CASE) == case
    with pytest.raises(CaseConflict, match="for a moment to come"):
        caring.promise(store, clock, CASE, NOW, WORDS, "Ada Brook")


def test_putting_it_right(store: BusyStore, clock: StandingClock):
    case = caring.resolve(store, clock, TEAM, CASE, "Sorry, sent back.", "Ada Brook", refund(100))
    assert (case.status, case.remedy) == (CaseStatus.RESOLVED, refund(100))
    assert store.open_cases() == []
    view = store.case_view(CASE)
    assert view is not None
    assert [(event.type, event.detail) for event in view.events] == [(EventType.RESOLVED, "Sorry, sent back. Given: refund of 100 GBP.")]


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        (
            refund(101),
            "A refund of 101 GBP is more than Ada Brook can give alone: Ada Brook may give up to 100 GBP. Hand the case to Cara Diaz",
        ),
        (refund(20, "EUR"), "A refund of 20 EUR is more than Ada Brook can give alone: Ada Brook may give in GBP, not in EUR"),
    ],
)
def test_more_than_ones_authority_is_not_given(store: BusyStore, clock: StandingClock, remedy: Remedy, told: str):
    with pytest.raises(CaseConflict, match=told):
        caring.resolve(store, clock, TEAM, CASE, "Sent back", "Ada Brook", remedy)
    assert len(store.open_cases()) == 1


def test_without_a_manager_nobody_is_named(store: BusyStore, clock: StandingClock):
    with pytest.raises(CaseConflict, match=r"Ben Hall has no authority to give anything of worth\.$"):
        caring.resolve(store, clock, TEAM, CASE, "Sent back", "Ben Hall", refund(1))


def test_handing_it_over_alerts_the_next(store: BusyStore, clock: StandingClock):
    case = hand_over(store, clock)
    assert (case.owner, case.hops) == ("Ben Hall", 1)
    assert (case.owners, case.owner_since, case.next_date) == (("Ben Hall",), NOW, NOW + timedelta(hours=8))
    told = {(message.to, message.way, message.case_id, message.item_id) for message in store.outbox_due(NOW, 10)}
    assert told == {("Ben Hall", Way.MAIL, CASE, an_item().id), ("Ben Hall", Way.BESIDE, CASE, an_item().id)}


def test_who_names_no_other_way_is_told_by_mail(store: BusyStore, clock: StandingClock):
    hand_over(store, clock, to="Cara Diaz")
    assert [(message.to, message.way) for message in store.outbox_due(NOW, 10)] == [("Cara Diaz", Way.MAIL)]


def test_handing_it_over_with_what_it_is_about_teaches_that(store: BusyStore, clock: StandingClock):
    assert hand_over(store, clock, topic="delivery").topic == "delivery"
    assert [(each.topic, each.item_id, each.by, each.at) for each in store.examples()] == [("delivery", an_item().id, "Ada Brook", NOW)]


def test_handing_it_over_without_that_teaches_nothing(store: BusyStore, clock: StandingClock):
    assert hand_over(store, clock).topic == "billing"
    assert store.examples() == []


def test_handing_it_back_alerts_again(store: BusyStore, clock: StandingClock):
    hand_over(store, clock)
    hand_over(store, clock, to="Ada Brook")
    hand_over(store, clock)
    mails = [message.to for message in store.outbox_due(NOW, 10) if message.way is Way.MAIL]
    assert sorted(mails) == ["Ada Brook", "Ben Hall", "Ben Hall"]


@pytest.mark.parametrize(
    ("to", "reason", "told"),
    [
        ("Zoe Nobody", "because", "Zoe Nobody is not in the directory"),
        ("Mei Lin", "because", r"Mei Lin is away until Thu 19 Nov\. Hand it to Ben Hall, or wait\."),
        ("Al Roe", "because", r"Al Roe is not active any more\. Hand it to Cara Diaz"),
        ("Ada Brook", "because", "already with Ada Brook"),
        ("Ben Hall", " ", "with a reason"),
    ],
)
def test_a_hop_that_helps_nobody_is_refused(store: BusyStore, clock: StandingClock, to: str, reason: str, told: str):
    with pytest.raises(CaseConflict, match=told):
        hand_over(store, clock, to, reason)
    assert store.outbox_due(NOW, 10) == []


def test_a_case_that_is_not_there(store: BusyStore, clock: StandingClock):
    with pytest.raises(CaseConflict, match="There is no case C-9"):
        caring.acknowledge(store, clock, CaseId("C-9"), "Ada Brook")


def test_a_change_in_between_is_taken_into_account(store: BusyStore, clock: StandingClock):
    store.meanwhile = touch
    case = caring.acknowledge(store, clock, CASE, "Ada Brook")
    assert (case.status, case.version) == (CaseStatus.ACKNOWLEDGED, 3)


def test_a_change_in_between_may_rule_the_step_out(store: BusyStore, clock: StandingClock):
    def taken(store: DuckDBStore) -> None:
        caring.acknowledge(store, clock, CASE, "Ada Brook")

    store.meanwhile = taken
    with pytest.raises(CaseConflict, match="already acknowledged"):
        caring.acknowledge(store, clock, CASE, "Ada Brook")


def test_a_case_that_keeps_changing_is_given_back(store: BusyStore, clock: StandingClock):
    store.meanwhile, store.every_time = touch, True
    with pytest.raises(CaseConflict, match="keeps changing"):
        caring.resolve(store, clock, TEAM, CASE, "refunded", "Ada Brook")
