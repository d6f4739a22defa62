"""What a form that comes in asks of Prefect."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.service.waking import QUIET, Waker


class Prefect(ThreadingHTTPServer):
    """Knows one deployment, and keeps what runs of it are asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[tuple[str, object]] = []
        self.came = threading.Event()


class _Answer(BaseHTTPRequestHandler):
    server: Prefect

    def do_GET(self) -> None:
        self._say({"id": "d-1"} if self.path == "/api/deployments/name/tick/scheduled" else {})

    def do_POST(self) -> None:
        self.server.asked.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
        self._say({})
        self.server.came.set()

    def log_message(self, *_: object) -> None:
        pass

    def _say(self, answer: dict[str, str]) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def prefect() -> Iterator[Prefect]:
    with Prefect() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_many_forms_wake_one_tick_which_asks_no_source_out_of_its_turn(prefect: Prefect):
    waker = Waker(f"http://127.0.0.1:{prefect.server_port}/api")
    for _ in range(5):
        waker.wake()
    assert prefect.came.wait(10 * QUIET + 5)
    wanted = {"state": {"type": "SCHEDULED"}, "parameters": {"sources": []}}
    assert prefect.asked == [("/api/deployments/d-1/create_flow_run", wanted)]
