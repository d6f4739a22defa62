"""Slow answers are given again for a while, and never longer, to others, or after somebody changed something."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from allears.store import keeping
from allears.store.keeping import LONGEST, WORTH_KEEPING, Keeping
from tests.builders import NOW


class Slow:
    """Counts how often it was asked, and takes its time."""

    def __init__(self, seconds: float = WORTH_KEEPING) -> None:
        self.seconds, self.asked = seconds, 0

    def __call__(self) -> int:
        self.asked += 1
        time.sleep(self.seconds)
        return self.asked


def test_a_slow_answer_is_given_again_until_its_time_is_over_and_not_for_a_moment_before():
    kept, find = Keeping(), Slow()
    assert [kept.answer("q", NOW + timedelta(seconds=after), find) for after in (0, 1, LONGEST.seconds + 1)] == [1, 1, 2]
    assert kept.answer("q", NOW, find) == 3
    assert kept.answer("another", NOW, find) == 4


def test_a_fast_answer_is_found_anew_and_leaves_nothing_behind():
    kept, find = Keeping(), Slow(0)
    assert [kept.answer(("q", number), NOW, find) for number in (1, 1, 2)] == [1, 2, 3]
    assert (len(kept._kept), len(kept._finding)) == (0, 0)


def test_what_somebody_changed_is_seen_at_once():
    kept, find = Keeping(), Slow()
    kept.answer("q", NOW, find)
    kept.forget()
    assert kept.answer("q", NOW, find) == 2


def test_those_who_ask_at_once_wait_for_one_answer():
    kept, find = Keeping(), Slow()
    people = [threading.Thread(target=kept.answer, args=("q", NOW, find)) for _ in range(8)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert find.asked == 1


def test_only_so_many_are_kept(monkeypatch):
    monkeypatch.setattr(keeping, "WORTH_KEEPING", 0)
    kept = Keeping()
    for number in range(keeping.MOST + 5):
        kept.answer(number, NOW, Slow(0))
    assert len(kept._kept) == keeping.MOST
