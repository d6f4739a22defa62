"""examples: what people taught is there to see, and can be taken back."""

import getpass
import json
from pathlib import Path

import pytest

from allears.clock import SystemClock
from allears.domain.topics import Example
from allears.settings import load
from allears.store import connect
from flows.wiring import Wiring
from tests.builders import an_item
from tests.unit.cli.conftest import Command

ROUTE = """
[[route]]
topic = "delivery"
about = "parcel late"
to = "person:Cara Diaz"
"""


@pytest.fixture
def taught(stocked: Path) -> Path:
    """The shop, where two messages were filed under topics: one that it has, one that it has no more."""
    with (stocked / "allears.toml").open("a") as configuration:
        configuration.write(ROUTE)
    store = connect(load(stocked / "allears.toml"))
    try:
        store.record_example("delivery", an_item("m-1").id, "Ada Brook", SystemClock().now())
        store.record_example("press", an_item("m-2").id, "Ada Brook", SystemClock().now())
    finally:
        store.close()
    return stocked


def listed(allears: Command) -> list[dict[str, object]]:
    return [json.loads(line) for line in allears("examples", "list", "--json").out.splitlines()]


def test_they_are_listed_with_who_filed_them(allears: Command, taught: Path):
    delivery, press = listed(allears)
    assert (delivery["topic"], delivery["by"], delivery["text"], delivery["counts"]) == ("delivery", "Ada Brook", an_item().words, True)
    assert (press["topic"], press["counts"]) == ("press", False)
    shown = " ".join(allears("examples", "list").out.split())
    assert "Ada Brook" in shown
    assert "no such topic" in shown


def test_they_count_in_the_next_round(taught: Path):
    settings, clock = load(taught / "allears.toml"), SystemClock()
    store = connect(settings)
    try:
        (delivery,) = Wiring(settings, store, clock).reader.topics
    finally:
        store.close()
    assert delivery.examples == (Example(an_item().words, "Ada Brook"),)


def test_one_is_taken_back(allears: Command, taught: Path):
    number = str(listed(allears)[0]["id"])
    answer = allears("examples", "remove", number, "--by", "Priya Nair")
    assert (answer.status, answer.err) == (0, f"Example {number} counts no more. It was taken back by Priya Nair.\n")
    assert [each["topic"] for each in listed(allears)] == ["press"]
    again = allears("examples", "remove", number)
    assert again.status == 1
    assert "There is no example" in again.err


def test_without_a_name_it_is_the_users(allears: Command, taught: Path):
    number = listed(allears)[0]["id"]
    told = json.loads(allears("examples", "remove", str(number), "--json").out)
    assert told == {"id": number, "removed": True, "by": getpass.getuser()}


def test_none_yet(allears: Command, stocked: Path):
    answer = allears("examples", "list")
    assert (answer.status, answer.out) == (0, "")
    assert "hands a case over" in answer.err


@pytest.mark.parametrize("arguments", [("remove",), ("remove", "seven"), ("forget", "1")])
def test_wrong_usage(allears: Command, stocked: Path, arguments: tuple[str, ...]):
    assert allears("examples", *arguments).status == 2
