"""Quality and Settings in Chromium: the weekly sample by keyboard, and pages that everyone can use."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from allears.domain.feedback import ItemId, Status
from allears.domain.quality import WeeklySample, bounds, last_week
from allears.domain.records import Routed
from tests.browser.conftest import HOSTILE, ServedDesk, press
from tests.builders import SUPPORT, a_page, an_item, said, understanding_of

pytestmark = pytest.mark.browser
LONDON = ZoneInfo("Europe/London")
SAMPLE = "/quality?part=Read+the+sample&me=Cara+Diaz"


@pytest.fixture(scope="module", autouse=True)
def last_weeks_messages(served_desk: ServedDesk):
    """Thirty messages of the last week, of which the model is unsure; what each says is hostile."""
    now = datetime.now(UTC)
    start, _ = bounds(last_week(now, LONDON), LONDON)
    items = [an_item(f"week-{n}", f"{HOSTILE} Number {n}.", received_at=start.astimezone(UTC) + timedelta(hours=n)) for n in range(30)]
    served_desk.store.record_page(SUPPORT, a_page(items), now)
    served_desk.store.record_understanding([understanding_of(item, said(confidence=0.4)) for item in items])
    served_desk.store.record_routing([Routed(ItemId(item.id), Status.OTHER, "a reason") for item in items])


def sample(desk: ServedDesk) -> WeeklySample:
    return desk.store.weekly_sample(last_week(datetime.now(UTC), LONDON), "Europe/London", 30)


def test_a_message_is_judged_by_keyboard_and_the_models_word_stays_unseen(served_desk: ServedDesk, tab: Page, hosts: set[str]):
    tab.goto(f"{served_desk.url}{SAMPLE}")
    before = sample(served_desk).read
    expect(tab.get_by_role("heading", name=f"{before} of 30 read")).to_be_visible()
    expect(tab.get_by_role("article", name="Message to read")).to_contain_text("<script>window.harmed = true</script>")
    press(tab, "3")
    press(tab, "7")
    expect(tab.get_by_role("heading", name=f"{before + 1} of 30 read")).to_be_visible()
    press(tab, "s")
    expect(tab.get_by_text("One is skipped.")).to_be_visible()
    (judged,) = [each for each in sample(served_desk).judged if each.given == ("neutral", "question")]
    assert judged.messages == 1
    assert tab.evaluate("window.harmed") is None
    assert hosts == {"127.0.0.1"}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_quality_and_settings_are_accessible_and_fit(served_desk: ServedDesk, chromium: Browser, width: int, scheme: str):
    for item_id in sample(served_desk).waiting[4:]:
        week = last_week(datetime.now(UTC), LONDON)
        served_desk.store.record_judgement(item_id, week, said().sentiment, said().kind, "Cara Diaz", datetime.now(UTC))
    axe = Axe()
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path, text in (
        ("/quality?me=Cara+Diaz", "Which model reads"),
        (SAMPLE, "of 30 read"),
        ("/quality?part=What+to+label+next&me=Cara+Diaz", "What the model is least sure of"),
        ("/settings?me=Cara+Diaz", "Model, mail, store and pages"),
        ("/settings?section=Checks&me=Cara+Diaz", "Whether it works"),
        ("/settings?section=Try+other+rules&me=Cara+Diaz", "What other rules would change"),
    ):
        page.goto(f"{served_desk.url}{path}")
        expect(page.get_by_role("heading", name=re.compile(text))).to_be_visible()
        expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)  # Streamlit's own, while a page is drawn, is too pale
        assert [(each["id"], each["nodes"][0]["html"]) for each in axe.run(page).response["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate("window.harmed") is None
    context.close()
