"""The pieces of a round as Prefect tasks: each is one call, and its log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.logging import get_run_logger
from prefect.tasks import Task

from allears.domain.feedback import Status
from allears.errors import TransientError
from allears.intake import Gathered
from allears.notifying import Delivered
from flows import round as rounds
from flows.wiring import wiring


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
def gather_source(source: str, budget: timedelta | None) -> Gathered | None:
    """Fetch one source and store what it has; None while another run is at it. Raises what the source raised."""
    log = get_run_logger()
    with wiring() as wired:
        gathered = rounds.gather_source(wired, source, budget)
    if gathered is None:
        log.info("%s is still being gathered by another run.", source)
        return None
    log.info("%s: %d new, %d to quarantine, %d known.", source, gathered.new_items, gathered.new_quarantined, gathered.known)
    for notice in gathered.notices:
        log.warning("%s: %s", source, notice)
    if gathered.error:
        raise gathered.error
    return gathered


@task(name="understand", cache_policy=NO_CACHE)
def understand() -> int:
    """Understand every new message; how many there were."""
    with wiring() as wired:
        done = rounds.understand(wired)
    get_run_logger().info("Understood %d messages.", done)
    return done


@task(name="route", cache_policy=NO_CACHE)
def route() -> dict[Status, int]:
    """Give every understood message its place, its case and its owner; how many went where."""
    with wiring() as wired:
        places = rounds.route(wired)
    get_run_logger().info("Routed %s.", ", ".join(f"{count} {place}" for place, count in places.items()) or "nothing")
    return places


@task(name="notify", cache_policy=NO_CACHE)
def notify() -> Delivered:
    """Hand over every mail that is due."""
    with wiring() as wired:
        delivered = rounds.notify(wired)
    get_run_logger().info("Alerts: %d sent, %d postponed, %d failed.", delivered.sent, delivered.postponed, delivered.failed)
    return delivered
