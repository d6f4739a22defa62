"""The system's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """Implements `allears.ports.Clock`."""

    def now(self) -> datetime:
        """This moment, UTC."""
        return datetime.now(UTC)
