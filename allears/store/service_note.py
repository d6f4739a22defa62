"""Where the store service of a configuration listens: a note beside it that only its user may read."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "service.json"


@dataclass(frozen=True, slots=True)
class ServiceNote:
    """The running service's process, address and bearer tokens: the one that opens everything, and the dashboard's."""

    pid: int
    url: str
    token: str
    dashboard_token: str = ""


def write_note(state_dir: Path, note: ServiceNote) -> None:
    """Tell where the service listens. Readable by its user alone, since it holds the tokens."""
    state_dir.mkdir(parents=True, exist_ok=True)
    draft = state_dir / f"{_NAME}.{note.pid}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(note)), "utf-8")
    draft.replace(state_dir / _NAME)


def read_note(state_dir: Path) -> ServiceNote | None:
    """The note of a service whose process still lives; None if none runs."""
    note = last_note(state_dir)
    return note if note is not None and _lives(note.pid) else None


def last_note(state_dir: Path) -> ServiceNote | None:
    """The note of the last service, which may have been killed; its tokens go on being used."""
    try:
        return ServiceNote(**json.loads((state_dir / _NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True


def remove_note(state_dir: Path) -> None:
    """The service ends."""
    (state_dir / _NAME).unlink(missing_ok=True)
