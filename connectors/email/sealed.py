"""Mail that is signed or encrypted: what can be read without keys is read, the rest is named.

Signatures are not verified: who signed changes nothing in what a customer says. No cryptography is needed for signed data,
which only wraps the words (RFC 5652 for S/MIME, RFC 9580 for PGP).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Scheme = Literal["pgp", "s/mime"]

SIGNATURES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"})
"""Parts that only prove who sent a mail."""

CMS = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENCRYPTED_DATA = frozenset(
    {
        bytes.fromhex("2a864886f70d010703"),  # enveloped
        bytes.fromhex("2a864886f70d010706"),  # encrypted
        bytes.fromhex("2a864886f70d0109100117"),  # enveloped and authenticated
    }
)
_SEQUENCE, _OCTETS, _CONSTRUCTED_OCTETS, _OBJECT_ID, _CONTENT = 0x30, 0x04, 0x24, 0x06, 0xA0
_LONG_TAG = 0x1F
_INDEFINITE = 0x80
"""In place of a length: the element ends with two null bytes (BER); anything above is the number of bytes of the length."""

_END = b"\0\0"
_DEEPEST = 8
_MOST_ELEMENTS = 200_000
_ARMOURED = re.compile(r"^-----BEGIN PGP MESSAGE-----[^\n]*\n(?:(?!-----).*\n?)*(?:^-----END PGP MESSAGE-----[^\n]*$)?", re.MULTILINE)
_SIGNED_TEXT = re.compile(r"^-----BEGIN PGP SIGNED MESSAGE-----[^\n]*\n(?:[A-Za-z]{1,20}: ?[^\n]*\n)*\n?", re.MULTILINE)
_PROOF = re.compile(
    r"^-----BEGIN PGP (SIGNATURE|PUBLIC KEY BLOCK)-----[^\n]*\n(?:(?!-----).*\n?)*(?:^-----END PGP \1-----[^\n]*$)?", re.MULTILINE
)
_DASHED = re.compile(r"^- (?=-)", re.MULTILINE)
_NAMES = {"pgp": "PGP", "s/mime": "S/MIME"}


def unreadable(scheme: Scheme) -> str:
    """What stands in place of words that nobody without the key can read, and what to do."""
    return (
        f"[This mail is encrypted ({_NAMES[scheme]}) and cannot be read here. "
        "Open it in your mail program, or ask the sender to write again without encryption.]"
    )


def without_armour(text: str) -> tuple[str, bool]:
    """A text without the marks of PGP around it, and whether a part of it is encrypted (that part is left out)."""
    if "-----BEGIN PGP " not in text:
        return text, False
    open_text, encrypted = _ARMOURED.subn("", text)
    read, signed = _SIGNED_TEXT.subn("", _PROOF.sub("", open_text))
    return (_DASHED.sub("", read) if signed else read), bool(encrypted)


@dataclass(frozen=True, slots=True)
class Opened:
    """S/MIME data: the mail part inside where it is only signed, None where there is none to read."""

    content: bytes | None
    encrypted: bool


def opened(data: bytes) -> Opened:
    """What is in CMS data (RFC 5652, in DER or BER). What makes no sense is neither readable nor encrypted."""
    reader = _Reader(data)
    try:
        kind, *contents = reader.children(reader.element(0, len(data), 0))
        object_id = reader.content(kind)
        if object_id == _SIGNED_DATA:
            return Opened(reader.signed_content(reader.children(contents[0])[0]), encrypted=False)
        return Opened(None, encrypted=object_id in _ENCRYPTED_DATA)
    except (IndexError, ValueError):
        return Opened(None, encrypted=False)


@dataclass(frozen=True, slots=True)
class _Element:
    """One ASN.1 element: its tag, where its content lies, where the next one starts."""

    tag: int
    start: int
    end: int
    after: int
    depth: int


class _Reader:
    """ASN.1 in DER or BER. Every method raises ValueError or IndexError on what makes no sense, or is too much of it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = _MOST_ELEMENTS

    def content(self, element: _Element) -> bytes:
        return self._data[element.start : element.end]

    def signed_content(self, signed: _Element) -> bytes | None:
        """The encapsulated content: the first sequence in signed data that names a type and holds octets."""
        for element in self.children(signed):
            inner = self.children(element) if element.tag == _SEQUENCE else []
            if inner and inner[0].tag == _OBJECT_ID:
                return b"".join(self._octets(inner[1])) if len(inner) > 1 and inner[1].tag == _CONTENT else None
        return None

    def children(self, element: _Element) -> list[_Element]:
        return list(self._elements(element.start, element.end, element.depth + 1))

    def element(self, at: int, end: int, depth: int) -> _Element:
        """The element that starts at a place."""
        self._left -= 1
        tag, length, start = self._data[at], self._data[at + 1], at + 2
        if tag & _LONG_TAG == _LONG_TAG or depth > _DEEPEST or not self._left:
            raise ValueError(tag)
        if length == _INDEFINITE:
            last = start
            for child in self._elements(start, end, depth + 1):
                last = child.after
            return _Element(tag, start, last, last + len(_END), depth)
        if length > _INDEFINITE:
            size = length - _INDEFINITE
            length = int.from_bytes(self._data[start : start + size], "big")
            start += size
        if start + length > end:
            raise ValueError(length)
        return _Element(tag, start, start + length, start + length, depth)

    def _elements(self, at: int, end: int, depth: int) -> Iterator[_Element]:
        while at < end and self._data[at : at + 2] != _END:
            element = self.element(at, end, depth)
            yield element
            at = element.after

    def _octets(self, element: _Element) -> Iterator[bytes]:
        for child in self.children(element):
            if child.tag == _OCTETS:
                yield self.content(child)
            elif child.tag == _CONSTRUCTED_OCTETS:
                yield from self._octets(child)
