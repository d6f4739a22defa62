"""The audit log: who looked at what is masked."""

from __future__ import annotations

from allears.domain.audit import AuditEntry, Deed
from allears.store import rows
from allears.store.database import Database


class AuditMethods:
    """The part of the store that keeps the audit log."""

    _db: Database

    def record_audit(self, entry: AuditEntry) -> None:
        """See the port."""
        given = {"actor": rows.clean(entry.actor), "subject": rows.clean(entry.subject)}
        with self._db.writing() as session:
            session.run("add_audit", at=entry.at, action=entry.deed.value, **given)

    def audit(self, limit: int, skip: int) -> list[AuditEntry]:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("audit", limit=limit, skip=skip)
        return [AuditEntry(row["at"], row["actor"], Deed(row["action"]), row["subject"]) for row in found]
