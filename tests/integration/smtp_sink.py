"""A real SMTP server on a free loopback port that keeps what it is given.

In a test module: `from tests.integration.smtp_sink import SmtpSink, running_sink`, and
`with running_sink() as sink:`; or name this module in `pytest_plugins` and ask for `smtp_sink`.
"""

# ruff: noqa: ARG002, N802 - aiosmtpd calls its handler by these names, with all of these arguments
from __future__ import annotations

import asyncio
import socket
import threading
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as the server took it."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage


@dataclass
class SmtpSink:
    """What came in, and what to answer: queued answers are given once each, then "250 OK" again."""

    received: list[Received] = field(default_factory=list)
    answers_to_recipient: defaultdict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    answers_to_data: deque[str] = field(default_factory=deque)
    connections: int = 0
    port: int = 0
    _arrived: threading.Condition = field(default_factory=threading.Condition)
    _sessions: list[_Session] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address for `mail.url`, without encryption."""
        return f"smtp://127.0.0.1:{self.port}"

    def wait_for(self, count: int, timeout_seconds: float = 10.0) -> list[Received]:
        """Everything received, once there are at least `count` mails; fails the test if they do not come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, timeout_seconds), (
                f"{len(self.received)} of {count} mails came"
            )
            return list(self.received)

    def hang_up(self) -> None:
        """Close every connection, as servers do with idle ones."""
        for session in self._sessions:
            asyncio.run_coroutine_threadsafe(session.hang_up(), session.loop).result(5)

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:
        """Count connections by their greeting; a greeting again after STARTTLS is the same one."""
        session.host_name = hostname
        self.connections += session.ssl is None
        return responses

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, rcpt_options: list[str]) -> str:
        """The queued answer for this recipient, if there is one."""
        if self.answers_to_recipient[address]:
            return self.answers_to_recipient[address].popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, unless another answer is queued."""
        if self.answers_to_data:
            return self.answers_to_data.popleft()
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        with self._arrived:
            self.received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
            self._arrived.notify_all()
        return "250 OK"


class _Session(SMTP):
    """One connection's protocol, which can be ended from outside whatever state its TLS is in."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._transports: list[asyncio.BaseTransport] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.append(transport)
        super().connection_made(transport)

    async def hang_up(self) -> None:
        for transport in reversed(self._transports):
            assert isinstance(transport, asyncio.WriteTransport)
            transport.abort()
        await asyncio.sleep(0.01)  # the loop lets go of the sockets in its next rounds


class _Controller(Controller):
    """Keeps the sessions it makes."""

    def factory(self) -> SMTP:
        session = _Session(self.handler, **self.SMTP_kwargs)
        self.handler._sessions.append(session)
        return session


@contextmanager
def running_sink(port: int = 0, **options: Any) -> Iterator[SmtpSink]:
    """A sink that listens, on any free port or on this one; `options` go to aiosmtpd's controller (`tls_context`, `authenticator`, …)."""
    sink = SmtpSink(port=port or free_port())
    controller = _Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        sink.hang_up()
        controller.stop()


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """A plain sink."""
    with running_sink() as sink:
        yield sink
