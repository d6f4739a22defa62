"""A small OAuth2 provider on loopback: it gives access tokens for refresh tokens, and tells Dovecot whose they are."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

REFRESH_TOKEN = "refresh-of-jo"
CLIENT_SECRET = "secret-of-the-app"


class Provider(ThreadingHTTPServer):
    """Gives tokens of `user`, or `answer` (status, body) in their place; where it is `rotating`, a new refresh token each time."""

    def __init__(self, user: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.user = user
        self.answer: tuple[int, object] | None = None
        self.rotating = False
        self.expires_in = 3600
        self.valid: set[str] = set()
        self.asked: list[dict[str, str]] = []
        self.numbers = itertools.count(1)

    @property
    def token_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/token"

    @property
    def introspection_url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/introspect"

    def token(self) -> tuple[int, object]:
        """What a request for a token is answered with (RFC 6749, 5)."""
        if self.answer is not None:
            return self.answer
        number = next(self.numbers)
        self.valid.add(f"access-{number}")
        body: dict[str, object] = {"access_token": f"access-{number}", "token_type": "Bearer", "expires_in": self.expires_in}
        return 200, body | ({"refresh_token": f"refresh-{number}"} if self.rotating else {})


class _Answer(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        form = {name: value for name, (value, *_) in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        if self.path == "/introspect":
            active = form.get("token") in self.server.valid
            self._say(200, {"active": active, "username": self.server.user} if active else {"active": False})
            return
        self.server.asked.append(form)
        self._say(*self.server.token())

    def log_message(self, *_: object) -> None:
        pass

    def _say(self, status: int, answer: object) -> None:
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "17")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def running_provider() -> Iterator[Provider]:
    """The provider, listening."""
    with Provider() as provider:
        thread = threading.Thread(target=provider.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            provider.shutdown()
            thread.join()
