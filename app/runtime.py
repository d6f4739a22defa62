"""How Prefect runs here: its own folder beside the configuration, no telemetry, on this machine only."""

from __future__ import annotations

import os
from collections.abc import Mapping

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
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_RUNNER_POLL_FREQUENCY": "3",
        "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    }


def enter_prefect(settings: Settings, *, log_level: str) -> None:
    """Make this process run flows: through the server of a running `allears up`, else through one that lives as long as the run."""
    os.environ.update(prefect_environment(settings), PREFECT_LOGGING_LEVEL=log_level)
    if read_note(settings.state_dir) is not None:
        os.environ["PREFECT_API_URL"] = prefect_api(settings)
    else:
        os.environ.pop("PREFECT_API_URL", None)
        os.environ["PREFECT_SERVER_EPHEMERAL_ENABLED"] = "true"


def child_environment(settings: Settings, base: Mapping[str, str]) -> dict[str, str]:
    """The environment of the supervisor's children."""
    return {**base, **prefect_environment(settings), "PREFECT_API_URL": prefect_api(settings), "PREFECT_LOGGING_LEVEL": "INFO"}
