"""What every connector is built with, whatever its channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from allears.domain.feedback import SourceName
from allears.ports import Clock


@dataclass(frozen=True, slots=True)
class SourceContext:
    """A source's name, the folder its paths are relative to, its secrets, our own addresses, and the time.

    `state_dir` is where it may keep things of its own; None for nowhere.
    """

    name: SourceName
    base: Path
    clock: Clock
    password: SecretStr | None = None
    own_addresses: tuple[str, ...] = field(default=())
    refresh_token: SecretStr | None = None
    client_secret: SecretStr | None = None
    state_dir: Path | None = None
