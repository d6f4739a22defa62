"""A mail taken apart: headers, the text a person reads, attachments, and parts that machines wrote for machines."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from allears.errors import RecordRejected
from connectors.email import charset, markup
from connectors.email.bounds import bounded
from connectors.email.headers import Headers, readable
from connectors.email.invitation import Invitation, invitation
from connectors.email.parts import (
    LONGEST_READ,
    WINMAIL,
    Attachment,
    attachment,
    filename,
    is_decoration,
    parameter,
    payload,
    start_of,
    weight,
)
from connectors.email.sealed import CMS, SIGNATURES, Scheme, opened, unreadable, without_armour

_HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:")
_WELL_KNOWN = re.compile(
    rb"^(?:from|to|subject|date|message-id|received|return-path|content-type|mime-version|delivered-to|reply-to|sender|x-[\w-]+)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_LONGEST_TEXT = 1_000_000
_MOST_MARKUP = 3_000_000
_MANY_WORDS = 40
_DEEPEST = 30
_MOST_PARTS = 1_000
RETURNED_HEADERS = "text/rfc822-headers"
"""The headers of a mail that came back, without its words (RFC 6522)."""
_REPORTS = frozenset(
    {"message/delivery-status", "message/global-delivery-status", "message/disposition-notification", "message/feedback-report"}
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One message.

    `text` is its readable body, quotes and signature still in it. `reports` holds (content type, text) of parts
    such as message/delivery-status and text/rfc822-headers. `enclosed` are whole messages attached to this one. `encrypted` names
    the scheme that hides words of it, which `text` then says.
    """

    headers: Headers
    content_type: str
    report_type: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    reports: tuple[tuple[str, str], ...] = ()
    enclosed: tuple[Mail, ...] = ()
    encrypted: Scheme | None = None
    invitation: Invitation | None = None


@dataclass(slots=True)
class _Parts:
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    enclosed: list[Mail] = field(default_factory=list)
    encrypted: Scheme | None = None
    invitation: Invitation | None = None
    seen: int = 0
    unread: int = _MOST_MARKUP
    """Characters of text and HTML that are still read."""


def read(raw: bytes) -> Mail:
    """Take a message apart; text without any header is a body. Raises RecordRejected where it is no mail at all."""
    raw = bounded(raw).lstrip(b"\n \t\xef\xbb\xbf")
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
    return charset.decode(raw[:LONGEST_READ], None)[:_LONGEST_TEXT]


def _mail(message: Message, depth: int) -> Mail:
    parts = _Parts()
    text = _text(message, parts, depth)[:_LONGEST_TEXT]
    if parts.encrypted:
        text = f"{text.rstrip()}\n\n{unreadable(parts.encrypted)}".strip()
    elif parts.invitation and not text.strip():
        text = parts.invitation.comment or parts.invitation.line
    elif not text.strip() and any(each.is_winmail for each in parts.attachments):
        text = f"[{WINMAIL}]"
    return Mail(
        headers=Headers.of(message.raw_items()),
        content_type=message.get_content_type(),
        report_type=parameter(message, "report-type").lower(),
        text=text,
        attachments=tuple(parts.attachments),
        reports=tuple(parts.reports),
        enclosed=tuple(parts.enclosed),
        encrypted=parts.encrypted,
        invitation=parts.invitation,
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
    if kind in ("multipart/encrypted", "application/pgp-encrypted"):
        parts.encrypted = "s/mime" if "pkcs7" in parameter(part, "protocol").lower() else "pgp"
        return ""
    children = _children(part)
    if kind == "multipart/alternative" and children:
        return _best_alternative(children, parts, depth)
    if children:
        return _text_of_children(children, kind, parts, depth, first=first)
    if kind.startswith("multipart/"):  # its boundary is broken: what stands there is all there is to read
        return charset.decode(start_of(part), parameter(part, "charset"))
    if kind in ("text/plain", "text/html", "text/enriched") and not _is_attachment(part, first=first):
        return _own_text(part, kind, parts)
    if kind in CMS or (filename(part) or "").lower().endswith(".p7m"):
        return _opened(part, parts, depth, first=first)
    return _attached(part, kind, parts)


def _text_of_children(children: list[Message], kind: str, parts: _Parts, depth: int, *, first: bool) -> str:
    texts: list[str] = []
    for child in children:
        if kind == "multipart/related" and is_decoration(child, child.get_content_type()):
            continue
        text = _text(child, parts, depth + 1, first=first and not texts)
        if text.strip():
            texts.append(text)
    return "\n\n".join(texts[:1] if kind == "multipart/report" else texts)


def _opened(part: Message, parts: _Parts, depth: int, *, first: bool) -> str:
    """What is in S/MIME data: a whole part of its own where it is only signed."""
    inner = opened(payload(part))
    if inner.content is not None:
        return _text(email.message_from_bytes(bounded(inner.content)), parts, depth + 1, first=first)
    if inner.encrypted:
        parts.encrypted = "s/mime"
        return ""
    return _attached(part, part.get_content_type(), parts)


def _attached(part: Message, kind: str, parts: _Parts) -> str:
    if kind in SIGNATURES:
        return ""
    if kind == RETURNED_HEADERS:
        parts.reports.append((kind, charset.decode(start_of(part), None)))
    if kind == "text/calendar":
        parts.invitation = parts.invitation or invitation(charset.decode(start_of(part), parameter(part, "charset")))
        if filename(part) is None:
            return ""
    parts.attachments.append(attachment(part, kind))
    return ""


def _best_alternative(children: list[Message], parts: _Parts, depth: int) -> str:
    """The plain text, unless it is missing or a stub ("your mail program cannot show this message")."""
    plain = next((child for child in children if child.get_content_type() == "text/plain"), None)
    text = _own_text(plain, "text/plain", parts) if plain is not None else ""
    words = len(text.split())
    rich = ""
    for child in children:
        if child is plain:
            continue
        if child.get_content_type() != "text/html":
            rich = _text(child, parts, depth + 1) or rich
        elif words < _MANY_WORDS:
            rich = _own_text(child, "text/html", parts) or rich
    return rich if words * 3 < len(rich.split()) or not words else text


def _children(part: Message) -> list[Message]:
    content = part.get_payload() if part.is_multipart() else ()
    return [child for child in content if isinstance(child, Message)]


def _own_text(part: Message, kind: str, parts: _Parts) -> str:
    text = charset.decode(start_of(part), parameter(part, "charset"))[: parts.unread]
    parts.unread -= len(text)
    if kind != "text/plain":
        return markup.to_text(text)
    if parameter(part, "format").lower() == "flowed":
        text = _unflow(text, delete_space=parameter(part, "delsp").lower() == "yes")
    text, encrypted = without_armour(text)
    if encrypted:
        parts.encrypted = "pgp"
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
        parts.attachments.append(Attachment(filename(part), part.get_content_type(), sum(map(weight, child.walk()))))
    return ""


def _report_text(part: Message) -> str:
    blocks = _children(part) or [part]
    return charset.clean("\n\n".join("\n".join(_report_lines(block)) for block in blocks))


def _report_lines(block: Message) -> Iterator[str]:
    for name, value in block.raw_items():
        yield f"{name}: {readable(str(value))}"
    if not block.is_multipart():
        yield charset.decode(start_of(block), None)


def _is_attachment(part: Message, *, first: bool) -> bool:
    disposition = str(part.get("content-disposition", "")).strip().lower()
    return disposition.startswith("attachment") or (not first and filename(part) is not None)
