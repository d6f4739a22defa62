"""What people may do with a case: each a step from the case as it stands to the case as it becomes, with what is to be told.

The rules of who may do what are here, for every way in: the dashboard, a link in a mail, an answer to one. Each raises CaseConflict,
in words for whoever tried, if the case or their authority does not allow it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from allears.assigning import Plan
from allears.domain import changes, joining
from allears.domain.authority import exceeds
from allears.domain.case import Case, CaseChange, CaseId, Remedy, Reply
from allears.domain.feedback import BY_MAIL, FeedbackItem, ItemId
from allears.domain.outbox import MessageKind, OutboxMessage, Way, outbox_key
from allears.domain.people import Directory, Person
from allears.domain.targets import Goal
from allears.errors import CaseConflict

MOST = Decimal(10**10)
"""Amounts are kept with ten digits before the point."""
Step = tuple[CaseChange, tuple[OutboxMessage, ...]]
"""The case as it becomes, and the messages that tell of it."""


def acknowledge(case: Case, actor: str, now: datetime) -> Step:
    """The owner has it."""
    return changes.acknowledge(_of_owner(case, actor), actor=actor, at=now), ()


def promise(case: Case, by: datetime, told: str, actor: str, now: datetime) -> Step:
    """The owner told the customer when they hear next."""
    return changes.promise(_of_owner(case, actor), by=by, told=told, actor=actor, at=now), ()


def resolve(case: Case, directory: Directory, outcome: str, actor: str, now: datetime, remedy: Remedy | None = None) -> Step:
    """The matter is put right; `outcome` says how, `remedy` what was given.

    One step, and nobody is asked, as long as it is within the actor's authority.
    """
    person = directory.people.get(actor)
    if remedy and remedy.amount is not None and remedy.amount >= MOST:
        raise CaseConflict(f"A {remedy} cannot be recorded: amounts end below {MOST:,}.")
    if remedy and (beyond := exceeds(person.authority if person else None, remedy)):
        higher = f" Hand the case to {person.manager}, who may." if person and person.manager else ""
        raise CaseConflict(f"A {remedy} is more than {actor} can give alone: {actor} {beyond}.{higher}")
    return changes.resolve(_of_owner(case, actor), outcome=outcome, actor=actor, at=now, remedy=remedy), ()


def hand_over(case: Case, plan: Plan, to: str, reason: str, actor: str, now: datetime, topic: str | None = None) -> Step:
    """Somebody else has it, and is alerted; `topic` says what it is really about."""
    if to not in plan.directory:
        raise CaseConflict(f"{to} is not in the directory.")
    person, instead = plan.directory.reachable(plan.directory[to], now)
    if instead:
        raise CaseConflict(f"{instead}. Hand it to {person.name}, or wait.")
    due = person.due(now, plan.targets.of(Goal.ANSWER, case.urgency, case.tags))
    rules = plan.rules(person, case.urgency, case.tags)
    change = changes.hand_over(case, to=to, reason=reason, actor=actor, at=now, next_date=due, rules=rules)
    changed = replace(change, case=replace(change.case, topic=topic)) if topic else change
    return changed, alerts_of(changed.case, person, now)


def note(case: Case, text: str, actor: str, now: datetime) -> Step:
    """A word for whoever opens the case later; anybody may leave one."""
    return changes.note(case, text=text, actor=actor, at=now), ()


def merge(case: Case, other: Case, reason: str, actor: str, now: datetime) -> Step:
    """Another case is the same matter; what is to be told of it is told on both cases."""
    return joining.merge(case, other, actor=actor, reason=reason, at=now), ()


def split(case: Case, items: Collection[ItemId], number: CaseId, topic: str | None, reason: str, actor: str, now: datetime) -> Step:
    """Some messages are another matter."""
    return joining.split(case, items, number, topic=topic, actor=actor, reason=reason, at=now), ()


def link(case: Case, incident: str | None, actor: str, now: datetime) -> Step:
    """The case shares its cause with others; None takes it out."""
    return joining.link(case, incident, actor=actor, at=now), ()


def write(case: Case, plan: Plan, to: FeedbackItem, text: str, actor: str, now: datetime) -> Step:
    """The owner writes to the customer, in answer to one of their messages: a touch, after which they hear again in time."""
    _of_owner(case, actor)
    if actor != case.owner:
        raise CaseConflict(f"{case.owner} has {case.id}, and answers its customer.")
    if case.merged_into:
        raise CaseConflict(f"{case.id} goes on as {case.merged_into}: write to the customer there.")
    if not text.strip():
        raise CaseConflict("There is nothing to send.")
    if to.contact is None or not to.contact.startswith(BY_MAIL):
        where = f" Answer where they wrote: {to.url}" if to.url else f" They left {to.left_as_contact}." if to.left_as_contact else ""
        raise CaseConflict(f"{to.author or 'The customer'} left no mail address.{where}")
    person = plan.directory.people.get(actor) or plan.directory[plan.directory.default]
    again = person.due(now, plan.targets.of(Goal.PROMISE, case.urgency, case.tags))
    key = outbox_key(MessageKind.REPLY, to.contact, case.id, str(case.version))
    reply = Reply(key, case.id, to.id, actor, to.contact, text.strip(), now)
    change = changes.answer(case, reply, to=to.author or to.contact.removeprefix(BY_MAIL), next_date=again)
    return change, (OutboxMessage(key, MessageKind.REPLY, to.contact, to.id, case.id, now, now),)


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
