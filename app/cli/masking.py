"""An export's rows without personal data: words masked, contacts under other names that still join the rows of one file."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

from allears.domain.records import ExportName
from allears.masking import mask

WORDS = frozenset({"title", "text", "detail", "why_owner", "urgency_reasons", "corrected_why"})
PEOPLE = frozenset({"author", "name"})
CONTACTS = frozenset({"contacts"})
KEYED = frozenset({"customer_id", "external_id", "thread_id"})
"""What could be worked out from an address, or holds one."""
DROPPED = frozenset({"url"})
Hide = Callable[[str], str]


def masked_table(reader: pa.RecordBatchReader, what: ExportName, own_names: tuple[str, ...]) -> pa.RecordBatchReader:
    """The same columns and rows, masked; `own_names` stay. Pseudonyms are the same within one table and differ in the next."""
    keyed = KEYED | {"id"} if what is ExportName.CUSTOMERS else KEYED
    return pa.RecordBatchReader.from_batches(reader.schema, _masked(reader, keyed, secrets.token_bytes(32), own_names))


def _masked(reader: pa.RecordBatchReader, keyed: frozenset[str], key: bytes, own_names: tuple[str, ...]) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        rows = [_row(row, keyed, key, own_names) for row in batch.to_pylist()]
        yield pa.RecordBatch.from_pylist(rows, schema=reader.schema)


def _row(row: dict[str, Any], keyed: frozenset[str], key: bytes, own_names: tuple[str, ...]) -> dict[str, Any]:
    people = [row[column] for column in PEOPLE if row.get(column)]
    hiding: dict[str, Hide] = {
        **dict.fromkeys(WORDS, lambda words: mask(words, names=people, keep=own_names)),
        **dict.fromkeys(PEOPLE, lambda _: "[name]"),
        **dict.fromkeys(CONTACTS, lambda contact: f"{contact.partition(':')[0]}:contact-{_digest(contact, key)}"),
        **dict.fromkeys(keyed, lambda value: f"id-{_digest(value, key)}"),
    }
    return {
        column: None if column in DROPPED else _each(value, hiding[column]) if column in hiding else value for column, value in row.items()
    }


def _each(value: str | list[str] | None, hide: Hide) -> str | list[str] | None:
    if value is None:
        return None
    return hide(value) if isinstance(value, str) else [hide(each) for each in value]


def _digest(value: str, key: bytes) -> str:
    return hashlib.blake2b(value.encode(), digest_size=6, key=key).hexdigest()
