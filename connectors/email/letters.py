"""What a mailbox hands to the connector, whichever kind of mailbox it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from allears.domain.feedback import Cursor

MOST_BYTES = 25 * 1024 * 1024
"""A message larger than this is not taken in: it goes to quarantine with the start of its bytes."""

START_BYTES = 64 * 1024
"""How much of such a message is kept."""

PAGE_MESSAGES = 50
FILE_PAGE_MESSAGES = 500
"""The same from files: nobody waits for them, and a transaction costs the store the more, the fuller it is."""

PAGE_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Letter:
    """One raw message. `name` is its lasting name in the mailbox, None where only its bytes tell it from others.

    `arrived_at` (aware) is when the server took it; `problem` says why it must not be read.
    """

    raw: bytes
    name: str | None = None
    arrived_at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Bag:
    """A page of letters, a safe resume point once they are stored, and what a person should know of it."""

    letters: tuple[Letter, ...]
    cursor: Cursor
    notices: tuple[str, ...] = ()


class Mailbox(Protocol):
    """Where letters lie. Reading changes nothing in it."""

    def check(self) -> str:
        """A line on what is there. Raises an AllEarsError that says what to fix."""
        ...

    def bags(self, since: Cursor | None) -> Iterator[Bag]:
        """Letters from a resume point on; all of them where it is None or no longer means anything."""
        ...


def too_large(size: int) -> str:
    """The reason why a message is not read."""
    return f"it is larger than {MOST_BYTES // 1024 // 1024} MB ({size / 1024 / 1024:.0f} MB); its first {START_BYTES // 1024} kB are kept"
