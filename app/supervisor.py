"""Keeps the four processes of `allears up` alive: store service, Prefect server, flow runner, dashboard."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

import httpx

from allears.errors import AllEarsError, ConfigurationError
from allears.settings import ServerSettings, Settings
from allears.settings.servers import PROXY_PROOF
from app.runtime import child_environment, prefect_api
from app.sign_in_secrets import secrets_path, write_secrets

_PR_SET_PDEATHSIG = 1
START_PATIENCE = 90.0
"""Seconds a child may take until it answers: a first start lays Prefect's database."""
STOP_PATIENCE = 8.0
LONGEST_PAUSE = 30.0


@dataclass(slots=True)
class Child:
    """One process: what to run, where it writes, and how one sees that it is ready."""

    name: str
    command: list[str]
    health: str | None
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    not_before: float = 0.0


@dataclass(slots=True)
class Supervisor:
    """Starts children in order, restarts what dies, and takes all of them along when it ends."""

    settings: Settings
    say: Callable[[str], None]
    children: list[Child] = field(init=False)
    _stopping: bool = False

    def __post_init__(self) -> None:
        """Lay out the children."""
        self.children = _children(self.settings)

    def run(self) -> None:
        """Everything until SIGINT or SIGTERM. Raises ConfigurationError when a port is taken."""
        for server in (self.settings.service, self.settings.prefect, self.settings.dashboard):
            _require_free(server)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        try:
            write_secrets(self.settings)
            for child in self.children:
                self._start(child)
                self._await_ready(child)
            if not self._stopping:
                self._announce()
            while not self._stopping:
                self._revive()
                time.sleep(0.5)
        finally:
            self._end_all()
            secrets_path(self.settings).unlink(missing_ok=True)

    def _announce(self) -> None:
        self.say(f"Dashboard  {self.settings.dashboard.address}")
        self.say(f"Form       {self.settings.service.address}/")
        self.say(f"Prefect    http://{self.settings.prefect.host}:{self.settings.prefect.port}")
        self.say(f"Logs       {self.settings.state_dir / 'logs'}")
        self.say("Listening. Ctrl-C stops everything.")

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self, child: Child) -> None:
        if self._stopping:
            return
        logs = self.settings.state_dir / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603 - our own modules
                child.command,
                env=environment_of(child, self.settings),
                cwd=self.settings.base,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - the supervisor has one thread
            )
        child.started_at = time.monotonic()

    def _await_ready(self, child: Child) -> None:
        deadline = time.monotonic() + START_PATIENCE
        while child.health and not self._stopping and not _answers(child.health):
            if child.process and child.process.poll() is not None:
                raise AllEarsError(f"The {child.name} ended at once: {self._last_words(child)}")
            if time.monotonic() > deadline:
                raise AllEarsError(f"The {child.name} did not answer within {START_PATIENCE:.0f} s: {self._last_words(child)}")
            time.sleep(0.2)

    def _last_words(self, child: Child) -> str:
        path = self.settings.state_dir / "logs" / f"{child.name}.log"
        lines = path.read_text("utf-8", "replace").strip().splitlines()
        return f"{lines[-1] if lines else 'it wrote nothing'} (all of it: {path})"

    def _revive(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.process.poll() is None:
                continue
            if child.not_before == 0.0:
                lasted = now - child.started_at
                child.failures = 0 if lasted > LONGEST_PAUSE else child.failures + 1
                pause = min(2.0**child.failures / 2, LONGEST_PAUSE) if child.failures else 0.0
                child.not_before = now + pause
                self.say(f"The {child.name} ended with status {child.process.returncode}; it starts again in {pause:.0f} s.")
            if now >= child.not_before:
                child.not_before = 0.0
                self._start(child)

    def _end_all(self) -> None:
        running = [child.process for child in reversed(self.children) if child.process and child.process.poll() is None]
        for process in running:
            process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + STOP_PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _children(settings: Settings) -> list[Child]:
    module = [sys.executable, "-m"]
    prefect, dashboard = settings.prefect, settings.dashboard
    return [
        Child("store-service", [*module, "app.service.main"], f"http://127.0.0.1:{settings.service.port}/healthz"),
        Child(
            "prefect-server",
            [*module, "prefect", "server", "start", "--host", prefect.host, "--port", str(prefect.port), "--no-ui"],
            f"{prefect_api(settings)}/health",
        ),
        Child("flow-runner", [*module, "flows.runner"], None),
        Child("dashboard", dashboard_command(settings), f"http://127.0.0.1:{dashboard.port}/_stcore/health"),
    ]


def environment_of(child: Child, settings: Settings) -> dict[str, str]:
    """What a child is told; the dashboard has a token of its own and is not told the one that opens everything."""
    hidden = {"ALLEARS_API_TOKEN"} if child.name == "dashboard" else set()
    return {key: value for key, value in child_environment(settings, os.environ).items() if key not in hidden}


def dashboard_command(settings: Settings) -> list[str]:
    """How Streamlit is started."""
    dashboard = settings.dashboard
    spec = find_spec("app.dashboard.home")
    home = Path(spec.origin if spec and spec.origin else "home.py")
    options = ["--server.address", dashboard.host, "--server.port", str(dashboard.port), "--server.headless", "true"]
    if dashboard.sign_in == "oidc":
        options += ["--secrets.files", str(secrets_path(settings))]
    if dashboard.sign_in == "proxy":  # a session that lost its connection is gone on with by nobody else, and not past the proxy
        options += ["--server.trustedUserHeaders", json.dumps({dashboard.proxy_header: "email", PROXY_PROOF: "proof"})]
    return [sys.executable, "-m", "streamlit", "run", str(home), *options]


def _require_free(server: ServerSettings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((server.host, server.port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {server.port} on {server.host} cannot be used ({error.strerror}). "
                "Stop what listens there, or set another port in allears.toml."
            ) from error


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM when the supervisor is gone, however it went."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
