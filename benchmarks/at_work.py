"""`allears up` at work in a folder, for the benchmarks that look at it from outside."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

PATIENCE = 150
"""Seconds until all of it must answer."""


@contextmanager
def up(folder: Path, dashboard: int) -> Iterator[subprocess.Popen[bytes]]:
    """`allears up`, once the dashboard, which is the last to answer, answers on its port. Ends as by Ctrl-C."""
    supervisor = subprocess.Popen([Path(sys.executable).with_name("allears"), "up"], cwd=folder, stderr=subprocess.DEVNULL)
    try:
        _await_answer(f"http://127.0.0.1:{dashboard}/_stcore/health", supervisor)
        yield supervisor
    finally:
        supervisor.send_signal(signal.SIGINT)
        supervisor.wait(30)


def free_ports(count: int) -> list[int]:
    """Ports on which nobody listens."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in sockets]


def _await_answer(url: str, supervisor: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert supervisor.poll() is None, "allears up ended"
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    raise AssertionError(f"allears up did not answer within {PATIENCE} s")
