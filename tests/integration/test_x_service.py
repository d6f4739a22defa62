"""The X connector, through the real tweepy, against a server on loopback and against recorded answers."""

import base64
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from allears.domain.feedback import Cursor, Page, SourceName
from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.context import SourceContext
from connectors.x.connector import XConnector
from connectors.x.settings import XSettings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BASE = 2_123_000_000_000_000_000
RECORDED = Path("../shared/data/recorded/x/test_client_search_recent_tweets.yaml")
Answer = tuple[int, dict[str, str], object]


class FixedClock:
    def now(self) -> datetime:
        return NOW


class ToLoopback(HTTPAdapter):
    """Sends to a local port what is meant for the service."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(request.url)
        request.url = parts._replace(scheme="http", netloc=f"127.0.0.1:{self._port}").geturl()
        return super().send(request, *args, **kwargs)


class Service(ThreadingHTTPServer):
    """A small recent search over `posts` (newest first), which reaches back to the id `oldest`."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posts = list(range(BASE + 25, BASE, -1))
        self.oldest = BASE
        self.size = 10
        self.answer: Callable[[dict[str, str]], Answer] = self.search
        self.asked: list[dict[str, str]] = []

    def search(self, parameters: dict[str, str]) -> Answer:
        for name in ("since_id", "until_id"):
            if int(parameters.get(name, self.oldest)) < self.oldest:
                return 400, {}, {"errors": [{"message": f"'{name}' must be a tweet id created after now"}]}
        since, until = int(parameters.get("since_id", 0)), int(parameters.get("until_id", 2**63))
        found = [number for number in self.posts if since < number < until and number > self.oldest]
        start = int(parameters.get("next_token", 0))
        end = start + min(self.size, int(parameters["max_results"]))
        meta = {"next_token": str(end)} if end < len(found) else {}
        return 200, {}, {"data": [post(number) for number in found[start:end]], "includes": {"users": [JO]}, "meta": meta}


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parameters = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append(parameters)
        status, headers, body = self.server.answer(parameters)
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Keep tests quiet."""


JO = {"id": "7", "username": "JoLind", "name": "Jo Lind", "public_metrics": {"followers_count": 12}}


def post(number: int, **more: object) -> dict[str, object]:
    return {"id": str(number), "text": f"Stale &amp; cold {number}", "author_id": "7", "lang": "en", "conversation_id": "5", **more}


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def source(service: Service, **more: object) -> XConnector:
    context = SourceContext(SourceName("x"), Path(), FixedClock(), SecretStr("token"))
    return XConnector(context, XSettings(**{"query": "beans", **more}), ToLoopback(service.server_port))


def ids(pages: list[Page]) -> set[int]:
    return {int(item.external_id) for page in pages for item in page.items}


def since_of(page: Page) -> object:
    return json.loads(page.cursor.value)["since"] if page.cursor else None


def test_only_the_last_page_moves_what_counts_as_known(service: Service):
    pages = list(source(service).fetch(None))
    assert ids(pages) == set(service.posts)
    assert [since_of(page) for page in pages] == [None, None, str(BASE + 25)]
    assert ids(list(source(service).fetch(pages[-1].cursor))) == set()


def test_a_run_that_was_cut_short_resumes_without_a_gap(service: Service):
    pages = list(source(service).fetch(None))
    service.posts.insert(0, BASE + 26)
    for stored in range(1, len(pages)):
        resumed = list(source(service).fetch(pages[stored - 1].cursor))
        assert ids(pages[:stored]) | ids(resumed) == set(service.posts)
        assert since_of(resumed[-1]) == str(BASE + 26)


def test_the_budget_is_kept_and_the_next_run_reads_on(service: Service):
    connector = source(service, max_posts=10)
    cursor, seen, runs = None, set(), 0
    while seen != set(service.posts):
        pages = list(connector.fetch(cursor))
        assert not ids(pages) & seen
        seen |= ids(pages)
        cursor, runs = pages[-1].cursor, runs + 1
        assert "10 posts read, about $0.05" in pages[0].notices or runs == 3
    assert runs == 3


def test_reaching_the_budget_is_told(service: Service):
    (page,) = source(service, max_posts=10).fetch(None)
    assert page.notices[-1].startswith("max_posts = 10 is reached")


@pytest.mark.parametrize("bound", ["since", "until"])
def test_a_cursor_older_than_the_window_falls_back_to_the_window(service: Service, bound: str):
    service.oldest = BASE + 5
    cursors = {"since": {"since": str(BASE)}, "until": {"since": str(BASE), "newest": str(BASE + 20), "until": str(BASE + 1)}}
    pages = list(source(service).fetch(Cursor(json.dumps(cursors[bound]))))
    expected = {"since": range(BASE + 6, BASE + 26), "until": range(BASE + 21, BASE + 26)}
    assert ids(pages) == set(expected[bound])
    assert any("seven days" in notice for page in pages for notice in page.notices)
    assert since_of(pages[-1]) == str(BASE + 25)


def test_a_repeated_page_token_raises(service: Service):
    service.answer = lambda _: (200, {}, {"data": [post(BASE)], "meta": {"next_token": "same"}})
    with pytest.raises(TransientError, match="twice"):
        list(source(service).fetch(None))


def test_nobody_pays_for_retweets_or_our_own_posts(service: Service):
    service.answer = lambda _: (200, {}, {"data": [post(3, text="RT @jo: Stale"), post(2), post(1, text="")], "includes": {"users": [JO]}})
    (page,) = source(service, own_accounts=["@JoLind"]).fetch(None)
    assert service.asked[0]["query"] == "(beans) -is:retweet -from:jolind"
    assert page.items == ()
    assert [rejected.external_id for rejected in page.rejected] == ["1"]
    assert "left out: 2 retweets or posts of our own" in page.notices


def test_an_item_holds_what_x_said(service: Service):
    replied = {"type": "replied_to", "id": "5"}
    first = post(BASE, created_at="2026-11-19T10:00:00.000Z", note_tweet={"text": "Long &lt;3"}, referenced_tweets=[replied])
    service.answer = lambda _: (200, {}, {"data": [first, post(BASE - 1, author_id="8")], "includes": {"users": [JO]}})
    ((item, orphan),) = [page.items for page in source(service).fetch(None)]
    assert (item.text, item.author, item.contact, item.reach) == ("Long <3", "Jo Lind (@JoLind)", "x:@jolind", 12)
    assert (item.url, item.thread_id, item.references) == (f"https://x.com/JoLind/status/{BASE}", "5", ("5",))
    assert item.received_at == datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert (orphan.author, orphan.contact, orphan.url) == (None, None, f"https://x.com/i/status/{BASE - 1}")


@pytest.mark.parametrize(
    ("answer", "error", "text", "retry_after"),
    [
        ((429, {"x-rate-limit-reset": str(int(NOW.timestamp()) + 90)}, {}), TransientError, "patience", 90.0),
        ((429, {}, {}), TransientError, "patience", None),
        ((503, {}, {}), TransientError, "503", None),
        ((401, {}, {}), AuthenticationError, "bearer token", None),
        ((403, {}, {}), AuthenticationError, "plan", None),
        (
            (400, {}, {"errors": [{"message": "There were errors processing your request: no viable alternative"}]}),
            ConfigurationError,
            "query",
            None,
        ),
    ],
)
def test_failures_say_what_to_do(service: Service, answer: Answer, error: type[Exception], text: str, retry_after: float | None):
    service.answer = lambda _: answer
    for call in (source(service).check, lambda: list(source(service).fetch(None))):
        with pytest.raises(error, match=text) as caught:
            call()
        assert getattr(caught.value, "retry_after", None) == retry_after


def test_an_answer_that_is_no_json_is_transient(service: Service):
    service.answer = lambda _: (200, {"content-encoding": "gzip"}, {})
    with pytest.raises(TransientError):
        list(source(service).fetch(None))


def test_check_reads_no_posts(service: Service):
    service.answer = lambda _: (200, {}, {"data": [], "meta": {"total_tweet_count": 42}})
    assert source(service).check() == "X answers: 42 posts of the last seven days for 'beans'"
    assert "max_results" not in service.asked[0]


def test_a_missing_token_names_its_variable():
    with pytest.raises(ConfigurationError, match="ALLEARS_X_TOKEN"):
        XConnector(SourceContext(SourceName("x"), Path(), FixedClock()), XSettings(query="beans")).check()


def test_real_answers_are_read(tmp_path: Path):
    if not RECORDED.exists():
        pytest.skip("the recorded answers are not here")
    lines = RECORDED.read_text().split("string: !!binary |\n")[1].split("    headers:")[0]
    (tmp_path / "answer.json").write_bytes(gzip.decompress(base64.b64decode(lines)))
    settings = XSettings(query="Tweepy", recording=Path("answer.json"))
    (page,) = XConnector(SourceContext(SourceName("x"), tmp_path, FixedClock()), settings).fetch(None)
    assert page.items[0].text.startswith(f"{page.items[0].received_at:%Y-%m-%d %H:%M:%S}")  # the id alone tells the time
    assert not page.rejected
