"""What a message that comes in asks of Prefect."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from flows.waking import QUIET, Waker
from tests.prefect_api import PrefectApi, run_of, running_prefect_api


@pytest.fixture
def prefect() -> Iterator[PrefectApi]:
    with running_prefect_api() as api:
        yield api


def test_many_forms_wake_one_tick_which_asks_no_source_out_of_its_turn(prefect: PrefectApi):
    waker = Waker(prefect.url)
    for _ in range(5):
        waker.wake()
    prefect.wait_for(1)
    time.sleep(2 * QUIET)
    assert prefect.asked == [run_of()]


def test_sources_that_have_something_at_the_same_time_are_asked_by_one_tick(prefect: PrefectApi):
    waker = Waker(prefect.url)
    for names in (["support"], ["shop", "support"], []):
        waker.wake(names)
    prefect.wait_for(1)
    assert prefect.asked == [run_of("shop", "support")]


def test_what_comes_after_a_tick_began_wakes_another_but_not_too_soon(prefect: PrefectApi):
    waker = Waker(prefect.url, quiet=0.05, apart=0.8)
    waker.wake(["support"])
    prefect.wait_for(1)
    began = time.monotonic()
    waker.wake(["support"])
    waker.wake(["shop"])
    prefect.wait_for(2)
    assert time.monotonic() - began > 0.6
    assert prefect.asked == [run_of("support"), run_of("shop", "support")]


def test_a_prefect_that_is_busy_is_asked_again_for_the_same_run(prefect: PrefectApi, caplog: pytest.LogCaptureFixture):
    prefect.refusals = 2
    Waker(prefect.url, quiet=0.01).wake(["support"])
    ends = time.monotonic() + 10
    while prefect.refusals >= 0:
        assert time.monotonic() < ends, "it was not asked again"
        time.sleep(0.02)
    assert prefect.asked == [run_of("support")]
    assert caplog.messages == []


def test_a_prefect_that_is_not_there_is_told_of_and_no_reason_to_stop(caplog: pytest.LogCaptureFixture):
    waker = Waker("http://127.0.0.1:1/api", quiet=0.01)
    waker.wake()
    ends = time.monotonic() + 20
    while "the schedule will see the message" not in caplog.text:
        assert time.monotonic() < ends, "nothing was told"
        time.sleep(0.05)
    waker.wake()
