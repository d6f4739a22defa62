"""replay-routing: other rules on the messages of the last weeks, with the model that ships; nothing is written."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from allears.assigning import plan_of
from allears.clock import SystemClock
from allears.domain.feedback import SourceName
from allears.routing import route_waiting
from allears.settings import load
from allears.store import connect
from allears.understanding import Reader, understand_waiting
from models.registry import load as load_model
from tests.builders import TOKENS, a_page, an_item
from tests.unit.cli.conftest import Command

PEOPLE = """
[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
[[route]]
topic = "delivery"
about = "parcel late, courier, parcel missing"
to = "person:{owner}"
"""


@pytest.fixture
def busy(shop: Path) -> Path:
    """The shop, in which 22 customers wrote about a parcel and one about a choir; `new.toml` gives parcels to another person."""
    configuration = (shop / "allears.toml").read_text()
    (shop / "allears.toml").write_text(configuration + PEOPLE.format(owner="Cara Diaz"))
    (shop / "new.toml").write_text(configuration + PEOPLE.format(owner="Ada Brook"))
    settings, clock = load(shop / "allears.toml"), SystemClock()
    plan, store = plan_of(settings), connect(settings)
    texts = [f"My parcel no. {number} is late again and nobody answers." for number in range(22)]
    items = [
        an_item(str(number), text, contact=f"email:{number}@x.org", author=f"Customer {number}", received_at=clock.now())
        for number, text in enumerate([*texts, "Do you sponsor school choirs?"])
    ]
    try:
        store.record_page(SourceName("support"), a_page(items), clock.now())
        understand_waiting(store, Reader(load_model("builtin"), plan.topics, plan.directory))
        route_waiting(store, plan, clock, TOKENS)
    finally:
        store.close()
    return shop


def test_what_would_change_is_shown_and_nothing_is_written(allears: Command, busy: Path):
    before = sha256((busy / "allears.duckdb").read_bytes()).digest()
    answer = allears("replay-routing", "--rules", "new.toml")
    assert answer.status == 0, answer.err
    assert "23 messages of the last 90 days. Cases: 23. Next dates missed: 0." in answer.out
    assert "Cases with another owner under new.toml: 22." in answer.out
    assert answer.out.count("Cara Diaz → Ada Brook") == 20
    assert "2 more with --json." in answer.err
    assert "Nothing was changed." in answer.err
    assert sha256((busy / "allears.duckdb").read_bytes()).digest() == before


def test_everything_as_json(allears: Command, busy: Path):
    told = json.loads(allears("replay-routing", "--rules", "new.toml", "--days", "7", "--json").out)
    assert (told["messages"], told["cases"], told["owner_changes"]) == (23, {"before": 23, "after": 23}, 22)
    people = {each["name"]: (each["cases"], each["peak_open"]) for each in told["people"]}
    assert people == {
        "Cara Diaz": ({"before": 23, "after": 1}, {"before": 23, "after": 1}),
        "Ada Brook": ({"before": 0, "after": 22}, {"before": 0, "after": 22}),
    }
    first = told["changes"][0]
    assert (first["customer"], first["from"], first["to"]) == ("Customer 0", "Cara Diaz", "Ada Brook")
    assert first["why"].startswith("“parcel no. 0 is late” is about delivery (0.")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--rules", "missing.toml"), "missing.toml is not there"),
        (("--rules", "broken.toml"), "route[1].to"),
        (("--rules", "allears.toml", "--days", "0"), "--days"),
        ((), "--rules"),
    ],
)
def test_wrong_usage_or_configuration(allears: Command, shop: Path, arguments: tuple[str, ...], told: str):
    (shop / "broken.toml").write_text((shop / "allears.toml").read_text() + '[[route]]\ntopic = "delivery"\nto = "Ada"\n')
    answer = allears("replay-routing", *arguments)
    assert answer.status == 2
    assert told in answer.err
    assert "Traceback" not in answer.err


def test_no_messages_yet(allears: Command, shop: Path):
    answer = allears("replay-routing", "--rules", "allears.toml")
    assert answer.status == 0
    assert "No message of the last 90 days" in answer.err
