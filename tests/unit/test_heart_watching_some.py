"""The watch asks the store for some of the open cases, and does the same as if it looked at all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allears.assigning import Plan
from allears.domain.case import Case, CaseChange, CaseId, CaseStatus
from allears.domain.feedback import Status, Urgency
from allears.domain.hours import ALWAYS, parse_hours
from allears.domain.people import Absence
from allears.domain.records import Routed
from allears.domain.targets import USUAL, Goal, Targets
from allears.domain.watch import WatchBook
from allears.store.duckdb_store import DuckDBStore
from allears.watching import SOON, Watch
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_directory, a_page, a_person, an_item, understanding_of

CASES = 8
NAMES = ("Ada Brook", "Ben Hall", "Cara Diaz", "Dan Webb")
LEFT = "Zoe Long"
MOMENT = timedelta(microseconds=1)
HOURS = (ALWAYS, parse_hours("Mon-Fri 09:00-17:00"), parse_hours("Tue-Sun 12:00-20:00"), parse_hours("Mon-Fri 22:00-06:00"))
ZONES = tuple(ZoneInfo(name) for name in ("UTC", "Europe/London", "America/New_York"))
TARGETS = (
    Targets(USUAL),
    Targets(USUAL | {Goal.ANSWER: dict.fromkeys(Urgency, timedelta(hours=2)), Goal.ACKNOWLEDGE: dict.fromkeys(Urgency, timedelta())}),
    Targets(
        USUAL,
        {"vip": {Goal.ACKNOWLEDGE: dict.fromkeys(Urgency, timedelta(minutes=10)), Goal.RESOLVE: {Urgency.NORMAL: timedelta(hours=3)}}},
    ),
)
STEPS = [timedelta(days=4), timedelta(days=1), timedelta(hours=4), SOON, timedelta(minutes=15), timedelta(minutes=3)]
"""How far dates and alerts are from the moment of the watch, or from each other: to the microsecond what decides, or a bit beside it."""
DISTANCES = st.sampled_from(
    [sign * (each + beside) for each in [*STEPS, timedelta()] for beside in (-MOMENT, timedelta(), MOMENT) for sign in (-1, 1)]
)


rarely = st.integers(0, 7).map(lambda chance: chance == 0)
"""What would make all of a pile asked for, or none of it."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBStore]:
    """So many cases, which each example changes."""
    store = DuckDBStore(tmp_path_factory.mktemp("watched") / "store.duckdb", StandingClock())
    items = [an_item(str(number)) for number in range(CASES)]
    store.record_page(SUPPORT, a_page(items), NOW)
    store.record_understanding([understanding_of(item) for item in items])
    cases = [a_case(1001 + number, item_ids=(item.id,)) for number, item in enumerate(items)]
    store.record_routing([Routed(case.item_ids[0], Status.CASE, "a reason", case.id, change=CaseChange(case, ())) for case in cases])
    yield store
    store.close()


@st.composite
def plans(draw: st.DrawFn, now: datetime) -> Plan:
    """Four people with hours, absences and dead addresses, and the targets."""
    people = []
    for name in NAMES:
        days = sorted(draw(st.lists(st.integers(-3, 5), min_size=2, max_size=2)))
        absence = Absence(*(now.date() + timedelta(days=day) for day in days))
        others = st.sampled_from([None, *(each for each in NAMES if each != name)])
        person = a_person(
            name,
            hours=draw(st.sampled_from(HOURS)),
            timezone=draw(st.sampled_from(ZONES)),
            away=(absence,) if draw(rarely) else (),
            active=not draw(rarely),
            takes_back=draw(st.booleans()),
            deputy=draw(others),
            manager=draw(others),
        )
        people.append(person)
    plan = Plan((), a_directory(*people, default="Cara Diaz"), draw(st.sampled_from(TARGETS)), ())
    return plan.knowing({person.email: "550 no such user" for person in people if draw(rarely)})


@st.composite
def cases(draw: st.DrawFn, case: Case, plan: Plan, now: datetime) -> Case:
    """The case as it may be at that moment, by these rules or others."""
    at = DISTANCES.map(lambda distance: now + distance)
    maybe = st.none() | at
    somebody = st.sampled_from([*NAMES * 3, LEFT])
    owner = draw(somebody)
    urgency, tags = draw(st.sampled_from((Urgency.CRITICAL, Urgency.NORMAL))), draw(st.sampled_from([(), ("vip",)]))
    known = plan.directory.people.get(owner) or plan.directory["Ada Brook"]
    in_force = plan.rules(known, urgency, tags)
    return replace(
        case,
        status=CaseStatus.RESOLVED if draw(rarely) else CaseStatus.PROMISED,
        owner=owner,
        stands_in_for=draw(somebody) if draw(rarely) else None,
        urgency=urgency,
        tags=tags,
        rules=draw(st.sampled_from([plan.rules(known, Urgency.LOW, tags), None])) if draw(rarely) else in_force,
        alerted_at=draw(maybe),
        acknowledged_at=draw(st.none() | st.just(now)),
        next_date=draw(at),
        resolve_by=draw(maybe),
        warned_for=draw(maybe),
        late_for=draw(maybe),
        promised_for=draw(maybe),
        passed_by=tuple(draw(st.lists(somebody, max_size=3, unique=True))),
        version=case.version + 1,
    )


def done_with(watch: Watch, looked_at: Sequence[Case], book: WatchBook) -> tuple[dict[CaseId, list[object]], dict[str, str]]:
    """Every step that the watch takes with these cases, and the alarms that stand after it."""
    steps: dict[CaseId, list[object]] = {}
    followed = []
    for case in looked_at:
        while step := watch.next_step(case):
            steps.setdefault(case.id, []).append(step)
            case = step[1][0].case  # noqa: PLW2901 - followed from one step to the next
        followed.append(case)
    return steps, watch.alarms(followed, book)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_looking_at_the_cases_that_are_asked_for_does_what_looking_at_all_does(store: DuckDBStore, data: st.DataObject):
    now = NOW + data.draw(st.sampled_from([timedelta(hours=hours) for hours in (0, 7, 16, 55, 96)]), "moment")
    plan = data.draw(plans(now), "plan")
    before = store.cases([CaseId(f"C-{1001 + number}") for number in range(CASES)])
    first, *others = (CaseChange(data.draw(cases(case, plan, now), "case"), ()) for case in before)
    store.record_change(replace(first, beside=tuple(others)), ())
    watch, book = Watch(plan, now), store.watch_book(now)
    asked_for = store.cases_to_watch(watch.question(book.piles))
    assert done_with(watch, asked_for, book) == done_with(watch, store.open_cases(), book)
