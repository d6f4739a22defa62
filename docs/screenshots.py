"""Makes the README's pictures: the sample business in a folder that is thrown away, its dashboard in headless Chromium.

    python docs/screenshots.py [DIR]

With DIR every page is taken as well, light, dark and on a phone, into that folder: to be looked at.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import httpx
from playwright.sync_api import Browser, sync_playwright

IMAGES = Path(__file__).parent / "images"
ALLEARS = Path(sys.executable).with_name("allears")
PORTS = {"service": 18790, "dashboard": 18591, "prefect": 14290}
PATIENCE = 120.0
VIEWS = ("", "inbox", "inbox?list=Messages", "trends", "people", "customers", "ledger", "sources", "quality", "settings", "audit")
CHROMIUM = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def main() -> None:
    """Run the sample, start everything, take the pictures, stop everything."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([ALLEARS, "demo", folder, "--no-serve"], check=True)
        config = Path(folder, "allears.toml")
        sections = "".join(f"[{name}]\nport = {port}\n" for name, port in PORTS.items())
        config.write_text(f"{sections}{config.read_text('utf-8')}", "utf-8")
        supervisor = subprocess.Popen([ALLEARS, "up", "--config", config])
        try:
            _take(f"http://127.0.0.1:{PORTS['dashboard']}", f"http://127.0.0.1:{PORTS['service']}", *map(Path, sys.argv[1:2]))
        finally:
            os.kill(supervisor.pid, signal.SIGINT)
            supervisor.wait()


def _take(dashboard: str, service: str, every: Path | None = None) -> None:
    _await(f"{dashboard}/_stcore/health")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        _picture(browser, f"{dashboard}/", "overview", 1440, 1000)
        _picture(browser, f"{dashboard}{_case_of(browser, dashboard, 'Mara Lindqvist')}", "case", 1440, 900)
        _picture(browser, f"{dashboard}/trends", "trends", 1440, 1000)
        _picture(browser, f"{dashboard}/inbox", "inbox", 1440, 900)
        _picture(browser, f"{dashboard}/inbox", "inbox-phone", 390, 844)
        _picture(browser, f"{service}/", "form", 900, 760)
        if every:
            _take_every(browser, dashboard, every)
        browser.close()


def _take_every(browser: Browser, dashboard: str, folder: Path) -> None:
    """Every page, light, dark and on a phone, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    case = _case_of(browser, dashboard, "Mara Lindqvist")
    for view in (*VIEWS, case.lstrip("/"), _customer_of(browser, dashboard)):
        name = view.partition("?")[0] + ("-messages" if "Messages" in view else "") or "overview"
        for look, width, scheme in (("light", 1440, "light"), ("dark", 1440, "dark"), ("phone", 390, "light")):
            _picture(browser, f"{dashboard}/{view}", f"{name}-{look}", width, 900, scheme, folder, whole=True)


def _customer_of(browser: Browser, dashboard: str) -> str:
    page = browser.new_page()
    page.goto(f"{dashboard}/customers")
    link = page.locator("a[href*='customer?id=']").first
    link.wait_for()
    path = (link.get_attribute("href") or "").lstrip("/")
    page.close()
    return path


def _case_of(browser: Browser, dashboard: str, customer: str) -> str:
    page = browser.new_page()
    page.goto(f"{dashboard}/inbox?q={customer}")
    link = page.locator("a[href*='case?id=']", has_text=customer).first
    link.wait_for()
    path = link.get_attribute("href") or ""
    page.close()
    return path


def _picture(
    browser: Browser,
    url: str,
    name: str,
    width: int,
    height: int,
    scheme: Literal["light", "dark"] = "light",
    folder: Path = IMAGES,
    *,
    whole: bool = False,
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-GB", timezone_id="Europe/London")
    page.goto(url)
    page.wait_for_selector("h1")
    page.wait_for_timeout(3_000)
    if whole:  # a page scrolls inside Streamlit's own frame: the window is made as tall as what is in it
        tall = page.evaluate("Math.max(900, ...[...document.querySelectorAll('[data-testid=stMain]')].map(each => each.scrollHeight))")
        page.set_viewport_size({"width": width, "height": min(int(tall), 6000)})
        page.wait_for_timeout(1_000)
    page.screenshot(path=folder / f"{name}.png")
    page.close()


def _await(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise TimeoutError(url)


if __name__ == "__main__":
    main()
