"""Hearing at once that something came: what a connector may offer beside being asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Protocol, runtime_checkable


class Bell:
    """Rung once, to end all waiting: threads that wait for a server, too, since it has a file descriptor to select on."""

    def __init__(self) -> None:
        ear, self._hammer = socket.socketpair()
        self._ear = ear.detach()  # open as long as the process: some thread may always be about to wait on it
        self._rung = threading.Event()

    @property
    def rung(self) -> bool:
        """Whether it is time to end."""
        return self._rung.is_set()

    def ring(self) -> None:
        """Everyone who waits, or ever will, goes on at once."""
        self._rung.set()
        self._hammer.close()

    def wait(self, seconds: float) -> bool:
        """Wait for at most so long; whether it rang."""
        return self._rung.wait(max(0.0, seconds))

    def fileno(self) -> int:
        """Readable once it rang."""
        return self._ear


class Ear(Protocol):
    """One place at which something may come in."""

    @property
    def what(self) -> str:
        """Its name beside the source's."""
        ...

    def listen(self, bell: Bell) -> Iterator[bool]:
        """Connect and wait: False once it listens, then True whenever something came, until the bell rings.

        Says nothing where the other side cannot tell. Raises AuthenticationError, ConfigurationError or TransientError.
        """
        ...


@runtime_checkable
class Listening(Protocol):
    """A connector that can hear of new messages. That is a hint only: what it fetches never depends on it."""

    def ears(self) -> Sequence[Ear]:
        """One for each connection that is to be held; contacts nobody yet."""
        ...
