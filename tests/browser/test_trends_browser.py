"""Charts and trends in Chromium: what a mark opens, what a name looks into, and that all of it can be read by anyone."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ServedDesk

pytestmark = pytest.mark.browser
CHARTS = "[data-testid=stVegaLiteChart]"


def test_a_mark_of_today_opens_its_complaints(served_desk: ServedDesk, tab: Page, hosts: set[str]):
    tab.goto(served_desk.url)
    tab.locator(f"{CHARTS} path[aria-label*='so far today']").first.click()
    today = datetime.now(ZoneInfo("Europe/London")).date().isoformat()
    expect(tab).to_have_url(re.compile(f"/inbox\\?list=Messages&from={today}&to={today}&kind=complaint"))
    assert hosts == {"127.0.0.1"}


def test_charts_follow_the_theme_without_being_drawn_anew(served_desk: ServedDesk, tab: Page):
    tab.goto(served_desk.url)
    line = tab.locator(f"{CHARTS} g.mark-rule.role-axis-grid line").first
    expect(line).to_be_attached()

    def color() -> str:
        return line.evaluate("each => getComputedStyle(each).stroke")

    tab.emulate_media(color_scheme="light")
    light = color()
    tab.emulate_media(color_scheme="dark")
    tab.wait_for_function("light => getComputedStyle(document.querySelector('g.role-axis-grid line')).stroke !== light", arg=light)
    assert color() != light


def test_a_name_looks_into_it_and_back_leads_out(served_desk: ServedDesk, tab: Page):
    tab.goto(f"{served_desk.url}/trends?by=Topic&figure=Messages&period=7+days")
    tab.get_by_role("region", name="Figures by topic").get_by_role("link", name="Billing").click()
    expect(tab.get_by_role("heading", name=re.compile("Figures by channel"))).to_be_visible()
    expect(tab).to_have_url(re.compile("topic=billing"))
    tab.go_back()
    expect(tab.get_by_role("heading", name=re.compile("Figures by topic"))).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_trends_are_accessible_and_fit(served_desk: ServedDesk, chromium: Browser, width: int, scheme: str):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in ("/trends?by=Topic", "/trends?by=Kind&period=12+months", "/trends?channel=x"):
        page.goto(f"{served_desk.url}{path}")
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Reading")
        expect(page.get_by_role("heading", level=1)).to_contain_text("in the last")
        assert [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
