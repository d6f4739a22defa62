"""Who does what right now: claims on pieces of work, kept in memory by whoever holds the store's file."""

from __future__ import annotations

import threading
from datetime import datetime

from allears.ports import Clock


class Claims:
    """Named pieces of work, each taken by one holder until a moment. Safe for several threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._held: dict[str, tuple[str, datetime]] = {}

    def take(self, name: str, holder: str, until: datetime) -> bool:
        """Take or prolong; False while another holder has it."""
        with self._lock:
            current = self._held.get(name)
            if current and current[0] != holder and current[1] > self._clock.now():
                return False
            self._held[name] = (holder, until)
            return True

    def release(self, name: str, holder: str) -> None:
        """Let go, if it is this holder's."""
        with self._lock:
            if self._held.get(name, (None,))[0] == holder:
                del self._held[name]
