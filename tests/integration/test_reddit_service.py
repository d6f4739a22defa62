"""The Reddit connector, through the real praw, against a server on loopback and against recorded answers."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr, ValidationError
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from allears.domain.feedback import Cursor, Page, SourceName
from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.context import SourceContext
from connectors.reddit.connector import RedditConnector
from connectors.reddit.settings import RedditSettings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
RECORDED = Path("../shared/data/recorded/reddit")
Answer = tuple[int, dict[str, str], object]
TOKEN: Answer = (200, {}, {"access_token": "t", "token_type": "bearer", "expires_in": 3600, "scope": "*"})


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
    """Answers searches by `search(parameters)`, and remembers what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.token: Answer = TOKEN
        self.search: Callable[[dict[str, str]], Answer] = lambda _: (200, {}, listing([]))
        self.asked: list[dict[str, str]] = []


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parameters = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append({"path": urlsplit(self.path).path, **parameters})
        self.reply(self.server.search(parameters))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.reply(self.server.token)

    def reply(self, answer: Answer) -> None:
        status, headers, body = answer
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Keep tests quiet."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def post(n: int, **more: object) -> dict[str, object]:
    """A post `n` hours old."""
    created = (NOW - timedelta(hours=n)).timestamp()
    data = {"name": f"t3_{n}", "created_utc": created, "author": f"jo{n}", "title": "Beans", "selftext": f"Stale {n}"}
    return {"kind": "t3", "data": {**data, **more}}


def listing(children: list[dict[str, object]], after: str | None = None) -> dict[str, object]:
    return {"kind": "Listing", "data": {"children": children, "after": after}}


def paged(posts: list[dict[str, object]], size: int) -> Callable[[dict[str, str]], Answer]:
    """Pages of `size` posts."""

    def answer(parameters: dict[str, str]) -> Answer:
        start = int(parameters.get("after", 0))
        end = start + size
        return 200, {}, listing(posts[start:end], str(end) if end < len(posts) else None)

    return answer


def source(service: Service, **more: object) -> RedditConnector:
    context = SourceContext(SourceName("reddit"), Path(), FixedClock(), SecretStr("secret"))
    settings = RedditSettings(**{"query": "beans", "client_id": "app", **more})
    return RedditConnector(context, settings, ToLoopback(service.server_port))


def names(pages: list[Page]) -> list[str]:
    return [item.external_id for page in pages for item in page.items]


def test_only_the_last_page_moves_the_cursor(service: Service):
    service.search = paged([post(n) for n in range(1, 6)], 2)
    pages = list(source(service).fetch(None))
    assert names(pages) == [f"t3_{n}" for n in range(1, 6)]
    assert [page.cursor for page in pages] == [None, None, Cursor(str((NOW - timedelta(hours=1)).timestamp()))]


def test_a_poll_stops_behind_what_is_known_and_its_overlap(service: Service):
    service.search = paged([post(n) for n in range(1, 300)], 2)
    pages = list(source(service, overlap="3 hours").fetch(Cursor(str((NOW - timedelta(hours=4)).timestamp()))))
    assert names(pages) == [f"t3_{n}" for n in range(1, 9)]
    assert pages[-1].notices == ()


def test_a_post_that_slides_onto_the_next_page_comes_once(service: Service):
    service.search = paged([post(1), post(2), post(2), post(3)], 2)
    assert names(list(source(service).fetch(None))) == ["t3_1", "t3_2", "t3_3"]


def test_the_cap_is_told(service: Service):
    service.search = paged([post(n) for n in range(1, 20)], 5)
    *_, last = source(service, limit=10).fetch(None)
    assert "ended after 10 posts" in last.notices[0]
    assert [asked["limit"] for asked in service.asked] == ["10", "5"]


def test_the_search_is_asked_as_set(service: Service):
    list(source(service, subreddits=["coffee", "leith"]).fetch(None))
    assert service.asked[0].items() >= {"path": "/r/coffee+leith/search", "q": "beans", "sort": "new", "restrict_sr": "true"}.items()


def test_a_repeated_page_token_raises(service: Service):
    service.search = lambda _: (200, {}, listing([post(1)], "same"))
    with pytest.raises(TransientError, match="twice"):
        list(source(service).fetch(None))


def test_what_is_left_out_and_what_cannot_be_read(service: Service):
    odd = {"kind": "t3", "data": {"name": "t3_odd", "created_utc": "soon"}}
    gone = post(3, selftext="[removed]", author="[deleted]")
    service.search = paged([post(1, author="Northwind"), post(2, author=None), gone, odd, {"kind": "more"}], 9)
    (page,) = source(service, own_accounts=["u/northwind"]).fetch(None)
    assert [(item.external_id, item.author, item.contact) for item in page.items] == [("t3_2", None, None)]
    assert page.rejected[0].external_id == "t3_odd"
    assert len(page.rejected) == 2
    assert page.notices == ("left out: 1 of our own accounts, 1 deleted or removed",)


def test_a_post_from_the_future_does_not_move_the_cursor_there(service: Service):
    service.search = paged([post(-10_000, name="t3_later"), post(1)], 9)
    (page,) = source(service).fetch(None)
    assert page.cursor == Cursor(str(NOW.timestamp()))


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        ((429, {"retry-after": "7"}, {}), TransientError, "429"),
        ((403, {}, {}), AuthenticationError, "client_id"),
        ((404, {}, {}), ConfigurationError, "subreddit"),
        ((400, {}, {"error": 400, "message": "Bad Request"}), ConfigurationError, "query"),
        ((200, {}, {"kind": "wiki"}), TransientError, "no listing"),
    ],
)
def test_failures_say_what_to_do(service: Service, answer: Answer, error: type[Exception], text: str):
    service.search = lambda _: answer
    with pytest.raises(error, match=text) as caught:
        source(service).check()
    if isinstance(caught.value, TransientError):
        assert caught.value.retry_after == (7.0 if answer[0] == 429 else None)


@pytest.mark.parametrize("answer", [(401, {}, {}), (200, {}, {"error": "invalid_grant"})])
def test_a_refused_secret(service: Service, answer: Answer):
    service.token = answer
    with pytest.raises(AuthenticationError, match="check client_id"):
        source(service).check()


def test_settings_need_an_app_or_a_recording():
    with pytest.raises(ValidationError, match="client_id is missing"):
        RedditSettings(query="beans")


def test_a_missing_secret_names_its_variable():
    connector = RedditConnector(SourceContext(SourceName("red-dit"), Path(), FixedClock()), RedditSettings(query="beans", client_id="app"))
    with pytest.raises(ConfigurationError, match="ALLEARS_RED_DIT_PASSWORD"):
        connector.check()


@pytest.mark.parametrize("recording", ["TestSubreddit.test_search", "TestSubredditListings.test_comments"])
def test_real_answers_are_read(tmp_path: Path, recording: str):
    file = RECORDED / f"{recording}.json"
    if not file.exists():
        pytest.skip("the recorded answers are not here")
    cassette = json.loads(file.read_text())["interactions"]
    (tmp_path / "answer.json").write_text(cassette[1]["response"]["body"]["string"])
    settings = RedditSettings(query="praw", recording=Path("answer.json"))
    (page,) = RedditConnector(SourceContext(SourceName("reddit"), tmp_path, FixedClock()), settings).fetch(None)
    assert page.items
    assert not page.rejected
    assert all(item.contact and item.url and item.thread_id and item.thread_id.startswith("t3_") for item in page.items)
