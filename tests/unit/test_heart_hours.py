"""Working time: when a promise falls due over nights, weekends, holidays and the change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.hours import ALWAYS, DAYS, FARTHEST, Shift, WorkingHours, parse_hours
from tests.builders import NOW

LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
OFFICE = parse_hours("Mon-Fri 09:00-17:30")


def due(hours: WorkingHours, start: str, duration: float, zone: ZoneInfo = LONDON, holidays: frozenset[date] = frozenset()) -> str:
    """All in the zone's own time; duration in hours."""
    begin = datetime.fromisoformat(start).replace(tzinfo=zone)
    end = hours.due(begin, timedelta(hours=duration), zone, holidays.__contains__)
    assert end.utcoffset() == timedelta(0)
    return end.astimezone(zone).strftime("%a %d %H:%M")


def test_within_a_day():
    assert due(OFFICE, "2026-11-19 10:00", 2) == "Thu 19 12:00"


def test_before_work_begins_and_after_it_ended():
    assert due(OFFICE, "2026-11-19 06:00", 2) == "Thu 19 11:00"
    assert due(OFFICE, "2026-11-19 20:00", 2) == "Fri 20 11:00"


def test_up_to_the_last_minute_of_a_day():
    assert due(OFFICE, "2026-11-19 15:30", 2) == "Thu 19 17:30"
    assert due(OFFICE, "2026-11-19 15:31", 2) == "Fri 20 09:01"


def test_over_a_weekend():
    assert due(OFFICE, "2026-11-20 17:00", 2) == "Mon 23 10:30"
    assert due(OFFICE, "2026-11-21 12:00", 8) == "Mon 23 17:00"


def test_over_holidays():
    holidays = frozenset({date(2026, 12, 25), date(2026, 12, 28)})
    assert due(OFFICE, "2026-12-24 17:00", 1, holidays=holidays) == "Tue 29 09:30"


def test_several_spans_with_a_break_between():
    hours = parse_hours("Mon-Fri 09:00-12:00, Mon-Thu 13:00-17:00, Sat 10:00-11:00")
    assert due(hours, "2026-11-19 11:30", 1) == "Thu 19 13:30"
    assert due(hours, "2026-11-20 11:30", 2) == "Mon 23 09:30"


def test_spans_that_overlap_count_once():
    hours = parse_hours("Mon 09:00-12:00, Mon 10:00-14:00")
    assert due(hours, "2026-11-23 09:00", 5) == "Mon 23 14:00"


def test_a_week_may_turn_over_its_end():
    assert {shift.weekday for shift in parse_hours("Sat-Mon 09:00-10:00").shifts} == {5, 6, 0}


def test_around_the_clock():
    assert due(ALWAYS, "2026-11-21 23:00", 2) == "Sun 22 01:00"
    assert due(ALWAYS, "2026-11-21 23:00", 2, holidays=frozenset({date(2026, 11, 22)})) == "Mon 23 01:00"


def test_until_midnight():
    assert due(parse_hours("Thu 18:00-24:00, Fri 00:00-01:00"), "2026-11-19 23:00", 1.5) == "Fri 20 00:30"
    assert due(parse_hours("Mon-Sun 00:00-24:00"), "2026-11-19 23:00", 30) == "Sat 21 05:00"


def test_a_night_goes_over_midnight():
    night = parse_hours("Thu-Fri 22:00-06:00")
    assert due(night, "2026-11-19 23:00", 2) == "Fri 20 01:00"
    assert due(night, "2026-11-20 03:00", 4) == "Fri 20 23:00"
    assert due(night, "2026-11-21 05:00", 2) == "Thu 26 23:00"


def test_a_night_belongs_to_the_day_on_which_it_begins():
    night, friday = parse_hours("Thu-Fri 22:00-06:00"), frozenset({date(2026, 11, 20)})
    assert due(night, "2026-11-20 03:00", 2, holidays=friday) == "Fri 20 05:00"
    assert due(night, "2026-11-20 03:00", 4, holidays=friday) == "Thu 26 23:00"
    for moment, day in (("2026-11-20 05:59", 19), ("2026-11-20 06:00", 20), ("2026-11-20 22:00", 20), ("2026-11-21 00:00", 20)):
        assert night.day_of(datetime.fromisoformat(moment).replace(tzinfo=LONDON), LONDON) == date(2026, 11, day)


def test_who_never_works_again_gets_the_farthest_date():
    assert OFFICE.due(NOW, timedelta(), LONDON, lambda day: day.year >= 2026) == NOW + FARTHEST
    assert OFFICE.due(NOW, timedelta(days=9_999), LONDON) == NOW + FARTHEST
    assert ALWAYS.due(NOW, timedelta(days=9_999), LONDON) == NOW + FARTHEST


@pytest.mark.parametrize(
    ("start", "duration", "end"),
    [
        ("2026-03-28 23:00", 4, "Sun 29 04:00"),  # 01:00 becomes 02:00 that night: an hour is missing
        ("2026-10-24 23:00", 4, "Sun 25 02:00"),  # 02:00 becomes 01:00: one comes twice
    ],
)
def test_time_that_passes_when_the_clocks_change_is_real_time(start: str, duration: float, end: str):
    assert due(ALWAYS, start, duration) == end
    assert due(parse_hours("Sat-Sun 00:00-23:59"), start, duration - 1 / 60) == end


def test_work_begins_at_nine_by_the_clock_on_both_sides_of_the_change():
    every_day = parse_hours("Mon-Sun 09:00-17:00")
    assert due(every_day, "2026-03-28 16:30", 1) == "Sun 29 09:30"
    assert due(every_day, "2026-10-24 16:30", 1) == "Sun 25 09:30"


def test_a_shift_in_the_missing_hour_has_no_time():
    night = parse_hours("Sun 02:00-03:00, Mon 09:00-17:00")
    assert due(night, "2026-03-28 12:00", 1, BERLIN) == "Mon 30 10:00"


@pytest.mark.parametrize(
    "text",
    ["", "9 to 5", "Mon-Fri", "Mo-Fr 09:00-17:00", "Mon 09:00-25:00", "Mon 24:00-06:00", "Mon 09:00-24:30", "Mon-Fri 09:00-17:00,"],
)
def test_hours_that_are_none(text: str):
    with pytest.raises(ValueError, match="not of the form 'Mon-Fri 09:00-17:30'"):
        parse_hours(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Mon 09:00-09:00", "'Mon 09:00-09:00' end when they start; a whole day is 00:00-24:00"),
        ("Mon-Fri 09:00-05:30", "'Mon-Fri 09:00-05:30' would last 20 hours, until the next day"),
    ],
)
def test_hours_that_were_not_meant(text: str, told: str):
    with pytest.raises(ValueError, match=told):
        parse_hours(text)


shifts = st.builds(
    lambda day, start, length: f"{DAYS[day]} {start // 60:02}:{start % 60:02}-{(start + length) // 60:02}:{(start + length) % 60:02}",
    st.integers(0, 6),
    st.integers(0, 20 * 60),
    st.integers(30, 3 * 60 + 59),
)
weeks = st.lists(shifts, max_size=6).map(lambda spans: parse_hours(", ".join(spans)) if spans else ALWAYS)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given beside
durations = st.timedeltas(timedelta(0), timedelta(hours=30))
zones = st.sampled_from([ZoneInfo("UTC"), LONDON, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Pacific/Apia")])
holidays = st.frozensets(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=20)


@given(weeks, moments, durations, durations, zones, holidays)
def test_more_work_is_never_done_sooner_and_nothing_before_it_began(
    hours: WorkingHours, start: datetime, short: timedelta, more: timedelta, zone: ZoneInfo, away: frozenset[date]
):
    first = hours.due(start, short, zone, away.__contains__)
    assert start <= first <= hours.due(start, short + more, zone, away.__contains__)


@given(weeks, moments, durations, st.timedeltas(timedelta(0), timedelta(days=9)), zones)
def test_what_began_later_is_not_due_sooner(hours: WorkingHours, start: datetime, work: timedelta, delay: timedelta, zone: ZoneInfo):
    assert hours.due(start, work, zone) <= hours.due(start + delay, work, zone)


@given(weeks.filter(lambda hours: hours.shifts), moments, durations.filter(bool), zones)
def test_it_falls_due_in_working_time(hours: WorkingHours, start: datetime, work: timedelta, zone: ZoneInfo):
    end = hours.due(start, work, zone).astimezone(zone)

    def covers(shift: Shift) -> bool:
        return shift.weekday == end.weekday() and shift.start <= end.timetz().replace(tzinfo=None) <= shift.end

    assert any(covers(shift) for shift in hours.shifts)
