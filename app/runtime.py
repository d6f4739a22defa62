"""How Prefect runs here: its own folder beside the configuration, no telemetry, on this machine only."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from allears.errors import AllEarsError
from allears.settings import Settings
from allears.store.service_note import read_note


def prefect_api(settings: Settings) -> str:
    """The address of the Prefect API that `allears up` starts."""
    return f"http://{settings.prefect.host}:{settings.prefect.port}/api"


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Environment variables every process that imports Prefect needs, set before it does. Makes Prefect's folder."""
    home = settings.state_dir / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return {
        "ALLEARS_CONFIG": str(settings.path),
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_CLI_PROMPT": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_UI_ENABLED": "false",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    }


@contextmanager
def prefect_at_hand(settings: Settings, *, log_level: str) -> Iterator[None]:
    """Let this process run flows: with the server of a running `allears up`, else with one of its own that ends with the block.

    Enter it before anything imports Prefect, which reads its environment then.
    """
    os.environ.update(prefect_environment(settings), PREFECT_LOGGING_LEVEL=log_level)
    if read_note(settings.state_dir) is not None:
        os.environ["PREFECT_API_URL"] = prefect_api(settings)
        yield
        return
    with socket.create_server(("127.0.0.1", 0)) as listening:
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        with _serving(listening):
            yield


@contextmanager
def _serving(listening: socket.socket) -> Iterator[None]:
    """Prefect's API in a thread. Its own temporary server is a second process: 200 MB more, and left behind by a kill."""
    import uvicorn  # noqa: PLC0415 - see prefect_at_hand
    from prefect.server.api.server import create_app  # noqa: PLC0415

    server = uvicorn.Server(uvicorn.Config(create_app(ephemeral=True, final=True), log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="prefect-api", daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise AllEarsError("Prefect did not start. What it wrote above says why.")
        time.sleep(0.02)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def child_environment(settings: Settings, base: Mapping[str, str]) -> dict[str, str]:
    """The environment of the supervisor's children."""
    return {
        "MALLOC_ARENA_MAX": "2",  # glibc gives each thread an arena of its own, and these servers have dozens of idle threads
        **base,
        **prefect_environment(settings),
        "PREFECT_API_URL": prefect_api(settings),
        "PREFECT_LOGGING_LEVEL": "INFO",
    }
