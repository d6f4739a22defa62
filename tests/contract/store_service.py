"""The store's API under a real server, which can be given one store after the other."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import uvicorn
from fastapi import FastAPI

from allears.domain.access import Acting, Role, Roll
from allears.ports import Store
from app.service.api import DashboardKey, store_router

TOKEN = "the-token-of-this-test"
DASHBOARD_TOKEN = "the-dashboards-token"
ROLL = Roll({role.value: Acting(role.value, role) for role in Role} | {"Hélène": Acting("Hélène", Role.OWNER)})
"""Somebody of each role, called like it."""


class Service:
    """A running service: its address, and the store it serves at the moment."""

    store: Store
    roll: Roll = ROLL

    def __init__(self, url: str) -> None:
        self.url = url

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda **arguments: getattr(self.store, method)(**arguments)  # noqa: PLW0108 - the store of the moment of the call


@contextmanager
def serving() -> Iterator[Service]:
    """A service on a free loopback port."""
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:  # asyncio answers without delay only where it sees TCP by name
        listener.bind(("127.0.0.1", 0))
        service = Service(f"http://127.0.0.1:{listener.getsockname()[1]}")
        app = FastAPI()
        app.include_router(store_router(cast("Store", service), TOKEN, DashboardKey(DASHBOARD_TOKEN, lambda: service.roll)))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        listener.listen()
        thread.start()
        try:
            yield service
        finally:
            server.should_exit = True
            thread.join()
