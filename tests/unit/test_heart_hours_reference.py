"""Dates and working time against a reference that knows nothing but what a person's clock shows at each minute."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from holidays import country_holidays

from allears.domain.hours import ALWAYS, DAYS, parse_hours
from allears.domain.people import Absence, Person
from tests.builders import a_person

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PLACES = (
    # zone, country, a day when its clocks do something
    ("UTC", None, "2026-05-01"),
    ("Europe/London", "GB", "2026-03-29"),
    ("Europe/London", "GB", "2026-10-25"),
    ("Europe/Berlin", "DE-BY", "2027-03-28"),
    ("America/New_York", "US", "2026-11-01"),
    ("America/Havana", None, "2026-11-01"),  # back at 01:00 to midnight
    ("America/Sao_Paulo", "BR", "2018-11-04"),  # no midnight
    ("America/Sao_Paulo", "BR", "2019-02-16"),  # back at midnight to the day before
    ("America/St_Johns", "CA-NL", "2010-11-07"),  # back at 00:01 to the day before, half an hour from others
    ("Asia/Kolkata", "IN", "2026-08-15"),  # half an hour
    ("Asia/Kathmandu", None, "2026-01-01"),  # three quarters
    ("Asia/Tokyo", "JP", "2026-05-03"),
    ("Australia/Lord_Howe", "AU", "2026-04-05"),  # back by half an hour
    ("Australia/Lord_Howe", "AU", "2026-10-04"),
    ("Africa/Casablanca", None, "2026-02-15"),  # Ramadan
    ("Antarctica/Troll", None, "2026-10-25"),  # two hours
    ("Asia/Amman", None, "2021-10-29"),
    ("Pacific/Apia", None, "2011-12-30"),  # a day that was not
    ("Pacific/Kwajalein", None, "1993-08-21"),  # another
    ("Pacific/Kiritimati", None, "1994-12-31"),  # another
)
SCENARIOS, INTERVALS, DAYS_SEEN = 90, 70, 16


@dataclass(frozen=True)
class Scenario:
    """Somebody's week, as (weekday, first minute, minute after the last), and their days off; and the time that is looked at."""

    person: Person
    week: list[tuple[int, int, int]]
    off: Container[date]
    begins: datetime


def a_scenario(chance: Random) -> Scenario:
    zone, country, around = chance.choice(PLACES)
    week, text = [], []
    for _ in range(chance.randint(1, 5)):
        first, last = chance.randint(0, 6), chance.randint(0, 6)
        start = chance.randrange(0, 24 * 60, chance.choice((1, 30)))
        long = chance.choice((30, 240, 480, 510, 16 * 60))
        end = chance.choice((start + long, 24 * 60)) if start else long
        week += [(day % 7, start, end) for day in range(first, last + 1 if last >= first else last + 8)]
        until = end if end <= 24 * 60 else end - 24 * 60
        text.append(f"{DAYS[first]}-{DAYS[last]} {start // 60:02}:{start % 60:02}-{until // 60:02}:{until % 60:02}")
    if not chance.randrange(8):
        week, text = [(day, 0, 24 * 60) for day in range(7)], []
    middle = date.fromisoformat(around)
    away = tuple(
        Absence(first, first + chance.randint(0, 4) * DAY)
        for first in (middle + chance.randint(-9, 9) * DAY for _ in range(chance.randint(0, 2)))
    )
    code, _, part = (country or "").partition("-")
    holidays = country_holidays(code, subdiv=part or None) if code else frozenset()
    hours = parse_hours(", ".join(text)) if text else ALWAYS
    person = a_person("Mei Lin", timezone=ZoneInfo(zone), holidays=holidays, away=away, hours=hours)
    days_away = {absence.first + n * DAY for absence in away for n in range((absence.last - absence.first).days + 1)}
    off = days_away | {day for n in range(-30, 30) if (day := middle + n * DAY) in holidays}
    return Scenario(person, week, off, datetime(middle.year, middle.month, middle.day, tzinfo=UTC) - chance.randint(2, 12) * DAY)


def working_minutes(scenario: Scenario) -> Iterator[int]:
    """Every minute at which the clock on the wall shows working time, as seconds since 1970."""
    begins = int(scenario.begins.timestamp())
    shown: dict[date, list[bool]] = {}
    for at in range(begins, begins + DAYS_SEEN * 24 * 60 * 60, 60):
        local = datetime.fromtimestamp(at, scenario.person.timezone)
        if (today := local.date()) not in shown:
            shown[today] = [shows_work(scenario, today, minute) for minute in range(24 * 60)]
        if shown[today][local.hour * 60 + local.minute]:
            yield at


def shows_work(scenario: Scenario, today: date, minute: int) -> bool:
    yesterday = today - DAY
    return any(
        (weekday == today.weekday() and today not in scenario.off and start <= minute < end)
        or (weekday == yesterday.weekday() and yesterday not in scenario.off and start <= minute + 24 * 60 < end)
        for weekday, start, end in scenario.week
    )


def test_every_date_is_when_that_much_working_time_was_shown_by_the_clock():
    chance = Random(20261119)
    compared = 0
    for _ in range(SCENARIOS):
        scenario = a_scenario(chance)
        minutes = list(working_minutes(scenario))
        working = set(minutes)
        for _ in range(INTERVALS):
            at = int(scenario.begins.timestamp()) + 60 * chance.randrange(DAYS_SEEN * 24 * 60)
            start = datetime.fromtimestamp(at, UTC)
            assert scenario.person.is_at_work(start) is (at in working), (scenario, start)
            done = bisect_left(minutes, at)
            if done == len(minutes):
                continue
            work = chance.randint(0, min(len(minutes) - done, 4_000))
            expected = minutes[done] if work == 0 else minutes[done + work - 1] + 60
            assert scenario.person.due(start, work * MINUTE) == datetime.fromtimestamp(expected, UTC), (scenario, start, work)
            compared += 1
    assert compared > 5_000
