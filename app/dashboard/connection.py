"""Where the dashboard gets its ports: a desk, opened once a process."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import streamlit as st

from allears.assigning import Plan, plan_of
from allears.clock import SystemClock
from allears.domain.access import Roll
from allears.domain.people import Directory
from allears.errors import StoreError
from allears.ports import Clock, Store
from allears.settings import DashboardSettings, Settings, SourceSettings, load
from allears.store.http_store import HttpStore
from allears.store.service_note import read_note
from allears.watching import Watch
from app.dashboard.session import session
from app.dashboard.staying import stay


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with: the store, the plan with its people, the business's name and time, and the sources it listens to.

    The store does what whoever looks may do, and no more. `masked_but` are the names that masked pages keep; None where pages are not
    masked. `roll` says who may come in, `dashboard` how.
    """

    store: Store
    plan: Plan
    timezone: ZoneInfo
    business: str
    sources: tuple[SourceSettings, ...]
    clock: Clock
    masked_but: tuple[str, ...] | None = None
    roll: Roll = field(default_factory=Roll)
    dashboard: DashboardSettings = field(default_factory=DashboardSettings)

    @property
    def by_role(self) -> bool:
        """Whether people sign in, so that each sees what their role needs."""
        return self.dashboard.sign_in != "local"

    @property
    def directory(self) -> Directory:
        """The people who can own cases."""
        return self.plan.directory

    def watch(self) -> Watch:
        """The rules and the people as they are now, with the addresses that bounce."""
        return Watch(self.plan.knowing({each.email: each.why for each in self.store.unreachable()}), self.clock.now())


def settings() -> Settings:
    """The configuration that ALLEARS_CONFIG names, as it stands now. Raises ConfigurationError."""
    return _settings(*_version())


def read_at() -> datetime:
    """When that configuration was read."""
    return _read_at(*_version())


def desk() -> Desk:
    """The desk of whoever looks. Raises ConfigurationError or StoreError."""
    shared = _desk(*_version())
    return replace(shared, store=cast("HttpStore", shared.store).acting_as(session().name))


def open_anew() -> None:
    """Let the next page open another desk."""
    _desk.clear()


def _version() -> tuple[Path, int, date]:
    path = Path(os.environ.get("ALLEARS_CONFIG", "allears.toml"))
    return path, path.stat().st_mtime_ns if path.exists() else 0, SystemClock().now().date()


@st.cache_resource(show_spinner=False, max_entries=1)
def _settings(path: Path, changed_at: int, today: date) -> Settings:
    """A configuration; another file, and calendars on another day, are read anew."""
    _read_at(path, changed_at, today)
    return load(path)


@st.cache_resource(show_spinner=False, max_entries=1)
def _read_at(path: Path, changed_at: int, today: date) -> datetime:  # noqa: ARG001 - what is read anew has another moment
    return SystemClock().now()


@st.cache_resource(show_spinner=False, max_entries=1)
def _desk(path: Path, changed_at: int, today: date) -> Desk:
    """The desk of a configuration, for nobody in particular yet.

    Only ever through the store service: opening the file here would keep a service that restarts out of it.
    """
    settings = _settings(path, changed_at, today)
    note = read_note(settings.state_dir)
    if note is None:
        raise StoreError("The store service is not running. `allears up` starts it, and starts it again if it ends: wait a moment.")
    by_role = settings.dashboard.sign_in != "local"
    stay()
    return Desk(
        store=cast("Store", HttpStore(note.url, note.dashboard_token)),
        plan=plan_of(settings),
        timezone=settings.timezone,
        business=settings.business.name,
        sources=settings.source,
        clock=SystemClock(),
        masked_but=settings.own_names if settings.dashboard.masked or by_role else None,
        roll=settings.roll(),
        dashboard=settings.dashboard,
    )
