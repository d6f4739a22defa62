"""A case: tracked work on one customer's matter, its owner, and what changes of it are made of; `changes` has the steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NewType

from allears.domain.feedback import ItemId, Kind, Urgency

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
    PROMISED = "promised"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    DATE_CHANGED = "date_changed"
    ANSWERED = "answered"
    RETURNED = "returned"
    NOTED = "noted"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    MERGED = "merged"
    SPLIT = "split"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a case: when, who did it, and a sentence about it."""

    case_id: CaseId
    at: datetime
    actor: str
    type: EventType
    detail: str


class RemedyKind(StrEnum):
    """What a customer was given to put a matter right."""

    NOTHING = "nothing"
    REFUND = "refund"
    REPLACEMENT = "replacement"
    DISCOUNT = "discount"
    VOUCHER = "voucher"
    GIFT = "gift"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What was given when a case was resolved: its kind and, where it has one, its worth in a currency (ISO 4217)."""

    kind: RemedyKind
    amount: Decimal | None = None
    currency: str | None = None

    def __str__(self) -> str:
        """As in "refund of 20.00 GBP"."""
        return self.kind.value if self.amount is None else f"{self.kind.value} of {self.amount} {self.currency}"


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's matter and the one person who has it.

    `version` counts changes: a change made on an older version is refused. `hops` counts owner
    changes; the first assignment is none. `next_date` is when the customer is next due to hear,
    `resolve_by` when the matter is due to be put right. `owners` are the people it has been with, in order;
    `owner_since` is when the last of them got it. `passed_by` were alerted and did not take it: a case goes
    back to one of them by itself only while nobody else can be reached. `stands_in_for` is who gets it back
    once they return. `warned_for` and `late_for` are the latest dates of which it was said that they are near,
    and that they have passed; `rules` names the rules its dates were set by. `tags` are those of its customer.
    `continues` is the case in whose thread it began, under a subject of its own, or that it was split from; `merged_into`
    the one that goes on in its place. `incident_id` names the cause that it shares with others.
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
    owner_since: datetime | None = None
    owners: tuple[str, ...] = ()
    passed_by: tuple[str, ...] = ()
    stands_in_for: str | None = None
    resolve_by: datetime | None = None
    reopened_at: datetime | None = None
    warned_for: datetime | None = None
    late_for: datetime | None = None
    rules: str | None = None
    tags: tuple[str, ...] = ()
    remedy: Remedy | None = None
    continues: CaseId | None = None
    merged_into: CaseId | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Reply:
    """What one of our people wrote to a customer: in answer to which item, by whom, to which contact (`email:jo@x.org`).

    `key` is that of its outbox message. `sent_at` and `failed` (why it never arrives) are known once it was handed over.
    """

    key: str
    case_id: CaseId
    item_id: ItemId
    by: str
    contact: str
    text: str
    at: datetime
    sent_at: datetime | None = None
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case as it becomes, the events that made it so, and what was written to its customer with it.

    `moved` are messages that are this case's from now on; `beside` are changes of other cases that belong to the same step.
    """

    case: Case
    events: tuple[Event, ...]
    reply: Reply | None = None
    moved: tuple[ItemId, ...] = ()
    beside: tuple[CaseChange, ...] = ()

    @property
    def whole(self) -> tuple[CaseChange, ...]:
        """This change, and those beside it."""
        return (self, *(each for beside in self.beside for each in beside.whole))
