"""A mail's bytes cut to what anyone sends, so that reading one takes bounded time and memory.

The standard parser holds every line and looks at each once for every multipart around it. Real mails stay far below
these bounds; what is cut off could only be what a bomb or a log file is made of.
"""

from __future__ import annotations

import re

_NESTING = re.compile(rb"boundary\s{0,9}=|^--[^\n]{1,200}?--[ \t]*$", re.IGNORECASE | re.MULTILINE)
_MOST_LINES = 450_000
"""25 MB of base64 have 340,000."""

_MOST_PARTS = 20_000
"""Lines that start with two dashes: each may start a part."""

_MOST_CHECKS = 3_000_000
"""Lines times the multiparts around them."""

_LONGEST_LINE = 4_000_000
_MOST_EIGHT_BIT = 4_000_000
"""Bytes beyond ASCII: attachments come encoded, and text of this length nobody reads."""

_LONGEST_EIGHT_BIT = 8_000_000
_ASCII = bytes(range(128))
_DEEPEST = 60
_FEW = 5
_FIRST_HEADER_LINES, _LAST_HEADER_LINES = 5_000, 1_000


def bounded(raw: bytes) -> bytes:
    """The same mail with line feeds as line ends, cut where it exceeds a bound."""
    raw = raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if len(raw) > _MOST_EIGHT_BIT:
        raw = _with_shorter_lines(raw)
        raw = raw[:_LONGEST_EIGHT_BIT] if not raw.isascii() and len(raw.translate(None, _ASCII)) > _MOST_EIGHT_BIT else raw
    raw = _cut_after(raw, b"\n--", _MOST_PARTS)
    raw, depth = _cut_nesting(raw)
    raw = _cut_after(raw, b"\n", min(_MOST_LINES, _MOST_CHECKS // (depth + 1)))
    return _with_fewer_headers(raw)


def _cut_after(raw: bytes, mark: bytes, most: int) -> bytes:
    if raw.count(mark) <= most:
        return raw
    at = 0
    for _ in range(most):
        at = raw.find(mark, at) + len(mark)
    return raw[:at]


def _with_shorter_lines(raw: bytes) -> bytes:
    """A mail without the rest of lines that are longer than a whole mail should be."""
    at = 0
    while len(raw) - at > _LONGEST_LINE:
        end = raw.rfind(b"\n", at, at + _LONGEST_LINE)
        if end < 0:
            end, following = at + _LONGEST_LINE, raw.find(b"\n", at + _LONGEST_LINE)
            raw = raw[:end] + (raw[following:] if following >= 0 else b"")
        at = end + 1
    return raw


def _cut_nesting(raw: bytes) -> tuple[bytes, int]:
    """A mail up to where its multiparts are nested too deeply, and how deeply they are at most."""
    named = raw.count(b"oundary") + raw.count(b"OUNDARY")
    if named <= _FEW:
        return raw, named
    depth = deepest = 0
    for mark in _NESTING.finditer(raw):
        depth = max(0, depth - 1) if mark[0].startswith(b"--") else depth + 1
        deepest = max(deepest, depth)
        if depth > _DEEPEST:
            return raw[: mark.start()], deepest
    return raw, deepest


def _with_fewer_headers(raw: bytes) -> bytes:
    """A flood of headers loses its middle: what matters stands at its start, or behind what was put before it."""
    end = raw.find(b"\n\n")
    head = raw if end < 0 else raw[:end]
    if head.count(b"\n") <= _FIRST_HEADER_LINES + _LAST_HEADER_LINES:
        return raw
    lines = head.split(b"\n")
    return b"\n".join((*lines[:_FIRST_HEADER_LINES], *lines[-_LAST_HEADER_LINES:])) + raw[len(head) :]
