"""What is usual for a weekday."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from allears.domain.overview import DayCount
from app.dashboard.figures import verdict
from app.dashboard.figures.usual import complaints_by_day, usual_range

TODAY = date(2026, 11, 19)


def counts(complaints: dict[int, int]) -> list[DayCount]:
    return [DayCount(TODAY - timedelta(days=back), "email", number, 0, 0, 0, number) for back, number in complaints.items()]


def test_a_day_far_above_its_weekdays_is_high_and_named():
    history = dict.fromkeys(range(1, 57), 20) | {3: 61}
    days = complaints_by_day(counts(history), TODAY - timedelta(days=27), TODAY)
    assert [each.day for each in days if each.is_high] == [TODAY - timedelta(days=3)]
    assert verdict.unusual(days, 28) == "Above usual on Mon 16 Nov."


def test_today_is_never_low_while_it_lasts():
    days = complaints_by_day(counts(dict.fromkeys(range(1, 57), 30)), TODAY - timedelta(days=27), TODAY)
    assert days[-1].complaints == 0
    assert not days[-1].is_low


def test_a_day_without_a_message_counts_as_zero_once_counting_began():
    days = complaints_by_day(counts(dict.fromkeys(range(5, 57), 30)), TODAY - timedelta(days=27), TODAY)
    assert [each.is_low for each in days[-5:-1]] == [True] * 4


def test_without_three_earlier_weeks_nothing_is_usual_and_the_page_says_so():
    days = complaints_by_day(counts(dict.fromkeys(range(1, 14), 5)), TODAY - timedelta(days=13), TODAY)
    assert all(each.usual is None for each in days)
    assert "three earlier weeks" in verdict.unusual(days, 28)


def test_a_range_known_for_some_days_only_is_not_claimed_for_all():
    days = complaints_by_day(counts(dict.fromkeys(range(1, 29), 20)), TODAY - timedelta(days=27), TODAY)
    assert verdict.unusual(days, 28) == "No day is outside its usual range. The usual range is known since Thu 12 Nov."


@given(st.lists(st.integers(0, 5000), min_size=3, max_size=8))
def test_a_range_holds_its_median_and_never_goes_below_zero(earlier: list[int]):
    usual = usual_range(earlier)
    assert usual is not None
    assert 0 <= usual.low <= sorted(earlier)[len(earlier) // 2] or len(earlier) % 2 == 0
    assert usual.low < usual.high
