"""How well mail that no one here wrote is read; thresholds are what docs/connectors/email.md reports."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from allears.domain.feedback import Automated, SourceName
from allears.errors import RecordRejected
from connectors.email.authorship import newly_written
from connectors.email.bounce import bounce_of
from connectors.email.machine import automated
from connectors.email.message import read
from connectors.email.parse import Reading, parse

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data" / "email"
SAMPLE = ROOT / "app" / "sample" / "northwind"
foreign = pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data/email is not there")
sample = pytest.mark.skipif(not (SAMPLE / "expected.jsonl").is_file(), reason="the sample business is not there")

NO_MACHINE_DEAD = {"feedback", "delivered", "vacation"}


def new_text(raw: bytes) -> str:
    return " ".join(newly_written(read(raw)).text.split())


@foreign
def test_every_machine_mail_is_known_as_one() -> None:
    files = sorted((DATA / "bounces" / "bsd").iterdir())
    assert len(files) > 300
    missed = [file.name for file in files if automated(read(file.read_bytes())) is None]
    assert len(missed) <= 0.01 * len(files), missed


@foreign
def test_no_human_mail_is_a_bounce() -> None:
    files = [*(DATA / "bounces" / "not").iterdir(), *(DATA / "talon").rglob("*.eml"), *(DATA / "replies-crisp").glob("*.txt")]
    assert [file.name for file in files if automated(read(file.read_bytes())) is Automated.BOUNCE] == []


@foreign
def test_permanent_and_temporary_are_told_apart() -> None:
    expected = defaultdict(list)
    for row in csv.DictReader((DATA / "bounces" / "expected.tsv").read_text("utf-8").splitlines(), delimiter="\t"):
        if row["reason"] not in NO_MACHINE_DEAD:
            expected[row["file"]].append(row["dsn"].startswith("5"))
    wrong = []
    for name, permanent in expected.items():
        bounce = bounce_of(read((DATA / "bounces" / "bsd" / name).read_bytes()))
        if bounce is None or bounce.permanent not in permanent:
            wrong.append(name)
    assert len(wrong) <= 0.05 * len(expected), wrong


@foreign
def test_line_endings_agree() -> None:
    copies = defaultdict(list)
    for folder in ("bsd", "dos", "mac"):
        for file in (DATA / "bounces" / folder).iterdir():
            mail = read(file.read_bytes())
            copies[file.name].append((automated(mail), bounce_of(mail), mail.text))
    compared = {name: readings for name, readings in copies.items() if len(readings) > 1}
    assert len(compared) > 30
    assert [name for name, readings in compared.items() if any(each != readings[0] for each in readings)] == []


def crisp() -> dict[str, tuple[bytes, str]]:
    rows = [json.loads(line) for line in (DATA / "replies-crisp" / "expected.jsonl").read_text("utf-8").splitlines()]
    folder = DATA / "replies-crisp"
    return {row["file"]: ((folder / row["file"]).read_bytes(), row.get("first_fragment") or row["visible_text"]) for row in rows}


def talon_plain() -> dict[str, tuple[bytes, str]]:
    return {file.name: (file.read_bytes(), "Hello") for file in (DATA / "talon/tests/fixtures/standard_replies").glob("*.eml")}


def talon_html() -> dict[str, tuple[bytes, str]]:
    start = b"MIME-Version: 1.0\nIn-Reply-To: <a@b>\nContent-Type: text/html; charset=utf-8\n\n"
    folder = DATA / "talon/tests/fixtures/html_replies"
    return {file.name: (start + file.read_bytes(), "Hi. I am fine. Thanks, Alex") for file in folder.glob("*.html")}


@foreign
@pytest.mark.parametrize("specimens", [crisp, talon_plain, talon_html])
def test_no_customer_word_is_lost_and_few_quotes_are_left(specimens: Callable[[], dict[str, tuple[bytes, str]]]) -> None:
    read_as = {name: (new_text(raw), " ".join(expected.split())) for name, (raw, expected) in specimens().items()}
    assert [name for name, (got, expected) in read_as.items() if expected not in got] == []
    left = [name for name, (got, expected) in read_as.items() if got != expected]
    assert len(left) <= 0.15 * len(read_as), left


@foreign
def test_quotes_of_the_github_set_are_off_and_its_words_kept() -> None:
    folder = DATA / "replies-github"
    kept = {
        "email_1_2.txt": "need to delete them all individually.",
        "email_1_8.txt": "I will reply under this one and under this.",
        "email_sent_from_my_not_signature.txt": "Sent from my desk, is much easier then my mobile phone.",
        "greedy_on.txt": "On your remote host you can run:",
        "email_one_is_not_on.txt": "when I run...",
    }
    assert [name for name, words in kept.items() if words not in new_text((folder / name).read_bytes())] == []
    gone = {
        "email_1_4.txt": "Loader",
        "email_1_7.txt": "Steps",
        "email_2_2.txt": "CRM",
        "pathological.txt": "GGAAT",
        "correct_sig.txt": "rick",
    }
    assert [name for name, words in gone.items() if words in new_text((folder / name).read_bytes())] == []


@foreign
def test_every_foreign_message_is_read() -> None:
    reading = Reading(SourceName("support"), (), datetime(2026, 11, 20, tzinfo=UTC))
    for file in DATA.rglob("*.eml"):
        assert parse(file.read_bytes(), reading).received_at <= reading.now


@sample
def test_the_sample_business_is_read_as_it_expects() -> None:
    reading = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, tzinfo=UTC))
    rows = [json.loads(line) for line in (SAMPLE / "expected.jsonl").read_text("utf-8").splitlines()]
    wrong = []
    for row in rows:
        if row["source"] not in ("support", "care"):
            continue
        try:
            item = parse((SAMPLE / "mail" / row["source"] / row["file"]).read_bytes(), reading, name=row["file"])
        except RecordRejected:
            wrong += [] if row["status"] == "quarantined" else [row["file"]]
            continue
        text = " ".join(item.text.split())
        contains, lacks = (" ".join((row.get(key) or "").split()) for key in ("new_text_contains", "new_text_lacks"))
        right = contains in text and not (lacks and lacks in text) and (row["status"] == "automated") == (item.automated is not None)
        wrong += [] if right and item.external_id == row["external_id"] else [row["file"]]
    assert wrong == []
