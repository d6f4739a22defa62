"""A round: what is gathered, understood, routed and told, whoever runs it. Knows nothing of Prefect.

The tick runs it as Prefect tasks; `allears run` as it stands, which takes a second and not ten.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TypeVar

from allears.digesting import gather_alerts
from allears.domain.feedback import SourceName, Status
from allears.errors import AllEarsError
from allears.intake import Gathered, gather
from allears.notifying import Delivered, deliver_due
from allears.routing import route_waiting
from allears.rules import notice_rules
from allears.understanding import understand_waiting
from allears.watching import Watched, keep_watch
from flows.wiring import Wiring

CLAIM = timedelta(minutes=2)
"""How long a piece of work stays claimed after its last sign of life."""
SIDE_BY_SIDE = 8
"""Sources gathered at the same time."""
_PIPELINE = "understand, route, notify"
_WATCH = "watch"
_PASSED_ON = 5
"""How often in one round a case may be passed on because its new owner's address is dead too."""

T = TypeVar("T")
Outcome = int | dict[Status, int] | Delivered


class Stage(StrEnum):
    """The stages of a round, in order."""

    GATHER = "gather"
    UNDERSTAND = "understand"
    ROUTE = "route"
    NOTIFY = "notify"


@dataclass(slots=True)
class Report:
    """What a round did: each source's outcome, how many messages went where, mails, and seconds of each stage."""

    gathered: list[Gathered] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    understood: int = 0
    places: dict[Status, int] = field(default_factory=dict)
    delivered: Delivered = field(default_factory=Delivered)
    watched: Watched = field(default_factory=Watched)
    seconds: dict[Stage, float] = field(default_factory=dict)

    def note(self, source: str, outcome: Gathered | AllEarsError | None) -> None:
        """Take down a source's outcome; None when another run is at it."""
        if isinstance(outcome, Gathered):
            self.gathered.append(outcome)
        if isinstance(outcome, AllEarsError):
            self.errors[source] = str(outcome)
        elif outcome is not None and outcome.error is not None:
            self.errors[source] = str(outcome.error)

    def take(self, stage: Stage, outcome: Outcome | AllEarsError, seconds: float) -> bool:
        """Add what a stage did; False if it failed."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds
        if isinstance(outcome, AllEarsError):
            self.errors[stage] = str(outcome)
            return False
        if isinstance(outcome, Delivered):
            self.delivered = self.delivered.plus(outcome)
        elif isinstance(outcome, int):
            self.understood += outcome
        else:
            for place, count in outcome.items():
                self.places[place] = self.places.get(place, 0) + count
        return True


def run_round(wired: Wiring, sources: Sequence[str], until: Stage) -> Report:
    """One round over these sources, each to its end, in this process."""
    report = Report()
    began = time.monotonic()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        futures = {pool.submit(_outcome, gather_source, wired, name): name for name in sources}
        for future in as_completed(futures):
            report.note(futures[future], future.result())
    report.seconds[Stage.GATHER] = time.monotonic() - began
    work_on(wired, report, until, {stage: partial(_outcome, work, wired) for stage, work in WORK.items()})
    return report


def gather_source(wired: Wiring, source: str, budget: timedelta | None = None) -> Gathered | None:
    """Fetch one source and store what it has, for about as long as `budget` allows; None while another run is at it."""
    name = SourceName(source)
    claim = f"gather {name}"
    if not _claim(wired, claim):
        return None
    until = None if budget is None else wired.clock.now() + budget

    def go_on(new: int) -> bool:
        wired.progress(name, new)
        _claim(wired, claim)
        return until is None or wired.clock.now() < until

    try:
        return gather(wired.connector(name), wired.store, wired.clock, go_on)
    finally:
        wired.store.release(claim, holder())


def understand(wired: Wiring) -> int:
    """Understand every new message by the rules as they stand; how many there were. Where there is none, the model is not even loaded."""
    if not wired.store.items_to_understand(1):
        return 0
    notice_rules(wired.store, wired.plan, wired.classifier.version, wired.clock)
    return understand_waiting(wired.store, wired.reader, _beat(wired, Stage.UNDERSTAND))


def route(wired: Wiring) -> dict[Status, int]:
    """Give every understood message its place, its case and its owner; how many went where."""
    return route_waiting(wired.store, wired.plan, wired.clock, wired.tokens, _beat(wired, Stage.ROUTE))


def work_on(wired: Wiring, report: Report, until: Stage, work: Mapping[Stage, Callable[[], Outcome | AllEarsError]]) -> None:
    """Take on what came in, then watch over the open cases; again while that gives cases to others, or their mails come back."""
    for _ in range(_PASSED_ON):
        pipeline(wired, report, until, work)
        if until is not Stage.NOTIFY or not watch(wired, report) or not _work_waits(wired):
            return


def watch(wired: Wiring, report: Report) -> bool:
    """Look after every open case, its owner and its dates; False if another run is at it, or it failed."""
    if not _claim(wired, _WATCH):
        return False
    try:
        report.watched = report.watched.plus(keep_watch(wired.store, wired.plan, wired.clock))
    except AllEarsError as error:
        report.errors[_WATCH] = str(error)
        return False
    else:
        return True
    finally:
        wired.store.release(_WATCH, holder())


def notify(wired: Wiring) -> Delivered:
    """Hand over everything that is due now; what comes in meanwhile is arranged and handed over next time."""
    now, beat = wired.clock.now(), _beat(wired, Stage.NOTIFY)
    gather_alerts(wired.store, wired.plan.directory, now)
    return deliver_due(wired.store, wired.mailer(), wired.compose, wired.beside.tell, wired.clock, lambda _: beat(1), until=now)


WORK: Mapping[Stage, Callable[[Wiring], Outcome]] = {Stage.UNDERSTAND: understand, Stage.ROUTE: route, Stage.NOTIFY: notify}


def pipeline(wired: Wiring, report: Report, until: Stage, work: Mapping[Stage, Callable[[], Outcome | AllEarsError]]) -> None:
    """Understand, route and notify until nothing waits, unless another run is at it, which then sees these messages too."""
    while until is not Stage.GATHER and _work_waits(wired) and _claim(wired, _PIPELINE):
        try:
            went_well = _stages(report, until, work)
        finally:
            wired.store.release(_PIPELINE, holder())
        if not went_well or until is not Stage.NOTIFY:
            return


def _stages(report: Report, until: Stage, work: Mapping[Stage, Callable[[], Outcome | AllEarsError]]) -> bool:
    """Each stage up to `until`; False when one failed, which the report then tells."""
    for stage, run in work.items():
        began = time.monotonic()
        if not report.take(stage, run(), time.monotonic() - began):
            return False
        if stage is until:
            break
    return True


def _work_waits(wired: Wiring) -> bool:
    store = wired.store
    return bool(store.items_to_understand(1) or store.items_to_route(1) or store.outbox_due(wired.clock.now(), 1))


def holder() -> str:
    """This process, as the holder of claims."""
    return f"{socket.gethostname()}/{os.getpid()}"


def _claim(wired: Wiring, name: str) -> bool:
    return wired.store.claim(name, holder(), wired.clock.now() + CLAIM)


def _beat(wired: Wiring, stage: Stage) -> Callable[[int], None]:
    """Progress of a stage, which keeps the claim on the pipeline."""

    def beat(count: int) -> None:
        wired.progress(stage, count)
        _claim(wired, _PIPELINE)

    return beat


def _outcome(work: Callable[..., T], *args: object) -> T | AllEarsError:
    """What a piece of work gave, or the error it raised on purpose: one that fails does not stop the others."""
    try:
        return work(*args)
    except AllEarsError as error:
        return error
