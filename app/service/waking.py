"""A message that is pushed wakes a tick at once, through Prefect's API; many at once wake one."""

from __future__ import annotations

import logging
import threading

import httpx

_LOG = logging.getLogger(__name__)
QUIET = 0.3
"""Seconds between two ticks that are woken: what comes in meanwhile is seen by the second."""

ONLY_WHAT_CAME_IN: dict[str, list[str]] = {"sources": []}
"""No source is asked out of its turn: the schedule would then find it not due, and come back for it a whole interval later."""


class Waker:
    """Starts the scheduled tick's deployment off its schedule. A failure costs promptness only: the schedule goes on."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def wake(self) -> None:
        """Start a tick in a moment, unless one is about to start anyway. Returns at once."""
        with self._lock:
            if self._timer is None or not self._timer.is_alive():
                self._timer = threading.Timer(QUIET, self._start)
                self._timer.daemon = True
                self._timer.start()

    def _start(self) -> None:
        try:
            with httpx.Client(base_url=self._api, timeout=10) as client:
                deployment = client.get("/deployments/name/tick/scheduled").raise_for_status().json()["id"]
                run = {"state": {"type": "SCHEDULED"}, "parameters": ONLY_WHAT_CAME_IN}
                client.post(f"/deployments/{deployment}/create_flow_run", json=run).raise_for_status()
        except httpx.HTTPError as error:
            _LOG.warning("No tick could be started at once (%s); the schedule will see the message.", error)
