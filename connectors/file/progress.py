"""How far each file was read: the cursor of a file source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from allears.domain.feedback import Cursor


@dataclass(frozen=True, slots=True)
class Mark:
    """`rows` rows were read, whose digests in order have the digest `chain`.

    `size` (bytes) and `mtime_ns` are the file's when it was read to its end, None before.
    """

    rows: int
    chain: str
    size: int | None = None
    mtime_ns: int | None = None

    def is_end_of(self, size: int, mtime_ns: int) -> bool:
        """True for a file that was read to its end and has not changed since."""
        return (self.size, self.mtime_ns) == (size, mtime_ns)


def marks_of(cursor: Cursor | None) -> dict[str, Mark]:
    """Marks by file name. A cursor that is not ours means reading from the start: the store knows what it has."""
    if cursor is None:
        return {}
    try:
        return {name: Mark(**mark) for name, mark in json.loads(cursor.value).items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def cursor_of(marks: Mapping[str, Mark]) -> Cursor:
    """The marks as a cursor."""
    tree: dict[str, dict[str, Any]] = {
        name: {"rows": mark.rows, "chain": mark.chain, "size": mark.size, "mtime_ns": mark.mtime_ns} for name, mark in marks.items()
    }
    return Cursor(json.dumps(tree, separators=(",", ":")))


class Tally:
    """The rows of one file so far: their external ids, and the chain of their digests.

    A row's own id names it. A row without one is named by its words: equal rows of a file are told
    apart by their number, and a row found again in another file of the source is the same message.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._chain = blake2b(digest_size=16)
        self._seen: dict[int, int] = {}

    @property
    def chain(self) -> str:
        """Digest of all rows so far."""
        return self._chain.hexdigest()

    def add(self, row: bytes) -> bytes:
        """Count a row; its digest."""
        digest = blake2b(row, digest_size=12).digest()
        self._chain.update(digest)
        self.rows += 1
        return digest

    def mark(self, size: int | None = None, mtime_ns: int | None = None) -> Mark:
        """Where the file stands; with its size and time once it was read to the end."""
        return Mark(self.rows, self.chain, size, mtime_ns)

    def name(self, digest: bytes, own_id: str) -> tuple[str | None, str | None]:
        """The row's external id, None for one that stands in the file already; and why it is refused, if it is."""
        key = int.from_bytes(digest[:8])
        if not own_id:
            nth = self._seen[key] = self._seen.get(key, 0) + 1
            return (digest.hex() if nth == 1 else f"{digest.hex()}-{nth}"), None
        taken = hash(own_id)
        if taken not in self._seen:
            self._seen[taken] = key
            return own_id, None
        if self._seen[taken] == key:
            return None, None
        return f"{own_id}#{digest.hex()}", f"has the id {own_id!r} of an earlier row with other content; is that column the row's id?"
