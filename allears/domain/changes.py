"""The steps a case may take.

Every change of a case is a function here or in `joining`: it takes the case as it stands and gives the case as it becomes, together
with the events that say so. Nothing else may change a case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from allears.domain.case import SYSTEM, Case, CaseChange, CaseStatus, Event, EventType, Remedy, RemedyKind, Reply
from allears.domain.feedback import ItemId, Urgency
from allears.errors import CaseConflict

_MOST_TOLD = 200  # characters of a reply, and of a name, in the event that tells of it; the reply itself is kept whole


def acknowledge(case: Case, *, actor: str, at: datetime) -> CaseChange:
    """The owner says "I have it"."""
    _require(case, case.status is CaseStatus.OPEN, "is already acknowledged" if case.status.is_open else "is no longer open")
    changed = replace(case, status=CaseStatus.ACKNOWLEDGED, acknowledged_at=at, passed_by=(), version=case.version + 1)
    return CaseChange(changed, (Event(case.id, at, actor, EventType.ACKNOWLEDGED, f"{actor} has it"),))


def promise(case: Case, *, by: datetime, told: str, actor: str, at: datetime) -> CaseChange:
    """The owner told the customer when they hear next: a touch, and from now on the case's next date.

    `by` (aware) is told in its own time zone; `told` says what was said.
    """
    _require(case, case.status.is_open, "is no longer open")
    _require(case, by > at, "can only be promised for a moment to come")
    changed = replace(
        case,
        status=CaseStatus.PROMISED,
        acknowledged_at=case.acknowledged_at or at,
        first_response_at=case.first_response_at or at,
        promised_for=by,
        next_date=by,
        passed_by=(),
        version=case.version + 1,
    )
    return CaseChange(changed, (Event(case.id, at, actor, EventType.PROMISED, f"By {by:%a %-d %b, %H:%M %Z}: {told.strip()}"),))


def answer(case: Case, reply: Reply, *, to: str, next_date: datetime) -> CaseChange:
    """One of our people writes to the customer, called `to`: a touch.

    Whoever writes has the case; the customer hears again by what they were promised, else by `next_date`. To a resolved case nothing
    but the event is added.
    """
    said = Event(case.id, reply.at, reply.by, EventType.ANSWERED, f"Wrote to {_shortened(to)}: {_shortened(reply.text)}")
    changed = replace(case, version=case.version + 1)
    if case.status.is_open:
        promised = case.promised_for is not None and case.promised_for > reply.at
        changed = replace(
            changed,
            status=CaseStatus.ACKNOWLEDGED if case.status is CaseStatus.OPEN else case.status,
            acknowledged_at=case.acknowledged_at or reply.at,
            first_response_at=case.first_response_at or reply.at,
            next_date=case.next_date if promised else next_date,
            promised_for=case.promised_for if promised else None,
            passed_by=(),
        )
    return CaseChange(changed, (said,), reply)


def returned(case: Case, *, why: str, at: datetime) -> CaseChange:
    """A reply did not reach the customer."""
    return CaseChange(replace(case, version=case.version + 1), (Event(case.id, at, SYSTEM, EventType.RETURNED, why),))


def note(case: Case, *, text: str, actor: str, at: datetime) -> CaseChange:
    """A word for whoever opens the case later."""
    _require(case, bool(text.strip()), "is only given a note with words")
    return CaseChange(replace(case, version=case.version + 1), (Event(case.id, at, actor, EventType.NOTED, text.strip()),))


def hand_over(
    case: Case,
    *,
    to: str,
    reason: str,
    actor: str,
    at: datetime,
    next_date: datetime,
    rules: str | None = None,
    passed_by: tuple[str, ...] = (),
    stands_in_for: str | None = None,
) -> CaseChange:
    """Another person becomes the owner: a hop, which needs a reason and starts unacknowledged.

    The customer waits no longer for it: a date that has not passed stays, or comes earlier. `rules` names those of the new owner.
    """
    reason = reason.strip()
    _require(case, case.status.is_open, "is no longer open")
    _require(case, to != case.owner, f"is already with {to}")
    _require(case, bool(reason), "is only handed over with a reason")
    changed = replace(
        case,
        owner=to,
        why_owner=reason if actor == SYSTEM else f"{actor} handed it over: {reason}",
        hops=case.hops + 1,
        owner_since=at,
        owners=(*case.owners, to),
        passed_by=passed_by,
        stands_in_for=stands_in_for,
        status=CaseStatus.OPEN,
        alerted_at=None,
        acknowledged_at=None,
        next_date=min(case.next_date, next_date) if case.next_date > at else next_date,
        rules=rules,
        promised_for=case.promised_for if case.promised_for and case.promised_for > at else None,
        version=case.version + 1,
    )
    return CaseChange(changed, (Event(case.id, at, actor, EventType.HANDED_OVER, f"From {case.owner} to {to}: {reason}"),))


def set_dates(case: Case, *, next_date: datetime, resolve_by: datetime, rules: str, detail: str, at: datetime) -> CaseChange:
    """The rules by which dates are set have changed, and so may have this case's dates; `detail` says how, if the next one has."""
    changed = replace(case, next_date=next_date, resolve_by=resolve_by, rules=rules, version=case.version + 1)
    said = () if next_date == case.next_date else (Event(case.id, at, SYSTEM, EventType.DATE_CHANGED, detail),)
    return CaseChange(changed, said)


def say_due_soon(case: Case, *, date: datetime, detail: str, at: datetime) -> CaseChange:
    """A date is near."""
    changed = replace(case, warned_for=date, version=case.version + 1)
    return CaseChange(changed, (Event(case.id, at, SYSTEM, EventType.DUE_SOON, detail),))


def say_overdue(case: Case, *, date: datetime, detail: str, at: datetime) -> CaseChange:
    """A date has passed."""
    changed = replace(case, late_for=date, version=case.version + 1)
    return CaseChange(changed, (Event(case.id, at, SYSTEM, EventType.OVERDUE, detail),))


def resolve(case: Case, *, outcome: str, actor: str, at: datetime, remedy: Remedy | None = None) -> CaseChange:
    """The matter is put right; `outcome` says how, `remedy` what was given."""
    _require(case, case.status.is_open, "is already resolved")
    _require(case, bool(outcome.strip()), "is only resolved with a word on what was done")
    changed = replace(case, status=CaseStatus.RESOLVED, resolved_at=at, remedy=remedy, version=case.version + 1)
    given = "" if remedy is None or remedy.kind is RemedyKind.NOTHING else f" Given: {remedy}."
    return CaseChange(changed, (Event(case.id, at, actor, EventType.RESOLVED, f"{outcome.strip()}{given}"),))


def join(
    case: Case,
    item: ItemId,
    *,
    urgency: Urgency,
    reasons: tuple[str, ...],
    at: datetime,
    detail: str,
    next_date: datetime,
    resolve_by: datetime,
    rules: str,
) -> CaseChange:
    """Another message of the same matter: the case grows, may become more urgent, and reopens if it was resolved.

    The dates, and the name of their rules, are those of the case with this message: they count where it changes anything.
    """
    events = [Event(case.id, at, SYSTEM, EventType.ITEM_JOINED, detail)]
    changed = replace(
        case,
        item_ids=(*case.item_ids, item),
        urgency=max(case.urgency, urgency, key=lambda each: each.rank),
        urgency_reasons=tuple(dict.fromkeys((*case.urgency_reasons, *reasons))),
        version=case.version + 1,
    )
    if not case.status.is_open:
        changed = replace(
            changed,
            status=CaseStatus.OPEN,
            resolved_at=None,
            closed_at=None,
            acknowledged_at=None,
            alerted_at=None,
            owner_since=at,
            passed_by=(),
            promised_for=None,
            remedy=None,
            reopened_at=at,
            next_date=next_date,
            resolve_by=resolve_by,
            rules=rules,
        )
        events.append(Event(case.id, at, SYSTEM, EventType.REOPENED, "The customer wrote again"))
    elif changed.urgency is not case.urgency:
        ends = [resolve_by, *([case.resolve_by] if case.resolve_by else [])]
        changed = replace(changed, next_date=min(case.next_date, next_date), resolve_by=min(ends), rules=rules)
    return CaseChange(changed, tuple(events))


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _MOST_TOLD else f"{words[:_MOST_TOLD].rstrip()}…"


def _require(case: Case, holds: bool, otherwise: str) -> None:
    if not holds:
        merged = f" It goes on as {case.merged_into}." if case.merged_into else ""
        raise CaseConflict(f"Case {case.id} {otherwise}.{merged}")
