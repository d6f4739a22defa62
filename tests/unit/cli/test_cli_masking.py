"""--masked: what leaves the machine without personal data."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from allears.clock import SystemClock
from allears.domain.feedback import Original, Page, SourceName
from allears.settings import load
from allears.store import connect
from tests.builders import an_item
from tests.unit.cli.conftest import Command

PERSONAL = ("Harper", "harper", "4471902", "07911", "customers.example")


@pytest.fixture
def told(shop: Path) -> Path:
    """The shop with two messages of one customer, who says who she is."""
    first = replace(
        an_item("<1@customers.example>", "Order 4471902 is late, says Jo Harper. Ask Cara Diaz or call 07911 123456."),
        author="Jo Harper",
        contact="email:jo.harper@customers.example",
        title="Harper, order 4471902",
        url="https://forum.example/u/jo-harper",
    )
    second = replace(first, external_id="<2@customers.example>", thread_id="<1@customers.example>", text="Still nothing.")
    store = connect(load(shop / "allears.toml"))
    try:
        store.record_page(
            SourceName("support"),
            Page((first, second), (), tuple(Original(each.external_id, b"", "text/plain") for each in (first, second)), None),
            SystemClock().now(),
        )
    finally:
        store.close()
    return shop


def exported(allears: Command, folder: Path, what: str) -> list[dict[str, Any]]:
    answer = allears("export", what, "-o", "out.jsonl", "--masked")
    assert answer.status == 0, answer.err
    text = (folder / "out.jsonl").read_text("utf-8")
    assert not any(each in text for each in PERSONAL)
    return [json.loads(line) for line in text.splitlines()]


def test_masked_items_hold_no_personal_data_and_still_join(allears: Command, told: Path):
    first, second = sorted(exported(allears, told, "items"), key=lambda row: len(row["text"]), reverse=True)
    assert first["text"] == "Order [number] is late, says [name]. Ask Cara Diaz or call [phone]."
    assert first["title"] == "[name], order [number]"
    assert (first["author"], first["url"]) == ("[name]", None)
    assert second["thread_id"] == first["external_id"]
    assert second["customer_id"] == first["customer_id"]
    assert first["received_at"] == second["received_at"]


def test_masked_customers_have_pseudonyms_that_differ_in_each_export(allears: Command, told: Path):
    (row,) = exported(allears, told, "customers")
    assert row["name"] == "[name]"
    (contact,) = row["contacts"]
    assert contact.startswith("email:contact-")
    (again,) = exported(allears, told, "customers")
    assert again["contacts"] != row["contacts"]
    assert again["id"] != row["id"]


@pytest.mark.parametrize("what", ["cases", "events", "corrections"])
def test_every_export_can_be_masked(allears: Command, told: Path, what: str):
    exported(allears, told, what)


def test_a_masked_export_keeps_its_columns(allears: Command, told: Path):
    columns = []
    for options in ([], ["--masked"]):
        allears("export", "items", "-o", "out.csv", *options)
        with (told / "out.csv").open(encoding="utf-8", newline="") as lines:
            columns.append(next(csv.reader(lines)))
    assert columns[0] == columns[1]


def test_classify_reads_the_words_and_writes_them_masked(allears: Command, shop: Path):
    said = "Terrible. Charged twice and nobody answers, I want a refund."
    rows = [{"text": f"{said} Call 07911 123456.\nRegards,\nJo Harper", "shop": "07911 123456"}, {"text": None}]
    given = "".join(json.dumps(row) + "\n" for row in rows)
    answer = allears("classify", "-", "-o", "-", "--masked", given=given)
    assert answer.status == 0, answer.err
    first, second = (json.loads(line) for line in answer.out.splitlines())
    assert first["text"] == f"{said} Call [phone].\nRegards,\n[name]"
    assert (first["sentiment"], first["shop"]) == ("negative", "07911 123456")
    assert second["text"] is None
