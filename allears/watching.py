"""The watch over open cases: each has one owner who can be reached and has taken it, and a next date that is kept or said to be missed.

Runs at every round, so that it sees what happened meanwhile: absences that began, people who left, addresses that
bounce, alerts nobody took, dates that passed, rules that changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allears.assigning import Plan
from allears.domain.case import SYSTEM, Case, CaseChange
from allears.domain.changes import hand_over, say_due_soon, say_overdue, set_dates
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.people import Person
from allears.domain.targets import Goal
from allears.domain.watch import Pile, WatchBook, WatchQuestion
from allears.errors import CaseConflict
from allears.ports import Clock, Store
from allears.steps import alerts_of

Step = tuple[CaseChange, tuple[OutboxMessage, ...]]
STEPS = 12
"""Steps that one case may need at once at the most: moved, dates set anew, said to be late."""
SOON = timedelta(hours=1)
MAIL_STUCK = timedelta(minutes=15)
"""How long an alert may wait for the mail server before it is an alarm."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What a watch did: cases that got another owner, that are due soon, that became overdue, and whose dates were set anew."""

    moved: int = 0
    due_soon: int = 0
    overdue: int = 0
    dates_set: int = 0
    alarms: int = 0

    def plus(self, later: Watched) -> Watched:
        """Both together; the alarms are those of the later one."""
        return Watched(
            self.moved + later.moved,
            self.due_soon + later.due_soon,
            self.overdue + later.overdue,
            self.dates_set + later.dates_set,
            later.alarms,
        )


def keep_watch(store: Store, plan: Plan, clock: Clock) -> Watched:
    """Do what is due with every open case, each step in a transaction of its own; then say which alarms stand."""
    now = clock.now()
    book = store.watch_book(now)
    watch = Watch(plan.knowing({each.email: each.why for each in book.unreachable}), now)
    done = {"moved": 0, "due_soon": 0, "overdue": 0, "dates_set": 0}
    cases = [_follow(store, watch, case, done) for case in store.cases_to_watch(watch.question(book.piles))]
    standing = watch.alarms(cases, book)
    if standing or store.alarms():
        store.record_alarms(standing, now)
    return Watched(**done, alarms=len(standing))


def _follow(store: Store, watch: Watch, case: Case, done: dict[str, int]) -> Case:
    """Take every step the case needs; one that somebody else changes at this moment is left to the next watch."""
    for _ in range(STEPS):
        found = watch.next_step(case)
        if found is None:
            break
        name, (change, told) = found
        try:
            store.record_change(change, told)
        except CaseConflict:
            break
        case = change.case
        done[name] += 1
    return case


@dataclass(frozen=True, slots=True)
class Watch:
    """The rules and the people as they are, looking at cases at one moment. Changes nothing itself."""

    plan: Plan
    now: datetime

    def question(self, piles: Sequence[Pile]) -> WatchQuestion:
        """What to ask for, of all open cases in `piles`, so that each is among them that needs a step or is an alarm."""
        whole = {pile.number for pile in piles if self._may_move(pile) or self._is_stale(pile)}
        untaken = {pile.number for pile in piles if self._is_late_to_take(pile)} - whole
        return WatchQuestion(self.now, self.now + SOON, tuple(whole), tuple(untaken))

    def _may_move(self, pile: Pile) -> bool:
        """Whether the owner cannot have them, or whoever they stand in for can again."""
        people, back = self.plan.directory, pile.stands_in_for
        is_back = back not in (None, pile.owner) and people.why_not(back, self.now) is None
        return is_back or people.why_not(pile.owner, self.now) is not None

    def _is_stale(self, pile: Pile) -> bool:
        owner = self.plan.directory.people.get(pile.owner)
        return owner is not None and pile.rules != self.plan.rules(owner, pile.urgency, pile.tags)

    def _is_late_to_take(self, pile: Pile) -> bool:
        """Whether the first of their alerts should have been acknowledged by now: no later one should where that one need not."""
        by = self._take_by(pile, pile.untaken_since)
        return by is not None and by < self.now

    def next_step(self, case: Case) -> tuple[str, Step] | None:
        """What must be done with this case next, by the name of the count it goes to; None if all is well."""
        if step := self._to_a_stand_in(case) or self._back(case) or self._untaken(case):
            return "moved", step
        if step := self._dates(case):
            return "dates_set", step
        if step := self._overdue(case):
            return "overdue", step
        if step := self._due_soon(case):
            return "due_soon", step
        return None

    def _to_a_stand_in(self, case: Case) -> Step | None:
        """The owner cannot have it: whoever stands in does; the default owner if nobody can."""
        people = self.plan.directory
        why = people.why_not(case.owner, self.now)
        if why is None:
            return None
        present = [each for each in people.stand_ins(case.owner) if people.why_not(each.name, self.now) is None]
        to = next((each for each in present if each.name not in case.passed_by), present[0] if present else people[people.default])
        if to.name == case.owner:
            return None
        owner = people.people.get(case.owner)
        returns = case.owner if owner and owner.takes_back and owner.absence(self.now) else case.stands_in_for
        return self._hop(case, to, why if present else f"{why}, and nobody who stands in can be reached", case.passed_by, returns)

    def _back(self, case: Case) -> Step | None:
        """Whoever it was taken from for the time of their absence has it again."""
        name, people = case.stands_in_for, self.plan.directory
        if name is None or name == case.owner or people.why_not(name, self.now) is not None:
            return None
        return self._hop(case, people[name], f"{name} is back", (), None)

    def _untaken(self, case: Case) -> Step | None:
        """The owner was alerted and did not take it in time: the next in line has it, and the owner is told."""
        by = self.take_by(case)
        if by is None or self.now <= by:
            return None
        to = self._next_in_line(case)
        if to is None:
            return None
        owner = self.plan.directory[case.owner]
        passed_by = tuple(dict.fromkeys((*case.passed_by, owner.name)))  # it may have come back to them while nobody else could be reached
        change, told = self._hop(case, to, f"{owner.name} did not take it by {_moment(by, owner)}", passed_by, None)
        return change, (*told, self._message(MessageKind.MOVED, owner.name, change.case, f"hop {change.case.hops}"))

    def take_by(self, case: Case) -> datetime | None:
        """By when the owner must have taken it; None where they have, or were not alerted yet."""
        return self._take_by(case, None if case.acknowledged_at else case.alerted_at)

    def _take_by(self, those: Case | Pile, alerted_at: datetime | None) -> datetime | None:
        owner = self.plan.directory.people.get(those.owner)
        if alerted_at is None or owner is None:
            return None
        return owner.due(alerted_at, self.plan.targets.of(Goal.ACKNOWLEDGE, those.urgency, those.tags))

    def _next_in_line(self, case: Case) -> Person | None:
        people = self.plan.directory
        passed = {*case.passed_by, case.owner}
        waiting = (each for each in people.stand_ins(case.owner) if each.name not in passed)
        return next((each for each in waiting if people.why_not(each.name, self.now) is None), None)

    def _hop(self, case: Case, to: Person, why: str, passed_by: tuple[str, ...], stands_in_for: str | None) -> Step:
        due = to.due(self.now, self.plan.targets.of(Goal.ANSWER, case.urgency, case.tags))
        change = hand_over(
            case,
            to=to.name,
            reason=why,
            actor=SYSTEM,
            at=self.now,
            next_date=due,
            rules=self.plan.rules(to, case.urgency, case.tags),
            passed_by=passed_by,
            stands_in_for=stands_in_for,
        )
        return change, alerts_of(change.case, to, self.now)

    def _dates(self, case: Case) -> Step | None:
        """The targets, or the owner's hours, are not what the dates were set by: they are set anew, as if they had always been so."""
        owner = self.plan.directory.people.get(case.owner)
        if owner is None:
            return None
        rules = self.plan.rules(owner, case.urgency, case.tags)
        if case.rules == rules:
            return None
        answer, end = (self.plan.targets.of(goal, case.urgency, case.tags) for goal in (Goal.ANSWER, Goal.RESOLVE))
        begun = case.reopened_at or case.opened_at
        next_date = case.next_date
        if not case.promised_for and case.rules is not None:
            next_date = owner.due(begun, answer)
            if case.owner_since and next_date <= case.owner_since:  # it had passed when they got the case, and began anew
                next_date = owner.due(case.owner_since, answer)
        detail = f"The rules changed: due {_moment(next_date, owner)}, was {_moment(case.next_date, owner)}"
        return set_dates(
            case,
            next_date=next_date,
            resolve_by=owner.due(begun, end),
            rules=rules,
            detail=detail,
            at=self.now,
        ), ()

    def _overdue(self, case: Case) -> Step | None:
        """A date has passed: said once, to the owner and whoever leads them."""
        passed = [(date, what) for date, what in _dates_of(case) if date < self.now and (case.late_for is None or date > case.late_for)]
        if not passed:
            return None
        date, what = passed[-1]
        owner = self.plan.directory[case.owner]
        change = say_overdue(case, date=date, detail=f"{what} was due {_moment(date, owner)}", at=self.now)
        told = dict.fromkeys((owner.name, owner.manager or self.plan.directory.default))
        return change, tuple(self._message(MessageKind.OVERDUE, name, case, date.isoformat()) for name in told)

    def _due_soon(self, case: Case) -> Step | None:
        """A date is near."""
        lead = min(SOON, self.plan.targets.of(Goal.ANSWER, case.urgency, case.tags) / 4)
        near = [(date, what) for date, what in _dates_of(case) if self.now <= date <= self.now + lead]
        near = [(date, what) for date, what in near if case.warned_for is None or date > case.warned_for]
        if not near:
            return None
        date, what = near[-1]
        owner = self.plan.directory[case.owner]
        return say_due_soon(case, date=date, detail=f"{what} is due {_moment(date, owner)}", at=self.now), ()

    def _message(self, kind: MessageKind, to: str, case: Case, *step: str) -> OutboxMessage:
        return OutboxMessage(outbox_key(kind, to, case.id, *step), kind, to, case.item_ids[-1], case.id, self.now, self.now)

    def alarms(self, cases: list[Case], book: WatchBook) -> dict[str, str]:
        """What a leader must mend, by a key that stays the same as long as it stands."""
        people = self.plan.directory
        found = {}
        if why := people.why_not(people.default, self.now):
            found["default owner"] = f"{why}, and is the default owner. Name somebody else in [routing], or who stands in."
        for unread in self.plan.unread_calendars:
            found[f"calendar {unread}"] = f"A calendar cannot be read, so absences in it are not known: {unread}."
        for each in book.unreachable:
            if each.person in people and people[each.person].email == each.email:
                mend = f'Mend the address in [[person]], or say `allears people reachable "{each.person}"`.'
                said = each.why.rstrip(".")
                found[f"bouncing {each.email}"] = f"Mails to {each.person} ({each.email}) come back: {said}. {mend}"
        for case in cases:
            if why := people.why_not(case.owner, self.now):
                found[f"unplaced {case.id}"] = f"Nobody can be reached for {case.id}: {why}, and everyone standing in too."
            elif (by := self.take_by(case)) and by < self.now:
                asked = ", ".join((*case.passed_by, case.owner))
                found[f"untaken {case.id}"] = f"Nobody has taken {case.id}. Alerted were {asked}. Speak to one of them."
        if book.unsent_since and self.now - book.unsent_since > MAIL_STUCK:
            since = book.unsent_since.astimezone(self.plan.timezone)
            found["mail"] = f"Alerts wait since {since:%a %-d %b, %H:%M}: the mail server takes none. `allears check` says why."
        return found


def _dates_of(case: Case) -> list[tuple[datetime, str]]:
    """The dates of a case, the earliest first, and what is due."""
    heard = "The promised word to the customer" if case.promised_for else "A first answer to the customer"
    dates = [(case.next_date, heard), *([(case.resolve_by, "Putting it right")] if case.resolve_by else [])]
    return sorted(dates)


def _moment(at: datetime, person: Person) -> str:
    return f"{at.astimezone(person.timezone):%a %-d %b, %H:%M}"
