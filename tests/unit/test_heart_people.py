"""Who stands in for whom."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from allears.domain.people import Absence, Person
from tests.builders import NOW, a_directory, a_person

TODAY = Absence(NOW.date(), NOW.date())


def away(name: str, **changes: object) -> Person:
    return a_person(name, away=(TODAY,), **changes)


def test_someone_who_is_there_takes_it():
    ada = a_person("Ada Brook", deputy="Ben Hall")
    assert a_directory(ada, a_person("Ben Hall"), default="Ben Hall").reachable(ada, NOW) == (ada, None)


def test_the_deputy_stands_in():
    ada, ben = away("Ada Brook", deputy="Ben Hall", manager="Cara Diaz"), a_person("Ben Hall")
    assert a_directory(ada, ben, a_person("Cara Diaz")).reachable(ada, NOW) == (ben, "Ada Brook is away")


def test_the_deputys_deputy_stands_in():
    ada, ben, priya = away("Ada Brook", deputy="Ben Hall"), away("Ben Hall", deputy="Priya Nair"), a_person("Priya Nair")
    assert a_directory(ada, ben, priya, default="Priya Nair").reachable(ada, NOW)[0] == priya


def test_after_the_deputies_the_managers():
    cara = a_person("Cara Diaz")
    ada, ben = away("Ada Brook", deputy="Ben Hall", manager="Cara Diaz"), away("Ben Hall")
    assert a_directory(ada, ben, cara, default="Ada Brook").reachable(ada, NOW)[0] == cara


@pytest.mark.parametrize("link", ["deputy", "manager"])
def test_a_loop_ends_at_the_default_owner(link: str):
    ada, ben, cara = away("Ada Brook", **{link: "Ben Hall"}), away("Ben Hall", **{link: "Ada Brook"}), a_person("Cara Diaz")
    taken, why = a_directory(ada, ben, cara).reachable(ada, NOW)
    assert taken == cara
    assert why == "Ada Brook and everyone standing in for them are away"


def test_when_all_are_away_it_is_still_somebodys():
    ada, cara = away("Ada Brook", deputy="Cara Diaz"), away("Cara Diaz", deputy="Cara Diaz")
    assert a_directory(ada, cara).reachable(ada, NOW)[0] == cara
    assert a_directory(ada, cara).reachable(cara, NOW)[0] == cara


def test_days_away_are_whole_days_in_the_persons_own_time_zone():
    traveller = a_person("Mei Lin", timezone=ZoneInfo("Asia/Tokyo"), away=(Absence(date(2026, 11, 18), date(2026, 11, 19)),))
    moments = {
        datetime(2026, 11, 17, 14, 59, tzinfo=UTC): False,
        datetime(2026, 11, 17, 15, 0, tzinfo=UTC): True,
        datetime(2026, 11, 19, 14, 59, tzinfo=UTC): True,
        datetime(2026, 11, 19, 15, 0, tzinfo=UTC): False,
    }
    assert {moment: traveller.is_away(moment) for moment in moments} == moments


def test_a_team_keeps_the_order_of_the_configuration():
    directory = a_directory(a_person("Zoe Ash", "bar"), a_person("Al Roe", "bar", "kitchen"), a_person("Cara Diaz"))
    assert [person.name for person in directory.team("bar")] == ["Zoe Ash", "Al Roe"]
    assert directory.team("nobody") == ()
