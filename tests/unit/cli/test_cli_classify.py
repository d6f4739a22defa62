import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.cli.conftest import Command

ADDED = [
    "sentiment",
    "score",
    "confidence",
    "p_negative",
    "p_neutral",
    "p_positive",
    "kind",
    "language",
    "urgency",
    "topics",
]
ROWS: list[dict[str, Any]] = [
    {"nr": 3, "review": "The best coffee in town, thank you Addie!", "shop": "Leith"},
    {"nr": 1, "review": "Terrible. Charged twice and nobody answers, I want a refund.", "shop": "=1+1"},
    {"nr": 2, "review": "", "shop": "Soho"},
]


def write(path: Path) -> None:
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    else:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(ROWS[0]))
            writer.writeheader()
            writer.writerows(ROWS)


def read(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    with path.open(encoding="utf-8", newline="") as file:
        return [json.loads(line) for line in file] if path.suffix == ".jsonl" else list(csv.DictReader(file))


@pytest.mark.parametrize("given", ["in.csv", "in.jsonl", "in.parquet"])
@pytest.mark.parametrize("made", ["out.csv", "out.jsonl", "out.parquet"])
def test_rows_keep_their_columns_and_order(allears: Command, shop: Path, given: str, made: str):
    write(shop / given)
    answer = allears("classify", given, "-o", made, "--text-column", "review", "--json")
    assert answer.status == 0, answer.err
    assert json.loads(answer.out) == {"file": made, "rows": 3}
    rows = read(shop / made)
    assert list(rows[0]) == ["nr", "review", "shop", *ADDED]
    assert [(str(row["nr"]), row["review"], row["shop"]) for row in rows] == [(str(row["nr"]), row["review"], row["shop"]) for row in ROWS]
    assert [row["sentiment"] for row in rows[:2]] == ["positive", "negative"]
    for row in rows:
        assert -1 <= float(row["score"]) <= 1
        assert sum(float(row[f"p_{label}"]) for label in ("negative", "neutral", "positive")) == pytest.approx(1, abs=1e-6)


def test_lines_in_lines_out(allears: Command, shop: Path):
    answer = allears("classify", "-", "-o", "-", given='{"text": "Wunderbarer Kaffee, danke!", "tags": ["a"]}\n\n{"text": null}\n')
    assert answer.status == 0, answer.err
    rows = [json.loads(line) for line in answer.out.splitlines()]
    assert rows[0]["tags"] == ["a"]
    assert (rows[0]["sentiment"], rows[0]["language"]) == ("positive", "de")
    assert len(rows) == 2


def test_without_a_configuration(allears: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert allears("classify", "-", "-o", "-", given='{"text": "Fine."}\n').status == 0


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (["-", "-o", "-", "--text-column", "review"], '{"text": "Fine."}\n', "no column 'review'; there are 'text'"),
        (["-", "-o", "-"], "Fine.\n", "-:1: is not JSON"),
        (["-", "-o", "-"], "[1]\n", "-:1: is not a JSON object"),
        (["gone.csv", "-o", "-"], "", "gone.csv"),
        (["allears.toml", "-o", "-"], "", ".jsonl, .csv or .parquet"),
        (["-", "-o", "out.xlsx"], '{"text": "Fine."}\n', ".parquet, .csv or .jsonl"),
        (["-", "-o", "-", "--model", "./nowhere"], "", "nowhere"),
        (["-", "-o", "nowhere/out.jsonl"], '{"text": "Fine."}\n', "nowhere/out.jsonl"),
    ],
)
def test_what_cannot_be_classified_is_status_2(allears: Command, shop: Path, arguments: list[str], given: str, told: str):
    answer = allears("classify", *arguments, given=given)
    assert answer.status == 2
    assert told in answer.err
    assert "Traceback" not in answer.err
