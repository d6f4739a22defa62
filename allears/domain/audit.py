"""Who looked at what is masked: kept for good, and written before anything is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Deed(StrEnum):
    """What is kept in the audit log; its value ends the sentence "Cara Diaz …"."""

    SHOWED = "looked at the personal data of"
    SAVED = "saved a file with personal data:"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """That somebody did something, to what: "case C-1001", "customer 4f2a…"."""

    at: datetime
    actor: str
    deed: Deed
    subject: str
