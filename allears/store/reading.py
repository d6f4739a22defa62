"""The read side that the dashboard's first pages ask: cases, figures, desks, the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa

from allears.domain.case import Case, CaseId
from allears.domain.desks import Desks, OnDesk, Passage
from allears.domain.ledger import LedgerRow
from allears.domain.overview import Overview, Timing
from allears.domain.records import CaseView, ExportName, Load
from allears.domain.sources import SourceHealth
from allears.domain.watch import Unreachable
from allears.ports import Clock
from allears.store import rows
from allears.store.database import Database, Row
from allears.store.keeping import Keeping, kept
from allears.store.overview import read_overview
from allears.store.versions import items_at

EVENTS_BEFORE_CASE = timedelta(days=1)
"""How long before a case nothing of it can have happened: what lies before is not searched."""


class ReadingMethods:
    """The part of the store that pages and exports read."""

    _db: Database
    _clock: Clock
    _keeping: Keeping

    def case_view(self, case_id: CaseId) -> CaseView | None:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("case", id=case_id)
            if not found:
                return None
            case = rows.case(found[0])
            places = session.arrow("places_of_case", id=case_id, customer_id=case.customer_id)
            own = set(places.filter(places["own"])["item_id"].to_pylist())
            items = items_at(session, places)
            return CaseView(
                case=case,
                items=tuple(stored for stored in items if stored.item.id in own),
                events=tuple(rows.event(row) for row in session.rows("events_of", id=case_id, since=case.opened_at - EVENTS_BEFORE_CASE)),
                book=tuple(stored for stored in reversed(items) if stored.item.id not in own),
                replies=tuple(rows.reply(row) for row in session.rows("replies_of", id=case_id)),
            )

    def open_cases(self) -> list[Case]:
        """See the port."""
        with self._db.reading() as session:
            return [rows.case(row) for row in session.rows("open_cases")]

    @kept
    def overview(self, now: datetime, days: int, timezone: str) -> Overview:
        """See the port."""
        with self._db.reading() as session:
            return read_overview(session, now, days, timezone)

    @kept
    def desks(self, now: datetime) -> Desks:
        """See the port."""
        with self._db.reading() as session:
            people = session.rows("desks_people", now=now)
            return Desks(tuple(map(_on_desk, people)), tuple(Passage(**row) for row in session.rows("desks_passages")))

    def next_case_id(self) -> CaseId:
        """See the port."""
        with self._db.reading() as session:
            return CaseId(f"C-{session.rows('next_number')[0]['number']}")

    @kept
    def incidents(self) -> dict[str, int]:
        """See the port."""
        with self._db.reading() as session:
            return {row["incident_id"]: row["cases"] for row in session.rows("incidents")}

    def unreachable(self) -> list[Unreachable]:
        """See the port."""
        with self._db.reading() as session:
            return [Unreachable(**row) for row in session.rows("unreachable")]

    @kept
    def ledger(self, since: date | None, timezone: str) -> list[LedgerRow]:
        """See the port."""
        with self._db.reading() as session:
            return [LedgerRow(**row) for row in session.rows("ledger", since=since, timezone=timezone, now=self._clock.now())]

    def source_health(self) -> list[SourceHealth]:
        """See the port."""
        with self._db.reading() as session:
            return [
                SourceHealth(**(row | {"notices": tuple(row["notices"])})) for row in session.rows("source_health", now=self._clock.now())
            ]

    def export(self, name: ExportName) -> pa.RecordBatchReader:
        """See the port."""
        return self._db.stream(f"export_{name.value}")


def _on_desk(row: Row) -> OnDesk:
    taken = Timing(row["cases"], row["median_seconds"], row["p95_seconds"])
    return OnDesk(row["owner"], Load(row["open"], row["weight"]), row["late"], row["untaken"], taken)
