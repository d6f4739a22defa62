"""Remembers which mails a server took, in the moment before the store knows it."""

from __future__ import annotations

import os
from pathlib import Path

from allears.errors import TransientError

_REMEMBERED_BYTES = 1_000_000


class DeliveryJournal:
    """An append-only file with a line for each mail a server took for one recipient.

    It closes the gap between the server's "250 OK" and the store's record of it: whoever is killed
    there finds the line on the next run and does not send again. What stays open are the
    microseconds between reading the 250 and writing the line; a mail repeated then carries the same
    Message-ID. Only the last megabyte (some 10,000 mails) is looked at: older ones are in the store.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, message_id: str, recipient: str) -> bool:
        """Whether a server took this recipient's mail. Raises TransientError if nothing could be noted: ask before sending."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _REMEMBERED_BYTES))
                return _line(message_id, recipient) in file.read()
        except OSError as error:
            raise TransientError(f"Nothing is sent, since {self._path} cannot be written: {error.strerror}.") from error

    def add(self, message_id: str, recipient: str) -> None:
        """One write, forced to the disk. Raises OSError."""
        with self._path.open("ab", buffering=0) as file:
            file.write(_line(message_id, recipient))
            os.fsync(file.fileno())


def _line(message_id: str, recipient: str) -> bytes:
    return f"\n{message_id} {recipient}\n".encode()
