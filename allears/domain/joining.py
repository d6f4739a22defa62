"""Two cases that are one matter, one that is two, and several with one cause."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from allears.domain.case import Case, CaseChange, CaseId, CaseStatus, Event, EventType
from allears.domain.feedback import ItemId
from allears.errors import CaseConflict


def merge(case: Case, other: Case, *, actor: str, reason: str, at: datetime) -> CaseChange:
    """`other` is the same matter as `case`: its messages move there, and it is closed.

    `case` keeps its owner; of two dates the earlier counts, of two urgencies the higher. Only cases of one customer are merged: who
    answers one customer must not tell another. Raises CaseConflict.
    """
    _require(case.id != other.id, f"{case.id} cannot be merged with itself.")
    for each in (case, other):
        _require(each.status.is_open, f"{each.id} is no longer open.")
    _require(
        case.customer_id == other.customer_id and case.customer_id is not None,
        f"{case.id} and {other.id} are not known to be of one customer. Link both to an incident instead.",
    )
    _require(bool(reason.strip()), "Cases are only merged with a reason.")
    whole = replace(
        case,
        item_ids=tuple(dict.fromkeys((*case.item_ids, *other.item_ids))),
        urgency=max(case.urgency, other.urgency, key=lambda each: each.rank),
        urgency_reasons=tuple(dict.fromkeys((*case.urgency_reasons, *other.urgency_reasons))),
        next_date=min(case.next_date, other.next_date),
        resolve_by=min((each for each in (case.resolve_by, other.resolve_by) if each), default=None),
        first_response_at=min((each for each in (case.first_response_at, other.first_response_at) if each), default=None),
        incident_id=case.incident_id or other.incident_id,
        version=case.version + 1,
    )
    gone = replace(other, status=CaseStatus.CLOSED, closed_at=at, merged_into=case.id, version=other.version + 1)
    had = "" if other.owner == case.owner else f" {other.owner} had it; {case.owner} has it now."
    closed = CaseChange(gone, (Event(other.id, at, actor, EventType.MERGED, f"Into {case.id}: {reason.strip()}.{had}"),))
    return CaseChange(
        whole,
        (Event(case.id, at, actor, EventType.MERGED, f"{other.id} is the same matter: {reason.strip()}.{had}"),),
        moved=other.item_ids,
        beside=(closed,),
    )


def split(case: Case, items: Collection[ItemId], number: CaseId, *, topic: str | None, actor: str, reason: str, at: datetime) -> CaseChange:
    """Some of a case's messages are another matter: a case of their own, which the same person has until it is handed over.

    Raises CaseConflict unless some messages go and some stay.
    """
    going = tuple(item for item in case.item_ids if item in items)
    staying = tuple(item for item in case.item_ids if item not in items)
    _require(case.status.is_open, f"{case.id} is no longer open.")
    _require(bool(going) and len(going) == len(set(items)), "Choose messages of this case that are another matter.")
    _require(bool(staying), "One message has to stay: hand the whole case over instead.")
    _require(bool(reason.strip()), "A case is only split with a reason.")
    new = replace(
        case,
        id=number,
        item_ids=going,
        topic=topic or case.topic,
        why_owner=f"{actor} split it from {case.id}: {reason.strip()}",
        opened_at=at,
        owner_since=at,
        owners=(case.owner,),
        hops=0,
        first_response_at=None,
        reopened_at=None,
        incident_id=None,
        continues=case.id,
        version=1,
    )
    left = replace(case, item_ids=staying, version=case.version + 1)
    opened = CaseChange(
        new, (Event(number, at, actor, EventType.OPENED, f"Split from {case.id}: {reason.strip()}. {case.owner} has both."),), moved=going
    )
    messages = "One message" if len(going) == 1 else f"{len(going)} messages"
    return CaseChange(
        left, (Event(case.id, at, actor, EventType.SPLIT, f"{messages} became {number}: {reason.strip()}"),), beside=(opened,)
    )


def link(case: Case, incident: str | None, *, actor: str, at: datetime) -> CaseChange:
    """The case has the same cause as others that name this incident; None takes it out of the one it names."""
    name = " ".join((incident or "").split()) or None
    _require(name != case.incident_id, f"{case.id} is already {'part of that incident' if name else 'part of no incident'}.")
    said = f"Part of the incident “{name}”" if name else f"No longer part of the incident “{case.incident_id}”"
    return CaseChange(replace(case, incident_id=name, version=case.version + 1), (Event(case.id, at, actor, EventType.LINKED, said),))


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise CaseConflict(otherwise)
