"""Settings: what was read and no secret of it, whether it works, and what other rules would change."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from allears.settings import load
from app.dashboard.commands import CommandFailed, run
from app.dashboard.components.as_read import sections, without_secrets, worth_knowing
from app.dashboard.components.replay import other_files
from app.dashboard.connection import Desk
from tests.unit.dashboard.pages import page, press, ran, shown

Opened = Callable[..., AppTest]
TODAY = date(2026, 11, 19)
CONFIGURATION = """
[business]
name = "Northwind <i>Coffee</i>"
timezone = "Europe/London"
own_addresses = ["*@northwind.example"]

[model]
name = "lexicon"

[mail]
url = "smtps://allears:hunter2@mail.northwind.example"
password = "${MAIL_SECRET}"

[dashboard]
weekly_sample = 45

[targets]
critical = "30 minutes"

[[source]]
name = "support"
channel = "email"
url = "imaps://support%40northwind.example:hunter2@imap.northwind.example/INBOX"
password = "hunter2"
every = "2 minutes"

[[source]]
name = "reviews"
channel = "file"
path = "inbox/*.csv"
columns = {text = "review", author = "who"}

[[source]]
name = "web"
channel = "form"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
teams = ["billing"]
deputy = "Ben Hall"
manager = "Cara Diaz"
hours = "Mon-Fri 09:00-17:30"
holidays = "GB"
authority = "refund up to 100 GBP"
away = [{ from = 2026-10-01, until = 2026-10-02 }, { from = 2026-12-24, until = 2027-01-02 }]
ways = ["slack://hunter2/C1"]

[[person]]
name = "Ben Hall"
email = "ben@northwind.example"
deputy = "Ada Brook"
active = false

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
role = "admin"
calendar = "none.ics"

[[tag]]
name = "vip"
customers = ["*@palace.example"]
targets = { high = "1 hour" }

[[route]]
topic = "billing"
about = "charged twice"
to = "team:billing"
when = { channel = "email", kind = "complaint" }

[routing]
default = "person:Cara Diaz"
"""
PLAIN = """
[business]
name = "Northwind Coffee"
[model]
name = "lexicon"
[[source]]
name = "web"
channel = "form"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "allears.toml"
    path.write_text(CONFIGURATION, "utf-8")
    monkeypatch.setenv("ALLEARS_CONFIG", str(path))
    monkeypatch.setenv("MAIL_SECRET", "hunter2")
    return path


@pytest.fixture
def opened(desk: Desk, config: Path) -> Opened:
    def run_page(**query: str) -> AppTest:
        test = AppTest.from_function(page, args=("settings", desk), default_timeout=60)
        for key, value in {"me": "Cara Diaz", **query}.items():
            test.query_params[key] = value
        return ran(test)

    return run_page


def rows(config: Path, title: str) -> list[tuple[str, ...]]:
    found = next(section for section in sections(load(config), TODAY) if section.title == title)
    return [*found.facts, *found.rows]


class TestAsRead:
    def test_no_secret_stands_anywhere_on_the_page(self, opened: Opened):
        html = shown(opened())
        assert "hunter2" not in html
        assert "MAIL_SECRET" not in html
        assert (
            "imaps://support%40northwind.example:•••@<wbr>imap.northwind.example/INBOX" in html
        )  # an address breaks there, and nowhere else
        assert "smtps://allears:•••@mail.northwind.example" in html

    def test_it_says_where_the_file_lies_and_how_old_it_and_this_reading_are(self, opened: Opened, config: Path):
        os.utime(config, (1_795_084_740, 1_795_084_740))  # 19 November 2026, 10:39 in London
        html = shown(opened())
        assert str(config) in html
        assert "<h1>3 sources, 3 people and 1 route, changed 3 min ago. One calendar cannot be read.</h1>" in html
        assert "Read by this page" in html

    def test_what_was_typed_is_text(self, opened: Opened):
        assert "Northwind &lt;i&gt;Coffee&lt;/i&gt;" in shown(opened())

    def test_sources_say_how_often_and_as_configured(self, config: Path):
        support, reviews, web = rows(config, "Sources")
        assert support[:4] == ("support", "email", "2 min", "2 min")
        assert reviews[-1] == "path = inbox/*.csv, columns = {text = review, author = who}"
        assert web[1:] == ("form", "as they come", "2 min", "–")

    def test_people_say_when_they_work_who_stands_in_and_what_they_may(self, config: Path):
        ada, ben, cara = rows(config, "People")
        assert ada == (
            "Ada Brook",
            "owner",
            "billing",
            "ada@northwind.example and 1 other way",
            "Mon-Fri 09:00-17:30 (GB)",
            "Ben Hall",
            "Cara Diaz",
            "Thu 24 Dec to Sat 2 Jan",
            "refund up to 100 GBP",
        )
        assert ben[0] == "Ben Hall (not active)"
        assert (cara[1], cara[4]) == ("admin", "at any time")

    def test_routes_targets_tags_and_the_rest(self, config: Path):
        assert rows(config, "Topics and routes") == [
            ("billing", "charged twice", "billing", "channel email, kind complaint", "–"),
            ("anything else", "what no route places", "Cara Diaz", "–", "–"),
        ]
        assert rows(config, "Targets")[0] == ("answer", "16 h", "8 h", "2 h", "30 min")
        assert rows(config, "Tags") == [("vip", "*@palace.example", "answer: high 1 h")]
        machines = dict(rows(config, "Model, mail, store and pages"))
        assert (machines["Model"], machines["Weekly sample"]) == ("lexicon", "45 messages")

    def test_circles_and_calendars_are_worth_knowing(self, config: Path):
        calendar, circle = worth_knowing(load(config))
        assert "none.ics" in calendar
        assert circle.startswith("Ada Brook and Ben Hall stand in for each other.")

    @pytest.mark.parametrize(
        ("value", "told"),
        [
            ("https://TOKEN@api.example/feed", "https://•••@api.example/feed"),
            ("https://api.example/feed?api_key=abc&lang=en", "https://api.example/feed?api_key=•••&lang=en"),
            ({"api_key": "abc", "author": "jo", "access_token": "x"}, "api_key = •••, author = jo, access_token = •••"),
            (["smtp://a:b@c", 3], "smtp://a:•••@c, 3"),
            ("postgres:host=db user=x", "postgres:host=db user=x"),
        ],
    )
    def test_passwords_and_keys_are_taken_out_of_whatever_is_shown(self, value: object, told: str):
        assert without_secrets(value) == told


class TestChecks:
    def test_each_line_says_what_to_do(self, opened: Opened, config: Path):
        config.write_text(PLAIN + '[mail]\nurl = "smtp://127.0.0.1:1"\n', "utf-8")
        html = shown(press(opened(section="Checks"), "Check everything"))
        assert "<b>One thing does not work.</b>" in html
        fails, works = html.index(">Fails<"), html.index(">Works<")
        assert fails < html.index(">Mail<") < works < html.index(">Source web<")

    def test_a_configuration_that_cannot_be_read_is_told_in_place_of_lines(self, config: Path):
        config.write_text(PLAIN + "[nonsense]\n", "utf-8")
        with pytest.raises(CommandFailed, match="nonsense"):
            run(["check"], config, 60, lambda _: None)


class TestOtherRules:
    def test_only_files_beside_the_configuration_are_offered(self, config: Path):
        for name in ("new.toml", "old.toml", "new.txt"):
            config.with_name(name).write_text(PLAIN, "utf-8")
        (config.parent / "below").mkdir()
        (config.parent / "below" / "hidden.toml").write_text(PLAIN, "utf-8")
        assert other_files(config) == ["new.toml", "old.toml"]

    def test_without_one_it_says_how_to_begin(self, opened: Opened):
        test = opened(section="Try other rules")
        assert "There is no other configuration beside this one." in shown(test)
        assert not test.button

    def test_no_path_from_the_address_is_tried(self, opened: Opened, config: Path):
        config.with_name("new.toml").write_text(PLAIN, "utf-8")
        test = opened(section="Try other rules", rules="../../etc/passwd")
        assert test.selectbox(key="rules").value == "new.toml"

    def test_it_runs_the_command_and_shows_what_it_says(self, opened: Opened, config: Path):
        config.write_text(PLAIN, "utf-8")
        config.with_name("new.toml").write_text(PLAIN, "utf-8")
        html = shown(press(opened(section="Try other rules"), "Try these rules"))
        assert "No message of the last 28 days was understood yet." in html


class TestCommands:
    def test_what_takes_too_long_is_stopped(self, config: Path):
        with pytest.raises(CommandFailed, match="not done within 0 seconds and was stopped"):
            run(["check"], config, 0, lambda _: None)

    def test_whoever_leaves_takes_the_command_along(self, config: Path):
        note = config.with_name("started")
        script = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"

        class LeftError(Exception):
            pass

        def leave(_: float) -> None:
            if note.exists() and note.read_text():
                raise LeftError

        with pytest.raises(LeftError):
            run([], config, 30, leave, (sys.executable, "-c", script))
        with pytest.raises(ProcessLookupError):
            os.kill(int(note.read_text()), 0)

    def test_one_at_a_time(self, config: Path):
        def another(_: float) -> None:
            run(["check"], config, 60, lambda _: None)

        with pytest.raises(CommandFailed, match="is running at this moment"):
            run(["check"], config, 60, another)
        with pytest.raises(CommandFailed, match="within 0 seconds"):
            run(["check"], config, 0, lambda _: None)
