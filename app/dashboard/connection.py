"""Where the dashboard gets its ports: a desk, opened once a process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from allears import store as stores
from allears.assigning import Plan, plan_of
from allears.clock import SystemClock
from allears.domain.people import Directory
from allears.domain.records import WatchBook
from allears.errors import StoreError
from allears.ports import Clock, Store
from allears.settings import SourceSettings, load
from allears.store.service_note import read_note
from allears.watching import Watch


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with: the store, the plan with its people, the business's name and time, and the sources it listens to.

    `masked_but` are the names that masked pages keep; None where pages are not masked.
    """

    store: Store
    plan: Plan
    timezone: ZoneInfo
    business: str
    sources: tuple[SourceSettings, ...]
    clock: Clock
    masked_but: tuple[str, ...] | None = None

    @property
    def directory(self) -> Directory:
        """The people who can own cases."""
        return self.plan.directory

    def watch(self) -> tuple[Watch, WatchBook]:
        """The rules and the people as they are now, with the addresses that bounce; and the open cases."""
        now = self.clock.now()
        book = self.store.watch_book(now)
        return Watch(self.plan.knowing({each.email: each.why for each in book.unreachable}), now), book


def desk() -> Desk:
    """The desk of the configuration that ALLEARS_CONFIG names, as it stands now. Raises ConfigurationError or StoreError."""
    path = Path(os.environ.get("ALLEARS_CONFIG", "allears.toml"))
    return _desk(path, path.stat().st_mtime_ns if path.exists() else 0, SystemClock().now().date())


def open_anew() -> None:
    """Let the next page open another desk."""
    _desk.clear()


@st.cache_resource(show_spinner=False, max_entries=1)
def _desk(path: Path, changed_at: int, today: date) -> Desk:  # noqa: ARG001 - another configuration, or another day, is another desk
    """The desk of a configuration; calendars are read anew each day.

    Only ever through the store service: opening the file here would keep a service that restarts out of it.
    """
    settings = load(path)
    if read_note(settings.state_dir) is None:
        raise StoreError("The store service is not running. `allears up` starts it, and starts it again if it ends: wait a moment.")
    return Desk(
        store=stores.connect(settings),
        plan=plan_of(settings),
        timezone=settings.timezone,
        business=settings.business.name,
        sources=settings.source,
        clock=SystemClock(),
        masked_but=settings.own_names if settings.dashboard.masked else None,
    )
