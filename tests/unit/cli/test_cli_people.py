"""people, and what check says of them: who answers, what they have to do, and who cannot be reached."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from allears.clock import SystemClock
from allears.domain.case import CaseChange, CaseId
from allears.domain.feedback import Status, Urgency
from allears.domain.records import Routed
from allears.domain.watch import Unreachable
from allears.ports import Store
from allears.settings import load
from allears.store import connect
from tests.builders import NOW, SUPPORT, a_case, a_page, an_item, understanding_of
from tests.unit.cli.conftest import Command

TODAY = SystemClock().now().date()
LATER = TODAY + timedelta(days=30)
AWAY = f"away = [{{ from = {TODAY - timedelta(days=2)}, until = {TODAY + timedelta(days=2)} }}, {{ from = {LATER}, until = {LATER} }}]"
PEOPLE = f"""
[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
teams = ["billing", "care"]
deputy = "Ben Hall"
{AWAY}
[[person]]
name = "Ben Hall"
email = "ben@northwind.example"
deputy = "Ada Brook"
[[person]]
name = "Priya Nair"
email = "priya@northwind.example"
deputy = "Ben Hall"
"""
NAMES = ["Ada Brook", "Ben Hall", "Cara Diaz", "Priya Nair"]


@pytest.fixture
def team(shop: Path) -> Path:
    """The shop with people: Ada is away, Priya's address bounces; Ben has two cases, Zoe, who has left, one."""
    file = shop / "allears.toml"
    file.write_text(file.read_text().replace("[routing]", f"{PEOPLE}[routing]"))
    with_store = connect(load(file))
    owners = (("Ben Hall", Urgency.CRITICAL), ("Ben Hall", Urgency.LOW), ("Zoe Ash", Urgency.NORMAL))
    for number, (owner, urgency) in enumerate(owners, 1001):
        item = an_item(str(number))
        with_store.record_page(SUPPORT, a_page([item]), NOW)
        with_store.record_understanding([understanding_of(item)])
        case = a_case(number, owner=owner, urgency=urgency, item_ids=(item.id,))
        with_store.record_routing([Routed(item.id, Status.CASE, "a reason", CaseId(f"C-{number}"), change=CaseChange(case, ()))])
    with_store.record_unreachable(Unreachable("Priya Nair", "priya@northwind.example", "550 no such user", NOW))
    with_store.record_alarms({"mail": "Alerts wait since Thu 19 Nov, 10:42."}, NOW)
    with_store.close()
    return file


@pytest.fixture
def store(team: Path) -> Iterator[Store]:
    store = connect(load(team))
    yield store
    store.close()


def told(allears: Command, *options: str) -> dict[str, dict[str, object]]:
    answer = allears("people", "--json", *options)
    assert answer.status == 0
    return {row["name"]: row for row in json.loads(answer.out)}


def test_everyone_with_what_they_have_to_do(allears: Command, team: Path):
    rows = told(allears)
    assert sorted(rows) == [*NAMES, "Zoe Ash"]
    assert {name: (row["open"], row["weight"]) for name, row in rows.items()} == {
        "Ada Brook": (0, 0.0),
        "Ben Hall": (2, 4.5),
        "Cara Diaz": (0, 0.0),
        "Priya Nair": (0, 0.0),
        "Zoe Ash": (1, 1.0),
    }
    assert rows["Ada Brook"]["teams"] == "billing, care"


def test_whether_they_can_be_reached_and_who_stands_in(allears: Command, team: Path):
    rows = told(allears)
    until = f"{TODAY + timedelta(days=2):%a %-d %b}"
    assert {name: (row["reachable"], row["why_not"], row["stands_in"]) for name, row in rows.items()} == {
        "Ada Brook": (False, f"Ada Brook is away until {until}", "Ben Hall"),
        "Ben Hall": (True, None, None),
        "Cara Diaz": (True, None, None),
        "Priya Nair": (False, "Mails to Priya Nair come back", "Ben Hall"),
        "Zoe Ash": (False, "Zoe Ash is not in the directory any more", "Cara Diaz"),
    }
    assert rows["Ada Brook"]["next_away"] == {"from": str(LATER), "until": str(LATER)}
    assert rows["Ben Hall"]["next_away"] is None


def test_in_words(allears: Command, team: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "200")
    answer = allears("people")
    assert answer.status == 0
    lines = {line[:10].strip(): " ".join(line.split()) for line in answer.out.splitlines()}
    assert lines["Ada Brook"].startswith("Ada Brook billing, care 0 0 away until")
    assert lines["Ada Brook"].endswith(f"; Ben Hall stands in {LATER:%a %-d %b %Y}")
    assert lines["Ben Hall"] == "Ben Hall no team 2 4.5 at work"


def test_somebody_is_reachable_again(allears: Command, team: Path):
    answer = allears("people", "reachable", "Priya Nair")
    assert answer.status == 0
    assert answer.err == "Mails to priya@northwind.example came back (550 no such user). Priya Nair can be given cases again from now on.\n"
    assert told(allears)["Priya Nair"]["reachable"] is True
    again = allears("people", "reachable", "Priya Nair")
    assert (again.status, again.err) == (0, "Mails to Priya Nair (priya@northwind.example) do not come back: there was nothing to clear.\n")


def test_somebody_is_reachable_again_as_json(allears: Command, team: Path):
    answer = json.loads(allears("people", "reachable", "Priya Nair", "--json").out)
    assert (answer["name"], [(each["email"], each["why"]) for each in answer["cleared"]]) == (
        "Priya Nair",
        [("priya@northwind.example", "550 no such user")],
    )


def test_an_address_they_had_before_is_cleared_too(allears: Command, team: Path):
    team.write_text(team.read_text().replace("priya@northwind.example", "p.nair@northwind.example"))
    assert "priya@northwind.example came back" in allears("people", "reachable", "Priya Nair").err


def test_somebody_who_is_not_there(allears: Command, team: Path):
    answer = allears("people", "reachable", "Pria Nair")
    assert answer.status == 2
    assert "did you mean 'Priya Nair'?" in " ".join(answer.err.split())
    assert told(allears)["Priya Nair"]["reachable"] is False


def test_the_configuration_may_be_named_before_or_after(allears: Command, team: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert allears("people", "--config", str(team), "reachable", "Ben Hall").status == 0
    assert allears("people", "reachable", "Ben Hall", "--config", str(team)).status == 0
    assert allears("people", "reachable", "Ben Hall").status == 2
    assert "Ada Brook" in told(allears, "--config", str(team))


class TestCheck:
    def findings(self, allears: Command) -> list[tuple[str, str]]:
        answer = allears("check", "--json")
        assert answer.status == 0
        notes = [finding for finding in json.loads(answer.out) if finding["note"]]
        assert all(note["works"] for note in notes)
        return [(note["what"], note["found"]) for note in notes]

    @pytest.mark.usefixtures("team")
    def test_it_says_who_cannot_be_reached_and_what_stands_without_failing(self, allears: Command):
        assert self.findings(allears) == [
            ("deputies", "Ada Brook and Ben Hall stand in for each other. When all are away, their managers are next."),
            ("alarm", "Alerts wait since Thu 19 Nov, 10:42."),
            ("Ada Brook", f"away until {TODAY + timedelta(days=2):%a %-d %b}; Ben Hall stands in"),
            ("Priya Nair", "mails to them come back; Ben Hall stands in"),
            ("Zoe Ash", "not in the directory any more; Cara Diaz stands in"),
        ]
        assert "note" in allears("check").out

    def test_who_is_away_is_known_before_anything_has_run(self, allears: Command, shop: Path):
        file = shop / "allears.toml"
        file.write_text(file.read_text().replace("[routing]", f"{PEOPLE}[routing]"))
        assert self.findings(allears)[1:] == [("Ada Brook", f"away until {TODAY + timedelta(days=2):%a %-d %b}; Ben Hall stands in")]
        assert not (shop / "allears.duckdb").exists()

    def test_before_anything_has_run_it_makes_no_store(self, allears: Command, shop: Path):
        assert self.findings(allears) == []
        assert not (shop / "allears.duckdb").exists()

    @pytest.mark.usefixtures("store")
    def test_a_store_in_use_is_no_fault(self, allears: Command):
        assert self.findings(allears)[-1][1].startswith("Not known at the moment. The store ")
