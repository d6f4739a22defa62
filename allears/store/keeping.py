"""Answers that took long are given again for a while: pages that many people look at ask for the same figures."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from allears.ports import Clock

Answer = TypeVar("Answer")
Asked = ParamSpec("Asked")

_LOG = logging.getLogger(__name__)
WORTH_KEEPING = 0.02
"""Seconds: what is found faster is found anew each time."""
PATIENCE = 200
"""An answer is given again for this many times as long as it took to find."""
LONGEST = timedelta(minutes=1)
"""An answer is given again for so long at the most, and once more for as long while a newer one is sought."""
MOST = 200
"""Answers kept at a time; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Any
    asked_at: datetime
    until: datetime


class Keeping:
    """Keeps slow answers, and lets those who ask the same at once wait for one of them. Safe for use from several threads.

    Without `worth` nothing is ever slow enough to be kept.
    """

    def __init__(self, worth: float | None = WORTH_KEEPING) -> None:
        self._worth = float("inf") if worth is None else worth
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._finding: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._beside: set[Hashable] = set()
        self._lock = threading.Lock()
        self._changes = 0

    def answer(self, question: Hashable, now: datetime, find: Callable[[], Answer]) -> Answer:
        """What `find` gives, or gave to the same question asked a moment before `now`.

        What was found too long ago is given once more, so that nobody waits, while another is found beside.
        """
        with self._lock:
            kept = self._kept.get(question)
        if kept and kept.asked_at <= now <= kept.until + LONGEST:
            if now > kept.until:
                self._find_beside(question, now, find)
            answer: Answer = kept.answer
            return answer
        return self._find_once(question, now, find)

    def _find_beside(self, question: Hashable, now: datetime, find: Callable[[], object]) -> None:
        with self._lock:
            if question in self._beside:
                return
            self._beside.add(question)

        def seek() -> None:
            try:
                self._find_once(question, now, find)
            except Exception:  # noqa: BLE001  # whatever it was: whoever asks when the old answer is too old meets it and is told
                _LOG.exception("A newer answer to %s could not be found", question)
            finally:
                with self._lock:
                    self._beside.discard(question)

        threading.Thread(target=seek, name="finding beside", daemon=True).start()

    def _find_once(self, question: Hashable, now: datetime, find: Callable[[], Answer]) -> Answer:
        with self._lock:
            finding = self._finding[question]
        with finding:
            try:
                return self._known_or_found(question, now, find)
            finally:
                with self._lock:  # whoever waits holds the lock itself; nothing is left of questions that are not kept
                    self._finding.pop(question, None)

    def forget(self) -> None:
        """Somebody changed something, and looks at what becomes of it: every answer is found anew."""
        with self._lock:
            self._kept.clear()
            self._changes += 1

    def _known_or_found(self, question: Hashable, now: datetime, find: Callable[[], Answer]) -> Answer:
        with self._lock:
            kept, changes = self._kept.get(question), self._changes
        if kept and kept.asked_at <= now <= kept.until:
            answer: Answer = kept.answer
            return answer
        began = time.monotonic()
        answer = find()
        self._keep(question, answer, now, time.monotonic() - began, changes)
        return answer

    def _keep(self, question: Hashable, answer: object, now: datetime, seconds: float, changes: int) -> None:
        with self._lock:
            self._kept.pop(question, None)
            if seconds >= self._worth and changes == self._changes:  # else somebody changed something while it was sought
                self._kept[question] = _Kept(answer, now, now + min(LONGEST, timedelta(seconds=PATIENCE * seconds)))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)


class Keeper(Protocol):
    """Whose methods are `kept`."""

    _clock: Clock
    _keeping: Keeping


Who = TypeVar("Who", bound=Keeper)


def kept(method: Callable[Concatenate[Who, Asked], Answer]) -> Callable[Concatenate[Who, Asked], Answer]:
    """Answers of this method are kept; what differs only in the minutes of a moment is the same question."""

    @wraps(method)
    def answer(self: Who, /, *asked: Asked.args, **named: Asked.kwargs) -> Answer:
        question = (method.__name__, *_roughly(asked), *_roughly(sorted(named.items())))
        return self._keeping.answer(question, self._clock.now(), lambda: method(self, *asked, **named))

    return answer


def _roughly(values: Sequence[Any]) -> tuple[Hashable, ...]:
    """The same values, moments by the ten minutes they lie in: how long an answer is kept is counted from when it was found."""
    return tuple(
        value.replace(minute=value.minute // 10 * 10, second=0, microsecond=0)
        if isinstance(value, datetime)
        else _roughly(value)
        if isinstance(value, list | tuple)
        else value
        for value in values
    )
