"""A mail taken apart: headers, the text a person reads, attachments, and parts that machines wrote for machines."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from allears.errors import RecordRejected
from connectors.email import charset, markup
from connectors.email.headers import Headers, readable

_LINE_END = re.compile(rb"\r{0,2}\n|\r")
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:")
_WELL_KNOWN = re.compile(
    rb"^(?:from|to|subject|date|message-id|received|return-path|content-type|mime-version|delivered-to|reply-to|sender|x-[\w-]+)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_TEXT = 1_000_000
_MANY_WORDS = 40
_DEEPEST = 30
_MOST_PARTS = 1_000
RETURNED_HEADERS = "text/rfc822-headers"
"""The headers of a mail that came back, without its words (RFC 6522)."""
_REPORTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/feedback-report"}
)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the message's own text; `size` in bytes, decoded."""

    filename: str | None
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Mail:
    """One message.

    `text` is its readable body, quotes and signature still in it. `reports` holds (content type, text) of parts
    such as message/delivery-status and text/rfc822-headers. `enclosed` are whole messages attached to this one.
    """

    headers: Headers
    content_type: str
    report_type: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    enclosed: tuple[Mail, ...] = ()


@dataclass(slots=True)
class _Parts:
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    enclosed: list[Mail] = field(default_factory=list)
    seen: int = 0


def read(raw: bytes) -> Mail:
    """Take a message apart; text without any header is a body. Raises RecordRejected where it is no mail at all."""
    raw = _LINE_END.sub(b"\n", raw).lstrip(b"\n \t\xef\xbb\xbf")
    if not has_headers(raw):
        return Mail(Headers({}), "text/plain", "", _bare_body(raw))
    try:
        return _mail(email.message_from_bytes(raw.replace(b"\0", b"")), depth=0)  # RFC 5322 allows none, and codec names break on it
    except RecursionError as error:
        raise RecordRejected("its parts are nested too deeply to be read") from error


def has_headers(raw: bytes) -> bool:
    """Whether a file starts like a mail: a header line, and a well-known one among the first."""
    start = raw.split(b"\n", 1)[1] if raw.startswith((b"From ", b">From ")) and b"\n" in raw[:1000] else raw
    block = start[:65_536].split(b"\n\n", 1)[0]
    return bool(_HEADER_LINE.match(block) and _WELL_KNOWN.search(block))


def _bare_body(raw: bytes) -> str:
    sample = raw[:4096]
    if not sample.strip():
        raise RecordRejected("it is empty")
    odd = sum(byte < 9 or 13 < byte < 32 or byte == 127 for byte in sample)  # noqa: PLR2004 - control characters, escape aside
    if odd > len(sample) // 50:
        raise RecordRejected("it has no mail headers and is not text")
    return charset.decode(raw, None)[:_LONGEST_TEXT]


def _mail(message: Message, depth: int) -> Mail:
    parts = _Parts()
    text = _text(message, parts, depth)
    return Mail(
        headers=Headers.of(message.raw_items()),
        content_type=message.get_content_type(),
        report_type=_parameter(message, "report-type").lower(),
        text=text[:_LONGEST_TEXT],
        attachments=tuple(parts.attachments),
        reports=tuple(parts.reports),
        enclosed=tuple(parts.enclosed),
    )


def _text(part: Message, parts: _Parts, depth: int, *, first: bool = True) -> str:  # noqa: PLR0911 - one return a kind of part
    """Readable text of a part and all below it; what is none is gathered in `parts`."""
    parts.seen += 1
    if depth > _DEEPEST or parts.seen > _MOST_PARTS:
        return ""
    kind = part.get_content_type()
    if kind in _REPORTS:
        parts.reports.append((kind, _report_text(part)))
        return ""
    if kind in ("message/rfc822", "message/global"):
        return _enclosed(part, parts, depth)
    children = _children(part)
    if kind == "multipart/alternative" and children:
        return _best_alternative(children, parts, depth)
    if children:
        texts: list[str] = []
        for child in children:
            text = _text(child, parts, depth + 1, first=first and not texts)
            if text.strip():
                texts.append(text)
        return "\n\n".join(texts[:1] if kind == "multipart/report" else texts)
    if kind.startswith("multipart/"):  # its boundary is broken: what stands there is all there is to read
        return charset.decode(_payload(part), _parameter(part, "charset"))
    if kind in ("text/plain", "text/html", "text/enriched") and not _is_attachment(part, first=first):
        return _own_text(part, kind)
    return _attached(part, kind, parts)


def _attached(part: Message, kind: str, parts: _Parts) -> str:
    if kind == RETURNED_HEADERS:
        parts.reports.append((kind, charset.decode(_payload(part), None)))
    parts.attachments.append(Attachment(_filename(part), kind, len(_payload(part))))
    return ""


def _best_alternative(children: list[Message], parts: _Parts, depth: int) -> str:
    """The plain text, unless it is missing or a stub ("your mail program cannot show this message")."""
    plain = next((child for child in children if child.get_content_type() == "text/plain"), None)
    text = _own_text(plain, "text/plain") if plain is not None else ""
    words = len(text.split())
    rich = ""
    for child in children:
        if child is plain:
            continue
        if child.get_content_type() != "text/html":
            rich = _text(child, parts, depth + 1) or rich
        elif words < _MANY_WORDS:
            rich = _own_text(child, "text/html") or rich
    return rich if words * 3 < len(rich.split()) or not words else text


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _own_text(part: Message, kind: str) -> str:
    text = charset.decode(_payload(part), _parameter(part, "charset"))
    if kind != "text/plain":
        return markup.to_text(text)
    if _parameter(part, "format").lower() == "flowed":
        return _unflow(text, delete_space=_parameter(part, "delsp").lower() == "yes")
    return text


def _unflow(text: str, *, delete_space: bool) -> str:
    """Lines that end in a space go on in the next one of the same quote depth (RFC 3676)."""
    lines: list[str] = []
    flowing: str | None = None
    for line in text.split("\n"):
        marks = line[: len(line) - len(line.lstrip(">"))]
        content = line[len(marks) :].removeprefix(" ")
        if flowing == marks and lines and content != "-- ":
            lines[-1] += content
        else:
            lines.append(f"{marks} {content}" if marks else content)
        flowing = marks if content.endswith(" ") and content != "-- " else None
        if flowing is not None and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _enclosed(part: Message, parts: _Parts, depth: int) -> str:
    for child in _children(part):
        if depth < 3:  # noqa: PLR2004 - a mail within a mail within a mail is as deep as anyone reads
            parts.enclosed.append(_mail(child, depth + 3))
        parts.attachments.append(Attachment(_filename(part), part.get_content_type(), sum(map(_weight, child.walk()))))
    return ""


def _weight(part: Message) -> int:
    payload = part.get_payload()
    return len(payload) if isinstance(payload, str) else 0


def _report_text(part: Message) -> str:
    blocks = _children(part) or [part]
    return charset.clean("\n\n".join("\n".join(_report_lines(block)) for block in blocks))


def _report_lines(block: Message) -> Iterator[str]:
    for name, value in block.raw_items():
        yield f"{name}: {readable(str(value))}"
    payload = block.get_payload()
    if isinstance(payload, str):
        yield charset.decode(_payload(block), None)


def _is_attachment(part: Message, *, first: bool) -> bool:
    disposition = str(part.get("content-disposition", "")).strip().lower()
    return disposition.startswith("attachment") or (not first and _filename(part) is not None)


def _filename(part: Message) -> str | None:
    try:
        name = part.get_filename()
    except (LookupError, ValueError, TypeError):  # mangled RFC 2231 parameters
        return None
    return readable(name) or None if name else None


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name)
    except (LookupError, ValueError, TypeError):  # mangled RFC 2231 parameters
        return ""
    return value[2] if isinstance(value, tuple) else str(value or "")


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
