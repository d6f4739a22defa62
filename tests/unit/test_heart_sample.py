"""The sample business through the heart: real connectors, the real store and model, against what its author expects."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pytest
from models.registry import load as load_model

from allears.assigning import Plan, plan_of
from allears.clock import SystemClock
from allears.domain.case import Case
from allears.domain.feedback import SourceName, Status
from allears.domain.ledger import LedgerRow
from allears.domain.records import ExportName, StoredItem
from allears.intake import Gathered, gather
from allears.routing import route_waiting
from allears.settings import Settings, load
from allears.store.duckdb_store import DuckDBStore
from allears.understanding import Reader, understand_waiting
from app.sample.staging import form_submissions, stage
from connectors.form.connector import FormConnector
from connectors.form.parse import submission
from connectors.registry import connector_for

Expected = dict[str, Any]
EXPECTED: list[Expected] = [
    json.loads(line) for line in files("app.sample.northwind").joinpath("expected.jsonl").read_text("utf-8").splitlines() if line.strip()
]
UNSURE_SPAM = {"form-12"}
"""Spam that no header tells: only its words do."""
OURSELVES = {"status": 0.9, "kind": 0.8, "sentiment": 0.7, "language": 0.95, "topic": 0.85, "owner": 0.9, "praised": 0.9}


@dataclass(frozen=True)
class Northwind:
    """The sample business after a day's work."""

    plan: Plan
    gathered: dict[str, Gathered]
    items: dict[tuple[str, str], StoredItem]
    quarantined: set[tuple[str, str]]
    cases: dict[str, Case]
    ledger: list[LedgerRow]
    now: datetime

    def found(self, expected: Expected) -> StoredItem:
        return self.items[expected["source"], expected["external_id"]]


@pytest.fixture(scope="module")
def northwind(tmp_path_factory: pytest.TempPathFactory) -> Northwind:
    folder = tmp_path_factory.mktemp("northwind")
    clock = SystemClock()
    stage(folder, clock.now())
    settings = load(folder / "allears.toml", {})
    plan = plan_of(settings)
    store = DuckDBStore(settings.store_path, clock)
    gathered = {source.name: gather(connector_for(settings, source, clock), store, clock) for source in settings.source}
    forms = send_forms(settings, store, folder)
    understand_waiting(store, Reader(load_model(settings.model.name, base=settings.base), plan.topics, plan.directory))
    route_waiting(store, plan, clock)
    stored = store.items(store.export(ExportName.ITEMS).read_all()["id"].to_pylist())
    names = {
        item: (each.item.source, forms.get(each.item.external_id, each.item.external_id)) for each in stored for item in (each.item.id,)
    }
    northwind = Northwind(
        plan=plan,
        gathered=gathered,
        items={names[each.item.id]: each for each in stored},
        quarantined={(held.source, held.external_id) for held in store.quarantine()},
        cases={case.id: case for case in store.open_cases()},
        ledger=store.ledger(None, settings.business.timezone),
        now=clock.now(),
    )
    store.close()
    return northwind


def send_forms(settings: Settings, store: DuckDBStore, folder: Path) -> dict[str, str]:
    """Post what customers typed, in order; the name each message has in the expectations, by its id."""
    source = next(source for source in settings.source if source.channel == "form")
    form = cast("FormConnector", connector_for(settings, source, SystemClock()))
    names = {}
    for number, fields in enumerate(form_submissions(folder), start=1):
        now = SystemClock().now()
        page = form.receive(submission(fields), now, f"form-{number}")
        store.record_page(SourceName(source.name), page, now)
        names[page.items[0].external_id] = f"form-{number}"
    return names


def read(expectations: Iterable[Expected]) -> list[Expected]:
    return (
        [each for each in expectations if each["status"] != Status.QUARANTINED]
        if hasattr(Status, "QUARANTINED")
        else [each for each in expectations if each["status"] != "quarantined"]
    )
