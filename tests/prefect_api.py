"""As much of Prefect's API as is asked to start a tick: it keeps what runs were wanted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class PrefectApi(ThreadingHTTPServer):
    """Knows one deployment, and keeps what runs of it are asked for; the first `refusals` of them it makes and yet answers 503."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.asked: list[tuple[str, object]] = []
        self.refusals = 0
        self._keys: set[object] = set()
        self._came = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api"

    def came(self, path: str, wanted: dict[str, object]) -> bool:
        """Take a run down, but one that is known by its key; whether that is answered as done."""
        with self._came:
            key = wanted.pop("idempotency_key")
            if key not in self._keys:
                self.asked.append((path, wanted))
            self._keys.add(key)
            self._came.notify_all()
            self.refusals -= 1
            return self.refusals < 0

    def wait_for(self, count: int, seconds: float = 10.0) -> None:
        """Until so many runs were asked for."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.asked) >= count, seconds), f"{len(self.asked)} of {count} runs"


class _Answer(BaseHTTPRequestHandler):
    server: PrefectApi

    def do_GET(self) -> None:
        self._say({"id": "d-1"} if self.path == "/api/deployments/name/tick/scheduled" else {})

    def do_POST(self) -> None:
        done = self.server.came(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._say({}, 200 if done else 503)

    def log_message(self, *_: object) -> None:
        pass

    def _say(self, answer: dict[str, str], status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_prefect_api() -> Iterator[PrefectApi]:
    """The API, listening."""
    with PrefectApi() as api:
        thread = threading.Thread(target=api.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield api
        finally:
            api.shutdown()
            thread.join()


def run_of(*sources: str) -> tuple[str, object]:
    """What is asked where a tick is wanted that asks these sources."""
    return "/api/deployments/d-1/create_flow_run", {"state": {"type": "SCHEDULED"}, "parameters": {"sources": list(sources)}}
