"""Everything the overview page shows, read in one go."""

from __future__ import annotations

from datetime import datetime, timedelta

from allears.domain.feedback import ItemId
from allears.domain.ledger import LedgerRow
from allears.domain.overview import DayCount, Figures, Overview, OwnerLoad, PraiseLine, Timing, TopicCount
from allears.domain.records import CaseLine, StoredItem
from allears.store import rows
from allears.store.database import Row, Session
from allears.store.versions import last_reclassification, read_items

USUAL = timedelta(weeks=8)
"""How far before a period its days are counted too, for what is usual; or as long as the period, for the one before."""
MOST_DUE = 5
"""Open cases that the overview names."""


def read_overview(session: Session, now: datetime, days: int, timezone: str) -> Overview:
    """The overview of the `days` up to `now`; the daily counts go further back, to tell what is usual and what was before."""
    period = timedelta(days=days)
    start, before, counted = now - period, now - 2 * period, now - max(2 * period, period + USUAL)
    figures_before, figures = map(_figures, session.rows("overview_figures", before=before, start=start, until=now))
    praise = session.rows("overview_praise", start=start, until=now)
    praised = {stored.item.id: stored for stored in read_items(session, [row["item_id"] for row in praise])}
    return Overview(
        now=now,
        days=days,
        figures=figures,
        figures_before=figures_before,
        due_first=tuple(_line(row) for row in session.rows("overview_lines", limit=MOST_DUE)),
        owners=tuple(OwnerLoad(**(row | {"ages": tuple(row["ages"])})) for row in session.rows("overview_owners", now=now)),
        daily=tuple(DayCount(**row) for row in session.rows("overview_daily", timezone=timezone, start=counted, until=now)),
        topics=tuple(TopicCount(**row) for row in session.rows("overview_topics", before=before, start=start, until=now)),
        praise=tuple(_praise(praised[ItemId(row["item_id"])]) for row in praise),
        praise_count=praise[0]["total"] if praise else 0,
        ledger=tuple(LedgerRow(**row) for row in session.rows("ledger", since=start.date(), timezone=timezone, now=now)),
        last_item_at=session.rows("last_item")[0]["at"],
        reclassified=last_reclassification(session, before, now),
    )


def _figures(row: Row) -> Figures:
    return Figures(
        opened=row["opened"],
        resolved=row["resolved"],
        solved_alone=row["solved_alone"],
        hops=row["hops"],
        late=row["late"],
        time_to_owner=Timing(row["alerts"], row["alert_median"], row["alert_p95"]),
        first_reply=Timing(row["answered"], row["answered_median"], row["answered_p95"]),
        time_to_acknowledge=Timing(row["acknowledged"], row["acknowledged_median"], row["acknowledged_p95"]),
    )


def _line(row: Row) -> CaseLine:
    return CaseLine(rows.case(row), row["customer"], row["words"], row["sentiment"], row["channel"])


def _praise(stored: StoredItem) -> PraiseLine:
    return PraiseLine(stored, stored.understanding.praised if stored.understanding else ())
