"""A hand-over teaches: with the model that ships, the next message of that kind goes to the right person at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from allears import caring
from allears.assigning import Plan
from allears.domain.case import Case
from allears.domain.topics import with_taught
from allears.ports import Classifier
from allears.routing import route_waiting
from allears.settings import RouteSettings
from allears.store.duckdb_store import DuckDBStore
from allears.understanding import Reader, understand_waiting
from models.registry import load
from tests.builders import SUPPORT, TOKENS, StandingClock, a_page, a_person, a_plan, a_store, an_item

PLAN = a_plan(
    a_person("Cara Diaz"),
    a_person("Ada Brook"),
    a_person("Priya Nair"),
    routes=(
        RouteSettings(topic="delivery", about="parcel late, parcel missing, courier", to="person:Priya Nair"),
        RouteSettings(topic="maintenance", to="person:Ada Brook"),
    ),
)
FIRST = "When does somebody come to service the coffee machine in our office? The yearly date has passed."
ALIKE = "Could you send someone round for the annual service of our office's coffee machine?"
IN_GERMAN = "Der jährliche Service für die Kaffeemaschine in unserem Büro ist überfällig. Wann kommt endlich jemand?"
LATE = "The package has still not arrived."
ELSE = "Do you sponsor school choirs?"


@pytest.fixture(scope="module")
def model() -> Classifier:
    return load("builtin")


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    store = a_store(tmp_path / "store.duckdb", clock)
    yield store
    store.close()


def case_of(store: DuckDBStore, model: Classifier, plan: Plan, clock: StandingClock, text: str) -> Case:
    """The case that a new customer's message opens in the next round."""
    number = str(len(store.open_cases()))
    item = an_item(number, text, contact=f"email:{number}@customers.example", received_at=clock.now())
    store.record_page(SUPPORT, a_page([item]), clock.now())
    understand_waiting(store, Reader(model, with_taught(plan.topics, store.examples()), plan.directory))
    route_waiting(store, plan, clock, TOKENS)
    case = store.case(store.items([item.id])[0].case_id or "")
    assert case is not None
    return case


def test_a_hand_over_teaches_and_can_be_taken_back(store: DuckDBStore, model: Classifier, clock: StandingClock):
    first = case_of(store, model, PLAN, clock, FIRST)
    assert (first.owner, first.why_owner) == ("Cara Diaz", "No topic of ours fits, so it goes to the default owner.")

    caring.hand_over(store, clock, PLAN, first.id, "Ada Brook", "it is about the machine contract", "Cara Diaz", topic="maintenance")
    for text in (ALIKE, IN_GERMAN):
        case = case_of(store, model, PLAN, clock, text)
        assert (case.owner, case.topic) == ("Ada Brook", "maintenance"), text
        assert case.why_owner.startswith(f"“{text[:70]}")
        assert "” is like an earlier message that Cara Diaz filed under maintenance (0." in case.why_owner
    assert case_of(store, model, PLAN, clock, LATE).owner == "Priya Nair"
    assert case_of(store, model, PLAN, clock, ELSE).owner == "Cara Diaz"

    (example,) = store.examples()
    assert store.remove_example(example.id, "Priya Nair", clock.now())
    assert case_of(store, model, PLAN, clock, ALIKE.replace("send", "please send")).owner == "Cara Diaz"


def test_the_lexicon_goes_by_words_alone(store: DuckDBStore, clock: StandingClock):
    lexicon = load("lexicon")
    assert case_of(store, lexicon, PLAN, clock, "My parcel is late and nobody answers!").owner == "Priya Nair"
    assert case_of(store, lexicon, PLAN, clock, "The package has still not arrived, I am angry!").owner == "Cara Diaz"
