"""What an owner or manager does with a case at the dashboard or by a link: a step (`allears.steps`), taken on the case as it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from allears import steps
from allears.assigning import Plan
from allears.domain.case import Case, CaseId, Remedy
from allears.domain.feedback import ItemId
from allears.domain.people import Directory
from allears.errors import CaseConflict
from allears.ports import Clock, Store

TRIES = 3
"""A case may change between reading and writing, as when its alert is handed over: then the step is taken anew."""


def acknowledge(store: Store, clock: Clock, case_id: CaseId, actor: str) -> Case:
    """The owner has it. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: steps.acknowledge(case, actor, clock.now()))


def promise(store: Store, clock: Clock, case_id: CaseId, by: datetime, told: str, actor: str) -> Case:
    """The owner told the customer when they hear next. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: steps.promise(case, by, told, actor, clock.now()))


def resolve(
    store: Store, clock: Clock, directory: Directory, case_id: CaseId, outcome: str, actor: str, remedy: Remedy | None = None
) -> Case:
    """The matter is put right; `outcome` says how, `remedy` what was given.

    One step, and nobody is asked, as long as it is within the actor's authority. Raises CaseConflict if it is not, or if the case does
    not allow it.
    """
    return _take(store, case_id, lambda case: steps.resolve(case, directory, outcome, actor, clock.now(), remedy))


def hand_over(store: Store, clock: Clock, plan: Plan, case_id: CaseId, to: str, reason: str, actor: str, topic: str | None = None) -> Case:
    """Give the case to another person, who is alerted.

    `topic` says what it is really about: its first message is an example of that from now on, so that like ones go there at once.
    Raises CaseConflict if the case does not allow it.
    """
    now = clock.now()
    case = _take(store, case_id, lambda case: steps.hand_over(case, plan, to, reason, actor, now, topic))
    if topic:
        store.record_example(topic, case.item_ids[0], actor, now)
    return case


def note(store: Store, clock: Clock, case_id: CaseId, text: str, actor: str) -> Case:
    """Leave a word with the case, for whoever opens it later; anybody may. Raises CaseConflict if there is none."""
    return _take(store, case_id, lambda case: steps.note(case, text, actor, clock.now()))


def merge(store: Store, clock: Clock, case_id: CaseId, other_id: CaseId, reason: str, actor: str) -> Case:
    """Another case of the same customer is the same matter: it goes on in this one. Raises CaseConflict if either does not allow it."""

    def step(case: Case) -> steps.Step:
        other = store.case(other_id)
        if other is None:
            raise CaseConflict(f"There is no case {other_id}.")
        return steps.merge(case, other, reason, actor, clock.now())

    return _take(store, case_id, step)


def split(
    store: Store, clock: Clock, case_id: CaseId, items: Collection[ItemId], topic: str | None, reason: str, actor: str
) -> tuple[Case, CaseId]:
    """Some messages become a case of their own; the case as it is left, and the new one's id. Raises CaseConflict."""
    number = CaseId("")

    def step(case: Case) -> steps.Step:
        nonlocal number
        number = store.next_case_id()
        return steps.split(case, items, number, topic, reason, actor, clock.now())

    return _take(store, case_id, step), number


def link(store: Store, clock: Clock, case_id: CaseId, incident: str | None, actor: str) -> Case:
    """The case has one cause with others that name this incident; None: no longer. Raises CaseConflict if the case does not allow it."""
    return _take(store, case_id, lambda case: steps.link(case, incident, actor, clock.now()))


def write(store: Store, clock: Clock, plan: Plan, case_id: CaseId, item_id: ItemId, text: str, actor: str) -> Case:
    """The owner answers one of the customer's messages by mail. Raises CaseConflict if the case does not allow it."""
    found = store.items([item_id])
    if not found:
        raise CaseConflict("The message to answer is gone.")
    return _take(store, case_id, lambda case: steps.write(case, plan, found[0].item, text, actor, clock.now()))


def _take(store: Store, case_id: CaseId, step: Callable[[Case], steps.Step]) -> Case:
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
