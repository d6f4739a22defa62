"""Arrow schemas of what statements read: rows on their way into the store."""

from __future__ import annotations

import pyarrow as pa

TIME = pa.timestamp("us", tz="UTC")
WORDS = pa.list_(pa.string())

ITEMS = pa.schema(
    {
        "item_id": pa.string(),
        "source": pa.string(),
        "channel": pa.string(),
        "external_id": pa.string(),
        "thread_id": pa.string(),
        "references": WORDS,
        "received_at": TIME,
        "author": pa.string(),
        "contact": pa.string(),
        "customer_id": pa.string(),
        "title": pa.string(),
        "text": pa.string(),
        "quoted": pa.string(),
        "language": pa.string(),
        "rating": pa.float64(),
        "reach": pa.int64(),
        "url": pa.string(),
        "automated": pa.string(),
        "spam": pa.bool_(),
        "source_person": pa.string(),
        "extra": pa.string(),
        "fingerprint": pa.string(),
    }
)
ORIGINALS = pa.schema(
    {
        "item_id": pa.string(),
        "source": pa.string(),
        "external_id": pa.string(),
        "media_type": pa.string(),
        "body": pa.binary(),
        "packed": pa.string(),
    }
)
REJECTED = pa.schema({"item_id": pa.string(), "source": pa.string(), "external_id": pa.string(), "error": pa.string()})
UNDERSTOOD = pa.schema(
    {
        "item_id": pa.string(),
        "at": TIME,
        "model_version": pa.string(),
        "sentiment": pa.string(),
        "score": pa.float64(),
        "confidence": pa.float64(),
        "p_negative": pa.float64(),
        "p_neutral": pa.float64(),
        "p_positive": pa.float64(),
        "kind": pa.string(),
        "language": pa.string(),
        "urgency": pa.string(),
        "urgency_reasons": WORDS,
        "topics": pa.list_(pa.struct({"topic": pa.string(), "score": pa.float64(), "evidence": pa.string()})),
        "praised": WORDS,
        "unshifted": pa.string(),
        "evidence": pa.list_(pa.struct({"start": pa.int32(), "end": pa.int32(), "share": pa.float64(), "sentence": pa.bool_()})),
    }
)
ROUTED = pa.schema(
    {
        "item_id": pa.string(),
        "status": pa.string(),
        "why": pa.string(),
        "case_id": pa.string(),
        "duplicate_of": pa.string(),
        "ours": pa.bool_(),
    }
)
CASES = pa.schema(
    {
        "id": pa.string(),
        "status": pa.string(),
        "owner": pa.string(),
        "why_owner": pa.string(),
        "customer_id": pa.string(),
        "kind": pa.string(),
        "topic": pa.string(),
        "urgency": pa.string(),
        "urgency_reasons": WORDS,
        "item_ids": WORDS,
        "opened_at": TIME,
        "next_date": TIME,
        "hops": pa.int32(),
        "alerted_at": TIME,
        "acknowledged_at": TIME,
        "first_response_at": TIME,
        "promised_for": TIME,
        "resolved_at": TIME,
        "closed_at": TIME,
        "incident_id": pa.string(),
        "owner_since": TIME,
        "owners": WORDS,
        "passed_by": WORDS,
        "stands_in_for": pa.string(),
        "resolve_by": TIME,
        "reopened_at": TIME,
        "warned_for": TIME,
        "late_for": TIME,
        "rules": pa.string(),
        "tags": WORDS,
        "remedy": pa.string(),
        "remedy_amount": pa.decimal128(12, 2),
        "remedy_currency": pa.string(),
        "continues": pa.string(),
        "merged_into": pa.string(),
        "version": pa.int32(),
        "expected": pa.int32(),
    }
)
EVENTS = pa.schema({"case_id": pa.string(), "at": TIME, "actor": pa.string(), "type": pa.string(), "detail": pa.string()})
REPLIES = pa.schema(
    {
        "key": pa.string(),
        "case_id": pa.string(),
        "item_id": pa.string(),
        "by": pa.string(),
        "contact": pa.string(),
        "text": pa.string(),
        "at": TIME,
    }
)
TOLD = pa.schema(
    {
        "key": pa.string(),
        "kind": pa.string(),
        "recipient": pa.string(),
        "item_id": pa.string(),
        "case_id": pa.string(),
        "created_at": TIME,
        "due_at": TIME,
        "way": pa.string(),
    }
)
IDS = pa.schema({"item_id": pa.string()})
CASE_IDS = pa.schema({"id": pa.string()})
