"""The store service: one process that holds the store's file, takes forms in, and serves the API."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from allears import __version__
from allears.clock import SystemClock
from allears.domain.feedback import Channel
from allears.links import Links, link_key
from allears.ports import Clock, Store
from allears.settings import Settings, load
from allears.store.database import service_share
from allears.store.duckdb_store import DuckDBStore
from allears.store.service_note import ServiceNote, last_note, remove_note, write_note
from app.runtime import prefect_api
from app.service.acknowledging import acknowledging_router
from app.service.api import DashboardKey, store_router
from app.service.forms import forms_router
from app.service.roll import LiveRoll
from connectors.form import FormConnector
from connectors.registry import connector_for
from flows.waking import Waker


def create_app(
    settings: Settings, store: Store, clock: Clock, token: str, wake: Callable[[], None], dashboard: DashboardKey | None = None
) -> FastAPI:
    """The service's application: store API (with a token), forms, links in alerts and health (public)."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        store.close()

    app = FastAPI(
        title="AllEars", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json"
    )
    app.include_router(store_router(store, token, dashboard))
    app.include_router(
        forms_router(
            store,
            forms_of(settings, clock),
            settings.business,
            settings.directory(),
            settings.durations(),
            settings.service.address,
            clock,
            wake,
        )
    )
    links = Links(link_key(settings.state_dir), settings.service.address)
    app.include_router(acknowledging_router(store, links, settings, clock))
    app.add_api_route("/healthz", lambda: {"status": "ok", "version": __version__}, methods=["GET"], tags=["health"])
    return app


def forms_of(settings: Settings, clock: Clock) -> list[FormConnector]:
    """The connectors of all sources that are forms."""
    made = (connector_for(settings, source, clock) for source in settings.source if source.channel is Channel.FORM)
    return [connector for connector in made if isinstance(connector, FormConnector)]


def serve(settings: Settings) -> None:
    """Hold the store and serve it until stopped. Raises StoreBusy if another process holds it."""
    former = last_note(settings.state_dir)
    clock = SystemClock()
    store = DuckDBStore(settings.store_path, clock, service_share())
    token = os.environ.get("ALLEARS_API_TOKEN") or (former.token if former else secrets.token_urlsafe(32))
    dashboard = DashboardKey((former.dashboard_token if former else "") or secrets.token_urlsafe(32), LiveRoll(settings))
    waker = Waker(prefect_api(settings))
    app = create_app(settings, store, clock, token, waker.wake, dashboard)
    host = settings.service.host
    own_address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{settings.service.port}"  # noqa: S104 - compared, not bound
    write_note(settings.state_dir, ServiceNote(os.getpid(), own_address, token, dashboard.token))
    try:
        uvicorn.run(app, host=host, port=settings.service.port, log_level="warning", access_log=False)
    finally:
        remove_note(settings.state_dir)


if __name__ == "__main__":
    serve(load(Path(os.environ["ALLEARS_CONFIG"])))
