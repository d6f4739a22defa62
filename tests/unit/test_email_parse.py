"""Specimens of ours, each with what must be read from it."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.feedback import SourceName
from allears.errors import RecordRejected
from connectors.email.parse import Reading, parse

SPECIMENS = Path(__file__).parent.parent / "specimens" / "email"
EXPECTED: dict[str, dict[str, Any]] = json.loads((SPECIMENS / "expected.json").read_text("utf-8"))
READING = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, 12, tzinfo=UTC))
SEEDS = [(SPECIMENS / f"{name}.eml").read_bytes() for name in EXPECTED]


@pytest.mark.parametrize("name", EXPECTED)
def test_a_specimen_is_read_as_expected(name: str) -> None:
    expected = dict(EXPECTED[name])
    item = parse((SPECIMENS / f"{name}.eml").read_bytes(), READING, name=f"{name}.eml")
    assert expected.pop("quoted_contains", "") in (item.quoted or "")
    assert not [words for words in expected.pop("lacks", []) if words in item.words or words in (item.quoted or "")]
    told = {key: item.extra.get(key) for key in expected.get("extra", {})}
    read = {"received_at": item.received_at.isoformat(), "references": list(item.references), "extra": told}
    assert {key: read.get(key, getattr(item, key)) for key in expected} == expected


def test_every_specimen_has_an_expectation() -> None:
    assert {path.stem for path in SPECIMENS.glob("*.eml")} == set(EXPECTED)


@pytest.mark.parametrize("ending", [b"\r\n", b"\r"])
@pytest.mark.parametrize("name", ["inline_answers", "html_only", "bounce", "attachments"])
def test_line_endings_change_nothing(name: str, ending: bytes) -> None:
    raw = (SPECIMENS / f"{name}.eml").read_bytes()
    assert parse(raw.replace(b"\n", ending), READING) == parse(raw, READING)


@pytest.mark.parametrize("raw", [b"", b"\n\n", bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(500)])
def test_what_is_no_mail_is_rejected(raw: bytes) -> None:
    with pytest.raises(RecordRejected):
        parse(raw, READING)


@pytest.mark.parametrize(
    "raw",
    [
        b"From: jo@x.example\nContent-Type: text/html\n\n" + b"<div>" * 200_000 + b"hello",
        b"From: jo@x.example\nContent-Type: text/html\n\n" + b"<b><p>" * 50_000,
        b"From: jo@x.example\n\n" + b">" * 500_000 + b"\n" + b"On " * 200_000,
        b"From: jo@x.example\n\n" + b"On 1 Jan 2026 a@b.c\n" * 20_000,
        b"From: jo@x.example\nSubject: " + b"=?utf-8?q?" * 100_000 + b"\n\nhi",
        b"From: " + b'"(<' * 100_000 + b"\n\nhi",
        b"X-Flood: 1\n" * 100_000 + b"From: jo@x.example\n\nhi",
        b"From: jo@x.example\n\n" + b"\r" * 1_000_000,
        b"From: jo@x.example\n\n" + b"--\n" * 300_000,
        b"From: jo@x.example\n\n" + b"This e-mail is confidential\n\n" * 30_000,
        b"From: jo@x.example\n\n" + b"From: a@b.c\nSent: x\nTo: y\n" * 30_000,
    ],
)
def test_hostile_mail_is_read_in_bounded_time(raw: bytes) -> None:
    start = time.process_time()
    parse(raw, READING)
    assert time.process_time() - start < 15


def test_a_charset_with_an_embedded_null_does_no_harm() -> None:
    raw = b'From: jo@x.example\nContent-Type: text/plain; charset="utf\x00-8"\nContent-Transfer-Encoding: 8bit\n\nCaf\xc3\xa9\n'
    assert parse(raw, READING).text == "Café"


def test_parts_nested_without_end_are_read_or_rejected() -> None:
    raw = b"From: jo@x.example\nContent-Type: multipart/mixed; boundary=b0\n\n"
    raw += b"".join(b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (depth, depth + 1) for depth in range(600))
    try:
        parse(raw, READING)
    except RecordRejected as rejected:
        assert "nested" in str(rejected)  # noqa: PT017 - either outcome is right


@settings(max_examples=150, deadline=2000)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=8)), max_size=8), st.integers(0, 4000))
def test_mutilated_mail_is_read_or_rejected(seed: bytes, changes: list[tuple[int, bytes]], length: int) -> None:
    raw = bytearray(seed)
    for place, patch in changes:
        raw[place % len(raw) : place % len(raw) + len(patch)] = patch
    try:
        item = parse(bytes(raw[: length or None]), READING)
    except RecordRejected:
        return
    item.text.encode("utf-8")
    assert "\x00" not in item.text
    assert item.received_at <= READING.now


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_rejected(raw: bytes) -> None:
    try:
        assert parse(raw, READING).external_id
    except RecordRejected as rejected:
        assert str(rejected)  # noqa: PT017 - either outcome is right
