"""A message that is pushed, or heard of, wakes a tick at once, through Prefect's API; many at once wake one."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Iterable, Sequence

import httpx

_LOG = logging.getLogger(__name__)
QUIET = 0.3
"""Seconds between a message and the tick that it wakes: what comes in meanwhile is seen by the same one."""
APART = 9.0
"""Seconds between two ticks that messages wake: each is a process of its own, and takes over two of the processor's."""
_PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds before it is tried again: Prefect's SQLite refuses a write now and then (503) where several runs write at once."""


class Waker:
    """Starts the scheduled tick's deployment off its schedule. A failure costs promptness only: the schedule goes on.

    `quiet` seconds pass before a tick starts, and at least `apart` between two of them.
    """

    def __init__(self, api: str, quiet: float = QUIET, apart: float = APART) -> None:
        self._api = api
        self._quiet = quiet
        self._apart = apart
        self._lock = threading.Lock()
        self._sources: set[str] | None = None
        self._not_before = 0.0

    def wake(self, sources: Iterable[str] = ()) -> None:
        """Start a tick in a moment that asks these sources, unless one that does is about to start anyway. Returns at once.

        Without any, no source is asked out of its turn: the schedule would then find it not due, and come back for it a whole
        interval later.
        """
        with self._lock:
            if self._sources is not None:
                self._sources.update(sources)
                return
            self._sources = set(sources)
            timer = threading.Timer(max(self._quiet, self._not_before - time.monotonic()), self._start)
            timer.daemon = True
            timer.start()

    def _start(self) -> None:
        with self._lock:
            sources, self._sources = sorted(self._sources or ()), None
            self._not_before = time.monotonic() + self._apart
        key = uuid.uuid4().hex  # by which Prefect knows a run that it made although its answer was lost
        for pause in (*_PAUSES, None):
            try:
                self._ask(sources, key)
            except httpx.HTTPError as error:
                if pause is None:
                    _LOG.warning("No tick could be started at once (%s); the schedule will see the message.", error)
                else:
                    time.sleep(pause)
            else:
                return

    def _ask(self, sources: Sequence[str], key: str) -> None:
        with httpx.Client(base_url=self._api, timeout=10) as client:
            deployment = client.get("/deployments/name/tick/scheduled").raise_for_status().json()["id"]
            run = {"state": {"type": "SCHEDULED"}, "parameters": {"sources": sources}, "idempotency_key": key}
            client.post(f"/deployments/{deployment}/create_flow_run", json=run).raise_for_status()
