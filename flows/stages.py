"""The stages of a tick as Prefect tasks: each is one call into the heart."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.logging import get_run_logger
from prefect.tasks import Task

from allears.domain.feedback import SourceName, Status
from allears.errors import TransientError
from allears.intake import Gathered, gather
from allears.notifying import Delivered, deliver_due
from allears.routing import route_waiting
from allears.understanding import understand_waiting
from flows.wiring import wiring

CLAIM = timedelta(minutes=2)
"""How long a piece of work stays claimed after its last sign of life."""


def holder() -> str:
    """This process, as the holder of claims."""
    return f"{socket.gethostname()}/{os.getpid()}"


def worth_retrying(_task: Task[Any, Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether another try soon may help: a short disturbance, but no wait that the other side asked for."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, TransientError) and error.retry_after is None


@task(
    name="gather",
    cache_policy=NO_CACHE,
    task_run_name="gather {source}",
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=worth_retrying,
)
def gather_source(source: str, budget_seconds: float | None) -> Gathered | None:
    """Fetch one source and store what it has; None while another run is at it. Raises what the source raised."""
    with wiring() as wired:
        name = SourceName(source)
        if not wired.store.claim(f"gather {name}", holder(), wired.clock.now() + CLAIM):
            get_run_logger().info("%s is still being gathered by another run.", name)
            return None
        began = time.monotonic()

        def go_on(new: int) -> bool:
            wired.progress(name, new)
            wired.store.claim(f"gather {name}", holder(), wired.clock.now() + CLAIM)
            return budget_seconds is None or time.monotonic() - began < budget_seconds

        try:
            gathered = gather(wired.connector(name), wired.store, wired.clock, go_on)
        finally:
            wired.store.release(f"gather {name}", holder())
    get_run_logger().info("%s: %d new, %d to quarantine, %d known.", name, gathered.new_items, gathered.new_quarantined, gathered.known)
    for notice in gathered.notices:
        get_run_logger().warning("%s: %s", name, notice)
    if gathered.error:
        raise gathered.error
    return gathered


@task(name="understand", cache_policy=NO_CACHE)
def understand() -> int:
    """Understand every new message; how many there were."""
    with wiring() as wired:
        done = understand_waiting(wired.store, wired.reader, _alive(wired.progress, "understand", wired.store.claim, wired.clock.now))
    get_run_logger().info("Understood %d messages.", done)
    return done


@task(name="route", cache_policy=NO_CACHE)
def route() -> dict[Status, int]:
    """Give every understood message its place, its case and its owner; how many went where."""
    with wiring() as wired:
        places = route_waiting(wired.store, wired.plan, wired.clock, _alive(wired.progress, "route", wired.store.claim, wired.clock.now))
    get_run_logger().info("Routed %s.", ", ".join(f"{count} {place}" for place, count in places.items()) or "nothing")
    return places


@task(name="notify", cache_policy=NO_CACHE)
def notify() -> Delivered:
    """Hand over every mail that is due."""
    with wiring() as wired:
        beat = _alive(wired.progress, "notify", wired.store.claim, wired.clock.now)
        delivered = deliver_due(wired.store, wired.mailer(), wired.compose, wired.clock, lambda _: beat(1))
    get_run_logger().info("Alerts: %d sent, %d postponed, %d failed.", delivered.sent, delivered.postponed, delivered.failed)
    return delivered


PIPELINE = "understand, route, notify"


def _alive(progress: Callable[[str, int], None], stage: str, claim: Callable[..., bool], now: Callable[..., Any]) -> Callable[[int], None]:
    """Progress of a stage, which keeps the claim on the pipeline."""

    def beat(count: int) -> None:
        progress(stage, count)
        claim(PIPELINE, holder(), now() + CLAIM)

    return beat
