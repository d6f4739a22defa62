"""The watch over open cases, step by step, on the real store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from allears import caring
from allears.assigning import Plan
from allears.digesting import gather_alerts
from allears.domain.case import SYSTEM, Case, CaseChange, CaseId, CaseStatus, EventType
from allears.domain.feedback import Status, Urgency
from allears.domain.hours import parse_hours
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.people import Absence, Person
from allears.domain.records import Routed
from allears.domain.targets import USUAL, Goal, Targets
from allears.domain.watch import Unreachable
from allears.store.duckdb_store import DuckDBStore
from allears.watching import MAIL_STUCK, Watched, keep_watch
from tests.builders import NOW, SUPPORT, StandingClock, a_case, a_directory, a_page, a_person, a_store, an_item, understanding_of

CASE = CaseId("C-1001")
TODAY = NOW.date()
ADA = a_person("Ada Brook", deputy="Ben Hall", manager="Cara Diaz")
BEN = a_person("Ben Hall", deputy="Ada Brook", manager="Cara Diaz")
CARA = a_person("Cara Diaz")
TAKE = USUAL[Goal.ACKNOWLEDGE][Urgency.NORMAL]


def a_plan(*people: Person, targets: Targets | None = None) -> Plan:
    return Plan((), a_directory(*(people or (ADA, BEN, CARA)), default="Cara Diaz"), targets or Targets(USUAL), ())


def away(person: Person, days: int = 5, **changes: object) -> Person:
    return replace(person, away=(Absence(TODAY, TODAY + timedelta(days=days)),), **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    """One case of Ada's, alerted at NOW and not yet taken."""
    store = a_store(tmp_path / "store.duckdb", clock)
    item = an_item()
    store.record_page(SUPPORT, a_page([item]), NOW)
    store.record_understanding([understanding_of(item)])
    case = a_case(item_ids=(item.id,), alerted_at=NOW, owner_since=NOW, owners=("Ada Brook",), next_date=NOW + timedelta(days=3))
    case = replace(case, rules=a_plan().rules(ADA, case.urgency, ()), resolve_by=NOW + timedelta(days=9))
    store.record_routing([Routed(item.id, Status.CASE, "a reason", CASE, change=CaseChange(case, ()))])
    yield store
    store.close()


def case_of(store: DuckDBStore) -> Case:
    case = store.case(CASE)
    assert case is not None
    return case


def last_event(store: DuckDBStore) -> tuple[str, EventType, str]:
    view = store.case_view(CASE)
    assert view is not None
    event = view.events[-1]
    return event.actor, event.type, event.detail


def told(store: DuckDBStore, clock: StandingClock) -> set[tuple[MessageKind, str]]:
    return {(each.kind, each.to) for each in store.outbox_due(clock.now(), 100)}


def alarms(store: DuckDBStore) -> dict[str, str]:
    return {alarm.key: alarm.text for alarm in store.alarms()}


class TestTheOwnerCannotHaveIt:
    def test_where_all_is_well_nothing_is_written(self, store: DuckDBStore, clock: StandingClock):
        before = case_of(store)
        assert keep_watch(store, a_plan(), clock) == Watched()
        assert case_of(store) == before

    def test_an_absence_that_begins_moves_the_case_to_the_deputy_who_is_alerted(self, store: DuckDBStore, clock: StandingClock):
        assert keep_watch(store, a_plan(away(ADA), BEN, CARA), clock).moved == 1
        case = case_of(store)
        assert (case.owner, case.hops, case.owners) == ("Ben Hall", 1, ("Ada Brook", "Ben Hall"))
        assert last_event(store) == (SYSTEM, EventType.HANDED_OVER, "From Ada Brook to Ben Hall: Ada Brook is away until Tue 24 Nov")
        assert told(store, clock) == {(MessageKind.ALERT, "Ben Hall")}

    @pytest.mark.parametrize(
        ("people", "reason"),
        [
            ((BEN, CARA), "Ada Brook is not in the directory any more"),
            ((replace(ADA, active=False), BEN, CARA), "Ada Brook is not active any more"),
        ],
    )
    def test_who_left_has_nothing_any_more(self, store: DuckDBStore, clock: StandingClock, people: tuple[Person, ...], reason: str):
        keep_watch(store, a_plan(*people), clock)
        case = case_of(store)
        assert case.owner in ("Ben Hall", "Cara Diaz")
        assert case.why_owner == reason

    def test_a_dead_address_moves_every_case_and_is_an_alarm(self, store: DuckDBStore, clock: StandingClock):
        store.record_unreachable(Unreachable("Ada Brook", ADA.email, "550 no such user.", NOW))
        keep_watch(store, a_plan(), clock)
        assert case_of(store).owner == "Ben Hall"
        assert "550 no such user" in alarms(store)[f"bouncing {ADA.email}"]

    def test_another_address_in_the_configuration_ends_that(self, store: DuckDBStore, clock: StandingClock):
        store.record_unreachable(Unreachable("Ada Brook", "old@northwind.example", "550 no such user.", NOW))
        keep_watch(store, a_plan(), clock)
        assert case_of(store).owner == "Ada Brook"
        assert alarms(store) == {}

    def test_a_calendar_that_cannot_be_read_is_an_alarm(self, store: DuckDBStore, clock: StandingClock):
        keep_watch(store, replace(a_plan(), unread_calendars=("ada.ics is no calendar",)), clock)
        assert "absences in it are not known: ada.ics is no calendar" in "".join(alarms(store).values())

    def test_a_ring_of_deputies_ends_at_the_manager(self, store: DuckDBStore, clock: StandingClock):
        keep_watch(store, a_plan(away(ADA), away(BEN), CARA), clock)
        assert case_of(store).owner == "Cara Diaz"

    def test_nobody_at_all_is_the_default_owner_and_an_alarm_until_someone_is_back(self, store: DuckDBStore, clock: StandingClock):
        keep_watch(store, a_plan(away(ADA), away(BEN), away(CARA)), clock)
        assert case_of(store).owner == "Cara Diaz"
        assert {"default owner", f"unplaced {CASE}"} == set(alarms(store))
        clock.move(days=6)
        keep_watch(store, a_plan(away(ADA), away(BEN), away(CARA)), clock)
        assert set(alarms(store)) == {"mail"}  # in this test nobody sends the alert

    def test_after_the_absence_the_stand_in_keeps_it(self, store: DuckDBStore, clock: StandingClock):
        keep_watch(store, a_plan(away(ADA), BEN, CARA), clock)
        caring.acknowledge(store, clock, CASE, "Ben Hall")
        clock.move(days=7)
        keep_watch(store, a_plan(away(ADA), BEN, CARA), clock)
        assert case_of(store).owner == "Ben Hall"

    def test_unless_they_take_their_cases_back(self, store: DuckDBStore, clock: StandingClock):
        plan = a_plan(away(ADA, takes_back=True), BEN, CARA)
        keep_watch(store, plan, clock)
        assert case_of(store).stands_in_for == "Ada Brook"
        caring.acknowledge(store, clock, CASE, "Ben Hall")
        clock.move(days=7)
        keep_watch(store, plan, clock)
        case = case_of(store)
        assert (case.owner, case.hops, case.stands_in_for, case.why_owner) == ("Ada Brook", 2, None, "Ada Brook is back")


class TestAHopKeepsTheDate:
    """What the customer may expect does not change because the case changes hands."""

    LATE_RISER = replace(BEN, hours=parse_hours("Mon-Fri 15:00-18:00"))

    def test_by_itself(self, store: DuckDBStore, clock: StandingClock):
        due = case_of(store).next_date
        plan = a_plan(away(ADA, days=20), self.LATE_RISER, CARA)
        assert keep_watch(store, plan, clock) == Watched(moved=1)
        assert keep_watch(store, plan, clock) == Watched()
        assert (case_of(store).owner, case_of(store).next_date) == ("Ben Hall", due)

    def test_by_hand(self, store: DuckDBStore, clock: StandingClock):
        due = case_of(store).next_date
        plan = a_plan(ADA, self.LATE_RISER, CARA)
        caring.hand_over(store, clock, plan, CASE, "Ben Hall", "knows the courier", "Ada Brook")
        assert keep_watch(store, plan, clock) == Watched()
        assert case_of(store).next_date == due

    def test_a_date_that_had_passed_begins_anew(self, store: DuckDBStore, clock: StandingClock):
        caring.acknowledge(store, clock, CASE, "Ada Brook")
        clock.move(days=4)
        plan = a_plan(away(ADA, days=20), BEN, CARA)
        keep_watch(store, plan, clock)
        assert case_of(store).next_date == clock.now() + USUAL[Goal.ANSWER][Urgency.NORMAL]
        assert keep_watch(store, plan, clock) == Watched()


class TestNobodyTookIt:
    def test_within_the_time_nothing_moves(self, store: DuckDBStore, clock: StandingClock):
        clock.at = NOW + TAKE
        assert keep_watch(store, a_plan(), clock).moved == 0

    def test_then_the_deputy_has_it_and_the_owner_is_told(self, store: DuckDBStore, clock: StandingClock):
        clock.at = NOW + TAKE + timedelta(seconds=1)
        keep_watch(store, a_plan(), clock)
        case = case_of(store)
        assert (case.owner, case.passed_by) == ("Ben Hall", ("Ada Brook",))
        assert last_event(store)[2] == "From Ada Brook to Ben Hall: Ada Brook did not take it by Thu 19 Nov, 14:42"
        assert told(store, clock) == {(MessageKind.ALERT, "Ben Hall"), (MessageKind.MOVED, "Ada Brook")}

    def test_the_time_is_that_of_their_working_hours(self, store: DuckDBStore, clock: StandingClock):
        at_work = replace(ADA, hours=parse_hours("Mon-Fri 09:00-12:00"))
        clock.at = NOW + TAKE + timedelta(hours=2)
        keep_watch(store, a_plan(at_work, BEN, CARA), clock)
        assert case_of(store).owner == "Ada Brook"

    def test_it_goes_on_up_the_line_and_never_back(self, store: DuckDBStore, clock: StandingClock):
        owners = []
        for _ in range(6):
            keep_watch(store, a_plan(), clock)
            for message in store.outbox_due(clock.now(), 10):
                store.record_sent(message.key, clock.now())
            owners.append(case_of(store).owner)
            clock.move(hours=5)
        assert owners == ["Ada Brook", "Ben Hall", "Cara Diaz", "Cara Diaz", "Cara Diaz", "Cara Diaz"]
        assert "Ada Brook, Ben Hall, Cara Diaz" in alarms(store)[f"untaken {CASE}"]

    def test_who_took_it_keeps_it(self, store: DuckDBStore, clock: StandingClock):
        caring.acknowledge(store, clock, CASE, "Ada Brook")
        clock.move(days=1)
        assert keep_watch(store, a_plan(), clock).moved == 0

    def test_an_alert_that_never_left_is_no_fault_of_theirs(self, store: DuckDBStore, clock: StandingClock):
        case = case_of(store)
        waiting = OutboxMessage("k", MessageKind.ALERT, "Ada Brook", case.item_ids[0], CASE, NOW, NOW)
        store.record_change(CaseChange(replace(case, alerted_at=None, version=case.version + 1), ()), (waiting,))
        clock.at = NOW + timedelta(hours=12)
        keep_watch(store, a_plan(), clock)
        assert case_of(store).owner == "Ada Brook"
        assert "Alerts wait since" in alarms(store)["mail"]
        store.record_sent("k", clock.now())
        keep_watch(store, a_plan(), clock)
        assert "mail" not in alarms(store)
        assert timedelta(0) < MAIL_STUCK


class TestAFlood:
    """After an outage the watch takes many steps at once."""

    NUMBERS = range(2001, 2021)

    def many(self, store: DuckDBStore) -> None:
        """Twenty more cases of Ada's, as the first one."""
        items = [an_item(str(number)) for number in self.NUMBERS]
        store.record_page(SUPPORT, a_page(items), NOW)
        store.record_understanding([understanding_of(item) for item in items])
        cases = [replace(case_of(store), id=CaseId(f"C-{n}"), item_ids=(item.id,)) for n, item in zip(self.NUMBERS, items, strict=True)]
        opened = (CaseChange(replace(case, version=1), ()) for case in cases)
        store.record_routing([Routed(change.case.item_ids[0], Status.CASE, "a reason", change.case.id, change=change) for change in opened])

    def left(self, store: DuckDBStore, clock: StandingClock) -> list[tuple[MessageKind, str, int]]:
        """The mails that are due once they are arranged, and how many each stands for."""
        gather_alerts(store, a_plan().directory, clock.now())
        due = store.outbox_due(clock.now(), 100)
        return sorted((each.kind, each.to, len(store.gathered(each.key))) for each in due)

    def test_whoever_lost_many_cases_is_told_in_one_mail(self, store: DuckDBStore, clock: StandingClock):
        self.many(store)
        clock.at = NOW + TAKE + timedelta(seconds=1)
        assert keep_watch(store, a_plan(), clock).moved == 21
        assert self.left(store, clock) == [(MessageKind.DIGEST, "Ben Hall", 21), (MessageKind.NEWS, "Ada Brook", 21)]

    def test_whoever_leads_many_that_are_late_is_too(self, store: DuckDBStore, clock: StandingClock):
        self.many(store)
        for case in store.open_cases():
            caring.acknowledge(store, clock, case.id, "Ada Brook")
        clock.at = case_of(store).next_date + timedelta(minutes=1)
        assert keep_watch(store, a_plan(), clock).overdue == 21
        assert self.left(store, clock) == [(MessageKind.NEWS, "Ada Brook", 21), (MessageKind.NEWS, "Cara Diaz", 21)]
        for message in store.outbox_due(clock.now(), 100):
            store.record_sent(message.key, clock.now())
        assert self.left(store, clock) == []
        assert keep_watch(store, a_plan(), clock) == Watched()


class TestDates:
    def test_a_date_that_is_near_is_said_once(self, store: DuckDBStore, clock: StandingClock):
        caring.acknowledge(store, clock, CASE, "Ada Brook")
        clock.at = case_of(store).next_date - timedelta(minutes=30)
        assert keep_watch(store, a_plan(), clock).due_soon == 1
        assert keep_watch(store, a_plan(), clock).due_soon == 0

    def test_a_date_that_passed_is_said_once_to_the_owner_and_their_manager(self, store: DuckDBStore, clock: StandingClock):
        caring.acknowledge(store, clock, CASE, "Ada Brook")
        clock.at = case_of(store).next_date + timedelta(minutes=1)
        assert keep_watch(store, a_plan(), clock).overdue == 1
        assert told(store, clock) == {(MessageKind.OVERDUE, "Ada Brook"), (MessageKind.OVERDUE, "Cara Diaz")}
        assert last_event(store)[1:] == (EventType.OVERDUE, "A first answer to the customer was due Sun 22 Nov, 10:42")
        assert keep_watch(store, a_plan(), clock).overdue == 0

    def test_a_broken_promise_is_said_too(self, store: DuckDBStore, clock: StandingClock):
        caring.promise(store, clock, CASE, NOW + timedelta(hours=3), "You hear from me at two", "Ada Brook")
        clock.move(hours=4)
        keep_watch(store, a_plan(), clock)
        assert last_event(store)[2] == "The promised word to the customer was due Thu 19 Nov, 13:42"

    def test_so_is_a_matter_that_is_not_put_right_in_time(self, store: DuckDBStore, clock: StandingClock):
        caring.promise(store, clock, CASE, NOW + timedelta(days=30), "When the new machine is here", "Ada Brook")
        clock.move(days=10)
        keep_watch(store, a_plan(), clock)
        assert last_event(store)[2] == "Putting it right was due Sat 28 Nov, 10:42"

    def test_other_targets_set_the_dates_of_open_cases_anew(self, store: DuckDBStore, clock: StandingClock):
        quick = Targets(USUAL | {Goal.ANSWER: dict.fromkeys(Urgency, timedelta(hours=2))})
        assert keep_watch(store, a_plan(targets=quick), clock).dates_set == 1
        assert case_of(store).next_date == NOW + timedelta(hours=2)
        assert last_event(store)[1:] == (EventType.DATE_CHANGED, "The rules changed: due Thu 19 Nov, 12:42, was Sun 22 Nov, 10:42")
        assert keep_watch(store, a_plan(targets=quick), clock).dates_set == 0

    def test_so_does_a_holiday(self, store: DuckDBStore, clock: StandingClock):
        before = replace(ADA, hours=parse_hours("Mon-Fri 09:00-17:00"))
        keep_watch(store, a_plan(before, BEN, CARA), clock)
        due = case_of(store).next_date
        with_holiday = replace(before, holidays=frozenset({due.date()}))
        keep_watch(store, a_plan(with_holiday, BEN, CARA), clock)
        assert case_of(store).next_date.date() > due.date()

    def test_a_promised_date_stays_what_was_promised(self, store: DuckDBStore, clock: StandingClock):
        promised = NOW + timedelta(hours=30)
        caring.promise(store, clock, CASE, promised, "Tomorrow afternoon", "Ada Brook")
        keep_watch(store, a_plan(targets=Targets(USUAL | {Goal.ANSWER: dict.fromkeys(Urgency, timedelta(hours=2))})), clock)
        case = case_of(store)
        assert (case.next_date, case.status) == (promised, CaseStatus.PROMISED)

    def test_a_case_from_before_dates_had_rules_keeps_its_date(self, store: DuckDBStore, clock: StandingClock):
        case = case_of(store)
        old = replace(case, rules=None, resolve_by=None, version=case.version + 1)
        store.record_change(CaseChange(old, ()), ())
        keep_watch(store, a_plan(), clock)
        now = case_of(store)
        assert now.next_date == case.next_date
        assert now.resolve_by is not None
        assert now.opened_at.date() == date(2026, 11, 19)
