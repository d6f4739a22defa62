"""What is told beside the mail, through Apprise to a real HTTP server: short, harmless, tried again, and its address kept secret."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from allears import caring
from allears.beside import check_ways
from allears.domain.case import CaseId
from allears.domain.feedback import FeedbackItem, Urgency
from allears.domain.outbox import OutboxMessage, Way
from allears.errors import ConfigurationError, RecordRejected, TransientError
from allears.routing import route_waiting
from allears.settings import load
from allears.store.duckdb_store import DuckDBStore
from app.cli.main import cli
from flows.round import notify
from flows.wiring import Wiring
from tests.builders import NOW, SUPPORT, TOKENS, StandingClock, a_page, an_item, said, understanding_of

SECRET = "s3cr3t-t0k3n"
CONFIGURATION = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"

[model]
name = "lexicon"

[dashboard]
port = 8501
url = "https://desk.example"

[[source]]
name = "support"
channel = "email"
url = "maildir:mail"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
ways = [{ways}]

[routing]
default = "person:Ada Brook"
"""


@dataclass
class Chat:
    """A chat that takes notes by HTTP; `answers` are given once each, then 200 again."""

    port: int = 0
    taken: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def way(self, path: str = SECRET) -> str:
        return f"json://ada:{SECRET}@127.0.0.1:{self.port}/{path}"


@pytest.fixture
def chat() -> Iterator[Chat]:
    with running_chat() as chat:
        yield chat


@contextmanager
def running_chat() -> Iterator[Chat]:
    chat = Chat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = chat.answers.pop(0) if chat.answers else 200
            chat.paths.append(self.path)
            if answer == 200:
                chat.taken.append(body)
            self.send_response(answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chat.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class House:
    wired: Wiring
    clock: StandingClock

    def write(self, text: str = "The kettle is broken.", number: int = 1, **changes: object) -> None:
        """A customer writes, and is routed to Ada."""
        urgency = changes.pop("urgency", Urgency.NORMAL)
        item = an_item(f"m-{number}", text, contact=f"email:{number}@x.org", **changes)
        self.understood(item, urgency)

    def understood(self, item: FeedbackItem, urgency: object) -> None:
        store = self.wired.store
        store.record_page(SUPPORT, a_page([item]), self.clock.now())
        store.record_understanding([understanding_of(item, said(urgency=urgency), topics=())])
        route_waiting(store, self.wired.plan, self.clock, TOKENS)

    def ping(self) -> OutboxMessage:
        (message,) = (message for message in self.wired.store.outbox_due(self.clock.now(), 100) if message.way is Way.BESIDE)
        return message

    def tell(self) -> None:
        self.wired.beside.tell(self.ping())


@contextmanager
def house_with(folder: Path, clock: StandingClock, *ways: str) -> Iterator[House]:
    path = folder / "allears.toml"
    path.write_text(CONFIGURATION.replace("{ways}", ", ".join(f'"${{WAY_{number}}}"' for number in range(len(ways)))), "utf-8")
    settings = load(path, {f"WAY_{number}": way for number, way in enumerate(ways)})
    store = DuckDBStore(settings.store_path, clock)
    try:
        yield House(Wiring(settings, store, clock), clock)
    finally:
        store.close()


@pytest.fixture
def house(tmp_path: Path, clock: StandingClock, chat: Chat) -> Iterator[House]:
    with house_with(tmp_path, clock, chat.way()) as house:
        yield house


def test_a_case_is_told_in_three_lines(house: House, chat: Chat):
    house.write("You charged me twice for November. I want it back.", author="Mara Lindqvist", urgency=Urgency.HIGH)
    house.tell()
    (told,) = chat.taken
    assert told["title"] == "C-1001 is yours"
    assert told["message"].splitlines() == [
        "Mara Lindqvist: You charged me twice for November",
        "High, due by 12:42 today",
        "https://desk.example/case?id=C-1001",
    ]


def test_a_round_mails_it_and_tells_it_beside(house: House, chat: Chat, tmp_path: Path):
    house.write()
    delivered = notify(house.wired)
    assert (delivered.sent, delivered.failed, delivered.postponed) == (2, 0, 0)
    assert [told["title"] for told in chat.taken] == ["C-1001 is yours"]
    assert len(list((tmp_path / "outbox" / "new").iterdir())) == 1
    case = house.wired.store.case(CaseId("C-1001"))
    assert case is not None
    assert case.alerted_at == NOW


def test_many_at_once_are_told_in_one(house: House, chat: Chat, tmp_path: Path):
    for number in range(12):
        house.write(f"The kettle number {number} is broken.", number)
    notify(house.wired)
    (told,) = chat.taken
    assert told["title"] == "12 cases are yours"
    assert "C-1001" in told["message"]
    assert "and 2 more. The mail tells of each." in told["message"]
    assert "https://desk.example/inbox?owner=Ada%20Brook" in told["message"]
    assert len(list((tmp_path / "outbox" / "new").iterdir())) == 1


@pytest.mark.parametrize(
    "words",
    [
        "<b>Urgent</b> <!channel> @everyone @here",
        "See [this](https://evil.example/login) or http://evil.example or www.evil.example/x",
        "*bold* _italic_ ~gone~ `code` ||hidden|| \\n # title",
        "Line one\nline two\r\n\u202egnp.exe\x1b[31m\x00",
        "x" * 100_000,
        "\ud800 lone",
    ],
)
def test_what_a_customer_types_is_words_and_few(house: House, chat: Chat, words: str):
    house.write(words, title=words, author=words)
    house.tell()
    (told,) = chat.taken
    first, *rest = told["message"].splitlines()
    assert rest == ["Normal, due by 18:42 today", "https://desk.example/case?id=C-1001"]
    assert len(told["message"]) < 250
    assert not set(first) & set("<>@*_`~[]|\\#\x00\x1b\u202e")
    assert "//" not in first
    assert "evil.example" not in first


def test_a_way_that_fails_is_tried_again_like_a_mail(house: House, chat: Chat):
    house.write()
    chat.answers = [503]
    assert notify(house.wired).postponed == 1
    assert notify(house.wired).postponed == 0
    house.clock.move(minutes=1)
    assert notify(house.wired).sent == 1
    assert len(chat.taken) == 1


def test_of_several_ways_only_the_one_that_failed_is_tried_again(tmp_path: Path, clock: StandingClock, chat: Chat):
    with house_with(tmp_path, clock, chat.way("first"), chat.way("second")) as house:
        house.write()
        chat.answers = [200, 500]
        with pytest.raises(TransientError, match=r"JSON \(way 2\)"):
            house.tell()
        house.tell()
    assert chat.paths == ["/first", "/second", "/second"]


def test_after_a_day_it_is_given_up(house: House, chat: Chat):
    house.write()
    chat.answers = [503]
    with pytest.raises(TransientError):
        house.tell()
    ping = house.ping()
    house.clock.move(days=1, seconds=1)
    with pytest.raises(RecordRejected, match="for a day"):
        house.wired.beside.tell(ping)


def test_what_was_taken_or_passed_on_meanwhile_is_not_told(house: House, chat: Chat):
    house.write()
    ping = house.ping()
    caring.acknowledge(house.wired.store, house.clock, CaseId("C-1001"), "Ada Brook")
    with pytest.raises(RecordRejected, match="has taken it already"):
        house.wired.beside.tell(ping)
    assert chat.taken == []


class TestItsAddressIsASecret:
    def test_it_is_in_no_log_error_or_store(
        self, tmp_path: Path, clock: StandingClock, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ):
        caplog.set_level(logging.DEBUG)
        with running_chat() as chat:
            way = chat.way()
            with house_with(tmp_path, clock, way) as house:
                house.write("The kettle is broken.", 1)
                notify(house.wired)
                house.write("The mill is broken too.", 2)
                chat.answers = [500]
                notify(house.wired)
        with house_with(tmp_path, clock, way) as house:  # now nobody listens there
            house.clock.move(minutes=2)
            notify(house.wired)
            texts = [caplog.text, *capfd.readouterr(), repr(house.wired.plan.directory), repr(house.wired.settings)]
            house.clock.move(hours=2)
            with pytest.raises(TransientError) as failed:
                house.tell()
        texts.append(repr(failed.getrepr()))
        kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
        assert len(kept) > 3
        assert not [text for text in texts if SECRET in text]
        assert not [content for content in kept if SECRET.encode() in content]

    def test_nor_is_one_that_is_wrong_in_what_check_says(self, tmp_path: Path, clock: StandingClock):
        with house_with(tmp_path, clock, "nonsense://" + SECRET) as house:
            with pytest.raises(ConfigurationError, match="number 1 of Ada Brook") as wrong:
                check_ways(house.wired.plan.directory)
            assert SECRET not in str(wrong.value)
            house.write()
            with pytest.raises(RecordRejected, match="number 1 of Ada Brook"):
                house.tell()


class TestCheck:
    def run(self, folder: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> tuple[int, dict[str, dict[str, object]]]:
        path = folder / "allears.toml"
        (folder / "mail" / "new").mkdir(parents=True)
        (folder / "mail" / "cur").mkdir()
        path.write_text(CONFIGURATION.replace("{ways}", '"${WAY}"'), "utf-8")
        monkeypatch.setenv("WAY", way)
        result = CliRunner().invoke(cli, ["check", "--json", "--config", str(path)])
        return result.exit_code, {finding["what"]: finding for finding in json.loads(result.stdout)}

    def test_says_that_they_are_fine_and_tries_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Chat):
        status, findings = self.run(tmp_path, monkeypatch, chat.way())
        assert (status, findings["ways"]["works"]) == (0, True)
        assert findings["ways"]["found"] == "1 address of 1 person can be told beside the mail; none was tried"
        assert chat.paths == []

    def test_names_the_one_that_is_none(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        status, findings = self.run(tmp_path, monkeypatch, "nonsense://" + SECRET)
        assert (status, findings["ways"]["works"]) == (1, False)
        assert SECRET not in str(findings)

    def test_says_how_to_install_what_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chat: Chat):
        monkeypatch.setitem(sys.modules, "apprise", None)
        status, findings = self.run(tmp_path, monkeypatch, chat.way())
        assert status == 1
        assert "pip install 'allears[apprise]'" in str(findings["ways"]["found"])


def test_without_apprise_the_mail_leaves_and_the_rest_says_how_to_install_it(house: House, chat: Chat, monkeypatch: pytest.MonkeyPatch):
    house.write()
    ping = house.ping()
    monkeypatch.setitem(sys.modules, "apprise", None)
    delivered = notify(house.wired)
    assert (delivered.sent, delivered.failed) == (1, 1)
    house.clock.move(days=1)
    assert notify(house.wired).sent == 0
    with pytest.raises(RecordRejected, match="pip install"):
        house.wired.beside.tell(OutboxMessage(**{name: getattr(ping, name) for name in ping.__slots__} | {"created_at": house.clock.now()}))


def test_whoever_has_no_ways_is_told_by_mail_alone(tmp_path: Path, clock: StandingClock):
    with house_with(tmp_path, clock) as house:
        house.write()
        assert [message.way for message in house.wired.store.outbox_due(NOW + timedelta(days=1), 10)] == [Way.MAIL]
