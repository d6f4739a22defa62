"""The tick: a round as a Prefect flow. What is due is gathered, each source by itself; what came in is taken on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import Task

from allears.domain.feedback import Channel
from allears.domain.sources import SourceHealth
from allears.errors import AllEarsError
from allears.settings import SourceSettings
from flows.round import SIDE_BY_SIDE, Outcome, Report, Stage, pipeline, work_on
from flows.stages import gather_source, notify, route, understand
from flows.wiring import wiring

EARLY = timedelta(seconds=5)
"""A source due within this time is asked now: ticks and intervals never meet exactly."""
_THREADS = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=SIDE_BY_SIDE))
_TASKS: dict[Stage, Task[[], Any]] = {Stage.UNDERSTAND: understand, Stage.ROUTE: route, Stage.NOTIFY: notify}


@flow(name="tick", task_runner=_THREADS, validate_parameters=False)
def tick(sources: Sequence[str] | None = None) -> Report:
    """One round over `sources`, without them over those that are due; each source within its budget."""
    report = Report()
    work = {stage: partial(_run, stage) for stage in _TASKS}
    with wiring() as wired:
        scheduled = sources is None
        due = due_sources(wired.settings.source, wired.store.source_health(), wired.clock.now()) if sources is None else list(sources)
        began = time.monotonic()
        futures = {gather_source.submit(name, wired.source(name).budget): name for name in due}
        for future in as_completed(list(futures)):
            report.note(futures[future], _settled(future.result(raise_on_failure=False)))
            report.seconds[Stage.GATHER] = time.monotonic() - began
            if scheduled:
                pipeline(wired, report, Stage.NOTIFY, work)
        work_on(wired, report, Stage.NOTIFY, work)
    if report.watched.moved or report.watched.overdue:
        get_run_logger().info("Watch: %d cases got another owner, %d are overdue.", report.watched.moved, report.watched.overdue)
    for what, error in report.errors.items():
        get_run_logger().warning("%s failed: %s", what, error)
    return report


def due_sources(sources: Sequence[SourceSettings], health: Sequence[SourceHealth], now: datetime) -> list[str]:
    """Names of the sources whose interval has passed. Forms push and are never asked."""
    last: dict[str, datetime] = {each.source: each.last_run_at for each in health}
    return [
        source.name
        for source in sources
        if source.channel is not Channel.FORM and (source.name not in last or last[source.name] + source.every - EARLY <= now)
    ]


def _run(stage: Stage) -> Outcome | AllEarsError:
    outcome: Outcome | AllEarsError = _settled(_TASKS[stage](return_state=True).result(raise_on_failure=False))
    return outcome


def _settled(outcome: Any) -> Any:
    """A task's outcome: an error raised on purpose is one, any other goes on."""
    if isinstance(outcome, BaseException) and not isinstance(outcome, AllEarsError):
        raise outcome
    return outcome
