"""Answers that took long are given again for a while: pages that many people look at ask for the same figures."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

Answer = TypeVar("Answer")

WORTH_KEEPING = 0.1
"""Seconds: what is found faster is found anew each time."""
PATIENCE = 30
"""An answer is given again for this many times as long as it took to find."""
LONGEST = timedelta(minutes=1)
MOST = 200
"""Answers kept at a time; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class _Kept:
    answer: Any
    asked_at: datetime
    until: datetime


class Keeping:
    """Keeps slow answers, and lets those who ask the same at once wait for one of them. Safe for use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._finding: defaultdict[Hashable, threading.Lock] = defaultdict(threading.Lock)
        self._lock = threading.Lock()

    def answer(self, question: Hashable, now: datetime, find: Callable[[], Answer]) -> Answer:
        """What `find` gives, or gave to the same question asked a moment before `now`."""
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

    def _known_or_found(self, question: Hashable, now: datetime, find: Callable[[], Answer]) -> Answer:
        with self._lock:
            kept = self._kept.get(question)
        if kept and kept.asked_at <= now <= kept.until:
            answer: Answer = kept.answer
            return answer
        began = time.monotonic()
        answer = find()
        self._keep(question, answer, now, time.monotonic() - began)
        return answer

    def _keep(self, question: Hashable, answer: object, now: datetime, seconds: float) -> None:
        with self._lock:
            self._kept.pop(question, None)
            if seconds >= WORTH_KEEPING:
                self._kept[question] = _Kept(answer, now, now + min(LONGEST, timedelta(seconds=PATIENCE * seconds)))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
