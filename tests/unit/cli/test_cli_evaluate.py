import json
from pathlib import Path

import pytest

from models.corpus import FOLDER
from models.encoder.session import WEIGHTS
from models.registry import BUILTIN
from tests.unit.cli.conftest import Command

ROWS = [
    {"text": "The best coffee in town, thank you!", "label": "positive", "shop": "Leith", "tags": ["a", "b"]},
    {"text": "Terrible. Charged twice and nobody answers.", "label": "negative", "shop": "Leith", "tags": ["a"]},
    {"text": "Terrible. Never again.", "label": "negative", "shop": None, "tags": []},
    {"text": "Opening hours on Monday?", "label": "neutral", "shop": "Soho", "tags": ["b"]},
]


@pytest.fixture(autouse=True)
def reviews(shop: Path) -> Path:
    (shop / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (shop / "b.csv").write_text("text,label\nTerrible.,negative\nLovely!,positive\n")
    return shop


def test_one_file_shows_its_classes_and_several_only_when_asked(allears: Command):
    one = allears("eval", "a.jsonl", "--model", "lexicon")
    assert one.status == 0, one.err
    assert "said neutral" in one.out
    several = allears("eval", "a.jsonl", "b.csv", "--model", "lexicon")
    assert [line.split()[:3] for line in several.out.splitlines()] == [
        ["File", "Model", "Rows"],
        ["a.jsonl", "lexicon", "4"],
        ["b.csv", "lexicon", "2"],
    ]
    detailed = allears("eval", "a.jsonl", "b.csv", "--model", "lexicon", "--details")
    assert detailed.out.count("said negative") == 2


def test_the_figures_of_one_file_are_where_they_always_were(allears: Command):
    answer = allears("eval", "a.jsonl", "--label-column", "label", "--model", "lexicon", "--json")
    said = json.loads(answer.out)
    assert said["file"] == "a.jsonl"
    report = said["models"]["lexicon"]
    assert (report["rows"], report["accuracy"], report["two_classes"]) == (4, 1, False)
    assert report["confusion"]["negative"] == {"negative": 2, "neutral": 0, "positive": 0}
    assert report["version"].startswith("lexicon")
    assert said["files"] == [{"file": "a.jsonl", "models": said["models"]}]


def test_several_files_are_told_apart(allears: Command):
    said = json.loads(allears("eval", "a.jsonl", "b.csv", "--model", "lexicon", "--json").out)
    assert [(each["file"], each["models"]["lexicon"]["rows"]) for each in said["files"]] == [("a.jsonl", 4), ("b.csv", 2)]
    assert "models" not in said


def test_by_the_values_of_a_column_and_of_lists(allears: Command):
    arguments = ("eval", "a.jsonl", "b.csv", "--by", "shop", "--by", "tags", "--model", "lexicon")
    by = json.loads(allears(*arguments, "--json").out)["files"][0]["models"]["lexicon"]["by"]
    assert {shop: each["rows"] for shop, each in by["shop"].items()} == {"Leith": 2, "(empty)": 1, "Soho": 1}
    assert {tag: each["rows"] for tag, each in by["tags"].items()} == {"a": 2, "b": 2}
    assert by["shop"]["Leith"] == {"rows": 2, "accuracy": 1, "macro_f1": 1, "ece": by["shop"]["Leith"]["ece"]}
    out = allears(*arguments).out
    assert "a.jsonl by shop" in out
    assert "b.csv by shop" not in out


def test_a_card_is_written(allears: Command, shop: Path):
    answer = allears("eval", "a.jsonl", "--model", "lexicon", "--by", "shop", "--card", "card.md")
    assert answer.status == 0, answer.err
    page = (shop / "card.md").read_text("utf-8")
    assert "`allears eval a.jsonl --model lexicon --by shop --card card.md`" in page
    assert "| a.jsonl | lexicon | 4 |" in page
    assert "| Soho | lexicon | 1 | 100.0 | – |" in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["a.jsonl", "--by", "town"], "--by town: there is no such column in a.jsonl"),
        (["a.jsonl", "--label-column", "stars"], "a.jsonl: there is no column 'stars'; there are 'text', 'label'"),
        (["a.jsonl", "ragged.jsonl"], "ragged.jsonl: row 2: None is no sentiment label"),
        (["one.csv"], "one.csv: The labels hold fewer than two classes"),
        (["empty.csv"], "empty.csv: There are no rows"),
        (["a.jsonl", "--card", "nowhere/card.md"], "nowhere/card.md: there is no folder"),
        (["a.jsonl", "--float", "model.onnx"], "'lexicon' is no model that `allears train` wrote"),
    ],
)
def test_what_cannot_be_evaluated_is_status_2(allears: Command, shop: Path, arguments: list[str], told: str):
    (shop / "ragged.jsonl").write_text('{"text": "Fine.", "label": "positive"}\n{"text": "Late."}\n')
    (shop / "one.csv").write_text("text,label\nFine.,positive\n")
    (shop / "empty.csv").write_text("text,label\n")
    answer = allears("eval", *arguments, "--model", "lexicon")
    assert answer.status == 2
    assert told in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.skipif(not any(FOLDER.glob("*.jsonl")), reason="there is no corpus yet")
def test_the_corpus_has_slices_kinds_and_signals(allears: Command):
    said = json.loads(allears("eval", "corpus", "--model", "lexicon", "--by", "feature", "--by", "language", "--json").out)
    report = said["models"]["lexicon"]
    assert {"irony", "negation", "factual", "emoji", "caps", "oneword", "mixed", "long", "2,000 words"} <= report["by"]["feature"].keys()
    assert sum(each["rows"] for each in report["by"]["language"].values()) == report["rows"]
    assert report["kinds"]["all"]["rows"] == report["rows"]
    assert all(each["support"] for each in report["signals"].values())


@pytest.mark.skipif(not (BUILTIN / WEIGHTS).is_file(), reason="there is no built-in model yet")
def test_other_weights_of_a_model_run_beside_its_own(allears: Command):
    answer = allears("eval", "a.jsonl", "--model", "builtin", "--float", str(BUILTIN / WEIGHTS), "--json")
    assert answer.status == 0, answer.err
    own, other = json.loads(answer.out)["models"].values()
    assert own["confusion"] == other["confusion"]
    assert other["version"] == WEIGHTS.stem
    assert " +0.0" in allears("eval", "a.jsonl", "--model", "builtin", "--float", str(BUILTIN / WEIGHTS)).out
