"""Listening at the sources that can tell of new messages, so that a tick wakes within seconds and not at the next interval.

One daemon thread holds one connection. All of it is a hint: what is fetched, and when at the latest, is the schedule's business.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from allears.errors import AllEarsError, AuthenticationError, ConfigurationError, TransientError
from allears.ports import Clock
from allears.settings import Settings
from connectors.listening import Bell, Ear, Listening
from connectors.registry import connector_for

_LOG = logging.getLogger(__name__)
MOST_CONNECTIONS = 20
GATHERED = 0.5
"""Seconds in which new messages that were heard of are gathered into one tick."""
_GOODBYE_SECONDS = 2.0
_MOST_DOUBLINGS = 20

Wake = Callable[[Sequence[str]], None]
"""Told the names of sources that have something."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds until a connection is made anew: `first`, then twice as long each time up to `longest`.

    Once a connection was held for `steady` seconds it begins with `first` again. `refused` is for what only a person can mend.
    """

    first: float = 5.0
    longest: float = 300.0
    steady: float = 60.0
    refused: float = 1800.0


@dataclass(slots=True)
class _Source:
    """What the listeners of one source share: they connect one after another, and none while its account is refused."""

    name: str
    connecting: threading.Lock = field(default_factory=threading.Lock)
    not_before: float = 0.0


@contextmanager
def listening(settings: Settings, wake: Wake, clock: Clock) -> Iterator[None]:
    """Listen at every source that can push, for as long as the block lasts."""
    with listening_at(_ears(settings, clock), wake):
        yield


@contextmanager
def listening_at(ears: Sequence[tuple[str, Ear]], wake: Wake, patience: Patience = Patience()) -> Iterator[None]:
    """Listen with these ears, each with its source's name, for as long as the block lasts."""
    bell = Bell()
    sources = {name: _Source(name) for name, _ in ears}
    threads = [
        threading.Thread(target=_Listener(sources[name], ear, wake, bell, patience).run, name=f"{name} {ear.what}", daemon=True)
        for name, ear in ears
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        bell.ring()
        ends = time.monotonic() + _GOODBYE_SECONDS
        for thread in threads:
            thread.join(max(0.0, ends - time.monotonic()))  # one that is just connecting ends with the process


def _ears(settings: Settings, clock: Clock) -> list[tuple[str, Ear]]:
    """Every source's ears, no more than are allowed: first one of each source."""
    found: list[tuple[int, str, Ear]] = []
    for source in settings.source:
        try:
            connector = connector_for(settings, source, clock)
            ears = connector.ears() if isinstance(connector, Listening) else ()
        except AllEarsError as error:
            _LOG.warning("%s is not listened to: %s", source.name, error)
            continue
        found += ((index, source.name, ear) for index, ear in enumerate(ears))
    ordered = [(name, ear) for _, name, ear in sorted(found, key=lambda each: each[0])]
    for name, ear in ordered[MOST_CONNECTIONS:]:
        _LOG.warning("%s: %s is seen on schedule only: %d connections are listened on already.", name, ear.what, MOST_CONNECTIONS)
    return ordered[:MOST_CONNECTIONS]


class _Listener:
    """One connection: held, and made anew when it breaks."""

    def __init__(self, source: _Source, ear: Ear, wake: Wake, bell: Bell, patience: Patience) -> None:
        self._source = source
        self._ear = ear
        self._wake = wake
        self._bell = bell
        self._patience = patience
        self._failures = 0
        self._told: type[AllEarsError] | None = None

    def run(self) -> None:
        """Listen until the bell rings, or the source turns out not to push."""
        while not self._bell.wait(self._source.not_before - time.monotonic()):
            try:
                if not self._listened():
                    _LOG.info("%s: %s cannot tell of new messages; it is seen on schedule.", self._source.name, self._ear.what)
                    return
            except AuthenticationError as error:
                self._tell(error, "Once it is mended, start `allears up` again.")
            except ConfigurationError as error:
                self._tell(error, "Once it is mended, start `allears up` again.")
                self._bell.wait(self._patience.refused)
            except TransientError as error:
                if self._failures:  # servers end connections now and then; not to get another is news
                    self._tell(error, "It is tried again; meanwhile the schedule goes on.")
                self._bell.wait(min(self._patience.first * 2**self._failures, self._patience.longest))
                self._failures = min(self._failures + 1, _MOST_DOUBLINGS)

    def _listened(self) -> bool:
        """Hold one connection to its end; False where nothing is to be heard on it."""
        heard = self._ear.listen(self._bell)
        with self._source.connecting:
            if self._bell.rung or self._source.not_before > time.monotonic():
                return True
            try:
                if next(heard, None) is None:
                    return self._bell.rung
            except AuthenticationError:
                self._source.not_before = time.monotonic() + self._patience.refused
                raise
        began = time.monotonic()
        try:
            for _ in heard:
                self._wake([self._source.name])
        finally:
            if time.monotonic() - began > self._patience.steady:
                self._failures, self._told = 0, None
        return True

    def _tell(self, error: AllEarsError, outlook: str) -> None:
        """Once, until it was held for a while or something of another sort is wrong."""
        if type(error) is not self._told:
            _LOG.warning("%s is not listened to: %s. %s", self._source.name, str(error).rstrip("."), outlook)
        self._told = type(error)
