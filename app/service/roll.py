"""Who may come in, as the configuration says it at this moment: a role that was changed counts from the next request on."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from allears.domain.access import Roll
from allears.errors import ConfigurationError
from allears.settings import Settings, load

_LOG = logging.getLogger(__name__)


class LiveRoll:
    """Reads the configuration anew when its file has changed. Safe for use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.path
        self._lock = Lock()
        self._read_at = _changed_at(self._path)
        self._roll = settings.roll()

    def __call__(self) -> Roll:
        """Everyone who may come in; of a configuration with faults, as it was before."""
        with self._lock:
            if (changed_at := _changed_at(self._path)) != self._read_at:
                try:
                    self._roll = load(self._path).roll()
                except ConfigurationError as error:
                    _LOG.warning("The roles stay as they were: %s", error)
                self._read_at = changed_at
            return self._roll


def _changed_at(path: Path) -> int:
    return path.stat().st_mtime_ns if path.exists() else 0
