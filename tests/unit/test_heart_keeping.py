"""Slow answers are given again for a while, and never longer, to others, or after somebody changed something."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest

from allears.errors import StoreError
from allears.store.keeping import LONGEST, MOST, WORTH_KEEPING, Keeping, kept
from tests.builders import NOW, StandingClock


class Slow:
    """Counts how often it was asked, and takes its time."""

    def __init__(self, seconds: float = WORTH_KEEPING) -> None:
        self.seconds, self.asked = seconds, 0

    def __call__(self) -> int:
        self.asked += 1
        time.sleep(self.seconds)
        return self.asked


def later(**duration: float) -> datetime:
    return NOW + timedelta(**duration)


def wait_until(holds: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.005)


def test_a_slow_answer_is_given_again_until_its_time_is_over_and_not_for_a_moment_before():
    keeping, find = Keeping(), Slow()
    assert [keeping.answer("q", later(seconds=after), find) for after in (0, 0.5, 2 * LONGEST.seconds + 1)] == [1, 1, 2]
    assert keeping.answer("q", NOW, find) == 3
    assert keeping.answer("another", NOW, find) == 4


def test_what_was_found_too_long_ago_is_given_once_more_while_another_is_found_beside():
    keeping, find = Keeping(), Slow()
    over = later(seconds=LONGEST.seconds + 1)
    assert [keeping.answer("q", at, find) for at in (NOW, over, over)] == [1, 1, 1]
    wait_until(lambda: not keeping._beside)
    assert (keeping.answer("q", over, find), find.asked) == (2, 2)


def test_an_answer_that_cannot_be_found_beside_is_met_by_whoever_asks_when_the_old_one_is_too_old(caplog: pytest.LogCaptureFixture):
    keeping = Keeping()
    keeping.answer("q", NOW, Slow())

    def fail() -> int:
        raise StoreError("The disk is full.")

    assert keeping.answer("q", later(seconds=LONGEST.seconds + 1), fail) == 1
    wait_until(lambda: not keeping._beside)
    assert "The disk is full." in caplog.text
    with pytest.raises(StoreError):
        keeping.answer("q", later(minutes=3), fail)


def test_a_fast_answer_is_found_anew_and_leaves_nothing_behind():
    keeping, find = Keeping(), Slow(0)
    assert [keeping.answer(("q", number), NOW, find) for number in (1, 1, 2)] == [1, 2, 3]
    assert (len(keeping._kept), len(keeping._finding)) == (0, 0)


def test_what_somebody_changed_is_seen_at_once():
    keeping, find = Keeping(), Slow()
    keeping.answer("q", NOW, find)
    keeping.forget()
    assert keeping.answer("q", NOW, find) == 2


def test_what_somebody_changed_while_an_answer_was_sought_is_seen_by_the_next_who_asks():
    keeping, find = Keeping(), Slow()

    def find_while_another_writes() -> int:
        keeping.forget()
        return find()

    assert [keeping.answer("q", NOW, find_while_another_writes), keeping.answer("q", NOW, find)] == [1, 2]


class Desk:
    """Two kept methods."""

    def __init__(self) -> None:
        self._keeping, self._clock, self.find = Keeping(), StandingClock(NOW), Slow()

    @kept
    def at(self, _moment: datetime, _days: Sequence[datetime] = (), *, _name: str = "") -> int:
        return self.find()

    @kept
    def other(self, _moment: datetime) -> int:
        return self.find()


def test_a_question_is_the_method_with_all_it_was_asked_to_ten_minutes():
    desk, near, far = Desk(), NOW.replace(minute=NOW.minute // 10 * 10, second=59), later(minutes=10)
    assert [desk.at(NOW), desk.at(near), desk.at(far), desk.other(NOW)] == [1, 1, 2, 3]
    assert [desk.at(NOW, [NOW]), desk.at(NOW, (near,)), desk.at(NOW, _name="x"), desk.at(NOW, _name="y")] == [4, 4, 5, 6]


def test_a_store_that_one_command_holds_keeps_nothing():
    keeping, find = Keeping(worth=None), Slow()
    assert [keeping.answer("q", NOW, find), keeping.answer("q", NOW, find)] == [1, 2]


def test_those_who_ask_at_once_wait_for_one_answer():
    keeping, find = Keeping(), Slow()
    people = [threading.Thread(target=keeping.answer, args=("q", NOW, find)) for _ in range(8)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert find.asked == 1


def test_only_so_many_are_kept():
    keeping = Keeping(worth=0)
    for number in range(MOST + 5):
        keeping.answer(number, NOW, Slow(0))
    assert len(keeping._kept) == MOST
