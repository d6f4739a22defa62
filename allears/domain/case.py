"""A case: tracked work on one customer's matter, its owner, and the steps it may take.

Every change of a case is a function here: it takes the case as it stands and gives the case as it
becomes, together with the events that say so. Nothing else may change a case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType

from allears.domain.feedback import ItemId, Kind, Urgency
from allears.errors import CaseConflict

CaseId = NewType("CaseId", str)
CustomerId = NewType("CustomerId", str)

SYSTEM = "AllEars"
"""The actor of what no human did."""


class CaseStatus(StrEnum):
    """Where a case stands; each step is told to the customer or recorded as an event."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    PROMISED = "promised"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def is_open(self) -> bool:
        """Whether someone still owes the customer something."""
        return self not in (CaseStatus.RESOLVED, CaseStatus.CLOSED)


class EventType(StrEnum):
    """What can happen to a case. Events are only ever appended."""

    OPENED = "opened"
    ITEM_JOINED = "item_joined"
    ALERTED = "alerted"
    ALERT_FAILED = "alert_failed"
    ACKNOWLEDGED = "acknowledged"
    HANDED_OVER = "handed_over"
    RESOLVED = "resolved"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case: when, who did it, and a sentence about it."""

    case_id: CaseId
    at: datetime
    actor: str
    type: EventType
    detail: str


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's matter and the one person who has it.

    `version` counts changes: a change made on an older version is refused. `hops` counts owner
    changes; the first assignment is none. `next_date` is when the customer is next due to hear.
    """

    id: CaseId
    status: CaseStatus
    owner: str
    why_owner: str
    customer_id: CustomerId | None
    kind: Kind
    topic: str | None
    urgency: Urgency
    urgency_reasons: tuple[str, ...]
    item_ids: tuple[ItemId, ...]
    opened_at: datetime
    next_date: datetime
    hops: int = 0
    alerted_at: datetime | None = None
    acknowledged_at: datetime | None = None
    first_response_at: datetime | None = None
    promised_for: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    incident_id: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case as it becomes, and the events that made it so."""

    case: Case
    events: tuple[Event, ...]


def acknowledge(case: Case, *, actor: str, at: datetime) -> CaseChange:
    """The owner says "I have it"."""
    _require(case, case.status is CaseStatus.OPEN, "is already acknowledged" if case.status.is_open else "is no longer open")
    changed = replace(case, status=CaseStatus.ACKNOWLEDGED, acknowledged_at=at, version=case.version + 1)
    return CaseChange(changed, (Event(case.id, at, actor, EventType.ACKNOWLEDGED, f"{actor} has it"),))


def hand_over(case: Case, *, to: str, reason: str, actor: str, at: datetime, next_date: datetime) -> CaseChange:
    """Another person becomes the owner: a hop, which needs a reason and starts unacknowledged."""
    _require(case, case.status.is_open, "is no longer open")
    _require(case, to != case.owner, f"is already with {to}")
    _require(case, bool(reason.strip()), "is only handed over with a reason")
    changed = replace(
        case,
        owner=to,
        why_owner=f"{actor} handed it over: {reason.strip()}",
        hops=case.hops + 1,
        status=CaseStatus.OPEN,
        alerted_at=None,
        acknowledged_at=None,
        next_date=min(case.next_date, next_date) if case.next_date > at else next_date,
        version=case.version + 1,
    )
    return CaseChange(changed, (Event(case.id, at, actor, EventType.HANDED_OVER, f"From {case.owner} to {to}: {reason.strip()}"),))


def resolve(case: Case, *, outcome: str, actor: str, at: datetime) -> CaseChange:
    """The matter is put right; `outcome` says how."""
    _require(case, case.status.is_open, "is already resolved")
    _require(case, bool(outcome.strip()), "is only resolved with a word on what was done")
    changed = replace(case, status=CaseStatus.RESOLVED, resolved_at=at, version=case.version + 1)
    return CaseChange(changed, (Event(case.id, at, actor, EventType.RESOLVED, outcome.strip()),))


def join(
    case: Case, item: ItemId, *, urgency: Urgency, reasons: tuple[str, ...], at: datetime, detail: str, next_date: datetime
) -> CaseChange:
    """Another message of the same matter: the case grows, may become more urgent, and reopens if it was resolved."""
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
            next_date=next_date,
        )
        events.append(Event(case.id, at, SYSTEM, EventType.REOPENED, "The customer wrote again"))
    elif changed.urgency is not case.urgency:
        changed = replace(changed, next_date=min(case.next_date, next_date))
    return CaseChange(changed, tuple(events))


def _require(case: Case, holds: bool, otherwise: str) -> None:
    if not holds:
        raise CaseConflict(f"Case {case.id} {otherwise}.")
