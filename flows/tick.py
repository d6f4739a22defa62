"""The tick: what is due is gathered, each source by itself; what came in is understood, routed and told."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from prefect import flow
from prefect.futures import PrefectFuture, as_completed
from prefect.logging import get_run_logger
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from allears.domain.feedback import Channel, Status
from allears.domain.records import SourceHealth
from allears.errors import AllEarsError
from allears.intake import Gathered
from allears.notifying import Delivered
from allears.settings import SourceSettings
from flows.stages import CLAIM, PIPELINE, gather_source, holder, notify, route, understand
from flows.wiring import Wiring, wiring

EARLY = timedelta(seconds=5)
"""A source due within this time is asked now: ticks and intervals never meet exactly."""


class Stage(StrEnum):
    """The stages of a tick, in order."""

    GATHER = "gather"
    UNDERSTAND = "understand"
    ROUTE = "route"
    NOTIFY = "notify"


@dataclass(slots=True)
class TickReport:
    """What a tick did: each source's outcome, how many messages went where, mails, and seconds of each stage."""

    gathered: list[Gathered] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    understood: int = 0
    places: dict[Status, int] = field(default_factory=dict)
    delivered: Delivered = field(default_factory=Delivered)
    seconds: dict[Stage, float] = field(default_factory=dict)

    def take(self, outcome: int | dict[Status, int] | Delivered) -> None:
        """Add what a stage did."""
        if isinstance(outcome, Delivered):
            self.delivered = self.delivered.plus(outcome)
        elif isinstance(outcome, int):
            self.understood += outcome
        else:
            for place, count in outcome.items():
                self.places[place] = self.places.get(place, 0) + count


_THREADS = cast("TaskRunner[PrefectFuture[Any]]", ThreadPoolTaskRunner(max_workers=8))


@flow(name="tick", task_runner=_THREADS, validate_parameters=False)
def tick(sources: Sequence[str] | None = None, until: str = Stage.NOTIFY) -> TickReport:
    """One round. Without `sources` those that are due, each within its budget; with them these, to their end."""
    report = TickReport()
    with wiring() as wired:
        due = list(sources) if sources is not None else due_sources(wired.settings.source, wired.store.source_health(), wired.clock.now())
        began = time.monotonic()
        scheduled = sources is None
        futures = {gather_source.submit(name, wired.source(name).budget.total_seconds() if scheduled else None): name for name in due}
        for future in as_completed(list(futures)):
            _note(report, futures[future], future)
            report.seconds[Stage.GATHER] = time.monotonic() - began
            if scheduled:
                _pipeline(wired, report, Stage(until))
        if not (scheduled and due):
            _pipeline(wired, report, Stage(until))
    return report


def due_sources(sources: Sequence[SourceSettings], health: Sequence[SourceHealth], now: datetime) -> list[str]:
    """Names of the sources whose interval has passed. Forms push and are never asked."""
    last: dict[str, datetime] = {each.source: each.last_run_at for each in health}
    return [
        source.name
        for source in sources
        if source.channel is not Channel.FORM and (source.name not in last or last[source.name] + source.every - EARLY <= now)
    ]


def _note(report: TickReport, name: str, future: PrefectFuture[Any]) -> None:
    """Take down a source's outcome; one that failed does not stop the others."""
    outcome = future.result(raise_on_failure=False)
    if isinstance(outcome, Gathered):
        report.gathered.append(outcome)
    elif isinstance(outcome, AllEarsError):
        report.errors[name] = str(outcome)
        get_run_logger().warning("%s could not be gathered: %s", name, outcome)
    elif isinstance(outcome, BaseException):
        raise outcome


def _pipeline(wired: Wiring, report: TickReport, until: Stage) -> None:
    """Understand, route and notify until nothing waits, unless another run is at it, which then sees these messages too."""
    while until is not Stage.GATHER and _work_waits(wired) and wired.store.claim(PIPELINE, holder(), wired.clock.now() + CLAIM):
        try:
            went_well = _stages(report, until)
        finally:
            wired.store.release(PIPELINE, holder())
        if not went_well or until is not Stage.NOTIFY:
            return


def _work_waits(wired: Wiring) -> bool:
    store = wired.store
    return bool(store.items_to_understand(1) or store.items_to_route(1) or store.outbox_due(wired.clock.now(), 1))


def _stages(report: TickReport, until: Stage) -> bool:
    """Each stage up to `until`; False when one failed, which the report then tells."""
    for stage, work in ((Stage.UNDERSTAND, understand), (Stage.ROUTE, route), (Stage.NOTIFY, notify)):
        began = time.monotonic()
        outcome = work(return_state=True).result(raise_on_failure=False)
        report.seconds[stage] = report.seconds.get(stage, 0.0) + time.monotonic() - began
        if isinstance(outcome, AllEarsError):
            report.errors[stage] = str(outcome)
            get_run_logger().error("%s failed: %s", stage, outcome)
            return False
        if isinstance(outcome, BaseException):
            raise outcome
        report.take(outcome)
        if stage is until:
            break
    return True
