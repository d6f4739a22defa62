"""What pages and exports ask a store: figures, lists and whole cases, never changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from allears.domain.case import Case, CaseId
from allears.domain.feedback import (
    ItemId,
)
from allears.domain.ledger import LedgerRow
from allears.domain.records import (
    CaseView,
    ExportName,
    Overview,
    SourceHealth,
    StoredItem,
)

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

    def overview(self, now: datetime, days: int, timezone: str) -> Overview:
        """The figures of the overview page for the `days` up to `now`."""
        ...

    def ledger(self, since: date | None, timezone: str) -> list[LedgerRow]:
        """Received messages and where they went, by source and day."""
        ...

    def source_health(self) -> list[SourceHealth]:
        """When each source was last asked, what came, what went wrong."""
        ...

    def export(self, name: ExportName) -> pa.RecordBatchReader:
        """Every row of one export, streamed."""
        ...
