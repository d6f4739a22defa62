"""The dashboard over a business that has grown: what each page's data takes, twenty people who browse, and the first page in a browser.

    python benchmarks/dashboard.py FOLDER [PEOPLE] [SECONDS]

FOLDER holds a store made by grown.py. `allears up` runs there; a message comes in by the form every five seconds all the
while, nearly as often as those of two years did. Each page is
drawn over the store service with the reads timed; then PEOPLE (20) speak Streamlit's own protocol over websockets for SECONDS (60), each
opening pages and thinking in between; then Chromium opens the overview, if it is there.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import re
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import websockets
from at_work import free_ports, up
from process_tree import costs
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

DATA_P50, DATA_P95, FIRST_PAGE, WEB_MB, INTERACTION_P95 = 0.3, 1.0, 2.0, 1500.0, 2.0
ROUNDS = 24
MOST_QUERIES = 5
"""Of one page."""
EVERY = 5.0
"""Seconds between two messages."""
CHROMIUM = Path("/usr/bin/chromium")
PAGES: tuple[tuple[str, str, tuple[dict[str, str], ...]], ...] = (
    ("overview", "", ({"period": "7 days"}, {"period": "28 days"}, {"period": "90 days"})),
    ("inbox", "inbox", ({}, {"owner": "Priya Nair"}, {"show": "Late"}, {"list": "Messages"}, {"list": "Messages", "q": "parcel"})),
    ("trends", "trends", ({}, {"by": "Channel"}, {"by": "Language"}, {"period": "12 months"})),
    ("people", "people", ({},)),
    ("customers", "customers", ({},)),
    ("ledger", "ledger", ({"period": "7 days"}, {"period": "28 days"}, {"period": "90 days"})),
    ("sources", "sources", ({},)),
    ("quality", "quality", ({},)),
    ("case", "case", ()),
    ("customer", "customer", ()),
)
"""View, address and queries; those of a case and of a customer are found in the store."""


class Timed:
    """A store whose calls are timed."""

    def __init__(self, store: Any) -> None:
        self._store = store
        self.seconds = 0.0
        self.calls: defaultdict[str, list[float]] = defaultdict(list)

    def __getattr__(self, name: str) -> Any:
        """A method of the store."""
        method = getattr(self._store, name)

        def timed(*given: object, **named: object) -> object:
            began = time.perf_counter()
            try:
                return method(*given, **named)
            finally:
                self.seconds += time.perf_counter() - began
                self.calls[name].append(time.perf_counter() - began)

        return timed


def main(folder: Path, people: int, seconds: float) -> int:
    """Measure once and print tables; 1 if a bar is missed."""
    logging.disable(logging.WARNING)
    service, dashboard, prefect = free_ports(3)
    configuration = folder / "allears.toml"
    text = re.sub(r"\n# benchmark\n.*", "", configuration.read_text("utf-8"), flags=re.DOTALL)
    ports = f"\n# benchmark\n[service]\nport = {service}\n[dashboard]\nport = {dashboard}\n[prefect]\nport = {prefect}\n"
    configuration.write_text(text + ports, "utf-8")
    missed = 0
    began = time.monotonic()  # what became due since the store was made would be told while pages are timed
    subprocess.run([Path(sys.executable).with_name("allears"), "run"], cwd=folder, check=True, capture_output=True)
    print(f"    one round before, of what had become due: {time.monotonic() - began:.0f} s")
    with up(folder, dashboard) as supervisor, writing_in(f"http://127.0.0.1:{service}"):
        queries = known_queries(configuration)
        missed += data(configuration, queries)
        before = spent(supervisor.pid)
        missed += asyncio.run(visits(f"127.0.0.1:{dashboard}", queries, people, seconds))
        after = spent(supervisor.pid)
        print("    CPU seconds: " + ", ".join(f"{name} {after[name] - before[name]:.0f}" for name in after))
        missed += first_page(f"http://127.0.0.1:{dashboard}")
        web = sum(cost.rss for cost in costs(supervisor.pid) if "streamlit" in cost.command)
        missed += told("memory of the web process (RSS)", f"{web:,.0f} MB", web < WEB_MB, f"under {WEB_MB:,.0f} MB")
    return int(missed > 0)


def spent(root: int) -> Counter[str]:
    """CPU seconds so far of each process of `allears up`, with the ticks that each flow run is under the runner."""
    names = {"streamlit": "dashboard", "app.service": "store", "flows.runner": "runner and ticks", "prefect": "Prefect"}
    found: Counter[str] = Counter(dict.fromkeys(names.values(), 0))
    for cost in costs(root):
        found[next((name for word, name in names.items() if word in cost.command), "runner and ticks")] += cost.cpu_seconds
    return found


@contextmanager
def writing_in(service: str) -> Iterator[None]:
    """A customer writes every few seconds."""
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.wait(EVERY):
            number += 1
            form = {"message": f"My order {number} came broken, I want my money back.", "contact": f"f{number}@customers.example"}
            httpx.post(f"{service}/api/v1/forms/web", json=form, timeout=60).raise_for_status()

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        yield
    finally:
        done.set()
        writer.join()


def known_queries(configuration: Path) -> dict[str, tuple[dict[str, str], ...]]:
    """The queries of each page by its view, with cases and customers that there are."""
    with opened(configuration) as desk:
        cases = [line.case for line in desk.store.overview(desk.clock.now(), 28, desk.timezone.key).due_first]
    found = {"case": tuple({"id": case.id} for case in cases), "customer": tuple({"id": str(case.customer_id)} for case in cases)}
    return {view: queries or found[view] for view, _, queries in PAGES}


@contextmanager
def opened(configuration: Path) -> Iterator[Any]:
    """A desk as the dashboard has it, over the service, with a store whose calls are timed."""
    os.environ["ALLEARS_CONFIG"] = str(configuration)
    from app.dashboard import connection  # noqa: PLC0415 - it reads the environment

    desk = connection._desk(*connection._version())  # noqa: SLF001 - what a page without a session cannot ask for
    yield replace(desk, store=Timed(desk.store.acting_as(lambda: "Cara Diaz")))


def page(view: str, desk: object) -> None:
    """What home.py does for one page."""
    from importlib import import_module  # noqa: PLC0415 - it runs as a script of its own

    from app.dashboard.components import frame  # noqa: PLC0415

    frame.draw_sidebar(desk)
    import_module(f"app.dashboard.views.{view}").show(desk)


def data(configuration: Path, queries: dict[str, tuple[dict[str, str], ...]]) -> int:
    """How long the reads of each page take, and how long the page takes with them."""
    took: defaultdict[str, list[float]] = defaultdict(list)
    calls: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(-MOST_QUERIES, ROUNDS):  # the first rounds warm up
        for view, asked in queries.items():
            with opened(configuration) as desk:
                test = AppTest.from_function(page, args=(view, desk), default_timeout=120)
                for key, value in asked[number % len(asked)].items():
                    test.query_params[key] = value
                test.run()
                assert not test.exception, (view, test.exception)
                if number >= 0:
                    took[view].append(desk.store.seconds)
                    for name, each in desk.store.calls.items():
                        calls[name] += each
    missed = 0
    for view, seconds in took.items():
        p50, p95 = median(seconds), quantiles(seconds, n=20, method="inclusive")[-1]
        bar = f"median under {DATA_P50 * 1000:.0f} ms, p95 under {DATA_P95 * 1000:.0f} ms"
        missed += told(f"data of {view}", f"{p50 * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms", p50 < DATA_P50 and p95 < DATA_P95, bar)
    for name, each in sorted(calls.items(), key=lambda call: -max(call[1])):
        print(f"    {name}: median {median(each) * 1000:.0f} ms, longest {max(each) * 1000:.0f} ms, {len(each)} calls")
    return missed


async def visits(host: str, queries: dict[str, tuple[dict[str, str], ...]], people: int, seconds: float) -> int:
    """People who open pages and think in between; how long each page took until it was whole."""
    took: list[float] = []
    wrong: list[str] = []
    addresses = {view: address for view, address, _ in PAGES}

    async def warm_up() -> None:
        for view in queries:
            async with connected(host) as socket:
                await run_page(socket, addresses[view], "")

    async def visitor(chance: random.Random) -> None:
        async with connected(host) as socket:
            ends = time.monotonic() + seconds
            await asyncio.sleep(chance.random() * 3)
            while time.monotonic() < ends:
                view = chance.choice(list(queries))
                query = "&".join(f"{key}={value.replace(' ', '+')}" for key, value in chance.choice(queries[view]).items())
                began = time.monotonic()
                wrong.extend(await run_page(socket, addresses[view], query))
                took.append(time.monotonic() - began)
                await asyncio.sleep(1 + 4 * chance.random())

    await warm_up()
    await asyncio.gather(*(visitor(random.Random(number)) for number in range(people)))
    p50, p95 = median(took), quantiles(took, n=20)[-1]
    for each in sorted(set(wrong))[:5]:
        print("   ", each)
    missed = told(f"{people} people, {len(took)} pages: errors", str(len(wrong)), not wrong, "none")
    bar = f"p95 under {INTERACTION_P95:.0f} s"
    return missed + told("a page until it is whole", f"{p50:.2f} s, p95 {p95:.2f} s", p95 < INTERACTION_P95, bar)


def connected(host: str) -> Any:
    """A session of its own with the dashboard."""
    return websockets.connect(f"ws://{host}/_stcore/stream", subprotocols=["streamlit"], origin=f"http://{host}", max_size=None)  # type: ignore[list-item]


async def run_page(socket: Any, name: str, query: str) -> list[str]:
    """Ask for a page and read until its script has finished; the errors it showed."""
    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = name
    await socket.send(asked.SerializeToString())
    wrong = []
    async for message in socket:
        told_back = ForwardMsg.FromString(message)
        element = told_back.delta.new_element
        if element.HasField("exception"):
            wrong.append(f"{name}?{query}: {element.exception.type}: {element.exception.message}"[:200])
        if "ae-trouble" in element.html.body:
            wrong.append(f"{name}?{query}: {element.html.body[:200]}")
        if told_back.HasField("script_finished"):
            break
    return wrong


def first_page(url: str) -> int:
    """Seconds until the overview can be read in Chromium, the third time it is opened."""
    if not CHROMIUM.exists():
        print("first page: Chromium is not installed")
        return 0
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        took = 0.0
        for _ in range(3):
            began = time.monotonic()
            tab.goto(url)
            tab.locator("h1", has_text="cases open").wait_for()
            tab.get_by_test_id("figures").wait_for()
            took = time.monotonic() - began
            time.sleep(2)
        browser.close()
    return told("first page readable, warm", f"{took:.2f} s", took < FIRST_PAGE, f"under {FIRST_PAGE:.0f} s")


def told(what: str, measured: str, kept: bool, bar: str) -> int:
    """Print a line; 1 if the bar is missed."""
    print(f"{what}: {measured} ({bar}: {'kept' if kept else 'MISSED'})", flush=True)
    return int(not kept)


if __name__ == "__main__":
    people, seconds = (float(each) for each in (*sys.argv[2:], *("20", "60")[len(sys.argv) - 2 :]))
    sys.exit(main(Path(sys.argv[1]), int(people), seconds))
