"""What people do with a case, also when two do it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from allears import caring
from allears.domain.case import CaseChange, CaseId, CaseStatus
from allears.domain.feedback import Status
from allears.domain.outbox import OutboxMessage
from allears.domain.people import Absence
from allears.domain.records import Routed
from allears.errors import CaseConflict
from allears.settings import TargetSettings
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_directory, a_page, a_person, an_item, understanding_of

CASE = CaseId("C-1001")
TEAM = a_directory(
    a_person("Ada Brook"),
    a_person("Ben Hall"),
    a_person("Mei Lin", deputy="Ben Hall", away=(Absence(NOW.date(), NOW.date()),)),
    default="Ada Brook",
)


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


def hand_over(store: DuckDBStore, clock: StandingClock, to: str = "Ben Hall", reason: str = "speaks Dutch"):
    return caring.hand_over(store, clock, TEAM, TargetSettings(), CASE, to, reason, "Ada Brook")


def test_taking_it(store: BusyStore, clock: StandingClock):
    case = caring.acknowledge(store, clock, CASE, "Ada Brook")
    assert (case.status, case.acknowledged_at) == (CaseStatus.ACKNOWLEDGED, NOW)
    assert store.case(CASE) == case
    with pytest.raises(CaseConflict, match="already acknowledged"):
        caring.acknowledge(store, clock, CASE, "Ada Brook")


def test_nobody_acts_on_anothers_case(store: BusyStore, clock: StandingClock):
    for step in (caring.acknowledge, lambda *given: caring.resolve(*given[:3], "refunded", given[3])):
        with pytest.raises(CaseConflict, match=r"Ada Brook has C-\d+\. Hand it over to Ben Hall first"):
            step(store, clock, CASE, "Ben Hall")


def test_putting_it_right(store: BusyStore, clock: StandingClock):
    assert caring.resolve(store, clock, CASE, "refunded", "Ada Brook").status is CaseStatus.RESOLVED
    assert store.open_cases() == []


def test_handing_it_over_alerts_the_next(store: BusyStore, clock: StandingClock):
    case = hand_over(store, clock)
    assert (case.owner, case.hops) == ("Ben Hall", 1)
    assert [(message.to, message.case_id, message.item_id) for message in store.outbox_due(NOW, 10)] == [("Ben Hall", CASE, an_item().id)]


def test_handing_it_back_alerts_again(store: BusyStore, clock: StandingClock):
    hand_over(store, clock)
    hand_over(store, clock, to="Ada Brook")
    hand_over(store, clock)
    assert sorted(message.to for message in store.outbox_due(NOW, 10)) == ["Ada Brook", "Ben Hall", "Ben Hall"]


@pytest.mark.parametrize(
    ("to", "reason", "told"),
    [
        ("Zoe Nobody", "because", "Zoe Nobody is not in the directory"),
        ("Mei Lin", "because", "Mei Lin is away at the moment. Hand it to Ben Hall"),
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
        caring.resolve(store, clock, CASE, "refunded", "Ada Brook")
