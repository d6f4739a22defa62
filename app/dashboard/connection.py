"""Where the dashboard gets its ports: a desk, opened once a process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from allears import store as stores
from allears.clock import SystemClock
from allears.domain.people import Directory
from allears.errors import StoreError
from allears.ports import Clock, Store
from allears.settings import SourceSettings, TargetSettings, load
from allears.store.service_note import read_note


@dataclass(frozen=True, slots=True)
class Desk:
    """What every page works with: the store, the people, the business's name and time, and the sources it listens to.

    `masked_but` are the names that masked pages keep; None where pages are not masked.
    """

    store: Store
    directory: Directory
    timezone: ZoneInfo
    business: str
    targets: TargetSettings
    sources: tuple[SourceSettings, ...]
    clock: Clock
    masked_but: tuple[str, ...] | None = None


@st.cache_resource(show_spinner=False)
def desk() -> Desk:
    """The desk of the configuration that ALLEARS_CONFIG names. Raises ConfigurationError or StoreError.

    Only ever through the store service: opening the file here would keep a service that restarts out of it.
    """
    settings = load(Path(os.environ.get("ALLEARS_CONFIG", "allears.toml")))
    if read_note(settings.state_dir) is None:
        raise StoreError("The store service is not running. `allears up` starts it, and starts it again if it ends: wait a moment.")
    return Desk(
        store=stores.connect(settings),
        directory=settings.directory(),
        timezone=settings.timezone,
        business=settings.business.name,
        targets=settings.targets,
        sources=settings.source,
        clock=SystemClock(),
        masked_but=settings.own_names if settings.dashboard.masked else None,
    )
