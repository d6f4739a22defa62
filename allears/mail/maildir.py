"""Mails into a Maildir: one file a message, there as a whole or not at all.

The file's name is made from the Message-ID, so a message that is handed over again, even after a
kill between two steps, is found and left alone. See https://cr.yp.to/proto/maildir.html.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from email.message import EmailMessage
from pathlib import Path

from allears.errors import ConfigurationError, TransientError


class MaildirMailer:
    """Delivers to a folder that any mail reader opens."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def check(self) -> str:
        """Whether the folder, or the nearest one above it that is there, can be written to. Raises ConfigurationError."""
        there = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
        if not (there.is_dir() and os.access(there, os.W_OK)):
            raise ConfigurationError(f"mail.url: cannot write to the folder {self._folder}: {there} does not allow it.")
        return f"mails go to the folder {self._folder}"

    def send(self, message: EmailMessage) -> None:
        """One file in `new`, unless it is there or has been read already. Raises TransientError when the disk refuses."""
        name = f"{hashlib.blake2b(str(message['Message-ID']).encode(), digest_size=12).hexdigest()}.eml"
        try:
            self._prepare()
            if not self._has(name):
                self._write(name, message.as_bytes())
        except OSError as error:
            raise TransientError(f"The mail could not be written to {self._folder}: {error.strerror}.") from error

    def close(self) -> None:
        """Nothing is held open."""

    def _prepare(self) -> None:
        for part in ("tmp", "new", "cur"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)

    def _has(self, name: str) -> bool:
        """Whether the message lies in `new`, or in `cur` where readers move it and add their flags."""
        if (self._folder / "new" / name).exists():
            return True
        with os.scandir(self._folder / "cur") as entries:
            return any(entry.name.partition(":")[0] == name for entry in entries)

    def _write(self, name: str, content: bytes) -> None:
        """Complete and on the disk in `tmp` first; then it gets its name in `new`, which nobody can take twice."""
        descriptor, path = tempfile.mkstemp(dir=self._folder / "tmp", prefix="allears-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(path, self._folder / "new" / name)
        except FileExistsError:
            return
        finally:
            Path(path).unlink()
