"""The people: what is on their desks, and whether they can be reached."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.case import CaseId
from allears.domain.hours import parse_hours
from allears.domain.people import Absence
from allears.domain.watch import Unreachable
from app.dashboard.components.desks import presence
from app.dashboard.connection import Desk
from app.dashboard.reader import known, read_by
from tests.unit.dashboard.northwind import NOW, FakeStore
from tests.unit.dashboard.pages import shown

Opened = Callable[..., AppTest]


def rows(test: AppTest) -> dict[str, list[str]]:
    """The table's cells as words, by name."""
    found = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", shown(test), re.DOTALL)
    cells = [[re.sub(r"<[^>]*>", "", cell).strip() for cell in re.split(r"</t[hd]>", row)[:-1]] for row in found]
    return {name: rest for name, *rest in cells}


def test_everyone_stands_by_team_then_name_with_their_desk(opened: Opened):
    table = rows(opened("people"))
    assert list(table) == ["Ada Brook", "Ben Hall", "Cara Diaz", "Priya Nair", "Ruth Adeyemi", "Tom Okafor", "Jonas Weber"]
    assert table["Ada Brook"] == ["Billing", "At work", "3", "6", "1", "1", "19 min of 98", "0", "0", "none known"]
    assert table["Cara Diaz"][2:4] == ["0", "0"]


def test_the_headline_says_how_many_and_that_all_can_be_reached(opened: Opened):
    assert "<h1>15 cases open, with 6 people. Everyone can be reached.</h1>" in shown(opened("people"))


def test_who_cannot_be_reached_says_why_and_who_stands_in(opened: Opened, store: FakeStore, desk: Desk):
    people = desk.directory.people
    people["Ada Brook"] = replace(
        people["Ada Brook"], away=(Absence(NOW.date(), date(2026, 11, 23)), Absence(date(2026, 12, 24), date(2027, 1, 2)))
    )
    store.bouncing = (Unreachable("Tom Okafor", people["Tom Okafor"].email, "550 no such user", NOW),)
    people["Priya Nair"] = replace(people["Priya Nair"], hours=parse_hours("Mon-Fri 12:00-18:00"))
    test = opened("people")
    table = rows(test)
    assert (table["Ada Brook"][1], table["Ada Brook"][-1]) == ("Away until Mon 23 Nov: Ben Hall stands in", "Thu 24 Dec to Sat 2 Jan")
    assert table["Tom Okafor"][1] == "Mails to them come back: Cara Diaz stands in"
    assert table["Priya Nair"][1] == "Off until today, 12:00"
    assert "Ada Brook and Tom Okafor cannot take one now.</h1>" in shown(test)


def test_an_absence_is_written_as_its_reader_writes_dates(desk: Desk):
    people = desk.directory.people
    people["Ada Brook"] = replace(people["Ada Brook"], away=(Absence(NOW.date(), date(2026, 11, 26)),))
    with read_by(known("en-US", "")):
        assert presence(desk.directory, "Ada Brook", NOW, desk.timezone) == "away until Thu, Nov 26"
    with read_by(known("de-DE", "")):
        assert presence(desk.directory, "Ada Brook", NOW, desk.timezone) == "away until Thu 26 Nov"


def test_an_owner_who_left_and_whom_nobody_stands_in_for_is_a_broken_promise(opened: Opened, desk: Desk):
    people = desk.directory.people
    del people["Ruth Adeyemi"]
    people["Cara Diaz"] = replace(people["Cara Diaz"], away=(Absence(NOW.date(), NOW.date()),))
    test = opened("people")
    table = rows(test)
    assert list(table)[-1] == "Ruth Adeyemi"
    assert table["Ruth Adeyemi"][:2] == ["No team", "Not in the directory any more: nobody stands in"]
    assert '<span class="ae-late">Not in the directory any more</span>' in shown(test)


def test_who_left_and_has_no_case_is_not_listed(opened: Opened, desk: Desk):
    desk.directory.people["Cara Diaz"] = replace(desk.directory["Cara Diaz"], active=False)
    assert "Cara Diaz" not in rows(opened("people"))


def passed(store: FakeStore, number: int, *owners: str, why: str = "why") -> None:
    case_id = CaseId(f"C-{number}")
    store.lines = [
        replace(line, case=replace(line.case, owner=owners[-1], owners=owners, why_owner=why, owner_since=NOW - timedelta(days=number)))
        if line.case.id == case_id
        else line
        for line in store.lines
    ]


def test_hops_are_counted_to_and_from_and_their_ways_have_reasons(opened: Opened, store: FakeStore):
    assert "No open case has changed hands." in shown(opened("people"))
    passed(store, 1001, "Priya Nair", "Jonas Weber", why="Priya Nair handed it over: address change, not courier")
    passed(store, 1002, "Ada Brook", "Priya Nair", "Jonas Weber", why="Priya Nair is away until Mon 23 Nov")
    test = opened("people")
    table = rows(test)
    assert {name: row[7:9] for name, row in table.items() if row[7:9] != ["0", "0"]} == {
        "Ada Brook": ["0", "1"],
        "Priya Nair": ["1", "2"],
        "Jonas Weber": ["2", "0"],
    }
    html = shown(test)
    assert "3 hops in 15 open cases." in html
    first, second = re.findall(r"<li><span class=\"way\">.*?</li>", html, re.DOTALL)
    assert "width:100.0%" in first
    assert "address change, not courier" in first
    assert "width:50.0%" in second


def test_praise_that_names_someone_stands_beside(opened: Opened):
    html = shown(opened("people"))
    assert "<b>Tom Okafor</b>" in html
    assert "Tom remembered my name" in html


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "<img src=x onerror=alert(2)>"])
def test_hostile_reasons_are_text_and_nothing_else(opened: Opened, store: FakeStore, words: str):
    passed(store, 1001, "Priya Nair", "Jonas Weber", why=f"Priya Nair handed it over: {words}")
    html = shown(opened("people"))
    assert words not in html
    assert words.replace("<", "&lt;").replace(">", "&gt;") in html
