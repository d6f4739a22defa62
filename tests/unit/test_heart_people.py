"""Who can have a case, and who stands in for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays

from allears.domain.hours import FARTHEST, parse_hours
from allears.domain.people import Absence, Person
from tests.builders import NOW, a_directory, a_person

TODAY = Absence(NOW.date(), NOW.date())
OFFICE = parse_hours("Mon-Fri 09:00-17:30")


def away(name: str, **changes: object) -> Person:
    return a_person(name, away=(TODAY,), **changes)


class TestWhoCanHaveACase:
    def test_whoever_is_there(self):
        assert a_directory().why_not("Ada Brook", NOW) is None

    def test_not_who_is_away_and_until_when(self):
        ada = a_person("Ada Brook", away=(TODAY, Absence(date(2026, 11, 16), date(2026, 11, 27))))
        assert a_directory(ada).why_not("Ada Brook", NOW) == "Ada Brook is away until Fri 27 Nov"

    def test_not_who_has_left(self):
        assert a_directory(a_person("Ada Brook", active=False)).why_not("Ada Brook", NOW) == "Ada Brook is not active any more"

    def test_not_who_is_not_named_any_more(self):
        assert a_directory().why_not("Zoe Ash", NOW) == "Zoe Ash is not in the directory any more"

    def test_not_whose_address_bounces(self):
        known = a_directory().knowing({"ada@northwind.example": "550 no such user"})
        assert known.why_not("Ada Brook", NOW) == "Mails to Ada Brook come back"
        assert known.why_not("Priya Nair", NOW) is None


class TestStandingIn:
    def test_someone_who_is_there_takes_it(self):
        ada = a_person("Ada Brook", deputy="Ben Hall")
        assert a_directory(ada, a_person("Ben Hall"), default="Ben Hall").reachable(ada, NOW) == (ada, None)

    def test_the_deputy_stands_in(self):
        ada, ben = away("Ada Brook", deputy="Ben Hall", manager="Cara Diaz"), a_person("Ben Hall")
        assert a_directory(ada, ben, a_person("Cara Diaz")).reachable(ada, NOW) == (ben, "Ada Brook is away until Thu 19 Nov")

    @pytest.mark.parametrize("changes", [{"away": (TODAY,)}, {"active": False}, {"email": "gone@northwind.example"}])
    def test_the_deputys_deputy_stands_in_for_one_who_cannot(self, changes: dict[str, object]):
        ada, ben, priya = away("Ada Brook", deputy="Ben Hall"), a_person("Ben Hall", deputy="Priya Nair", **changes), a_person("Priya Nair")
        directory = a_directory(ada, ben, priya, a_person("Cara Diaz")).knowing({"gone@northwind.example": "550 no such user"})
        assert directory.reachable(ada, NOW)[0] == priya

    def test_after_the_deputies_the_managers(self):
        cara = a_person("Cara Diaz")
        ada, ben = away("Ada Brook", deputy="Ben Hall", manager="Cara Diaz"), away("Ben Hall")
        assert a_directory(ada, ben, cara, default="Ada Brook").reachable(ada, NOW)[0] == cara

    def test_everyone_in_line_once(self):
        people = (
            a_person("Ada Brook", deputy="Ben Hall", manager="Priya Nair"),
            a_person("Ben Hall", deputy="Ada Brook"),
            a_person("Priya Nair", manager="Mei Lin"),
            a_person("Mei Lin"),
            a_person("Cara Diaz"),
        )
        assert [each.name for each in a_directory(*people).stand_ins("Ada Brook")] == ["Ben Hall", "Priya Nair", "Mei Lin", "Cara Diaz"]
        assert [each.name for each in a_directory(*people).stand_ins("Cara Diaz")] == []

    def test_for_one_who_is_not_named_any_more_the_default_owner(self):
        assert [each.name for each in a_directory().stand_ins("Zoe Ash")] == ["Cara Diaz"]

    @pytest.mark.parametrize("link", ["deputy", "manager"])
    def test_a_loop_ends_at_the_default_owner(self, link: str):
        ada, ben, cara = away("Ada Brook", **{link: "Ben Hall"}), away("Ben Hall", **{link: "Ada Brook"}), a_person("Cara Diaz")
        assert a_directory(ada, ben, cara).reachable(ada, NOW) == (cara, "Ada Brook is away until Thu 19 Nov")

    def test_when_nobody_can_it_is_still_somebodys(self):
        ada, cara = away("Ada Brook", deputy="Cara Diaz"), away("Cara Diaz", deputy="Cara Diaz")
        for person in (ada, cara):
            taken, why = a_directory(ada, cara).reachable(person, NOW)
            assert taken == cara
            assert why == f"{person.name} is away until Thu 19 Nov, and nobody who stands in can be reached"


@pytest.mark.parametrize(
    ("deputies", "circles"),
    [
        ({"Ada": "Ben", "Ben": "Cara"}, []),
        ({"Ada": "Ben", "Ben": "Ada"}, [{"Ada", "Ben"}]),
        ({"Ada": "Ben", "Ben": "Cara", "Cara": "Ben"}, [{"Ben", "Cara"}]),
        ({"Ada": "Ben", "Ben": "Cara", "Cara": "Ada", "Dan": "Eve", "Eve": "Dan"}, [{"Ada", "Ben", "Cara"}, {"Dan", "Eve"}]),
    ],
)
def test_circles_of_deputies_are_found_once(deputies: dict[str, str], circles: list[set[str]]):
    directory = a_directory(*(a_person(name, deputy=deputies.get(name)) for name in ("Ada", "Ben", "Cara", "Dan", "Eve")), default="Ada")
    assert [set(circle) for circle in directory.deputies_in_circles()] == circles


class TestDaysAway:
    def test_they_are_whole_days_in_the_persons_own_time_zone(self):
        absence = Absence(date(2026, 11, 18), date(2026, 11, 19))
        traveller = a_person("Mei Lin", timezone=ZoneInfo("Asia/Tokyo"), away=(absence,))
        moments = {
            datetime(2026, 11, 17, 14, 59, tzinfo=UTC): None,
            datetime(2026, 11, 17, 15, 0, tzinfo=UTC): absence,
            datetime(2026, 11, 19, 14, 59, tzinfo=UTC): absence,
            datetime(2026, 11, 19, 15, 0, tzinfo=UTC): None,
        }
        assert {moment: traveller.absence(moment) for moment in moments} == moments

    def test_a_night_is_away_with_the_day_on_which_it_begins(self):
        nurse = a_person("Mei Lin", hours=parse_hours("Mon-Sun 22:00-06:00"), away=(TODAY,))
        moments = {
            datetime(2026, 11, 19, 5, 59, tzinfo=UTC): None,
            datetime(2026, 11, 19, 6, 0, tzinfo=UTC): TODAY,
            datetime(2026, 11, 20, 5, 59, tzinfo=UTC): TODAY,
            datetime(2026, 11, 20, 6, 0, tzinfo=UTC): None,
        }
        assert {moment: nurse.absence(moment) for moment in moments} == moments
        assert nurse.due(datetime(2026, 11, 19, 5, 0, tzinfo=UTC), timedelta(hours=2)) == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)

    def test_the_next_one(self):
        christmas, new_year = Absence(date(2026, 12, 24), date(2026, 12, 27)), Absence(date(2027, 1, 1), date(2027, 1, 3))
        assert a_person("Ada Brook", away=(new_year, TODAY, christmas)).next_absence(NOW) == christmas
        assert away("Ada Brook").next_absence(NOW) is None


class TestDates:
    def test_a_date_falls_on_a_day_on_which_they_work(self):
        away_over_a_holiday = Absence(date(2026, 12, 22), date(2026, 12, 24))
        ada = a_person("Ada Brook", hours=OFFICE, holidays=country_holidays("GB"), away=(away_over_a_holiday,))
        monday = datetime(2026, 12, 21, 15, 30, tzinfo=UTC)
        assert ada.due(monday, timedelta(hours=2)) == datetime(2026, 12, 21, 17, 30, tzinfo=UTC)
        assert ada.due(monday, timedelta(hours=4)) == datetime(2026, 12, 29, 11, 0, tzinfo=UTC)  # the 25th and 28th are holidays

    def test_without_hours_days_away_are_left_out_too(self):
        assert away("Ada Brook").due(NOW - timedelta(hours=12), timedelta(hours=4)) == datetime(2026, 11, 20, 2, 42, tzinfo=UTC)

    def test_who_is_at_work(self):
        ada = a_person("Ada Brook", hours=OFFICE)
        hours = [hour for hour in range(24) if ada.is_at_work(NOW.replace(hour=hour, minute=0))]
        assert hours == list(range(9, 18))
        assert not a_person("Ada Brook", hours=OFFICE, away=(TODAY,)).is_at_work(NOW)
        assert not a_person("Ada Brook", hours=OFFICE, holidays=frozenset({NOW.date()})).is_at_work(NOW)

    def test_who_never_comes_back_keeps_nobody_waiting_for_the_answer(self):
        gone = a_person("Ada Brook", hours=OFFICE, away=(Absence(NOW.date(), date(9999, 12, 31)),))
        assert gone.due(NOW, timedelta(hours=1)) == NOW + FARTHEST


def test_what_decides_when_they_work_changes_with_any_of_it():
    ada = a_person("Ada Brook", hours=OFFICE, holidays=frozenset({NOW.date()}))
    others = (
        a_person("Ada Brook", hours=OFFICE),
        a_person("Ada Brook", holidays=frozenset({NOW.date()})),
        a_person("Ada Brook", hours=OFFICE, holidays=frozenset({NOW.date()}), timezone=ZoneInfo("Asia/Tokyo")),
        a_person("Ada Brook", hours=OFFICE, holidays=frozenset({NOW.date()}), away=(TODAY,)),
        a_person("Ada Brook", hours=OFFICE, holidays=country_holidays("GB"), country="GB"),
        a_person("Ada Brook", hours=OFFICE, holidays=country_holidays("DE"), country="DE"),
    )
    assert len({ada.calendar, *(other.calendar for other in others)}) == len(others) + 1
    assert ada.calendar == a_person("Ben Hall", hours=OFFICE, holidays=frozenset({NOW.date()})).calendar


def test_a_team_keeps_the_order_of_the_configuration():
    directory = a_directory(a_person("Zoe Ash", "bar"), a_person("Al Roe", "bar", "kitchen"), a_person("Cara Diaz"))
    assert [person.name for person in directory.team("bar")] == ["Zoe Ash", "Al Roe"]
    assert directory.team("nobody") == ()
