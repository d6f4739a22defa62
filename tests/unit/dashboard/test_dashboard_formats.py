"""How figures and moments are written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dashboard import formats
from app.dashboard.render import excerpt, printable

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 19, 9, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(6.21, "6.2 s"), (6.0, "6 s"), (14.4, "14 s"), (540, "9 min"), (9660, "2 h 41 min"), (7200, "2 h"), (273_600, "3 d 4 h")],
)
def test_durations(seconds: float, written: str):
    assert formats.duration(seconds) == written


@pytest.mark.parametrize(
    ("now", "before", "written"),
    [(164, 71, "+131%"), (96, 104, "−8%"), (141, 143, "steady"), (7, 3, "+4"), (3, 3, "steady"), (5, 0, "new"), (0, 0, "none")],
)
def test_changes_are_counts_where_few_and_percentages_where_many(now: int, before: int, written: str):
    assert formats.change(now, before) == written


def test_a_share_of_few_is_no_percentage():
    assert formats.share(3, 7) == "3 of 7"
    assert formats.share(98, 102) == "96%"


def test_moments_are_in_the_business_time_zone():
    assert formats.moment(NOW, NOW, LONDON) == "Today, 10:42"
    assert formats.moment(datetime(2026, 7, 18, 23, 30, tzinfo=UTC), NOW, LONDON) == "Today, 00:30"
    assert formats.moment(datetime(2025, 8, 9, 7, 0, tzinfo=UTC), NOW, LONDON) == "Sat 9 Aug 2025, 08:00"


def test_a_deadline_says_when_or_how_late():
    assert formats.due(NOW + timedelta(hours=1), NOW, LONDON) == "by 11:42"
    assert formats.due(NOW + timedelta(days=2), NOW, LONDON) == "Tue 21 Jul"
    assert formats.due(NOW - timedelta(hours=26), NOW, LONDON) == "1 d late"


@given(st.text(st.characters(), max_size=400))
def test_an_excerpt_is_one_short_line_that_can_be_sent(text: str):
    cut = printable(excerpt(text, 40))
    assert "\n" not in cut
    assert len(cut) <= 41
    cut.encode("utf-8")


def test_what_no_page_can_carry_is_replaced():
    assert printable("a\x00b\ud800c\td\n") == "a\ufffdb\ufffdc\td\n"
