"""What every connector is built with, whatever its channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from allears.domain.feedback import SourceName
from allears.ports import Clock


@dataclass(frozen=True, slots=True)
class SourceContext:
    """A source's name, the folder its paths are relative to, its secret, our own addresses, and the time."""

    name: SourceName
    base: Path
    clock: Clock
    password: SecretStr | None = None
    own_addresses: tuple[str, ...] = field(default=())
