"""An owner writes to a customer from the case's page, in Chromium, over the real store and its service."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from allears.domain.case import Case, CaseId
from allears.domain.outbox import MessageKind
from tests.browser.conftest import ServedDesk, press, settled

pytestmark = pytest.mark.browser

IMPATIENT = """() => [0, 40, 90, 160, 250, 400].forEach(after => setTimeout(() =>
    [...document.querySelectorAll("[role=dialog] button")].find(button => button.innerText === "Send")?.click(), after))"""
"""Clicks that come while the first is at work."""
HOSTILE_LETTER = "Dear <b>Mallory</b>,\n\nwe **hear** you <img src=x onerror='window.harmed = true'> \u202eevil"


def case_of(desk: ServedDesk, customer: str) -> Case:
    cases = desk.store.open_cases()
    return next(case for case in cases if customer in {each.item.author for each in desk.store.items(case.item_ids)})


def letters(desk: ServedDesk, case_id: CaseId) -> list[str]:
    """To whom the outbox has letters about a case."""
    waiting = desk.store.outbox_due(datetime.now(UTC) + timedelta(hours=1), 1000)
    return [each.to for each in waiting if each.kind is MessageKind.REPLY and each.case_id == case_id]


def opened_drawer(desk: ServedDesk, tab: Page, case: Case, me: str) -> Locator:
    tab.goto(f"{desk.url}/case?id={case.id}&me={me.replace(' ', '+')}")
    expect(tab.get_by_role("button", name="Reply")).to_be_enabled()
    press(tab, "l")
    return tab.get_by_role("dialog", name="Write to the customer")


def test_a_letter_is_written_once_and_stands_in_the_thread(served_desk: ServedDesk, tab: Page):
    case = case_of(served_desk, "Mara Lindqvist")
    drawer = opened_drawer(served_desk, tab, case, "Ada Brook")
    expect(drawer).to_contain_text("You have charged me twice for November")
    expect(drawer).to_contain_text("Ada Brook, Northwind Coffee")
    drawer.get_by_label("Your letter").fill("Dear Mara, the second payment")
    tab.keyboard.press("Escape")
    drawer.get_by_role("button", name="Send nothing").click()
    expect(drawer).to_be_hidden()
    assert letters(served_desk, case.id) == []

    tab.get_by_role("button", name="Reply").click()
    letter = drawer.get_by_label("Your letter")
    expect(letter).to_have_value("Dear Mara, the second payment")
    letter.fill("Dear Mara,\n\nthe second payment goes back today.")
    drawer.get_by_text("They hear again by a date I promise").click()
    expect(drawer.get_by_label("At")).to_be_visible()
    settled(tab)
    tab.evaluate(IMPATIENT)
    expect(drawer).to_be_hidden()
    expect(tab.get_by_role("status").filter(has_text="It leaves within a minute. Promised: the customer hears by")).to_be_visible()
    ours = tab.locator(".ae-message.ours")
    expect(ours).to_have_count(1)
    expect(ours).to_contain_text("Ada Brook to 1@x.org")
    expect(ours.get_by_role("group", name="Letter")).to_have_text("Dear Mara,\n\nthe second payment goes back today.")
    expect(ours).to_contain_text("Waits to be sent")
    assert letters(served_desk, case.id) == ["email:1@x.org"]

    tab.get_by_role("button", name="Reply").click()
    expect(letter).to_have_value("")
    served_desk.store.record_sent(served_desk.store.case_view(case.id).replies[0].key, datetime.now(UTC))
    drawer.get_by_role("button", name="Send nothing").click()
    expect(ours).to_contain_text(re.compile(r"Sent \d\d:\d\d"))


def test_another_person_cannot_write_but_can_leave_a_note(served_desk: ServedDesk, tab: Page):
    case = case_of(served_desk, "Daniel Osei")
    tab.goto(f"{served_desk.url}/case?id={case.id}&me=Ben+Hall")
    reply = tab.get_by_role("button", name="Reply")
    expect(reply).to_be_disabled()
    settled(tab)
    reply.hover(force=True)
    expect(tab.get_by_role("tooltip")).to_have_text("Ada Brook has this case. Hand it over to yourself first.")
    press(tab, "n")
    drawer = tab.get_by_role("dialog", name="Leave a note")
    drawer.get_by_label("Note").fill("Rang him, <b>no answer</b>")
    drawer.get_by_role("button", name="Keep the note").click()
    expect(drawer).to_be_hidden()
    expect(tab.locator(".st-key-timeline")).to_contain_text("Note. Rang him, <b>no answer</b> (Ben Hall)")
    assert letters(served_desk, case.id) == []


def test_hostile_words_are_harmless_in_the_drawer_and_the_thread(served_desk: ServedDesk, tab: Page, hosts: set[str]):
    case = case_of(served_desk, "<b>Mallory</b>")
    drawer = opened_drawer(served_desk, tab, case, case.owner)
    expect(drawer).to_contain_text("<script>window.harmed = true</script>")
    assert Axe().run(tab).response["violations"] == []
    drawer.get_by_label("Your letter").fill(HOSTILE_LETTER)
    drawer.get_by_role("button", name="Send", exact=True).click()
    expect(drawer).to_be_hidden()
    ours = tab.locator(".ae-message.ours")
    expect(ours).to_contain_text("Dear <b>Mallory</b>,")
    expect(ours).to_contain_text("we **hear** you <img src=x onerror='window.harmed = true'> \ufffdevil")
    assert tab.evaluate("window.harmed") is None
    assert tab.locator("img[src='x'], img[src*='evil'], a[href^='javascript']").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert Axe().run(tab).response["violations"] == []
    assert hosts == {"127.0.0.1"}
