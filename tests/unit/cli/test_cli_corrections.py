"""correct, reclassify and export corrections: a person's word from the terminal, and a change of the model that is shown first."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from allears.clock import SystemClock
from allears.domain.feedback import Kind, Sentiment, SourceName, Status
from allears.domain.records import Routed
from allears.settings import load
from allears.store import connect
from models.corpus import read_file
from tests.builders import a_page, an_item, said, understanding_of
from tests.unit.cli.conftest import Command

PARCEL, THANKS = an_item("m-1"), an_item("m-2", "Lovely coffee as ever, thank you Addie!", title="Thanks")
BY = ("--by", "Priya Nair", "--why", "She asks where it is")


@pytest.fixture
def read(shop: Path) -> Path:
    """The shop with two messages that a model before this one took for praise; now it has the lexicon."""
    with (shop / "allears.toml").open("a") as configuration:
        configuration.write('[model]\nname = "lexicon"\n')
    store = connect(load(shop / "allears.toml"))
    try:
        store.record_page(SourceName("support"), a_page([PARCEL, THANKS]), SystemClock().now())
        prediction = said(Kind.PRAISE, Sentiment.POSITIVE)
        store.record_understanding([understanding_of(item, prediction) for item in (PARCEL, THANKS)])
        store.record_routing([Routed(item.id, Status.PRAISE, "Praise") for item in (PARCEL, THANKS)])
    finally:
        store.close()
    return shop


def items(allears: Command, folder: Path) -> dict[str, dict[str, Any]]:
    allears("export", "items", "-o", "items.jsonl")
    rows = [json.loads(line) for line in (folder / "items.jsonl").read_text("utf-8").splitlines()]
    return {row["external_id"]: row for row in rows}


def test_a_correction_is_told_kept_and_routed(allears: Command, read: Path):
    answer = allears("correct", PARCEL.id, "--kind", "complaint", *BY)
    assert answer.status == 0, answer.err
    assert answer.err == "The model said praise; corrected to complaint by Priya Nair. The next round routes it again.\n"
    row = items(allears, read)["m-1"]
    assert (row["kind"], row["model_kind"], row["corrected_by"], row["status"]) == ("complaint", "praise", "Priya Nair", "understood")
    assert allears("ledger").status == 0


def test_a_correction_as_json(allears: Command, read: Path):
    told = json.loads(allears("correct", PARCEL.id, "--sentiment", "negative", *BY, "--json").out)
    assert told["item_id"] == PARCEL.id
    assert (told["sentiment"], told["said_sentiment"], told["kind"], told["status"]) == ("negative", "positive", None, "praise")
    assert (told["by"], told["why"]) == ("Priya Nair", "She asks where it is")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ((PARCEL.id, "--kind", "rant", *BY), 2, "'rant' is none; there are complaint"),
        ((PARCEL.id, "--sentiment", "bad", *BY), 2, "'bad' is none; there are negative"),
        ((PARCEL.id, "--kind", "complaint", "--by", "Priya Nair"), 2, "--why"),
        ((PARCEL.id, "--kind", "complaint", "--by", "Priya Nair", "--why", " "), 1, "Say why"),
        ((PARCEL.id, *BY), 1, "changes nothing"),
        (("0" * 24, "--kind", "complaint", *BY), 1, "was read yet"),
    ],
)
def test_a_correction_that_cannot_be_made(allears: Command, read: Path, arguments: tuple[str, ...], status: int, told: str):
    answer = allears("correct", *arguments)
    assert answer.status == status
    assert told in answer.err
    assert "Traceback" not in answer.err


def test_corrections_are_rows_of_the_training_corpus(allears: Command, read: Path):
    allears("correct", THANKS.id, "--sentiment", "neutral", *BY)
    assert json.loads(allears("export", "corrections", "-o", "corrections.jsonl", "--json").out)["rows"] == 1
    (message,) = read_file(read / "corrections.jsonl")
    assert (message.id, message.trade, message.split, message.channel) == (THANKS.id, "own", "train", "email")
    assert (message.text, message.sentiment, message.kind) == (THANKS.words, "neutral", "praise")
    assert (message.signals, message.features, message.spans) == (None, (), ())
    assert allears("export", "corrections", "-o", "corrections.csv").status == 0
    assert allears("export", "corrections", "-o", "corrections.parquet").status == 0
    assert pq.read_table(read / "corrections.parquet").num_rows == 1


def test_another_model_is_shown_before_it_changes_anything(allears: Command, read: Path):
    allears("correct", THANKS.id, "--sentiment", "neutral", *BY)
    before = items(allears, read)
    shown = json.loads(allears("reclassify", "--json").out)
    assert shown["model"].startswith("lexicon")
    assert (shown["from"], shown["applied"], shown["messages"], shown["corrections_in_force"]) == (["fake-1"], False, 2, 1)
    assert (shown["changed"], shown["share_changed"]) == (1, 0.5)
    assert shown["sentiment"] == [{"from": "positive", "to": "negative", "messages": 1}]
    assert shown["kind"] == [{"from": "praise", "to": "complaint", "messages": 1}]
    assert items(allears, read) == before
    words = allears("reclassify")
    assert "1 of 2 messages (50.0 %) read differently" in words.out
    assert "Nothing was changed." in words.err


def test_a_change_of_the_model_is_made_once(allears: Command, read: Path):
    allears("correct", THANKS.id, "--sentiment", "neutral", *BY)
    done = json.loads(allears("reclassify", "--apply", "--json").out)
    assert (done["applied"], done["messages"], done["changed"]) == (True, 2, 1)
    rows = items(allears, read)
    assert (rows["m-1"]["kind"], rows["m-1"]["model_version"], rows["m-1"]["status"]) == ("complaint", done["model"], "praise")
    assert (rows["m-2"]["sentiment"], rows["m-2"]["model_sentiment"]) == ("neutral", "positive")
    again = json.loads(allears("reclassify", "--apply", "--json").out)
    assert (again["messages"], again["changed"]) == (0, 0)
    assert "nothing to do" in allears("reclassify").err
    assert items(allears, read) == rows


def test_only_messages_since_a_day_are_read_again(allears: Command, read: Path):
    assert json.loads(allears("reclassify", "--since", "2999-01-01", "--apply", "--json").out)["messages"] == 0
    assert allears("reclassify", "--since", "yesterday").status == 2
