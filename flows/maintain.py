"""Maintenance: the store is checkpointed, and old runs leave Prefect's database."""

from __future__ import annotations

from datetime import UTC, timedelta

from prefect import flow, get_client, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterEndTime, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.logging import get_run_logger
from prefect.states import Crashed
from prefect.types import DateTime

from flows.wiring import wiring

KEEP_RUNS = timedelta(days=3)
_BATCH = 200


@task(name="maintain store", cache_policy=NO_CACHE)
def maintain_store() -> str:
    """Let go of old originals and checkpoint the store; a line on what was done."""
    with wiring() as wired:
        return wired.store.maintain(wired.clock.now() - wired.settings.store.keep_originals)


@task(name="forget old runs", cache_policy=NO_CACHE)
async def forget_old_runs() -> int:
    """Delete finished runs older than KEEP_RUNS: a tick a minute fills a database in weeks. How many there were."""
    old = FlowRunFilter(end_time=FlowRunFilterEndTime(before_=DateTime.now(UTC) - KEEP_RUNS))
    gone = 0
    async with get_client() as client:
        while runs := await client.read_flow_runs(flow_run_filter=old, limit=_BATCH):
            for run in runs:
                await client.delete_flow_run(run.id)
            gone += len(runs)
    return gone


@flow(name="maintain")
async def maintain() -> None:
    """Keep the store and Prefect's database small and quick."""
    get_run_logger().info(maintain_store())
    get_run_logger().info("Forgot %d old runs.", await forget_old_runs())


async def crash_stale_runs() -> int:
    """Mark runs that a killed runner left behind as crashed; call it before a runner starts. How many there were."""
    left = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING, StateType.PENDING])))
    async with get_client() as client:
        runs = await client.read_flow_runs(flow_run_filter=left, limit=_BATCH)
        for run in runs:
            await client.set_flow_run_state(run.id, Crashed(message="Its process was gone when AllEars started."), force=True)
    return len(runs)
