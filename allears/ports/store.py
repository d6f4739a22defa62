"""What the heart needs of a store: everything kept, written and read by typed commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from allears.domain.audit import AuditEntry
from allears.domain.case import Case, CaseChange, CaseId
from allears.domain.corrections import Correction, OlderReading
from allears.domain.feedback import (
    Cursor,
    FeedbackItem,
    ItemId,
    Kind,
    Page,
    Sentiment,
    SourceName,
    Understanding,
    UnderstoodItem,
)
from allears.domain.outbox import OutboxMessage
from allears.domain.records import Routed, RoutingBook, TopicExample
from allears.domain.shift import LabelMove
from allears.domain.sources import PageReceipt, Quarantined, QuarantineEntry, SourceRun
from allears.domain.trends import Part
from allears.domain.watch import Alarm, Unreachable, WatchBook, WatchQuestion
from allears.ports.reads import Reads


class Store(Reads, Protocol):
    """Everything kept. Each method is one transaction; times are aware UTC.

    Two adapters: DuckDB in this process, and the HTTP client of the store service.
    """

    # intake
    def cursor(self, source: SourceName) -> Cursor | None:
        """The resume point of a source."""
        ...

    def record_page(self, source: SourceName, page: Page, at: datetime) -> PageReceipt:
        """Originals, items, rejections and cursor of one page, all or nothing; what is known already is merged."""
        ...

    def record_source_run(self, run: SourceRun) -> None:
        """How a fetch of a source went, for its health."""
        ...

    def claim(self, name: str, holder: str, until: datetime) -> bool:
        """Take or prolong a piece of work for one holder, so that runs that overlap do not do it twice; False if another has it.

        Claims live as long as the process that holds the store's file: nothing rests on them but politeness.
        """
        ...

    def release(self, name: str, holder: str) -> None:
        """Let go of a claim."""
        ...

    def quarantine(self) -> list[Quarantined]:
        """Messages that could not be read and still wait, oldest first."""
        ...

    def quarantine_entry(self, item_id: ItemId) -> QuarantineEntry | None:
        """One quarantined message with its original."""
        ...

    # understanding
    def items_to_understand(self, limit: int) -> list[FeedbackItem]:
        """New items, oldest first."""
        ...

    def record_understanding(self, understood: Sequence[Understanding]) -> None:
        """What was understood; items no longer new are left as they are."""
        ...

    def label_moves(self, model_version: str, since: datetime) -> list[LabelMove]:
        """The sentiments this model gave to customers' messages received after `since`, and what people say they are."""
        ...

    def items_to_reclassify(self, model_version: str, since: datetime | None, after: ItemId | None, limit: int) -> list[OlderReading]:
        """Items whose current understanding is another model's, received from `since` on, in the order of their ids after `after`."""
        ...

    def record_reclassification(self, model_version: str, understood: Sequence[Understanding], at: datetime, *, finished: bool) -> None:
        """New versions of what was understood: the old ones are kept as superseded, items this model has read are left as they are.

        The reclassification goes on in later calls until one says `finished`. Statuses and cases are not touched.
        """
        ...

    # correcting
    def record_correction(
        self, item_id: ItemId, sentiment: Sentiment | None, kind: Kind | None, by: str, why: str, at: datetime
    ) -> Correction:
        """Add what a person says of an item; everything that reads its understanding sees it from now on.

        A corrected kind sends an item that has no case back to be routed. Raises CorrectionRefused if it was not understood yet.
        """
        ...

    def record_judgement(self, item_id: ItemId, week: date | None, sentiment: Sentiment, kind: Kind, by: str, at: datetime) -> bool:
        """Add what somebody says of a message that the lot drew from a week, or (without one) that was offered as unsure.

        A label that differs from what AllEars says, and that nobody corrected before, is corrected too. False, and nothing changed,
        if the message was judged before: a message counts once.
        """
        ...

    # routing
    def items_to_route(self, limit: int) -> list[UnderstoodItem]:
        """Understood items in the order in which they were received."""
        ...

    def routing_book(self, items: Sequence[ItemId]) -> RoutingBook:
        """What routing must know of the customers, threads and texts of these items, and everyone's load."""
        ...

    def record_routing(self, routed: Sequence[Routed]) -> None:
        """Statuses, cases, events and outbox of a batch, all or nothing.

        Raises CaseConflict when an item was routed, a case changed or a number was taken since the book was read.
        """
        ...

    # notifying
    def outbox_due(self, now: datetime, limit: int) -> list[OutboxMessage]:
        """Mails to hand over now, oldest first."""
        ...

    def record_sent(self, key: str, at: datetime) -> None:
        """A mail was handed over; its case knows since when its owner was alerted."""
        ...

    def record_send_failure(self, key: str, error: str, retry_at: datetime | None) -> None:
        """A mail could not be handed over; without `retry_at` it never will be and is shown as failed."""
        ...

    def postpone(self, keys: Sequence[str], until: datetime) -> None:
        """These messages wait until then; what was handed over or given up meanwhile stays as it is."""
        ...

    def recent_alerts(self, since: datetime) -> dict[str, int]:
        """How many mails with alerts each person was sent since then."""
        ...

    def record_digest(self, digest: OutboxMessage, keys: Sequence[str]) -> None:
        """Messages that wait are gathered: the digest goes out in their place, and they count as sent when it is.

        What they stood for themselves goes with it too. The digest may be an alert that waits itself, in whose mail the older ones
        are told.
        """
        ...

    def gathered(self, digest_key: str) -> list[OutboxMessage]:
        """The messages that a digest stands for, oldest first."""
        ...

    # watching
    def watch_book(self, now: datetime) -> WatchBook:
        """The open cases in piles, the addresses that bounce, and since when alerts wait."""
        ...

    def cases_to_watch(self, question: WatchQuestion) -> list[Case]:
        """The open cases that are asked for, the one due first at the front."""
        ...

    def record_unreachable(self, unreachable: Unreachable) -> None:
        """Mails to an address come back; the first such word of it stands."""
        ...

    def record_reachable(self, email: str) -> None:
        """An address takes mails again."""
        ...

    def record_alarms(self, standing: dict[str, str], at: datetime) -> None:
        """The alarms that stand now, text by key: new ones begin, those not named are over."""
        ...

    def alarms(self) -> list[Alarm]:
        """The alarms that stand, oldest first."""
        ...

    # what decides
    def record_rules(self, standing: Mapping[Part, Mapping[str, str]], at: datetime) -> None:
        """The rules as they stand, fingerprints by name; those that are new, other than they were, or gone since are changes."""
        ...

    # learning where messages belong
    def record_example(self, topic: str, item_id: ItemId, by: str, at: datetime) -> None:
        """An item's words are an example of a topic from now on; the same item is one of one topic only."""
        ...

    def remove_example(self, example_id: int, by: str, at: datetime) -> bool:
        """Forget an example; False if there is none of that id. Who removed it is kept."""
        ...

    def examples(self) -> list[TopicExample]:
        """The examples that count, oldest first."""
        ...

    # caring
    def case(self, case_id: CaseId) -> Case | None:
        """One case."""
        ...

    def cases(self, ids: Sequence[CaseId]) -> list[Case]:
        """Those of these cases that there are, in no order."""
        ...

    def record_change(self, change: CaseChange, outbox: Sequence[OutboxMessage]) -> None:
        """A changed case, its events and what is to be told. Raises CaseConflict if someone was faster."""
        ...

    # who looked
    def record_audit(self, entry: AuditEntry) -> None:
        """Somebody is about to see what is masked: kept for good before they do."""
        ...

    # keeping
    def maintain(self, originals_before: datetime) -> str:
        """Let go of the bodies of originals from before then, but of those in quarantine, and checkpoint; a line on what was done."""
        ...

    def close(self) -> None:
        """Let go of the file or the connection."""
        ...
