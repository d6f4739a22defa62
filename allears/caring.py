"""What an owner or manager does with a case: take it, hand it over, resolve it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from allears.assigning import Plan
from allears.domain.authority import exceeds
from allears.domain.case import Case, CaseChange, CaseId, Remedy
from allears.domain.case import acknowledge as acknowledged
from allears.domain.case import hand_over as handed_over
from allears.domain.case import promise as promised
from allears.domain.case import resolve as resolved
from allears.domain.outbox import MessageKind, OutboxMessage, Way, outbox_key
from allears.domain.people import Directory, Person
from allears.domain.targets import Goal
from allears.errors import CaseConflict
from allears.ports import Clock, Store

Step = Callable[[Case], tuple[CaseChange, tuple[OutboxMessage, ...]]]
TRIES = 3
"""A case may change between reading and writing, as when its alert is handed over: then the step is taken anew."""


def acknowledge(store: Store, clock: Clock, case_id: CaseId, actor: str) -> Case:
    """The owner has it. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: (acknowledged(_of_owner(case, actor), actor=actor, at=clock.now()), ()))


def promise(store: Store, clock: Clock, case_id: CaseId, by: datetime, told: str, actor: str) -> Case:
    """The owner told the customer when they hear next. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: (promised(_of_owner(case, actor), by=by, told=told, actor=actor, at=clock.now()), ()))


def resolve(
    store: Store, clock: Clock, directory: Directory, case_id: CaseId, outcome: str, actor: str, remedy: Remedy | None = None
) -> Case:
    """The matter is put right; `outcome` says how, `remedy` what was given.

    One step, and nobody is asked, as long as it is within the actor's authority. Raises CaseConflict if it is not, or if the case does
    not allow it.
    """
    person = directory.people.get(actor)
    if remedy and (beyond := exceeds(person.authority if person else None, remedy)):
        higher = f" Hand the case to {person.manager}, who may." if person and person.manager else ""
        raise CaseConflict(f"A {remedy} is more than {actor} can give alone: {actor} {beyond}.{higher}")
    return _take(
        store, case_id, lambda case: (resolved(_of_owner(case, actor), outcome=outcome, actor=actor, at=clock.now(), remedy=remedy), ())
    )


def hand_over(store: Store, clock: Clock, plan: Plan, case_id: CaseId, to: str, reason: str, actor: str, topic: str | None = None) -> Case:
    """Give the case to another person, who is alerted.

    `topic` says what it is really about: its first message is an example of that from now on, so that like ones go there at once.
    Raises CaseConflict if the case does not allow it.
    """
    if to not in plan.directory:
        raise CaseConflict(f"{to} is not in the directory.")
    now = clock.now()
    person, instead = plan.directory.reachable(plan.directory[to], now)
    if instead:
        raise CaseConflict(f"{instead}. Hand it to {person.name}, or wait.")

    def step(case: Case) -> tuple[CaseChange, tuple[OutboxMessage, ...]]:
        due = person.due(now, plan.targets.of(Goal.ANSWER, case.urgency, case.tags))
        rules = plan.rules(person, case.urgency, case.tags)
        change = handed_over(case, to=to, reason=reason, actor=actor, at=now, next_date=due, rules=rules)
        changed = replace(change, case=replace(change.case, topic=topic)) if topic else change
        return changed, alerts_of(changed.case, person, now)

    case = _take(store, case_id, step)
    if topic:
        store.record_example(topic, case.item_ids[0], actor, now)
    return case


def alerts_of(case: Case, person: Person, now: datetime) -> tuple[OutboxMessage, ...]:
    """What tells a person that a case has become theirs by a hop: a mail, and their other ways beside it."""
    return tuple(
        OutboxMessage(
            outbox_key(MessageKind.ALERT, person.name, case.id, f"hop {case.hops}", *([] if way is Way.MAIL else [way])),
            MessageKind.ALERT,
            person.name,
            case.item_ids[-1],
            case.id,
            created_at=now,
            due_at=now,
            way=way,
        )
        for way in (Way.MAIL, Way.BESIDE)
        if way is Way.MAIL or person.ways
    )


def _of_owner(case: Case, actor: str) -> Case:
    """The case, if it is the actor's: whoever wants to act on another's takes it over first, with a reason."""
    if case.status.is_open and actor != case.owner:
        raise CaseConflict(f"{case.owner} has {case.id}. Hand it over to {actor} first, with a reason.")
    return case


def _take(store: Store, case_id: CaseId, step: Step) -> Case:
    for _ in range(TRIES):
        case = store.case(case_id)
        if case is None:
            raise CaseConflict(f"There is no case {case_id}.")
        change, told = step(case)
        try:
            store.record_change(change, told)
        except CaseConflict:
            continue
        return change.case
    raise CaseConflict(f"Case {case_id} keeps changing. Look at it again, then repeat the step.")
