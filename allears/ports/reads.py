"""What pages and exports ask a store: figures, lists and whole cases, never changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from allears.domain.audit import AuditEntry
from allears.domain.case import Case, CaseId, CustomerId
from allears.domain.customers import Customer, CustomerPage, First
from allears.domain.desks import Desks
from allears.domain.feedback import ItemId
from allears.domain.inbox import CasePage, MessagePage, Messages, Place, Show, Which
from allears.domain.ledger import LedgerRow
from allears.domain.overview import Overview
from allears.domain.quality import Quality, Unsure, WeeklySample
from allears.domain.records import CaseView, ExportName, StoredItem
from allears.domain.shift import LabelMove
from allears.domain.sources import SourceHealth
from allears.domain.trends import Changes, ComplaintsOf, Only, Split, TrendCount
from allears.domain.verbatims import TopicWords
from allears.domain.watch import Unreachable

if TYPE_CHECKING:
    import pyarrow as pa


class Reads(Protocol):
    """The read side of the store. Each method is one consistent view; times are aware UTC, days are those of the named time zone."""

    def items(self, ids: Sequence[ItemId]) -> list[StoredItem]:
        """Items with all that is known of them."""
        ...

    def item_ids_since(self, since: datetime) -> list[ItemId]:
        """Ids of understood items received since then, in the order in which they were received."""
        ...

    def case_view(self, case_id: CaseId) -> CaseView | None:
        """A case as its page shows it: items, events, and the customer's book."""
        ...

    def open_cases(self) -> list[Case]:
        """Every case still open, the one due first at the front."""
        ...

    def desks(self, now: datetime) -> Desks:
        """What everyone has on their desk, and between whom open cases went."""
        ...

    def next_case_id(self) -> CaseId:
        """The id that the next case has, unless another is opened first."""
        ...

    def incidents(self) -> dict[str, int]:
        """The incidents that open cases name, and how many name each; the most first."""
        ...

    def unreachable(self) -> list[Unreachable]:
        """Addresses that mails come back from."""
        ...

    def overview(self, now: datetime, days: int, timezone: str) -> Overview:
        """The figures of the overview page for the `days` up to `now`."""
        ...

    def trends(self, split: Split, bounds: Sequence[datetime], only: Only) -> list[TrendCount]:
        """Customers' messages by step and key; `bounds` are the first moment of each step and, last, where the last one ends."""
        ...

    def complaints_of(self, days: Sequence[date], timezone: str) -> list[ComplaintsOf]:
        """Complaints of these days by topic, by source and by channel."""
        ...

    def what_changed(self, since: datetime, until: datetime) -> Changes:
        """What changed how messages are read and where they go; the first that is known of a rule is no change."""
        ...

    def judged_moves(self, since: datetime) -> list[LabelMove]:
        """What the model said of messages drawn by lot, and what people have said of them since then."""
        ...

    def case_lines(self, show: Show, which: Which, now: datetime, tomorrow: datetime, after: Place | None, limit: int) -> CasePage:
        """Cases as the inbox lists them: open ones by when their customers are due to hear, resolved ones the newest first.

        `tomorrow` is when today ends; `after` names the line after which the page begins, by its next date (or when it was resolved).
        """
        ...

    def messages(self, wanted: Messages, after: Place | None, limit: int) -> MessagePage:
        """Messages as the inbox lists them, newest first; those like another one by how near they are, and those all at once."""
        ...

    def alike(self, items: Sequence[ItemId], since: datetime) -> dict[ItemId, int]:
        """How many messages received since then are alike in meaning to each of these; none is said of those never placed."""
        ...

    def customers(self, words: str, first: First, since: datetime, now: datetime, limit: int, names_of: str | None = None) -> CustomerPage:
        """Customers who wrote since then or have an open case; with `words`, all whose name or contact has these, counted since then.

        With `names_of`, words find only those with a case of that owner ("": nobody).
        """
        ...

    def customer(self, customer_id: CustomerId) -> Customer | None:
        """A customer with all that is known of them but their messages."""
        ...

    def ledger(self, since: date | None, timezone: str) -> list[LedgerRow]:
        """Received messages and where they went, by source and day."""
        ...

    def source_health(self) -> list[SourceHealth]:
        """When each source was last asked, what came, what went wrong."""
        ...

    def audit(self, limit: int, skip: int) -> list[AuditEntry]:
        """Who looked at what is masked, the newest first, without the first `skip`."""
        ...

    def verbatims(self, topics: Sequence[str], since: datetime, until: datetime) -> dict[str, TopicWords]:
        """Of each topic that has any in the period, a bad and a good message that stand for it, with who has their cases."""
        ...

    def quality(self, last: date, weeks: int, timezone: str, judged_since: datetime) -> Quality:
        """How the `weeks` that end with the one of the Monday `last` were read, what people judged since then, and by which models."""
        ...

    def unsure(self, since: datetime, each: int) -> list[Unsure]:
        """Messages received after `since` that the model is unsure of and nobody read: `each` of each sentiment and language."""
        ...

    def weekly_sample(self, week: date, timezone: str, size: int) -> WeeklySample:
        """The messages that the lot draws from the week of that Monday, the same `size` for everyone, and what people said of them."""
        ...

    def export(self, name: ExportName) -> pa.RecordBatchReader:
        """Every row of one export, streamed."""
        ...
