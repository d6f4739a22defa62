"""ledger, export and quarantine: what the store holds, as a person or a script asks for it."""

import csv
import json
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.unit.cli.conftest import Command

PLACES = {"case", "praise", "other", "automated", "duplicate", "spam", "quarantined"}
COLUMNS = {
    "items": "id source channel external_id thread_id received_at ingested_at author customer_id title text language rating reach url kind "
    "sentiment score confidence urgency topics automated spam duplicate_of case_id incident_id praised model_version status",
    "cases": "id status owner customer_id kind topic urgency urgency_reasons item_ids hops opened_at alerted_at acknowledged_at "
    "first_response_at promised_for resolved_at closed_at next_date incident_id why_owner",
    "events": "id case_id at actor type detail",
    "customers": "id",
    "corrections": "id language trade split channel text sentiment kind signals features spans",
}


def test_ledger_as_json(allears: Command, stocked: Path):
    answer = allears("ledger", "--json")
    assert answer.status == 0
    books = json.loads(answer.out)
    assert books["balanced"] is True
    assert books["total"]["received"] == 4
    assert books["total"]["quarantined"] == 2
    assert books["total"].keys() >= PLACES
    for row in books["rows"]:
        assert row.keys() >= {"source", "day", "received", "balanced"} | PLACES


def test_ledger_since_a_day(allears: Command, stocked: Path):
    books = json.loads(allears("ledger", "--json", "--since", "2999-01-01").out)
    assert books["rows"] == []
    assert books["total"]["received"] == 0
    assert allears("ledger", "--since", "yesterday").status == 2


def test_ledger_in_words(allears: Command, stocked: Path):
    assert "support" in allears("ledger").out


@pytest.mark.parametrize("what", COLUMNS)
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_export_has_the_promised_columns(allears: Command, stocked: Path, what: str, ending: str):
    answer = allears("export", what, "-o", f"out.{ending}", "--json")
    assert answer.status == 0
    rows = json.loads(answer.out)["rows"]
    assert rows == (2 if what == "items" else rows)
    columns = columns_of(stocked / f"out.{ending}")
    if columns is not None:
        assert set(COLUMNS[what].split()) <= columns


def columns_of(file: Path) -> set[str] | None:
    """The columns of a file; None where an empty JSONL has none."""
    if file.suffix == ".parquet":
        return set(pq.read_schema(file).names)
    with file.open(encoding="utf-8", newline="") as lines:
        if file.suffix == ".csv":
            return set(next(csv.reader(lines)))
        first = lines.readline()
    return set(json.loads(first)) if first else None


def test_csv_runs_no_formula(allears: Command, stocked: Path):
    allears("export", "items", "-o", "items.csv")
    with (stocked / "items.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["external_id"]: row for row in csv.DictReader(lines)}
    assert rows["m-2"]["text"].startswith("'=HYPERLINK")
    assert rows["m-2"]["author"].startswith("'+cmd")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows.values() for cell in row.values())


def test_times_have_an_offset_and_lists_stay_lists(allears: Command, stocked: Path):
    allears("export", "items", "-o", "items.jsonl")
    row = json.loads((stocked / "items.jsonl").read_text("utf-8").splitlines()[0])
    assert datetime.fromisoformat(row["ingested_at"]).tzinfo is not None
    assert isinstance(row["topics"], list)
    assert isinstance(row["praised"], list)


def test_export_to_an_unknown_ending(allears: Command, stocked: Path):
    answer = allears("export", "items", "-o", "items.xlsx")
    assert answer.status == 2
    assert ".parquet, .csv or .jsonl" in answer.err
    assert not list(stocked.glob("*.xlsx"))


def test_export_to_a_folder_that_is_not_there(allears: Command, stocked: Path):
    answer = allears("export", "items", "-o", "nowhere/items.csv")
    assert answer.status == 2
    assert "nowhere/items.csv" in answer.err


def test_quarantine_is_listed_and_retried(allears: Command, stocked: Path, monkeypatch: pytest.MonkeyPatch):
    held = [json.loads(line) for line in allears("quarantine", "list", "--json").out.splitlines()]
    assert {each["external_id"] for each in held} == {"q@customers.example", "lost"}
    assert all(each.keys() >= {"id", "source", "external_id", "at", "error"} for each in held)
    monkeypatch.setenv("COLUMNS", "80")
    told = " ".join(allears("quarantine", "list").out.split())
    assert all(each["error"].split()[0] in told and each["id"] in told for each in held)
    readable = next(each["id"] for each in held if each["external_id"] == "q@customers.example")
    answer = allears("quarantine", "retry", readable, "--json")
    assert answer.status == 0
    assert json.loads(answer.out) == {"id": readable, "read": True, "error": None}
    rest = [json.loads(line) for line in allears("quarantine", "list", "--json").out.splitlines()]
    assert [each["external_id"] for each in rest] == ["lost"]


def test_a_retry_that_fails_says_why(allears: Command, stocked: Path):
    answer = allears("quarantine", "retry", "--json")
    assert answer.status == 1
    outcomes = [json.loads(line) for line in answer.out.splitlines()]
    assert sorted(outcome["read"] for outcome in outcomes) == [False, True]
    assert next(outcome["error"] for outcome in outcomes if not outcome["read"])


def test_retrying_what_is_not_there(allears: Command, stocked: Path):
    answer = allears("quarantine", "retry", "0" * 24)
    assert answer.status == 1
    assert "not in quarantine" in answer.out
