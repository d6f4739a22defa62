"""The store's outbox: what waits for somebody, what goes together, and what was handed over or could not be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from allears.domain.case import SYSTEM, CaseId, Event, EventType
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.ports import Clock
from allears.store import rows, schemas
from allears.store.database import Database, Row
from allears.store.writing import write_events, write_outbox

_TOLD = pa.schema({"case_id": pa.string(), "recipient": pa.string()})


class OutboxMethods:
    """The part of the store that notifying works with: what waits, what goes together, what is gone."""

    _db: Database
    _clock: Clock

    def outbox_due(self, now: datetime, limit: int) -> list[OutboxMessage]:
        """See the port."""
        with self._db.reading() as session:
            return [rows.outbox_message(row) for row in session.rows("outbox_due", now=now, limit=limit)]

    def record_sent(self, key: str, at: datetime) -> None:
        """See the port."""
        with self._db.writing() as session:
            told = _alerts(session.rows("mark_sent", key=key, at=at))
            if not told:
                return
            with session.given(told=rows.table(_TOLD, told)):
                alerted = [(CaseId(row["id"]), row["owner"]) for row in session.rows("mark_alerted", at=at)]
            with session.given(alerted=rows.ids((case for case, _ in alerted), schemas.CASE_IDS)):
                session.run("mark_known", at=at)
            write_events(session, [Event(case, at, SYSTEM, EventType.ALERTED, f"Alert handed over for {to}") for case, to in alerted])

    def record_send_failure(self, key: str, error: str, retry_at: datetime | None) -> None:
        """See the port."""
        now = self._clock.now()
        with self._db.writing() as session:
            unsent = session.rows("mark_unsent", key=key, error=rows.clean(error), retry_at=retry_at, now=now)
            failed = _alerts([row for row in unsent if row["failed_at"]])
            write_events(session, [Event(case, now, SYSTEM, EventType.ALERT_FAILED, f"No alert to {to}: {error}") for case, to in failed])

    def postpone(self, keys: Sequence[str], until: datetime) -> None:
        """See the port."""
        with self._db.writing() as session, session.given(wanted=rows.ids(keys)):
            session.run("postpone", until=until)

    def recent_alerts(self, since: datetime) -> dict[str, int]:
        """See the port."""
        with self._db.reading() as session:
            return {row["recipient"]: row["mails"] for row in session.rows("recent_alerts", since=since)}

    def record_digest(self, digest: OutboxMessage, keys: Sequence[str]) -> None:
        """See the port."""
        with self._db.writing() as session, session.given(wanted=rows.ids(keys)):
            session.run("gather_alerts", key=digest.key)
            write_outbox(session, [digest])

    def gathered(self, digest_key: str) -> list[OutboxMessage]:
        """See the port."""
        with self._db.reading() as session:
            return [rows.outbox_message(row) for row in session.rows("gathered", key=digest_key)]


def _alerts(messages: list[Row]) -> list[tuple[CaseId, str]]:
    """The cases and readers of those that are mails with an alert, each once."""
    alerts = (row for row in messages if row["kind"] == MessageKind.ALERT and row["case_id"] and row["way"] == Way.MAIL)
    return list(dict.fromkeys((CaseId(row["case_id"]), row["recipient"]) for row in alerts))
