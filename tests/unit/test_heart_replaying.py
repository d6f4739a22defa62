"""Other rules tried on messages that came in: what would change, and nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from allears import caring
from allears.assigning import Plan
from allears.domain.feedback import FeedbackItem, Urgency
from allears.domain.people import Absence
from allears.domain.targets import USUAL, Goal, Targets
from allears.replaying import OwnerChange, PersonChange, Replayed, replay
from allears.routing import route_waiting
from allears.settings import RouteSettings
from allears.store.duckdb_store import DuckDBStore
from allears.understanding import Reader, understand_waiting
from models.lexicon import LexiconClassifier
from tests.builders import NOW, SUPPORT, TOKENS, StandingClock, a_page, a_person, a_plan, a_store, an_item

SINCE = NOW - timedelta(days=30)
LATE, TWICE = "The parcel is late and nobody answers.", "You charged my card twice, I am angry."
DELIVERY = RouteSettings(topic="delivery", about="parcel late", to="person:Priya Nair")
BILLING = RouteSettings(topic="billing", about="charged twice", to="person:Ada Brook")
ADA, PRIYA, CARA = a_person("Ada Brook"), a_person("Priya Nair"), a_person("Cara Diaz")
PRESENT = a_plan(ADA, PRIYA, CARA, routes=(DELIVERY, BILLING))
SWAPPED = a_plan(ADA, PRIYA, CARA, routes=(DELIVERY.model_copy(update={"to": "person:Ada Brook"}), BILLING))


class Untouchable:
    """A store that may only be read."""

    READS = frozenset({"examples", "open_cases", "item_ids_since", "items", "cases"})

    def __init__(self, store: DuckDBStore) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        assert name in self.READS, f"{name} may write"
        return getattr(self._store, name)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(SINCE + timedelta(days=1))


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    store = a_store(tmp_path / "store.duckdb", clock)
    yield store
    store.close()


def received(store: DuckDBStore, clock: StandingClock, *items: FeedbackItem, plan: Plan = PRESENT) -> None:
    """A round in which these came in."""
    arrived = [replace(item, received_at=clock.now()) for item in items]
    store.record_page(SUPPORT, a_page(arrived), clock.now())
    understand_waiting(store, Reader(LexiconClassifier(), plan.topics, plan.directory))
    route_waiting(store, plan, clock, TOKENS)


def by(number: int, text: str = LATE, external_id: str | None = None, **changes: Any) -> FeedbackItem:
    """A message of one customer of many."""
    contact, author = f"email:{number}@x.org", f"Customer {number}"
    return an_item(external_id or f"m-{number}", f"{text} Order {number}.", contact=contact, author=author, **changes)


def replayed(store: DuckDBStore, new: Plan, present: Plan = PRESENT) -> Replayed:
    return replay(Untouchable(store), LexiconClassifier(), (present, new), SINCE, NOW)  # type: ignore[arg-type]  # a store all the same


def people(found: Replayed) -> dict[str, PersonChange]:
    return {each.name: each for each in found.people}


def test_the_same_rules_change_nothing_and_repeat_what_was_done(store: DuckDBStore, clock: StandingClock):
    for number in range(4):
        received(store, clock, by(number), by(number + 10, TWICE))
        clock.move(hours=2)
    found = replayed(store, PRESENT)
    assert (found.messages, found.cases, found.changes) == (8, (8, 8), ())
    owners = [case.owner for case in store.open_cases()]
    assert {name: each.cases for name, each in people(found).items()} == {name: 2 * (owners.count(name),) for name in set(owners)}


def test_cases_that_would_have_another_owner_are_named_with_the_reason(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1), by(2, TWICE))
    found = replayed(store, SWAPPED)
    why = "“parcel is late” is about delivery (0.80). Ada Brook answers for it."
    words = "The parcel is late and nobody answers. Order 1."
    assert found.changes == (OwnerChange(by(1).id, "Customer 1", words, "Priya Nair", "Ada Brook", why),)
    assert found.people == (
        PersonChange("Ada Brook", cases=(1, 2), peak=(1, 2), missed=(1, 2)),
        PersonChange("Priya Nair", cases=(1, 0), peak=(1, 0), missed=(1, 0)),
    )


def test_topics_are_found_anew_by_each(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1, "The kettle is broken."))
    repair = RouteSettings(topic="repair", about="kettle broken", to="person:Ada Brook")
    (change,) = replayed(store, replace(PRESENT, routes=(DELIVERY, BILLING, repair))).changes
    assert (change.before, change.after) == ("Cara Diaz", "Ada Brook")


def test_absences_of_the_new_rules_count(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1))
    away = replace(PRIYA, away=(Absence(SINCE.date(), NOW.date()),), deputy="Cara Diaz")
    (change,) = replayed(store, a_plan(ADA, away, CARA, routes=(DELIVERY, BILLING))).changes
    assert change.after == "Cara Diaz"
    assert "Priya Nair is away" in change.why


def test_a_case_is_open_until_it_was_really_resolved(store: DuckDBStore, clock: StandingClock):
    for number in range(3):
        received(store, clock, by(number))
        clock.move(hours=1)
        if number < 2:
            (case,) = store.open_cases()
            caring.resolve(store, clock, PRESENT.directory, case.id, "found it", "Priya Nair")
            clock.move(hours=1)
    received(store, clock, by(3))
    found = people(replayed(store, SWAPPED))
    assert found["Priya Nair"] == PersonChange("Priya Nair", cases=(4, 0), peak=(2, 0), missed=(2, 0))
    assert found["Ada Brook"].peak == (0, 2)


def test_a_date_is_missed_if_it_came_before_somebody_really_took_the_case(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1), by(2))
    taken = store.open_cases()[0]
    clock.move(hours=3)
    caring.acknowledge(store, clock, taken.id, "Priya Nair")
    quick = Targets({**USUAL, Goal.ANSWER: dict.fromkeys(Urgency, timedelta(hours=1))})
    found = replayed(store, replace(PRESENT, targets=quick))
    assert found.missed == (1, 2)
    assert people(found)["Priya Nair"].missed == (1, 2)


def test_answers_and_repeats_join_the_case_they_joined(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1))
    for text, references in (("Still nothing from you, I am angry.", ("m-1",)), ("My parcel is late, I said, and I am angry!", ())):
        clock.move(hours=1)
        received(store, clock, by(1, text, f"m-1 {text}", references=references))
    received(store, clock, by(1, TWICE, "m-1 twice"))
    assert len(store.open_cases()) == 2
    assert replayed(store, PRESENT).cases == (2, 2)


def test_what_came_after_a_case_was_resolved_opens_another(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1))
    (case,) = store.open_cases()
    caring.resolve(store, clock, PRESENT.directory, case.id, "found it", "Priya Nair")
    clock.move(hours=1)
    received(store, clock, by(1, "My parcel is late again, I am angry!", "m-1b"))
    found = replayed(store, PRESENT)
    assert found.cases == (2, 2)
    assert people(found)["Priya Nair"].peak == (1, 1)


def test_copies_open_no_case(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1), by(1, external_id="m-1 copy"))
    assert (replayed(store, PRESENT).messages, replayed(store, PRESENT).cases) == (2, (1, 1))


def test_a_case_from_before_stays_with_whoever_has_it(store: DuckDBStore, clock: StandingClock):
    clock.at = SINCE - timedelta(days=3)
    received(store, clock, by(1))
    clock.at = SINCE + timedelta(days=1)
    received(store, clock, by(1, "Still nothing from you, I am angry.", "m-1b", references=("m-1",)), by(2))
    found = replayed(store, SWAPPED)
    assert (found.messages, found.cases) == (2, (1, 1))
    assert [change.customer for change in found.changes] == ["Customer 2"]
    assert people(found)["Priya Nair"] == PersonChange("Priya Nair", cases=(1, 0), peak=(2, 1), missed=(1, 0))


def test_progress_is_told(store: DuckDBStore, clock: StandingClock):
    received(store, clock, by(1), by(2))
    told: list[int] = []
    replay(store, LexiconClassifier(), (PRESENT, PRESENT), SINCE, NOW, told.append)
    assert told == [2]


def test_nothing_to_replay(store: DuckDBStore):
    assert replayed(store, SWAPPED) == Replayed(0, (0, 0), (0, 0), (), ())
