"""A dashboard over a prepared store, and a real browser that looks at it."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, expect, sync_playwright

from allears.assigning import Plan, plan_of
from allears.clock import SystemClock
from allears.domain.feedback import (
    Channel,
    FeedbackItem,
    Kind,
    Original,
    Prediction,
    Rejected,
    Sentiment,
    SourceName,
    Understanding,
    Urgency,
)
from allears.domain.feedback import Page as SourcePage
from allears.domain.topics import matches
from allears.ports import Store
from allears.routing import route_waiting
from allears.settings import load
from allears.store.duckdb_store import DuckDBStore
from allears.store.service_note import ServiceNote, write_note
from app.service.api import DashboardKey, store_router
from app.service.roll import LiveRoll
from app.sign_in_secrets import write_secrets
from app.supervisor import dashboard_command
from tests.builders import TOKENS

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 20_000  # milliseconds
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
CONFIGURATION = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"

[[source]]
name = "support"
channel = "email"
url = "maildir:mail"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
teams = ["billing"]
manager = "Cara Diaz"
deputy = "Ben Hall"
authority = "refund up to 100 GBP"

[[person]]
name = "Ben Hall"
email = "ben@northwind.example"
teams = ["billing"]

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"

[[route]]
topic = "billing"
about = "charged twice, refund missing, invoice wrong"
to = "person:Ada Brook"

[routing]
default = "person:Cara Diaz"
"""
HOSTILE = (
    "<script>window.harmed = true</script><img src=x onerror='window.harmed = true'>"
    "![tracker](http://evil.example/pixel.png) [link](javascript:alert(1)) \u202egnp.exe <h1>Not a title</h1> "
)
WORDS = (
    ("Mara Lindqvist", "You have charged me twice for November and nobody answers.", Sentiment.NEGATIVE, Kind.COMPLAINT),
    ("Daniel Osei", "The refund is missing since Tuesday, and the invoice is wrong.", Sentiment.NEGATIVE, Kind.COMPLAINT),
    ("Joanna Kowalczyk", "I was charged twice for a coffee machine that never came.", Sentiment.NEGATIVE, Kind.COMPLAINT),
    ("Ines Caldeira", "Where is the parcel that was announced for Friday?", Sentiment.NEUTRAL, Kind.QUESTION),
    ("Eilidh Fraser", "Best coffee of the whole year, thank you all so much.", Sentiment.POSITIVE, Kind.PRAISE),
    ("<b>Mallory</b>", HOSTILE + "x" * 100_000, Sentiment.NEGATIVE, Kind.COMPLAINT),
)


@dataclass(frozen=True, slots=True)
class ServedDesk:
    """Where the dashboard listens, the store behind it, and its configuration."""

    url: str
    store: Store
    settings: Path


@pytest.fixture(scope="module")
def served_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    with serving(tmp_path_factory.mktemp("desk"), CONFIGURATION) as desk:
        yield desk


@contextmanager
def serving(folder: Path, configuration: str) -> Iterator[ServedDesk]:
    """A dashboard of this configuration, in which PORT stands for its own, as `allears up` starts it, over a store with six messages."""
    port, dashboard_port = free_port(), free_port()
    settings_path = folder / "allears.toml"
    settings_path.write_text(configuration.replace("PORT", str(dashboard_port)), "utf-8")
    settings = load(settings_path)
    store = DuckDBStore(settings.store_path, SystemClock())
    fill(store, plan_of(settings))
    application = FastAPI()
    application.include_router(store_router(store, "token", DashboardKey("dashboard's token", LiveRoll(settings))))
    server = uvicorn.Server(uvicorn.Config(application, port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    write_note(settings.state_dir, ServiceNote(os.getpid(), f"http://127.0.0.1:{port}", "token", "dashboard's token"))
    write_secrets(settings)
    command = [*dashboard_command(settings), "--server.port", str(dashboard_port)]
    with (folder / "dashboard.log").open("wb") as log:
        dashboard = subprocess.Popen(
            command, cwd=folder, env={**os.environ, "ALLEARS_CONFIG": str(settings_path)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        url = f"http://127.0.0.1:{dashboard_port}"
        await_answer(f"{url}/_stcore/health")
        yield ServedDesk(url, store, settings_path)
    finally:
        dashboard.terminate()
        dashboard.wait(10)
        server.should_exit = True
        thread.join(10)
        store.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("needs the Debian package chromium")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def hosts() -> set[str]:
    """Every host the page asked."""
    return set()


@pytest.fixture
def tab(chromium: Browser, hosts: set[str]) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.on("request", lambda request: hosts.add(httpx.URL(request.url).host) if request.url.startswith("http") else None)
    page.on("websocket", lambda opened: hosts.add(httpx.URL(opened.url).host))
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def settled(page: Page) -> None:
    """Wait until the page is drawn to its end."""
    expect(page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning")


def press(page: Page, key: str) -> None:
    """Press the key of a button once the page is drawn and listens to it: a button is drawn a moment before."""
    settled(page)
    page.wait_for_function("key => window.hotkeys?.getAllKeyCodes().some(each => each.shortcut === key)", arg=key)
    page.keyboard.press(key)


def fill(store: DuckDBStore, plan: Plan) -> None:
    """Six messages on their way to cases, and one that could not be read."""
    now = datetime.now(UTC)
    items = tuple(
        FeedbackItem(
            SourceName("support"),
            Channel.EMAIL,
            f"m{number}",
            now - timedelta(hours=number),
            text,
            author=author,
            contact=f"email:{number}@x.org",
        )
        for number, (author, text, _, _) in enumerate(WORDS, start=1)
    )
    originals = tuple(Original(item.external_id, item.text.encode(), "message/rfc822") for item in items)
    broken = Original("broken", b"\xff", "message/rfc822")
    page = SourcePage(items, (Rejected("broken", "The charset x-unknown is not known."),), (*originals, broken), None)
    store.record_page(SourceName("support"), page, now)
    store.record_understanding(
        [
            Understanding(item.id, prediction(tone, kind), matches(item.text, plan.topics), (), "by hand")
            for item, (_, _, tone, kind) in zip(items, WORDS, strict=True)
        ]
    )
    route_waiting(store, plan, SystemClock(), TOKENS)


def prediction(tone: Sentiment, kind: Kind) -> Prediction:
    return Prediction(tone, 0.0, 0.9, 0.4, 0.2, 0.4, kind, "en", Urgency.NORMAL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_answer(url: str, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {seconds:.0f} s")
