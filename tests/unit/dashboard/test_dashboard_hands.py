"""Whose a case was, and whose it will be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from allears.domain.case import SYSTEM, Case, CaseStatus
from allears.domain.changes import acknowledge, hand_over
from allears.domain.people import Absence
from allears.domain.records import CaseView
from allears.watching import Watch
from app.dashboard.components.hands import hands, ordinal, people_so_far, standing, take_by
from tests.builders import NOW, a_case, a_person, a_plan

PLAN = a_plan(a_person("Cara Diaz"), a_person("Ada Brook", deputy="Ben Hall"), a_person("Ben Hall", manager="Cara Diaz"))
ALERTED = a_case(owners=("Ada Brook",), alerted_at=NOW)


def moved(case: Case, *moves: tuple[str, str, str]) -> CaseView:
    """The case after these hops (to, reason, by), an hour apart."""
    events = []
    for number, (to, reason, actor) in enumerate(moves, start=1):
        at = NOW + timedelta(hours=number)
        change = hand_over(case, to=to, reason=reason, actor=actor, at=at, next_date=at)
        case = change.case
        events += change.events
    return CaseView(case, (), tuple(events), ())


def test_everyone_stands_with_their_time_and_why_it_moved():
    view = moved(
        ALERTED, ("Ben Hall", "Ada Brook did not take it by Thu 19 Nov, 11:00", SYSTEM), ("Cara Diaz", "From: him to: me", "Ben Hall")
    )
    had = hands(view, NOW + timedelta(hours=5))
    assert [(each.name, each.seconds / 3600, each.why, each.moved_by) for each in had] == [
        ("Ada Brook", 1, "Ada Brook did not take it by Thu 19 Nov, 11:00", None),
        ("Ben Hall", 1, "From: him to: me", "Ben Hall"),
        ("Cara Diaz", 3, None, None),
    ]
    assert standing(view.case) == "On its 3rd person"


def test_a_resolved_case_is_nobodys_time_any_more():
    view = moved(ALERTED, ("Ben Hall", "why", "Ada Brook"))
    view = replace(view, case=replace(view.case, status=CaseStatus.RESOLVED, resolved_at=NOW + timedelta(hours=2)))
    assert hands(view, NOW + timedelta(days=9))[-1].seconds == 3600


def test_a_case_that_comes_back_is_not_called_a_new_persons():
    view = moved(ALERTED, ("Ben Hall", "Ada Brook is away", SYSTEM), ("Ada Brook", "Ada Brook is back", SYSTEM))
    assert standing(view.case) == "Back with Ada Brook, after 2 hops"
    assert people_so_far(view.case) == 2


@pytest.mark.parametrize(("number", "place"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (23, "23rd")])
def test_places(number: int, place: str):
    assert ordinal(number) == place


def test_whoever_the_watch_would_choose_is_named_beforehand():
    by = take_by(Watch(PLAN, NOW), ALERTED)
    assert by
    assert (by.at, by.then) == (NOW + timedelta(hours=4), "Ben Hall")
    (_, (change, _)) = Watch(PLAN, by.at + timedelta(seconds=1)).next_step(ALERTED)
    assert change.case.owner == "Ben Hall"


def test_an_absence_that_begins_meanwhile_counts():
    away = (Absence(NOW.date(), NOW.date()),)
    plan = a_plan(a_person("Cara Diaz"), a_person("Ada Brook", deputy="Ben Hall"), a_person("Ben Hall", away=away))
    assert take_by(Watch(plan, NOW), ALERTED).then == "Cara Diaz"


def test_nobody_may_come_next():
    plan = a_plan(a_person("Ada Brook"), directory=replace(a_plan(a_person("Ada Brook")).directory, default="Ada Brook"))
    assert take_by(Watch(plan, NOW), ALERTED).then is None


@pytest.mark.parametrize(
    "case",
    [
        a_case(),
        acknowledge(ALERTED, actor="Ada Brook", at=NOW).case,
        replace(ALERTED, status=CaseStatus.RESOLVED),
        replace(ALERTED, owner="Al Roe"),
    ],
    ids=["not alerted yet", "taken", "resolved", "gone"],
)
def test_there_is_nothing_to_take(case: Case):
    assert take_by(Watch(PLAN, datetime.now(UTC)), case) is None
