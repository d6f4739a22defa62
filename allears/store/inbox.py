"""What the inbox lists, and which messages are alike in meaning."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import pyarrow as pa

from allears.domain.case import CaseId, CustomerId
from allears.domain.feedback import ItemId, Understanding
from allears.domain.inbox import CaseCounts, CasePage, MessageLine, MessagePage, Messages, Place, Show, Standing, Which
from allears.domain.meaning import APART, nearness
from allears.domain.records import CaseLine
from allears.ports import Clock
from allears.store import rows, schemas
from allears.store.database import Database, Row, Session
from allears.store.keeping import Keeping, kept

MOST_ALIKE = 1_000
"""More than so many messages like one are not listed."""
_NEAR = pa.schema([("key", pa.uint64()), ("apart", pa.int32())])
_MEANT = pa.schema([("item_id", pa.string()), *((f"m{number}", pa.int64()) for number in range(1, 7))])
_BEGINNING = datetime.min.replace(tzinfo=UTC)
_NO_DIGIT = r"(^|\D|$)"
_AS_THEY_ARE = ("owner", "incident", "topic", "channel", "source", "language", "tag", "since", "until", "names_of", "of_own")
_OF_ITEMS = ("words", "channel", "source", "sentiment", "language")


class InboxMethods:
    """The part of the store that lists cases and messages."""

    _db: Database
    _clock: Clock
    _keeping: Keeping

    @kept
    def case_lines(self, show: Show, which: Which, now: datetime, tomorrow: datetime, after: Place | None, limit: int) -> CasePage:
        """See the port."""
        day = {"now": now, "tomorrow": tomorrow}
        asked = {"show": show.value, "of_items": any(getattr(which, name) for name in _OF_ITEMS), "id": which.words.strip() or None}
        with self._db.reading() as session:
            (counts,) = session.rows("inbox_counts", **day)
            found = session.rows("inbox_cases", **day, **asked, **_narrowed(which), **_after(after), limit=limit)
        totals = {name: found[0][name] if found else 0 for name in ("found", "late", "today")}
        lines = (CaseLine(rows.case(row), row["customer"], row["words"], row["sentiment"], row["channel"]) for row in found)
        return CasePage(tuple(lines), **totals, counts=CaseCounts(**counts))

    @kept
    def messages(self, wanted: Messages, after: Place | None, limit: int) -> MessagePage:
        """See the port."""
        which = wanted.which
        asked = {"standing": wanted.standing and wanted.standing.value, "customer": wanted.customer, "like": wanted.like is not None}
        with self._db.reading() as session, session.given(near=_near(session, wanted)):
            found = session.rows("inbox_messages", **asked, **_narrowed(which), **_after(after), limit=limit)
            with session.given(wanted=rows.ids((row["case_id"] for row in found if row["case_id"]), schemas.CASE_IDS)):
                owners = {row["id"]: row["owner"] for row in session.rows("owners_of")}
        return MessagePage(tuple(_message(row, owners) for row in found), found[0]["found"] if found else 0)

    @kept
    def alike(self, items: Sequence[ItemId], since: datetime) -> dict[ItemId, int]:
        """See the port."""
        with self._db.reading() as session, session.given(wanted=rows.ids(items)):
            return {ItemId(row["item_id"]): row["alike"] for row in session.rows("meanings_alike", since=since, most=APART)}


def add_meanings(session: Session, understood: Iterable[Understanding], *, again: bool = False) -> None:
    """Keep where new messages lie by their meaning; of those read `again`, in the place of where they lay for an older model."""
    meant = [(each.item_id, *struct.unpack("<6q", each.meaning)) for each in understood if each.meaning]
    if meant:
        with session.given(meant=rows.table(_MEANT, meant)):
            if again:
                session.run("drop_meanings")
            session.run("add_meanings", again=again)


def patterns(which: Which) -> dict[str, str | None]:
    """The words to look for as the patterns $w1 to $w4, in whatever case of letters."""
    return {f"w{number}": _pattern(part, which) if part else None for number, part in enumerate(which.parts(), start=1)}


def _pattern(part: str, which: Which) -> str:
    """One word's pattern. Where names are masked, a number is not found by a part of its digits: that would be guessed one by one."""
    before, after = (_NO_DIGIT if which.names_of is not None and at.isdigit() else "" for at in (part[0], part[-1]))
    return f"(?i){before}{re.escape(part)}{after}"


def _narrowed(which: Which) -> dict[str, object]:
    labels = {name: getattr(which, name) for name in _AS_THEY_ARE}
    read = {
        name: value and value.value for name, value in (("kind", which.kind), ("sentiment", which.sentiment), ("urgency", which.urgency))
    }
    return {**labels, **read, **patterns(which)}


def _after(place: Place | None) -> dict[str, object]:
    return {"after_at": place.at if place else None, "after_id": place.id if place else None}


def _near(session: Session, wanted: Messages) -> pa.Table:
    """Keys of messages like the one asked for, and how many bits they are apart; none where none is asked for."""
    if wanted.like is None:
        return rows.table(_NEAR, ())
    bounds = {"since": wanted.which.since or _BEGINNING, "until": wanted.which.until}
    return session.arrow("meanings_near", item_id=wanted.like, most=APART, limit=MOST_ALIKE, **bounds)


def _message(row: Row, owners: dict[str, str]) -> MessageLine:
    values = {name: row[name] for name in MessageLine.__dataclass_fields__ if name in row}
    return MessageLine(
        **values
        | {
            "id": ItemId(row["id"]),
            "customer_id": CustomerId(row["customer_id"]) if row["customer_id"] else None,
            "case_id": CaseId(row["case_id"]) if row["case_id"] else None,
            "standing": Standing(row["standing"]),
            "owner": owners.get(row["case_id"]),
            "nearness": None if row["apart"] is None else nearness(row["apart"]),
        }
    )
