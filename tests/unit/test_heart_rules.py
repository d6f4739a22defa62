"""What decides is noticed when it changes, and not otherwise."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from allears.assigning import Plan
from allears.domain.feedback import Urgency
from allears.domain.people import Absence
from allears.domain.targets import USUAL, Goal, Targets
from allears.domain.trends import Part
from allears.rules import notice_rules, standing_rules
from allears.settings import RouteSettings, TagSettings
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, StandingClock, a_directory, a_person, a_plan

ROUTES = (RouteSettings(topic="billing", about="charged twice", to="team:billing"),)
ADA, CARA = a_person("Ada Brook", "billing"), a_person("Cara Diaz", "care")


def plan(**changes: object) -> Plan:
    return a_plan(CARA, ADA, **{"routes": ROUTES, **changes})


def differing(other: Plan, model: str = "fake-1") -> set[tuple[Part, str]]:
    before, after = standing_rules(plan(), "fake-1"), standing_rules(other, model)
    names = {(part, name) for rules in (before, after) for part, found in rules.items() for name in found}
    return {(part, name) for part, name in names if before[part].get(name) != after[part].get(name)}


@pytest.mark.parametrize(
    ("other", "changed"),
    [
        (plan(), set()),
        (plan(routes=(ROUTES[0].model_copy(update={"about": "charged thrice"}),)), {(Part.TOPIC, "billing")}),
        (plan(routes=(ROUTES[0].model_copy(update={"to": "person:Cara Diaz"}),)), {(Part.ROUTE, "billing")}),
        (plan(routes=()), {(Part.TOPIC, "billing"), (Part.ROUTE, "billing")}),
        (plan(directory=a_directory(CARA, replace(ADA, teams=("care",)))), {(Part.PERSON, "Ada Brook")}),
        (plan(directory=a_directory(CARA, replace(ADA, active=False))), {(Part.PERSON, "Ada Brook")}),
        (plan(directory=a_directory(CARA, ADA, default="Ada Brook")), {(Part.ROUTE, "default owner")}),
        (plan(directory=a_directory(CARA, replace(ADA, away=(Absence(date(2026, 12, 1), date(2026, 12, 9)),)))), set()),
        (
            plan(targets=Targets({**USUAL, Goal.ANSWER: {**USUAL[Goal.ANSWER], Urgency.HIGH: timedelta(hours=1)}})),
            {(Part.TARGET, "answer, high")},
        ),
        (plan(tags=(TagSettings(name="gold", customers=("*@gold.example",)),)), {(Part.TARGET, "gold customers")}),
    ],
)
def test_a_rule_has_another_fingerprint_when_it_is_another_and_only_then(other: Plan, changed: set[tuple[Part, str]]):
    assert differing(other) == changed


def test_a_model_is_known_by_its_version():
    assert differing(plan(), model="fake-2") == {(Part.MODEL, "model")}
    assert standing_rules(plan(), "fake-2")[Part.MODEL] == {"model": "fake-2"}


def test_fingerprints_are_the_same_in_every_process():
    script = "from tests.unit.test_heart_rules import plan; from allears.rules import standing_rules; print(standing_rules(plan(), 'x'))"
    said = [subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert said[0] == said[1] == f"{standing_rules(plan(), 'x')}\n"


def test_what_changed_between_two_rounds_is_kept_once(tmp_path: Path):
    clock = StandingClock()
    store = DuckDBStore(tmp_path / "allears.duckdb", clock)
    notice_rules(store, plan(), "fake-1", clock)
    clock.move(hours=1)
    for _ in range(2):
        notice_rules(store, plan(directory=a_directory(CARA, replace(ADA, teams=("care",)))), "fake-1", clock)
    changed = store.what_changed(NOW - timedelta(days=1), clock.now()).rules
    store.close()
    assert [(each.at, each.part, each.name) for each in changed] == [(clock.now(), Part.PERSON, "Ada Brook")]
