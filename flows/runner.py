"""The flow runner: serves the tick and maintenance on their schedules, and listens for what comes between, until it is stopped."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from prefect import aserve
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from allears.clock import SystemClock
from allears.settings import Settings, load
from flows.listening import GATHERED, listening
from flows.maintain import crash_stale_runs, maintain
from flows.tick import tick
from flows.waking import Waker

PARALLEL_RUNS = 3
"""More at a time than this and Prefect's SQLite database refuses some writes."""
SHORTEST = timedelta(seconds=10)
GIVES_WAY = 10
"""Niceness of the runner and of every flow run it starts: who looks at a page is not kept waiting by what is done beside."""


async def serve(settings: Settings, prefect_api: str) -> None:
    """Serve both flows; a tick comes as often as the most eager source wants it."""
    await crash_stale_runs()
    interval = max(min(source.every for source in settings.source), SHORTEST)
    ticking = await tick.ato_deployment("scheduled", interval=interval, entrypoint_type=EntrypointType.MODULE_PATH)
    keeping = await maintain.ato_deployment(
        "scheduled",
        schedule=Cron("15 3 * * *", timezone=settings.business.timezone),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    with listening(settings, Waker(prefect_api, GATHERED).wake, SystemClock()):
        await aserve(ticking, keeping, limit=PARALLEL_RUNS, pause_on_shutdown=False, print_starting_message=False)


if __name__ == "__main__":
    os.nice(GIVES_WAY)
    with suppress(KeyboardInterrupt):  # Ctrl-C in a terminal reaches every process of `allears up`
        asyncio.run(serve(load(Path(os.environ["ALLEARS_CONFIG"])), os.environ["PREFECT_API_URL"]))
