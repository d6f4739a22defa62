"""The dashboard as a manager and an owner meet it, in Chromium, over the real store and its service."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from allears.domain.case import Case, CaseStatus
from tests.browser.conftest import ServedDesk, press

CaseOf = Callable[[str], Case]

pytestmark = pytest.mark.browser


@pytest.fixture
def case_of(served_desk: ServedDesk):
    """The open case of the customer of that name, as the store has it now."""

    def find(customer: str) -> Case:
        cases = served_desk.store.open_cases()
        return next(case for case in cases if customer in {each.item.author for each in served_desk.store.items(case.item_ids)})

    return find


def test_overview_shows_figures_that_lead_to_their_cases(served_desk: ServedDesk, tab: Page, hosts: set[str]):
    tab.goto(served_desk.url)
    expect(tab.get_by_role("heading", level=1)).to_have_text(re.compile(r"cases open, each with an owner\."))
    figures = tab.get_by_test_id("figures")
    expect(figures).to_contain_text("Solved by one person")
    expect(tab.get_by_test_id("ledger")).to_contain_text(re.compile(r"received\s*7"))
    expect(tab.get_by_label(re.compile("Complaints a day")).first).to_be_visible()
    tab.get_by_role("link", name=re.compile("Mara Lindqvist")).click()
    expect(tab.get_by_role("heading", level=1)).to_contain_text("You have charged me twice")
    assert hosts == {"127.0.0.1"}


def test_a_case_is_acknowledged_from_the_keyboard(served_desk: ServedDesk, tab: Page, case_of: CaseOf):
    case = case_of("Ines Caldeira")
    tab.goto(f"{served_desk.url}/case?id={case.id}&me=Cara+Diaz")
    expect(tab.get_by_role("button", name="Acknowledge")).to_be_enabled()
    press(tab, "a")
    expect(tab.get_by_role("status").filter(has_text="Acknowledged by Cara Diaz.")).to_be_visible()
    assert served_desk.store.case(case.id).status is CaseStatus.ACKNOWLEDGED


def test_a_case_is_handed_over_with_a_reason_and_not_without(served_desk: ServedDesk, tab: Page, case_of: CaseOf):
    case = case_of("Mara Lindqvist")
    assert case.owner == "Ada Brook"
    tab.goto(f"{served_desk.url}/case?id={case.id}&me=Ada+Brook")
    tab.get_by_role("button", name="Hand over").click()
    drawer = tab.get_by_role("dialog")
    drawer.get_by_text("Ben Hall", exact=True).click()
    drawer.get_by_role("button", name="Hand over").click()
    expect(drawer.get_by_role("alert")).to_contain_text("Say why")
    assert served_desk.store.case(case.id).owner == "Ada Brook"
    drawer.get_by_role("textbox").fill("Above my authority")
    drawer.get_by_role("button", name="Hand over").click()
    expect(drawer).to_be_hidden()
    expect(tab.get_by_role("heading", name="Ben Hall")).to_be_visible()
    expect(tab.locator(".st-key-timeline")).to_contain_text("From Ada Brook to Ben Hall: Above my authority")
    handed = served_desk.store.case(case.id)
    assert (handed.owner, handed.hops) == ("Ben Hall", 1)


def test_a_case_is_resolved_with_what_was_done(served_desk: ServedDesk, tab: Page, case_of: CaseOf):
    case = case_of("Daniel Osei")
    tab.goto(f"{served_desk.url}/case?id={case.id}&me=Ada+Brook")
    tab.get_by_role("button", name="Resolve").click()
    drawer = tab.get_by_role("dialog")
    drawer.get_by_role("textbox").fill("Refunded 27 GBP and wrote to him")
    drawer.get_by_role("button", name="Resolve the case").click()
    expect(drawer).to_be_hidden()
    expect(tab.locator(".st-key-timeline")).to_contain_text("Refunded 27 GBP and wrote to him")
    assert served_desk.store.case(case.id).status is CaseStatus.RESOLVED


def test_a_date_is_promised_and_a_refund_beyond_the_authority_goes_to_the_manager(served_desk: ServedDesk, tab: Page, case_of: CaseOf):
    case = case_of("Joanna Kowalczyk")
    tab.goto(f"{served_desk.url}/case?id={case.id}&me=Ada+Brook")
    expect(tab.get_by_role("button", name="Promise")).to_be_enabled()
    press(tab, "p")
    drawer = tab.get_by_role("dialog")
    drawer.get_by_role("button", name="Keep the promise on record").click()
    expect(drawer.get_by_role("alert")).to_contain_text("Say what you told the customer")
    drawer.get_by_label("What you told them").fill("I am looking for the machine")
    drawer.get_by_role("button", name="Keep the promise on record").click()
    expect(drawer).to_be_hidden()
    expect(tab.locator(".st-key-timeline")).to_contain_text("I am looking for the machine")
    promised = served_desk.store.case(case.id)
    assert promised.status is CaseStatus.PROMISED
    assert promised.promised_for > datetime.now(UTC)

    tab.get_by_role("button", name="Resolve").click()
    drawer.get_by_label("What was done").fill("The machine is lost")
    drawer.get_by_role("radio", name="Refund").click()
    expect(drawer).to_contain_text("Without asking you may: refund up to 100 GBP.")
    drawer.get_by_label("Amount").fill("480")
    drawer.get_by_role("button", name="Resolve the case").click()
    expect(drawer.get_by_role("alert")).to_contain_text("A refund of 480.00 GBP is more than Ada Brook can give alone")
    assert served_desk.store.case(case.id) == promised
    drawer.get_by_role("button", name="Hand over to Cara Diaz").click()
    expect(drawer).to_be_hidden()
    expect(tab.get_by_role("heading", name="On its 2nd person")).to_be_visible()
    handed = served_desk.store.case(case.id)
    assert (handed.owner, handed.status) == ("Cara Diaz", CaseStatus.OPEN)
    assert "A refund of 480.00 GBP is beyond my authority. The machine is lost" in handed.why_owner


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_and_drawers_are_accessible_and_fit(served_desk: ServedDesk, chromium: Browser, case_of: CaseOf, width: int, scheme: str):
    axe = Axe()
    case = case_of("Ines Caldeira")
    served_desk.store.record_alarms({f"untaken {case.id}": f"Nobody has taken {case.id}."}, datetime.now(UTC))
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()

    def look() -> None:
        assert [(each["id"], each["nodes"][0]["html"]) for each in axe.run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    for path, text in (("/", "Needs a leader now"), ("/people", "Where cases change hands"), (f"/case?id={case.id}&me=Cara+Diaz", "Reach")):
        page.goto(f"{served_desk.url}{path}")
        expect(page.get_by_role("heading", name=re.compile(text))).to_be_visible()
        page.wait_for_function("!document.body.innerText.includes('Reading the last')")
        look()
    for button, title in (
        ("Promise", "Promise when"),
        ("Hand over", "Hand this case"),
        ("Resolve", "Resolve this case"),
        ("Leave a note", "Leave"),
    ):
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog", name=re.compile(title))).to_be_visible()
        expect(page.get_by_role("dialog").get_by_role("button").nth(1)).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('[role=dialog]')).colorScheme") == scheme
        look()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Reply").click()
    expect(page.get_by_role("dialog", name="Write to the customer").get_by_role("button")).to_have_count(2)
    look()
    context.close()


def test_a_message_is_corrected_with_a_reason_and_the_case_stays(served_desk: ServedDesk, tab: Page, case_of: CaseOf):
    case = case_of("Ines Caldeira")
    before = served_desk.store.case(case.id)
    tab.goto(f"{served_desk.url}/case?id={case.id}&me=Cara+Diaz")
    tab.get_by_role("button", name="Correct").click()
    keep = tab.get_by_role("button", name="Keep the correction")
    tab.get_by_role("radio", name="Mixed").click()
    keep.click()
    expect(tab.get_by_role("alert")).to_contain_text("Say why")
    tab.get_by_label("Why").fill("Kind words beside the question")
    keep.click()
    expect(tab.get_by_role("status").filter(has_text="Corrected to mixed by Cara Diaz.")).to_be_visible()
    expect(keep).to_be_hidden()
    expect(tab.locator(".st-key-timeline")).to_contain_text("corrected to mixed by Cara Diaz")
    assert served_desk.store.case(case.id) == before
    (stored,) = served_desk.store.items(case.item_ids)
    assert [(each.by, each.why) for each in stored.corrections] == [("Cara Diaz", "Kind words beside the question")]


def test_hostile_words_do_no_harm_in_any_view(served_desk: ServedDesk, tab: Page, hosts: set[str], case_of: CaseOf):
    case = case_of("<b>Mallory</b>")
    for path in ("/", "/inbox", f"/case?id={case.id}", "/people", "/ledger"):
        tab.goto(f"{served_desk.url}{path}")
        expect(tab.get_by_role("heading", level=1)).not_to_have_text("Not a title")
        tab.wait_for_function("!document.body.innerText.includes('Reading the last')")
        assert tab.evaluate("window.harmed") is None
        assert tab.locator("img[src='x'], img[src*='evil'], a[href^='javascript']").count() == 0
    tab.goto(f"{served_desk.url}/case?id={case.id}")
    body = tab.get_by_role("group", name="Message").first
    expect(body).to_contain_text("<script>window.harmed = true</script>")
    assert body.bounding_box()["height"] <= 440
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert hosts == {"127.0.0.1"}


def test_filters_survive_opening_a_case_and_coming_back(served_desk: ServedDesk, tab: Page):
    tab.goto(f"{served_desk.url}/inbox?me=Cara+Diaz&channel=email&q=mallory")
    tab.locator(".ae-rows a").press("Enter")
    expect(tab).to_have_url(re.compile("me=Cara"))
    expect(tab.locator(".st-key-timeline")).to_be_visible()
    tab.go_back()
    expect(tab.locator(".ae-rows a")).to_have_count(1)
    assert "q=mallory" in tab.url


def test_a_phone_shows_the_inbox_without_scrolling_sideways(served_desk: ServedDesk, chromium: Browser):
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{served_desk.url}/inbox")
    expect(page.locator(".ae-rows a").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
