"""What an owner or manager does with a case: take it, hand it over, resolve it."""

from __future__ import annotations

from collections.abc import Callable

from allears.domain.case import Case, CaseChange, CaseId
from allears.domain.case import acknowledge as acknowledged
from allears.domain.case import hand_over as handed_over
from allears.domain.case import resolve as resolved
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.people import Directory
from allears.errors import CaseConflict
from allears.ports import Clock, Store
from allears.settings import TargetSettings

Step = Callable[[Case], tuple[CaseChange, tuple[OutboxMessage, ...]]]
TRIES = 3
"""A case may change between reading and writing, as when its alert is handed over: then the step is taken anew."""


def acknowledge(store: Store, clock: Clock, case_id: CaseId, actor: str) -> Case:
    """The owner has it. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: (acknowledged(_of_owner(case, actor), actor=actor, at=clock.now()), ()))


def resolve(store: Store, clock: Clock, case_id: CaseId, outcome: str, actor: str) -> Case:
    """The matter is put right; `outcome` says how. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: (resolved(_of_owner(case, actor), outcome=outcome, actor=actor, at=clock.now()), ()))


def hand_over(
    store: Store, clock: Clock, directory: Directory, targets: TargetSettings, case_id: CaseId, to: str, reason: str, actor: str
) -> Case:
    """Give the case to another person, who is alerted. Raises CaseConflict if the case does not allow it."""
    if to not in directory:
        raise CaseConflict(f"{to} is not in the directory.")
    now = clock.now()
    person, instead = directory.reachable(directory[to], now)
    if instead:
        raise CaseConflict(f"{instead} at the moment. Hand it to {person.name}, or wait.")

    def step(case: Case) -> tuple[CaseChange, tuple[OutboxMessage, ...]]:
        change = handed_over(case, to=to, reason=reason, actor=actor, at=now, next_date=person.due(now, targets.of(case.urgency)))
        key = outbox_key(MessageKind.ALERT, to, case_id, f"hop {change.case.hops}")
        return change, (OutboxMessage(key, MessageKind.ALERT, to, case.item_ids[-1], case_id, created_at=now, due_at=now),)

    return _take(store, case_id, step)


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
