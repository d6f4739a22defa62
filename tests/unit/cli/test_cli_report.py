"""allears report: a week on paper, from the command line."""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Command


def test_report_is_written_and_says_what_stands_in_it(allears: Command, stocked: Path):
    answer = allears("report", "--week", "2026-W01", "-o", "week.pdf", "--json")
    assert answer.status == 0
    told = json.loads(answer.out)
    assert told == {"week": "2026-W01", "file": "week.pdf", "verdict": told["verdict"]}
    assert "complaint" in told["verdict"]
    assert (stocked / "week.pdf").read_bytes().startswith(b"%PDF-")


def test_report_is_of_the_last_week_and_called_by_it(allears: Command, stocked: Path):
    answer = allears("report", "--masked", "--locale", "en-US")
    assert answer.status == 0
    (file,) = stocked.glob("allears-report-*-W*.pdf")
    assert str(file.name) in answer.err


@pytest.mark.parametrize("week", ["2999-W01", "yesterday", "2026-W60"])
def test_report_of_what_is_no_week_or_not_over_writes_nothing(allears: Command, stocked: Path, week: str):
    answer = allears("report", "--week", week)
    assert answer.status == 2
    assert "The last week that is over is" in answer.err or "Weeks are written like" in answer.err
    assert not list(stocked.glob("*.pdf"))


def test_report_to_a_folder_that_is_not_there(allears: Command, stocked: Path):
    answer = allears("report", "-o", "nowhere/week.pdf")
    assert answer.status == 2
    assert "nowhere/week.pdf" in answer.err
