"""A message's headers as people meant them: encoded words, addresses, ids and dates. Never raises on odd input."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz

from connectors.email import charset

_LONGEST = 20_000
"""Characters of one header that are read; what is longer is an attack or a mailing gone wrong."""

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
_ADDRESS_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|\(([^()]*)\)|<([^<>]*)>|([,;])|([^",;<>()]+|.)', re.DOTALL)
_BARE_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,200}@[^\s<>\"'(),;:]{1,255}")
_BRACKETED = re.compile(r"<\s*([^<>\s]{1,998})\s*>")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with its display name, empty where there is none. The address is as it was written."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Headers:
    """Header values as they came (unfolded, undecoded) by lower-case name, in the order in which they stand."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, object]]) -> Headers:
        """Headers from (name, raw value) pairs."""
        gathered: dict[str, list[str]] = {}
        for name, value in pairs:
            gathered.setdefault(name.lower(), []).append(str(value)[:_LONGEST])
        return cls({name: tuple(found) for name, found in gathered.items()})

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a header, decoded."""
        return tuple(readable(value) for value in self.values.get(name, ()))

    def get(self, name: str) -> str:
        """The first value of a header, decoded; empty where there is none."""
        return readable(self.values[name][0]) if name in self.values else ""

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """Every address of a header."""
        return tuple(found for value in self.values.get(name, ()) for found in mailboxes(value))

    def ids(self, name: str) -> tuple[str, ...]:
        """Message ids of a header, without angle brackets."""
        value = charset.clean(" ".join(self.values.get(name, ())))
        return tuple(_BRACKETED.findall(value)) or tuple(word for word in value.replace(",", " ").split() if "@" in word)

    def date(self, name: str) -> datetime | None:
        """A date header in UTC; None where it is missing or makes no sense."""
        return date(self.get(name))


def date(value: str) -> datetime | None:
    """A mail date in UTC; None where it makes no sense."""
    try:
        parsed = parsedate_tz(value)
        return datetime.fromtimestamp(mktime_tz(parsed), UTC) if parsed and parsed[0] >= 1970 else None  # noqa: PLR2004 - mail is younger
    except (ValueError, TypeError, OverflowError, IndexError, OSError):  # what parsedate_tz raises on mangled dates varies by release
        return None


def readable(value: str) -> str:
    """A raw header value with encoded words (RFC 2047) decoded, raw 8-bit text guessed, and folding undone."""
    if not value.isascii():
        value = charset.decode(value.encode("utf-8", "surrogateescape"), None)
    value = _BETWEEN_WORDS.sub(r"\1", value)
    if "=?" in value:
        value = _decode_words(value)
    return " ".join(charset.clean(value).split())


def _decode_words(value: str) -> str:
    """Neighbouring words of one charset are joined before decoding: senders split characters between them."""
    text: list[str] = []
    pending, pending_charset, end = b"", "", 0
    for match in _ENCODED_WORD.finditer(value):
        between, name = value[end : match.start()], match[1].split("*")[0].lower()
        if pending and (between or name != pending_charset):
            text.append(charset.decode(pending, pending_charset))
            pending = b""
        text.append(between)
        pending, pending_charset, end = pending + _word_bytes(match[2], match[3]), name, match.end()
    return "".join((*text, charset.decode(pending, pending_charset), value[end:]))


def _word_bytes(encoding: str, payload: str) -> bytes:
    raw = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except binascii.Error:
        return raw


def mailboxes(value: str) -> tuple[Mailbox, ...]:
    """Addresses of a raw header value. Names are decoded after splitting: an encoded comma separates nothing."""
    found = []
    name, address, comment = "", "", ""
    for quoted, remark, angle, separator, bare in [*_ADDRESS_TOKEN.findall(value), ("", "", "", ",", "")]:
        if separator:
            mailbox = _mailbox(name, address, comment)
            if mailbox:
                found.append(mailbox)
            name, address, comment = "", "", ""
        elif angle:
            address = angle
        elif remark:
            comment = remark
        else:
            name += re.sub(r"\\(.)", r"\1", quoted) if quoted else bare
    return tuple(found) or _last_resort(value)


def _mailbox(name: str, address: str, comment: str) -> Mailbox | None:
    if "@" in address:
        return Mailbox(readable(name).strip("'\" "), "".join(readable(address).split()).removeprefix("mailto:"))
    bare = _BARE_ADDRESS.search(name)
    return Mailbox(readable(comment), readable(bare[0])) if bare else None


def _last_resort(value: str) -> tuple[Mailbox, ...]:
    """Some senders encode the whole header, address and all."""
    text = readable(value)
    bare = _BARE_ADDRESS.search(text)
    return (Mailbox(text[: bare.start()].strip(" <\"'"), bare[0]),) if bare else ()
