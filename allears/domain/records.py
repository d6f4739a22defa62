"""What the store takes and gives beside items and cases: receipts, books and views, all typed and frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from allears.domain.case import Case, CaseChange, CaseId, CustomerId, Event, Reply
from allears.domain.corrections import Correction, Reclassification
from allears.domain.feedback import FeedbackItem, ItemId, Original, SourceName, Status, Understanding, Urgency
from allears.domain.ledger import LedgerRow
from allears.domain.outbox import OutboxMessage


class ExportName(StrEnum):
    """What can be exported."""

    ITEMS = "items"
    CASES = "cases"
    EVENTS = "events"
    CUSTOMERS = "customers"
    CORRECTIONS = "corrections"


@dataclass(frozen=True, slots=True)
class PageReceipt:
    """What a stored page added: new items, new quarantined messages, and how many were known already."""

    new_items: int
    new_quarantined: int
    known: int


@dataclass(frozen=True, slots=True)
class SourceRun:
    """How one fetch of a source went. `error` is a sentence with what to do, None when all is well."""

    source: SourceName
    at: datetime
    seconds: float
    new_items: int
    error: str | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source at a glance: when it was last asked, when it last worked, when it last brought something."""

    source: SourceName
    last_run_at: datetime
    last_ok_at: datetime | None
    last_item_at: datetime | None
    error: str | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A message that could not be read."""

    item_id: ItemId
    source: SourceName
    external_id: str
    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A quarantined message with its original, for another try."""

    entry: Quarantined
    original: Original


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
class Unreachable:
    """A mail address that came back, with what the mail server said."""

    person: str
    email: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a leader must mend, from its first sight until it is over; `key` names the same thing each time."""

    key: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Pile:
    """Open cases that differ by their dates only: of one owner, as urgent, with the same tags, dated by the same rules.

    `number` is what the store finds them by, as long as it is open. `stands_in_for` is who gets them back; `untaken_since` is when the
    first alert left of those that were not acknowledged.
    """

    number: int
    owner: str
    stands_in_for: str | None
    urgency: Urgency
    tags: tuple[str, ...]
    rules: str | None
    untaken_since: datetime | None


@dataclass(frozen=True, slots=True)
class WatchBook:
    """What the watch sees first; `unsent_since` is since when the oldest mail with an alert is due and not handed over."""

    piles: tuple[Pile, ...]
    unreachable: tuple[Unreachable, ...]
    unsent_since: datetime | None


@dataclass(frozen=True, slots=True)
class WatchQuestion:
    """Which open cases the watch must look at, piles by their numbers.

    All cases of the piles `whole`; of the piles `untaken` those that were alerted and not acknowledged; of any pile those with a date
    that has passed `now` and was not said to, or that comes until `soon` and of which that was not said.
    """

    now: datetime
    soon: datetime
    whole: tuple[int, ...] = ()
    untaken: tuple[int, ...] = ()


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
class DayCount:
    """Items of one channel received on one day (business time zone), by sentiment."""

    day: date
    channel: str
    negative: int
    mixed: int
    neutral: int
    positive: int
    complaints: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """Items of one topic in the period and in the period before it, by sentiment."""

    topic: str
    negative: int
    mixed: int
    neutral: int
    positive: int
    before: int

    @property
    def messages(self) -> int:
        """All items of the topic in the period."""
        return self.negative + self.mixed + self.neutral + self.positive


@dataclass(frozen=True, slots=True)
class OwnerLoad:
    """A person's open cases: how many, how many past their next date, not yet acknowledged, and the oldest.

    `ages` counts those open for less than a day, three days, a week, and longer.
    """

    owner: str
    open: int
    late: int
    unacknowledged: int
    oldest_opened_at: datetime
    ages: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Timing:
    """A duration over the cases of a period: median and 95th percentile in seconds, None without cases."""

    cases: int
    median_seconds: float | None
    p95_seconds: float | None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list: its customer's name and words beside it."""

    case: Case
    customer: str
    words: str
    sentiment: str
    channel: str


@dataclass(frozen=True, slots=True)
class PraiseLine:
    """Praise in a list, and whom it reached."""

    item: StoredItem
    praised: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures of a period; `solved_alone` are resolved cases that never changed owner.

    `first_reply` is from a case's opening to the first letter or promise to its customer.
    """

    opened: int
    resolved: int
    solved_alone: int
    hops: int
    late: int
    time_to_owner: Timing
    first_reply: Timing
    time_to_acknowledge: Timing


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the overview page shows, read in one go.

    `due_first` are the open cases that are due first, `owners` counts all of them.
    `reclassified` is the last change of the model over old items, if it falls into this period or the one before.
    """

    now: datetime
    days: int
    figures: Figures
    figures_before: Figures
    due_first: tuple[CaseLine, ...]
    owners: tuple[OwnerLoad, ...]
    daily: tuple[DayCount, ...]
    topics: tuple[TopicCount, ...]
    praise: tuple[PraiseLine, ...]
    praise_count: int
    ledger: tuple[LedgerRow, ...]
    last_item_at: datetime | None
    reclassified: Reclassification | None = None
