"""What the store gives and takes of messages and their cases: books, decisions and views, all typed and frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from allears.domain.case import Case, CaseChange, CaseId, CustomerId, Event, Reply
from allears.domain.corrections import Correction
from allears.domain.feedback import FeedbackItem, ItemId, SourceName, Status, Understanding, Urgency
from allears.domain.outbox import OutboxMessage
from allears.domain.watch import Unreachable


class ExportName(StrEnum):
    """What can be exported."""

    ITEMS = "items"
    CASES = "cases"
    EVENTS = "events"
    CUSTOMERS = "customers"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier message with the same words or the same id: where a duplicate may point."""

    item_id: ItemId
    case_id: CaseId | None
    source: SourceName
    channel: str
    external_id: str
    contact: str | None
    fingerprint: str | None
    received_at: datetime
    characters: int


@dataclass(frozen=True, slots=True)
class Load:
    """A person's open cases, and what they weigh: a critical one 4, a high one 2, a normal one 1, a low one a half."""

    open: int = 0
    weight: float = 0.0


WEIGHT = {Urgency.CRITICAL: 4.0, Urgency.HIGH: 2.0, Urgency.NORMAL: 1.0, Urgency.LOW: 0.5}


@dataclass(frozen=True, slots=True)
class TopicExample:
    """Customer's words that a person said are about a topic, so that like ones are routed there."""

    id: int
    topic: str
    text: str
    item_id: ItemId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RoutingBook:
    """What routing knows before it decides on a batch.

    `cases` are the open cases of the batch's customers and all cases its threads point to;
    `threads` says which case a message id belongs to; `participants` who has written in a case;
    `earlier` are possible twins; `load` is what everyone has on their desk; `bouncing` says of mail addresses why nothing reaches them;
    `subjects` is under which customers wrote in a case. `sent` are our own mails, by key, that the batch answers or brings back;
    `items` are what those were about, and the newest of each of these cases where there are any.
    """

    next_number: int
    cases: tuple[Case, ...]
    customers: dict[ItemId, CustomerId]
    threads: dict[str, CaseId]
    participants: dict[CaseId, tuple[str, ...]]
    earlier: tuple[Earlier, ...]
    load: dict[str, Load]
    last_assigned: dict[str, datetime]
    bouncing: dict[str, str] = field(default_factory=dict)
    subjects: dict[CaseId, tuple[str, ...]] = field(default_factory=dict)
    sent: dict[str, OutboxMessage] = field(default_factory=dict)
    items: dict[ItemId, FeedbackItem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Routed:
    """What routing decided for one item: its place in the ledger, its case, who is told, and who cannot be by what it says.

    `ours` says that one of our people wrote it; `returned` is the key of a reply of ours that it brings back, and why.
    """

    item_id: ItemId
    status: Status
    why: str
    case_id: CaseId | None = None
    duplicate_of: ItemId | None = None
    change: CaseChange | None = None
    outbox: tuple[OutboxMessage, ...] = ()
    unreachable: Unreachable | None = None
    ours: bool = False
    returned: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StoredItem:
    """An item with all that is known of it; its corrections oldest first. `why` is the reason for its place in the ledger."""

    item: FeedbackItem
    understanding: Understanding | None
    status: Status
    customer_id: CustomerId | None
    case_id: CaseId | None
    duplicate_of: ItemId | None
    ingested_at: datetime
    corrections: tuple[Correction, ...] = ()
    why: str | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as its page and its alert show it.

    `items` are the customer's own messages, oldest first, and `replies` what they were written; `book` the same customer's other
    messages on any channel, newest first.
    """

    case: Case
    items: tuple[StoredItem, ...]
    events: tuple[Event, ...]
    book: tuple[StoredItem, ...]
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list: its customer's name and words beside it."""

    case: Case
    customer: str
    words: str
    sentiment: str
    channel: str
