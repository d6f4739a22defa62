"""Saving what a page shows, by a real browser that reads in German."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, ServedDesk

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, locale="de-DE", timezone_id="Asia/Kolkata", accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def saved(page: Page, label: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that a button of the open menu saves."""
    with page.expect_download() as started:
        page.get_by_test_id("stPopoverBody").get_by_role("button", name=label, exact=True).first.click()
    return started.value.suggested_filename, Path(started.value.path()).read_bytes()


def test_a_table_is_saved_for_excel(served_desk: ServedDesk, reader: Page):
    reader.goto(f"{served_desk.url}/ledger?period=7+days")
    reader.get_by_role("button", name="Export").click()
    name, file = saved(reader, "CSV")
    assert name.startswith("allears-ledger-7-days-by-day-")
    assert name.endswith(".csv")
    header, *rows = csv.reader(io.StringIO(file.decode("utf-8-sig"), newline=""))
    assert file.startswith(b"\xef\xbb\xbf")
    assert header[:3] == ["day", "source", "received"]
    assert [row[1:3] for row in rows] == [["support", "7"]]


def test_the_overview_saves_its_chart_and_the_weekly_report(served_desk: ServedDesk, reader: Page):
    reader.goto(served_desk.url)
    reader.get_by_role("button", name="Export").click()
    name, picture = saved(reader, "PNG")
    assert name.startswith("allears-overview-28-days-chart-")
    assert picture.startswith(b"\x89PNG")
    name, report = saved(reader, "Weekly report (PDF)")
    assert name.startswith("allears-report-20")
    assert report.startswith(b"%PDF-")


def test_a_page_is_in_the_reader_s_time_and_says_whose_days_it_shows(served_desk: ServedDesk, reader: Page):
    reader.goto(served_desk.url)
    side_bar = reader.get_by_test_id("stSidebar")
    expect(side_bar.get_by_text("Days are those of Europe/London; times are yours,")).to_be_visible()
