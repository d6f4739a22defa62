import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.smtp_sink import free_port
from tests.unit.cli.conftest import Command

ALLEARS = Path(sys.executable).with_name("allears")


def test_init_writes_what_runs(allears: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert allears("init", str(tmp_path / "shop")).status == 0
    monkeypatch.chdir(tmp_path / "shop")
    assert allears("check").status == 0
    (tmp_path / "shop" / "inbox" / "one.eml").write_bytes(
        b"From: Jo <jo@customers.example>\r\nMessage-ID: <1@customers.example>\r\n\r\nI was charged twice, I want a refund.\r\n"
    )
    done = subprocess.run([ALLEARS, "run", "--json"], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["ledger"]["received"] == 1
    assert summary["open_cases"] == {"Alex Owner": 1}
    assert len(list(Path("outbox/new").iterdir())) == 1


def test_init_leaves_a_configuration_alone(allears: Command, shop: Path):
    before = (shop / "allears.toml").read_bytes()
    answer = allears("init")
    assert answer.status == 2
    assert "there already" in answer.err
    assert (shop / "allears.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('url = "eml:inbox"', 'urll = "eml:inbox"', ["allears.toml:6: source[1].urll", "did you mean 'url'?"]),
        ('channel = "email"', 'channel = "emial"', ["allears.toml:5: source[1].channel", "'email'"]),
        ('name = "Northwind Coffee"', 'namee = "Northwind Coffee"', ["allears.toml:2: business.namee", "did you mean 'name'?"]),
        ('"person:Cara Diaz"', '"person:Cara Dias"', ["allears.toml:11: routing.default", "'Cara Diaz'"]),
        ('"eml:inbox"', "7", ["allears.toml:6: source[1].url"]),
        ('"eml:inbox"', '"${NOT_SET_ANYWHERE}"', ["allears.toml:6: source[1].url", "NOT_SET_ANYWHERE"]),
        ("[routing]", "[routing", ["allears.toml", "TOML"]),
    ],
)
def test_a_wrong_configuration_names_line_key_and_nearest_word(allears: Command, shop: Path, old: str, new: str, told: list[str]):
    text = (shop / "allears.toml").read_text()
    (shop / "allears.toml").write_text(text.replace(old, new))
    for command in (["check"], ["run"], ["ledger"], ["up"]):
        answer = allears(*command)
        assert answer.status == 2
        assert all(words in answer.err for words in told), answer.err
        assert "Traceback" not in answer.err


def test_no_configuration(allears: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    answer = allears("check")
    assert answer.status == 2
    assert "allears init" in answer.err


def test_an_unknown_source(shop: Path):
    done = subprocess.run([ALLEARS, "run", "--source", "helpdesk"], capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 2
    assert "'helpdesk'" in done.stderr
    assert "support" in done.stderr
    assert "Traceback" not in done.stderr


def test_check_says_what_to_do_about_a_dead_server(allears: Command, shop: Path):
    url = f"imap://jo@127.0.0.1:{free_port()}/INBOX"
    text = (shop / "allears.toml").read_text().replace("eml:inbox", url).replace('channel = "email"', 'channel = "email"\npassword = "x"')
    (shop / "allears.toml").write_text(text)
    answer = allears("check", "--json")
    assert answer.status == 1
    findings = {finding["what"]: finding for finding in json.loads(answer.out)}
    assert not findings["source support"]["works"]
    assert "127.0.0.1" in findings["source support"]["found"]
    assert findings["mail"]["works"]
    assert findings["configuration"]["works"]


def test_check_in_words(allears: Command, shop: Path):
    answer = allears("check")
    assert answer.status == 0
    assert "ok" in answer.out
