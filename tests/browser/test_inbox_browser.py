"""The inbox by keys and clicks, and steps on several cases, in Chromium over the real store."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from allears.domain.case import CaseStatus
from tests.browser.conftest import ServedDesk

pytestmark = pytest.mark.browser


def at_the_inbox(desk: ServedDesk, tab: Page, query: str = "me=Cara+Diaz") -> list[str]:
    """The ids of the rows, from the top."""
    tab.goto(f"{desk.url}/inbox?{query}")
    expect(tab.locator(".ae-rows.is-live a.row").first).to_be_visible()
    return [row.get_attribute("data-id") or "" for row in tab.locator(".ae-rows a.row").all()]


def here(tab: Page) -> str | None:
    found: str | None = tab.evaluate("document.activeElement.dataset.id ?? null")
    return found


def test_keys_move_over_rows_search_and_open(served_desk: ServedDesk, tab: Page):
    ids = at_the_inbox(served_desk, tab)
    for key, expected in (("j", ids[0]), ("ArrowDown", ids[1]), ("j", ids[2]), ("k", ids[1]), ("ArrowUp", ids[0]), ("k", ids[0])):
        tab.keyboard.press(key)
        assert here(tab) == expected
    tab.keyboard.press("/")
    expect(tab.get_by_placeholder("Search words, customer or case")).to_be_focused()
    tab.keyboard.type("jxk")
    assert tab.locator(".ae-pick:checked").count() == 0
    tab.locator(".ae-rows a.row").first.focus()
    tab.keyboard.press("Enter")
    expect(tab).to_have_url(re.compile(f"/case\\?id={ids[0]}"))


def test_a_click_shows_a_case_beside_the_list_and_a_double_click_opens_it(served_desk: ServedDesk, tab: Page):
    ids = at_the_inbox(served_desk, tab)
    row = tab.locator(f".ae-rows a[data-id={ids[1]}]")
    row.click()
    preview = tab.locator(".st-key-preview")
    expect(preview).to_contain_text(ids[1])
    expect(tab.locator(".ae-rows li.is-here")).to_have_count(1)
    assert "/inbox" in tab.url
    assert here(tab) == ids[1]
    row.dblclick()
    expect(tab).to_have_url(re.compile(f"/case\\?id={ids[1]}"))


def test_selected_cases_are_acknowledged_one_by_one_and_refusals_are_told(served_desk: ServedDesk, tab: Page):
    cases = {case.id: case for case in served_desk.store.open_cases() if case.status is CaseStatus.OPEN}
    mine = next(case.id for case in cases.values() if case.owner == "Cara Diaz")
    other = next(case.id for case in cases.values() if case.owner == "Ada Brook")
    at_the_inbox(served_desk, tab)
    tab.get_by_label(f"Select {mine}").check()
    tab.locator(f".ae-rows a[data-id={other}]").focus()
    tab.keyboard.press("x")
    expect(tab.locator(".st-key-bulk")).to_contain_text("2 cases selected")
    tab.get_by_role("button", name="Acknowledge mine").click()
    told = tab.get_by_role("alert").filter(has_text="Acknowledged: one case.")
    expect(told).to_contain_text(f"Ada Brook has {other}.")
    expect(tab.locator(".st-key-bulk")).to_have_count(0)
    assert served_desk.store.case(mine).status is CaseStatus.ACKNOWLEDGED
    assert served_desk.store.case(other) == cases[other]


def test_selected_cases_are_handed_over_with_one_reason(served_desk: ServedDesk, tab: Page):
    ids = [case.id for case in served_desk.store.open_cases() if case.owner == "Ada Brook"][:2]
    assert len(ids) == 2
    at_the_inbox(served_desk, tab)
    for case_id in ids:
        tab.get_by_label(f"Select {case_id}").check()
    bulk = tab.locator(".st-key-bulk")
    expect(bulk).to_contain_text("2 cases selected")
    bulk.get_by_role("button", name="Hand over 2 cases").click()
    expect(bulk.get_by_role("alert")).to_contain_text("Choose the new owner.")
    bulk.get_by_role("combobox").click()
    tab.get_by_role("option", name="Ben Hall").click()
    bulk.get_by_label("Why").fill("Ada is ill this week")
    bulk.get_by_role("button", name="Hand over 2 cases").click()
    expect(tab.get_by_role("status").filter(has_text="Handed over to Ben Hall: 2 cases.")).to_be_visible()
    for case_id in ids:
        case = served_desk.store.case(case_id)
        assert (case.owner, case.why_owner) == ("Ben Hall", "Cara Diaz handed it over: Ada is ill this week")


def test_a_case_is_handed_over_beside_the_list(served_desk: ServedDesk, tab: Page):
    case_id = next(case.id for case in served_desk.store.open_cases() if case.owner == "Cara Diaz")
    at_the_inbox(served_desk, tab)
    tab.locator(f".ae-rows a[data-id={case_id}]").click()
    tab.locator(".st-key-preview").get_by_role("button", name="Hand over").click()
    drawer = tab.get_by_role("dialog")
    drawer.get_by_text("Ben Hall").first.click()
    drawer.get_by_label("Why (the new owner sees this)").fill("He knows this machine")
    drawer.get_by_role("button", name="Hand over").click()
    expect(tab.get_by_role("status").filter(has_text="Handed over. Ben Hall has it now and is alerted.")).to_be_visible()
    expect(tab.get_by_role("dialog")).to_have_count(0)
    case = served_desk.store.case(case_id)
    assert (case.owner, case.why_owner) == ("Ben Hall", "Cara Diaz handed it over: He knows this machine")


def test_a_message_without_a_case_is_read_where_it_is_listed(served_desk: ServedDesk, tab: Page):
    at_the_inbox(served_desk, tab, "list=Messages&q=best+coffee")
    row = tab.locator(".ae-rows a.row", has_text="Eilidh Fraser")
    row.click()
    preview = tab.locator(".st-key-preview")
    expect(preview).to_contain_text("Best coffee of the whole year")
    expect(preview).to_contain_text("Praise")
    row.dblclick()
    expect(tab.get_by_role("heading", level=1)).to_have_text("One message")
    tab.get_by_role("link", name="Customer", exact=True).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("Eilidh Fraser: one message, nothing is open.")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_lists_and_customers_are_accessible_and_fit(served_desk: ServedDesk, chromium: Browser, width: int, scheme: str):
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    customer = served_desk.store.items(served_desk.store.open_cases()[0].item_ids)[0].customer_id
    for path in ("/inbox", "/inbox?list=Messages", "/inbox?q=teapot", "/customers", f"/customer?id={customer}"):
        page.goto(f"{served_desk.url}{path}")
        expect(page.locator(".ae-rows, .ae-empty, .ae-thread").first).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [(path, each["id"], each["nodes"][0]["html"]) for each in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if width < 900:
        page.goto(f"{served_desk.url}/inbox")
        page.locator(".ae-rows a.row").first.click()
        expect(page).to_have_url(re.compile("/case\\?id="))
    context.close()
