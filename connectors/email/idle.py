"""Hearing of new mail at once (IDLE, RFC 2177), over a connection of its own for each folder."""

from __future__ import annotations

import imaplib
import re
import selectors
import ssl
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from allears.errors import TransientError
from connectors.email.imap_session import Account, ImapSession
from connectors.listening import Bell

RENEW_SECONDS = 600.0
"""Servers may end an IDLE after half an hour, and what stands between drops silent connections sooner."""

_COUNT = re.compile(rb"\* (\d+) (EXISTS|EXPUNGE)\b", re.IGNORECASE)
_TAG = b"IDLE1"  # imaplib's own tags are four letters and a number that counts up


class FolderEar:
    """Listens at one folder; implements `connectors.listening.Ear`."""

    def __init__(self, account: Account, folder: str, renew_after: float = RENEW_SECONDS) -> None:
        self._account = account
        self._folder = folder
        self._renew_after = renew_after
        self._known: tuple[int, int] | None = None

    @property
    def what(self) -> str:
        """The folder."""
        return self._folder

    def listen(self, bell: Bell) -> Iterator[bool]:
        """See `connectors.listening.Ear`."""
        session = ImapSession(self._account)
        try:
            if not session.offers_idle():
                return
            folder = session.examine(self._folder)
            yield False
            before, self._known = self._known, (folder.validity, folder.uidnext)
            if before not in (None, self._known):
                yield True  # while there was no connection
            with _Line(session.connect().client, bell, self._account.timeout) as line:
                yield from (True for _ in line.arrivals(folder.count, self._renew_after))
        except (imaplib.IMAP4.error, OSError, EOFError) as error:
            raise TransientError(f"{self._folder} on {self._account.where}: {str(error) or type(error).__name__}") from error
        finally:
            session.hang_up()


class _Line:
    """The lines of a connection that idles. They are read without blocking, so that the bell is heard too."""

    def __init__(self, client: imaplib.IMAP4, bell: Bell, timeout: float) -> None:
        self._client = client
        self._bell = bell
        self._timeout = timeout
        self._held = b""
        self._socket = client.socket()
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        self._selector.register(self._socket, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._selector.close()

    def arrivals(self, count: int, renew_after: float) -> Iterator[None]:
        """Each growth of a folder of so many messages. Ends when the bell rings; raises EOFError or OSError when the line is gone."""
        size = _Size(count)
        while True:
            self._send(_TAG + b" IDLE")
            for line in self._lines(renew_after):
                if line.startswith((_TAG, b"* BYE")):
                    raise EOFError(f"the server ended IDLE: {line.decode('utf-8', 'replace').strip()}")
                if size.grew(line):
                    yield
            self._send(b"DONE")
            for line in self._lines(self._timeout):
                if line.startswith(_TAG):
                    break
                if size.grew(line):
                    yield
            else:
                if self._bell.rung:
                    return
                raise EOFError("the server does not answer any more")

    def _lines(self, seconds: float) -> Iterator[bytes]:
        """Lines as they come, for so long and until the bell rings."""
        until, came = time.monotonic() + seconds, False
        while not self._bell.rung:
            line = self._read(came)
            if line:
                came = False
                yield line
            elif (left := until - time.monotonic()) <= 0:
                return
            else:
                came = any(key.fileobj is self._socket for key, _ in self._selector.select(left))

    def _read(self, came: bool) -> bytes:
        """A whole line, or nothing where there is none yet; after the socket said that something `came`, nothing at all is its end."""
        try:
            part = self._client.readline()
        except (BlockingIOError, ssl.SSLWantReadError):
            return b""
        if came and not part:
            raise EOFError("the server hung up")
        self._held += part
        if not self._held.endswith(b"\n"):
            return b""
        line, self._held = self._held, b""
        return line

    def _send(self, line: bytes) -> None:
        self._socket.settimeout(self._timeout)
        self._client.send(line + b"\r\n")
        self._socket.settimeout(0)


class _Size:
    """How many messages a folder holds, as the server's lines tell."""

    def __init__(self, count: int) -> None:
        self._count = count

    def grew(self, line: bytes) -> bool:
        """Whether this line tells of a new message."""
        match = _COUNT.match(line)
        if match is None:
            return False
        before, self._count = self._count, int(match[1]) if match[2].upper() == b"EXISTS" else self._count - 1
        return self._count > before
