"""Between rows and the domain: Arrow tables from frozen dataclasses, and back."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from allears.domain.case import Case, CaseId, CaseStatus, CustomerId, Event, EventType, Remedy, RemedyKind, Reply
from allears.domain.feedback import (
    Automated,
    Channel,
    Evidence,
    FeedbackItem,
    ItemId,
    Kind,
    Page,
    Prediction,
    Sentiment,
    SourceName,
    Status,
    TopicMatch,
    Understanding,
    Urgency,
    fingerprint,
    item_id,
)
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.domain.records import Routed, StoredItem
from allears.domain.watch import Pile
from allears.errors import StoreError
from allears.store.database import Row
from allears.store.schemas import CASES, EVENTS, IDS, ITEMS, ORIGINALS, REJECTED, REPLIES, ROUTED, TOLD, UNDERSTOOD


def table(schema: pa.Schema, rows: Iterable[Sequence[object]]) -> pa.Table:
    """An Arrow table of rows in the schema's order. Raises StoreError for a value that its column cannot hold."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) or [() for _ in schema]
    try:
        return pa.table([pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema)
    except (pa.ArrowException, OverflowError, UnicodeError) as error:
        raise StoreError(f"The store cannot hold a value of these messages: {error}") from error


def clean(text: str | None) -> str | None:
    """Text as UTF-8 can hold it: lone surrogates become question marks."""
    return None if text is None else text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def page_tables(source: str, page: Page) -> dict[str, pa.Table]:
    """A page as the tables that statements read: `page_items`, `page_originals`, `page_rejected`."""
    return {"page_items": page_items(page), "page_originals": page_originals(source, page), "page_rejected": page_rejected(source, page)}


def page_items(page: Page) -> pa.Table:
    """The items of a page as rows of `items`."""
    return table(ITEMS, (_item_row(item) for item in page.items))


def _item_row(item: FeedbackItem) -> tuple[object, ...]:
    return (
        item.id,
        item.source,
        item.channel.value,
        clean(item.external_id),
        clean(item.thread_id),
        [clean(each) for each in item.references],
        item.received_at,
        clean(item.author),
        clean(item.contact) or None,
        customer_of(item.contact) if item.contact else None,
        clean(item.title),
        clean(item.text),
        clean(item.quoted),
        item.language,
        item.rating,
        item.reach,
        clean(item.url),
        item.automated.value if item.automated else None,
        item.spam,
        clean(item.source_person),
        clean(json.dumps(item.extra, ensure_ascii=False)) if item.extra else "{}",
        fingerprint(item.text),
    )


def customer_of(contact: str) -> CustomerId:
    """The customer a contact is when first met: 24 hex digits of the contact."""
    return CustomerId(hashlib.blake2b(contact.encode("utf-8", "replace"), digest_size=12).hexdigest())


def page_originals(source: str, page: Page) -> pa.Table:
    """The originals of a page as rows of `originals`."""
    return table(
        ORIGINALS,
        ((item_id(source, o.external_id), source, clean(o.external_id), o.media_type, *_packed(o.body)) for o in page.originals),
    )


def _packed(body: bytes) -> tuple[bytes, str | None]:
    """An original as it is kept, and how it was packed: not at all where that saves nothing."""
    packed = zlib.compress(body)
    return (packed, "zlib") if len(packed) < len(body) else (body, None)


def unpacked(row: Row) -> bytes | None:
    """An original as it came; None where it is kept no longer."""
    return zlib.decompress(row["body"]) if row["packed"] else row["body"]


def page_rejected(source: str, page: Page) -> pa.Table:
    """The rejected messages of a page as rows of `quarantine`."""
    return table(REJECTED, ((item_id(source, r.external_id), source, clean(r.external_id), clean(r.error)) for r in page.rejected))


def understood(understandings: Iterable[Understanding], at: datetime) -> pa.Table:
    """Understandings as rows."""
    return table(UNDERSTOOD, (_understood_row(each, at) for each in understandings))


def _understood_row(each: Understanding, at: datetime) -> tuple[object, ...]:
    said = each.prediction
    return (
        each.item_id,
        at,
        each.model_version,
        said.sentiment.value,
        said.score,
        said.confidence,
        said.p_negative,
        said.p_neutral,
        said.p_positive,
        said.kind.value,
        said.language,
        said.urgency.value,
        list(said.urgency_reasons),
        [asdict(topic) for topic in each.topics],
        list(each.praised),
        each.unshifted.value if each.unshifted else None,
        [asdict(span) for span in said.evidence],
    )


def routed(decisions: Iterable[Routed]) -> pa.Table:
    """Routing decisions as rows."""
    return table(ROUTED, ((d.item_id, d.status.value, clean(d.why), d.case_id, d.duplicate_of, d.ours) for d in decisions))


def cases(changed: Iterable[tuple[Case, int]]) -> pa.Table:
    """Cases as rows of `cases`, each with the version the store must still have (0: none)."""
    return table(CASES, (_case_row(case, expected) for case, expected in changed))


def _case_row(case: Case, expected: int) -> list[object]:
    given = case.remedy
    values = {name: _plain(getattr(case, name)) for name in _CASE_FIELDS} | {
        "remedy": given.kind.value if given else None,
        "remedy_amount": given.amount.quantize(_CENT) if given and given.amount is not None else None,
        "remedy_currency": given.currency if given else None,
        "expected": expected,
    }
    return [values[name] for name in CASES.names]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else clean(value) if isinstance(value, str) else value


def events(happened: Iterable[Event]) -> pa.Table:
    """Events as rows."""
    return table(EVENTS, ((e.case_id, e.at, e.actor, e.type.value, clean(e.detail)) for e in happened))


def replies(written: Iterable[Reply]) -> pa.Table:
    """Replies to customers as rows."""
    return table(REPLIES, ((r.key, r.case_id, r.item_id, clean(r.by), r.contact, clean(r.text), r.at) for r in written))


def reply(row: Row) -> Reply:
    """A reply from its row."""
    return Reply(**(row | {"case_id": CaseId(row["case_id"]), "item_id": ItemId(row["item_id"])}))


def told(messages: Iterable[OutboxMessage]) -> pa.Table:
    """Outbox messages as rows."""
    return table(TOLD, ((m.key, m.kind.value, m.to, m.item_id, m.case_id, m.created_at, m.due_at, m.way.value) for m in messages))


def ids(wanted: Iterable[str], schema: pa.Schema = IDS) -> pa.Table:
    """Ids as a one-column table."""
    return table(schema, ((each,) for each in wanted))


_ITEM_FIELDS = [field.name for field in fields(FeedbackItem)]


def item(row: Row) -> FeedbackItem:
    """A feedback item from its row."""
    values: dict[str, Any] = {name: row[name] for name in _ITEM_FIELDS}
    values |= {
        "source": SourceName(row["source"]),
        "channel": Channel(row["channel"]),
        "references": tuple(row["references"]),
        "automated": Automated(row["automated"]) if row["automated"] else None,
        "extra": json.loads(row["extra"]),
    }
    return FeedbackItem(**values)


def understanding(row: Row) -> Understanding | None:
    """What was understood of an item, None if nothing yet."""
    if row["sentiment"] is None:
        return None
    return Understanding(
        item_id=ItemId(row["item_id"]),
        prediction=Prediction(
            sentiment=Sentiment(row["sentiment"]),
            score=row["score"],
            confidence=row["confidence"],
            p_negative=row["p_negative"],
            p_neutral=row["p_neutral"],
            p_positive=row["p_positive"],
            kind=Kind(row["kind"]),
            language=row["detected"],
            urgency=Urgency(row["urgency"]),
            urgency_reasons=tuple(row["urgency_reasons"]),
            evidence=tuple(Evidence(**span) for span in row["evidence"] or ()),
        ),
        topics=tuple(TopicMatch(**topic) for topic in row["topics"]),
        praised=tuple(row["praised"]),
        model_version=row["model_version"],
        unshifted=Sentiment(row["unshifted"]) if row["unshifted"] else None,
    )


def stored_item(row: Row) -> StoredItem:
    """An item with all that is known of it, from its joined row."""
    return StoredItem(
        item=item(row),
        understanding=understanding(row),
        status=Status(row["status"]),
        customer_id=row["customer_id"],
        case_id=row["case_id"],
        duplicate_of=row["duplicate_of"],
        ingested_at=row["ingested_at"],
        why=row["why"],
    )


_CASE_FIELDS = [field.name for field in fields(Case)]
_CENT = Decimal("0.01")


def case(row: Row) -> Case:
    """A case from its row."""
    values: dict[str, Any] = {name: row[name] for name in _CASE_FIELDS}
    values |= {
        "id": CaseId(row["id"]),
        "status": CaseStatus(row["status"]),
        "kind": Kind(row["kind"]),
        "urgency": Urgency(row["urgency"]),
        "urgency_reasons": tuple(row["urgency_reasons"]),
        "item_ids": tuple(ItemId(each) for each in row["item_ids"]),
        "owners": tuple(row["owners"]),
        "passed_by": tuple(row["passed_by"]),
        "tags": tuple(row["tags"]),
        "remedy": Remedy(RemedyKind(row["remedy"]), row["remedy_amount"], row["remedy_currency"]) if row["remedy"] else None,
    }
    return Case(**values)


def pile(row: Row) -> Pile:
    """A pile of open cases from its row."""
    return Pile(**(row | {"urgency": Urgency(row["urgency"]), "tags": tuple(row["tags"])}))


def event(row: Row) -> Event:
    """An event from its row."""
    return Event(CaseId(row["case_id"]), row["at"], row["actor"], EventType(row["type"]), row["detail"])


def outbox_message(row: Row) -> OutboxMessage:
    """An outbox message from its row."""
    return OutboxMessage(
        key=row["key"],
        kind=MessageKind(row["kind"]),
        to=row["recipient"],
        item_id=ItemId(row["item_id"]),
        case_id=CaseId(row["case_id"]) if row["case_id"] else None,
        created_at=row["created_at"],
        due_at=row["due_at"],
        attempts=row["attempts"],
        way=Way(row["way"]),
    )
