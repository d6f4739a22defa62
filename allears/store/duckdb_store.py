"""The store over a DuckDB file in this process: every method of the port is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path

from allears.domain.case import SYSTEM, Case, CaseChange, CaseId
from allears.domain.corrections import Correction, OlderReading
from allears.domain.feedback import (
    Cursor,
    FeedbackItem,
    ItemId,
    Kind,
    Original,
    Page,
    Sentiment,
    SourceName,
    Understanding,
    UnderstoodItem,
)
from allears.domain.outbox import OutboxMessage
from allears.domain.records import Earlier, Routed, RoutingBook, StoredItem
from allears.domain.shift import LabelMove
from allears.domain.sources import PageReceipt, Quarantined, QuarantineEntry, SourceRun
from allears.errors import CaseConflict
from allears.ports import Clock
from allears.store import rows, schemas
from allears.store.apart import apart
from allears.store.audit import AuditMethods
from allears.store.claims import Claims
from allears.store.customers import CustomerMethods
from allears.store.database import ONE_SHOT, Database, Session, Share
from allears.store.inbox import InboxMethods, add_meanings
from allears.store.keeping import WORTH_KEEPING, Keeping, kept
from allears.store.outbox import OutboxMethods
from allears.store.ownership import OwnershipMethods, add_unreachable, desks
from allears.store.quality import QualityMethods
from allears.store.reading import ReadingMethods
from allears.store.trends import TrendMethods
from allears.store.verbatims import VerbatimMethods
from allears.store.versions import add_correction, add_versions, older_reading, read_items
from allears.store.writing import write_changes, write_outbox


class DuckDBStore(
    AuditMethods,
    CustomerMethods,
    InboxMethods,
    OutboxMethods,
    OwnershipMethods,
    QualityMethods,
    ReadingMethods,
    TrendMethods,
    VerbatimMethods,
):
    """Implements `allears.ports.Store`. Safe for use from several threads; holds the file until closed."""

    def __init__(self, path: Path, clock: Clock, share: Share = ONE_SHOT) -> None:
        self._db = Database(path, share)
        self._clock = clock
        self._claims = Claims(clock)
        self._keeping = Keeping(WORTH_KEEPING if share.many_ask else None)

    # intake

    def cursor(self, source: SourceName) -> Cursor | None:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("cursor", source=source)
        return Cursor(found[0]["value"]) if found else None

    def record_page(self, source: SourceName, page: Page, at: datetime) -> PageReceipt:
        """See the port."""
        with self._db.writing() as session, session.given(**rows.page_tables(source, page := apart(session, source, page))):
            items = [row["item_id"] for row in session.rows("fresh_items")]
            rejected = [row["item_id"] for row in session.rows("fresh_rejections")] if page.rejected else []
            if items:
                with session.given(fresh=rows.ids(items)):
                    session.run("add_originals", at=at)
                    session.run("add_contacts")
                    session.run("add_items", at=at)
                    session.run("release_quarantine", at=at)
            if rejected:
                with session.given(fresh=rows.ids(rejected)):
                    session.run("add_originals", at=at)
                    session.run("add_rejections", at=at)
            if page.cursor is not None:
                session.run("drop_cursor", source=source)
                session.run("put_cursor", source=source, value=rows.clean(page.cursor.value), at=at)
        return PageReceipt(len(items), len(rejected), len(page.items) + len(page.rejected) - len(items) - len(rejected))

    def record_source_run(self, run: SourceRun) -> None:
        """See the port."""
        with self._db.writing() as session:
            before = session.rows("source_health_of", source=run.source)
            first, ok, item = (
                (before[0]["first_run_at"], before[0]["last_ok_at"], before[0]["last_item_at"]) if before else (run.at, None, None)
            )
            session.run("drop_source_health", source=run.source)
            session.run(
                "put_source_health",
                source=run.source,
                first_run_at=first,
                last_run_at=run.at,
                last_ok_at=ok if run.error else run.at,
                last_item_at=run.at if run.new_items else item,
                seconds=run.seconds,
                error=rows.clean(run.error),
                notices=[rows.clean(notice) for notice in run.notices],
            )

    def claim(self, name: str, holder: str, until: datetime) -> bool:
        """See the port."""
        return self._claims.take(name, holder, until)

    def release(self, name: str, holder: str) -> None:
        """See the port."""
        self._claims.release(name, holder)

    def quarantine(self) -> list[Quarantined]:
        """See the port."""
        with self._db.reading() as session:
            return [Quarantined(**row) for row in session.rows("quarantine")]

    def quarantine_entry(self, item_id: ItemId) -> QuarantineEntry | None:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("quarantine_entry", item_id=item_id)
        if not found:
            return None
        row = found[0]
        original = Original(row["external_id"], rows.unpacked(row) or b"", row["media_type"])
        return QuarantineEntry(Quarantined(**{field.name: row[field.name] for field in fields(Quarantined)}), original)

    # understanding

    def items_to_understand(self, limit: int) -> list[FeedbackItem]:
        """See the port."""
        with self._db.reading() as session:
            return [rows.item(row) for row in session.rows("items_to_understand", limit=limit)]

    def record_understanding(self, understood: Sequence[Understanding]) -> None:
        """See the port."""
        with self._db.writing() as session, session.given(understood=rows.understood(understood, self._clock.now())):
            session.run("add_understandings")
            add_meanings(session, understood)
            session.run("mark_understood")

    @kept
    def label_moves(self, model_version: str, since: datetime) -> list[LabelMove]:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("label_moves", model_version=model_version, since=since)
        return [LabelMove(Sentiment(row["said"]), Sentiment(row["true"]), row["items"], row["drawn"]) for row in found]

    def items_to_reclassify(self, model_version: str, since: datetime | None, after: ItemId | None, limit: int) -> list[OlderReading]:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("items_to_reclassify", model_version=model_version, since=since, after=after or "", limit=limit)
        return [older_reading(row) for row in found]

    def record_reclassification(self, model_version: str, understood: Sequence[Understanding], at: datetime, *, finished: bool) -> None:
        """See the port."""
        with self._db.writing() as session:
            add_versions(session, model_version, understood, at, finished=finished)

    # correcting

    def record_correction(
        self, item_id: ItemId, sentiment: Sentiment | None, kind: Kind | None, by: str, why: str, at: datetime
    ) -> Correction:
        """See the port."""
        with self._db.writing() as session:
            added = add_correction(session, item_id, sentiment, kind, by, why, at)
        self._keeping.forget()
        return added

    # routing

    def items_to_route(self, limit: int) -> list[UnderstoodItem]:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("items_to_route", limit=limit)
        understood = ((row, rows.understanding(row)) for row in found)
        return [
            UnderstoodItem(rows.item(row), known, row["ingested_at"], row["routed_before"])
            for row, known in understood
            if known is not None
        ]

    def routing_book(self, items: Sequence[ItemId]) -> RoutingBook:
        """See the port."""
        with self._db.reading() as session, session.given(batch=rows.ids(items)):
            sent = [rows.outbox_message(row) for row in session.rows("book_sent")]
            with session.given(sent=rows.ids((each.case_id for each in sent if each.case_id), schemas.CASE_IDS)):
                cases = _with_what_they_became(session, [rows.case(row) for row in session.rows("book_cases")])
            subjects: dict[CaseId, tuple[str, ...]] = {}
            with session.given(book=rows.ids((case.id for case in cases), schemas.CASE_IDS)):
                for row in session.rows("book_subjects"):
                    subjects[row["case_id"]] = (*subjects.get(row["case_id"], ()), row["title"])
                participants: dict[CaseId, tuple[str, ...]] = {}
                for row in session.rows("book_participants"):
                    participants[row["case_id"]] = (*participants.get(row["case_id"], ()), row["contact"])
            load, last_assigned, bouncing = desks(session, self._clock.now())
            return RoutingBook(
                next_number=session.rows("next_number")[0]["number"],
                cases=cases,
                customers={row["item_id"]: row["customer_id"] for row in session.rows("customers_of")},
                threads={row["external_id"]: row["case_id"] for row in session.rows("book_threads")},
                participants=participants,
                earlier=tuple(Earlier(**row) for row in session.rows("book_earlier")),
                load=load,
                last_assigned=last_assigned,
                bouncing=bouncing,
                subjects=subjects,
                sent={each.key: each for each in sent},
                items={each.item.id: each.item for each in read_items(session, _answered(sent, cases))} if sent else {},
            )

    def record_routing(self, routed: Sequence[Routed]) -> None:
        """See the port."""
        with self._db.writing() as session, session.given(routed=rows.routed(routed)):
            waiting = {row["item_id"] for row in session.rows("still_understood")}
            if any(decision.item_id not in waiting for decision in routed):
                raise CaseConflict("Some of these messages were routed meanwhile.")
            write_changes(session, [decision.change for decision in routed if decision.change])
            write_outbox(session, [message for decision in routed for message in decision.outbox])
            for decision in routed:
                if decision.unreachable:
                    add_unreachable(session, decision.unreachable)
                if decision.returned:
                    key, error = decision.returned
                    session.run("mark_returned", key=key, error=rows.clean(error), at=self._clock.now())
            session.run("mark_routed")
        self._forget_after(decision.change for decision in routed if decision.change)

    # caring

    def case(self, case_id: CaseId) -> Case | None:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("case", id=case_id)
        return rows.case(found[0]) if found else None

    def cases(self, ids: Sequence[CaseId]) -> list[Case]:
        """See the port."""
        with self._db.reading() as session, session.given(wanted=rows.ids(ids, schemas.CASE_IDS)):
            return [rows.case(row) for row in session.rows("cases")]

    def record_change(self, change: CaseChange, outbox: Sequence[OutboxMessage]) -> None:
        """See the port."""
        with self._db.writing() as session:
            write_changes(session, [change])
            write_outbox(session, outbox)
        self._forget_after([change])

    def _forget_after(self, changes: Iterable[CaseChange]) -> None:
        """Whoever took a step looks at what becomes of it; what no human did is seen a moment later."""
        if any(event.actor != SYSTEM for change in changes for event in change.events):
            self._keeping.forget()

    # reading

    def items(self, ids: Sequence[ItemId]) -> list[StoredItem]:
        """See the port."""
        with self._db.reading() as session:
            return read_items(session, ids)

    def item_ids_since(self, since: datetime) -> list[ItemId]:
        """See the port."""
        with self._db.reading() as session:
            return [ItemId(row["item_id"]) for row in session.rows("item_ids_since", since=since)]

    # keeping

    def maintain(self, originals_before: datetime) -> str:
        """See the port."""
        with self._db.writing() as session:
            gone = len(session.rows("let_go_of_originals", before=originals_before))
        self._db.checkpoint()
        return f"Checkpointed the store. Let go of {gone} originals from before {originals_before:%-d %b %Y}."

    def close(self) -> None:
        """See the port."""
        self._db.close()


def _with_what_they_became(session: Session, cases: Sequence[Case]) -> tuple[Case, ...]:
    """Cases, and those in which the merged ones of them go on."""
    known = {case.id: case for case in cases}
    while further := {case.merged_into for case in known.values() if case.merged_into} - known.keys():
        with session.given(wanted=rows.ids(further, schemas.CASE_IDS)):
            known |= {case.id: case for case in map(rows.case, session.rows("cases"))}
    return tuple(known.values())


def _answered(sent: Sequence[OutboxMessage], cases: Sequence[Case]) -> list[ItemId]:
    """What our mails that are answered were about: their items, and what the customers of these cases wrote last."""
    return list(dict.fromkeys((*(each.item_id for each in sent), *(case.item_ids[-1] for case in cases))))
