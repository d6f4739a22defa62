"""Figures and moments as the reader's region writes them, in the reader's time zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies
from streamlit.testing.v1 import AppTest

from app.dashboard import formats, reader
from app.dashboard.connection import Desk
from tests.unit.dashboard.pages import page, ran, shown

LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 19, 14, 5, tzinfo=UTC)
Reading = Callable[[str, str], None]


@pytest.fixture
def reading() -> Iterator[Reading]:
    """Lets somebody with this locale and time zone look."""
    with ExitStack() as looking:
        yield lambda locale, timezone: looking.enter_context(reader.read_by(reader.known(locale, timezone)))


@pytest.mark.parametrize(
    ("locale", "thousands", "seconds", "share", "change", "day", "moment", "dated"),
    [
        ("en-GB", "1,284", "6.2 s", "96%", "+131%", "Thu 19 Nov", "Wed 18 Nov, 14:05", "18 Nov 2026"),
        ("de-DE", "1.284", "6,2 s", "96\xa0%", "+131\xa0%", "Thu 19 Nov", "Wed 18 Nov, 14:05", "18 Nov 2026"),
        ("fr-FR", "1\u202f284", "6,2 s", "96%", "+131%", "Thu 19 Nov", "Wed 18 Nov, 14:05", "18 Nov 2026"),
        ("en-US", "1,284", "6.2 s", "96%", "+131%", "Thu, Nov 19", "Wed, Nov 18, 2:05\xa0PM", "Nov 18, 2026"),
        ("el-GR", "1.284", "6,2 s", "96%", "+131%", "Thu 19 Nov", "Wed 18 Nov, 2:05\xa0PM", "18 Nov 2026"),
    ],
)
def test_separators_order_and_clock_follow_the_region_and_words_stay_english(
    reading: Reading, locale: str, thousands: str, seconds: str, share: str, change: str, day: str, moment: str, dated: str
):
    reading(locale, "Europe/London")
    yesterday = NOW - timedelta(days=1)
    assert formats.count(1284) == thousands
    assert formats.duration(6.21) == seconds
    assert formats.share(98, 102) == share
    assert formats.change(164, 71) == change
    assert formats.day(date(2026, 11, 19)) == day
    assert formats.moment(yesterday, NOW, LONDON) == moment
    assert formats.dated(yesterday, LONDON) == dated


def test_india_parts_its_lakhs_and_a_minus_is_a_minus_everywhere(reading: Reading):
    reading("hi-IN", "Asia/Kolkata")
    assert formats.count(1_234_567) == "12,34,567"
    assert formats.signed(-1284) == "−1,284"
    assert formats.count(-3) == "−3"


def test_moments_are_the_readers_and_what_is_asked_in_a_zone_stays_there(reading: Reading):
    reading("de-DE", "Europe/Berlin")
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)
    assert formats.moment(late, NOW, LONDON) == "Today, 00:30"
    assert formats.moment_in(late, NOW, LONDON) == "Wed 18 Nov, 23:30"
    assert formats.due(NOW + timedelta(hours=1), NOW, LONDON) == "by 16:05"
    assert formats.today(NOW, LONDON) == "Thursday 19 November 2026, 15:05"
    reading("en-US", "America/New_York")
    assert formats.today(NOW, LONDON) == "Thursday, November 19, 2026, 9:05\xa0AM"
    assert formats.start_of_today(NOW, LONDON).tzinfo == LONDON


def test_an_old_moment_names_its_year(reading: Reading):
    reading("en-US", "Europe/London")
    assert formats.moment(datetime(2025, 8, 9, 7, tzinfo=UTC), NOW, LONDON) == "Sat, Aug 9, 2025, 8:00\xa0AM"


@pytest.mark.parametrize("locale", ["", "xx-YY", "../../etc/passwd", "de_DE.UTF-8", "-", "x" * 64, "\x00-DE", "<b>"])
def test_a_locale_that_is_none_is_the_business_s(locale: str):
    found = reader.known(locale, "")
    assert (found.whole(1284), found.clock, found.month_first) in (("1,284", "HH:mm", False), ("1.284", "HH:mm", False))


@pytest.mark.parametrize("zone", ["", "Europe/Nowhere", "../../../etc/passwd", "/etc/localtime", "\x00", "a" * 64, "Europe", "..", "é/ü"])
def test_a_time_zone_that_is_none_is_the_business_s(zone: str):
    assert reader.known("de-DE", zone).zone is None


@given(strategies.text(max_size=80), strategies.text(max_size=80))
def test_whatever_a_browser_says_figures_are_written(locale: str, zone: str):
    found = reader.known(locale, zone)
    assert found.whole(0) == "0"
    assert found.percent(0.5)


def test_zones_that_show_the_same_time_all_year_do_not_differ():
    assert not reader.differs(ZoneInfo("Europe/Dublin"), LONDON, NOW)
    assert reader.differs(BERLIN, LONDON, NOW)
    assert reader.differs(ZoneInfo("Africa/Abidjan"), LONDON, NOW)  # the same now, in winter


def opened(desk: Desk, view: str, **context: str) -> str:
    test = AppTest.from_function(page, args=(view, desk), default_timeout=20)
    test.context = context
    return shown(ran(test))


def test_a_page_is_written_for_whoever_reads_it(desk: Desk):
    html = opened(desk, "overview", locale="de-DE", timezone="Europe/Berlin")
    assert "Thursday 19 November 2026, 11:42" in html
    assert "0,11 hops a case" in html
    assert "Days are those of Europe/London; times are yours, Europe/Berlin." in html


def test_a_page_for_somebody_at_the_business_says_nothing_of_zones(desk: Desk):
    assert "Days are those of" not in opened(desk, "overview", locale="en-GB", timezone="Europe/London")
    assert "Days are those of" not in opened(desk, "overview")


def test_a_page_outlives_a_hostile_browser(desk: Desk):
    html = opened(desk, "overview", locale="x" * 10_000, timezone="../" * 4_000)
    assert "Thursday 19 November 2026, 10:42" in html


def test_outside_a_page_nobody_s_locale_is_known():
    assert reader.reader() == reader.known("en-GB", "")
