"""Bytes of a mail as text, whatever their charset is said to be. Never raises.

Wrong, missing and unknown charsets are daily bread: a message is worth reading even where its label is not.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_UNLABELLED = frozenset({"", "ascii", "iso8859-1", "cp1252"})
"""What senders write when they do not know: valid UTF-8 under these names is UTF-8."""

_WIDER = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949"}
"""Supersets that senders really use under the narrower name, as browsers read them (WHATWG Encoding Standard)."""

_NOT_FOR_MAIL = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SAMPLE = 16_384
_MOSTLY_LATIN = 0.25
_FEWEST_BYTES = 32


def decode(data: bytes, declared: str | None) -> str:
    """Text of `data`; control characters other than tab and line feed are left out."""
    return clean(_decode(data, _codec(declared)))


def clean(text: str) -> str:
    """The same text without control characters and lone surrogates, which nothing downstream can store."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "replace").decode("utf-8")


def _codec(declared: str | None) -> str:
    """Python's name of a declared charset; empty where there is none of that name."""
    try:
        name = codecs.lookup((declared or "").strip(" \"'")).name
    except (LookupError, ValueError):
        return ""
    return "" if name in _NOT_FOR_MAIL else name


def _decode(data: bytes, codec: str) -> str:
    if data.isascii() and b"\x1b" not in data and codec in _UNLABELLED:
        return data.decode("ascii")
    for name in dict.fromkeys(("utf-8", _WIDER.get(codec, codec)) if codec in _UNLABELLED else (_WIDER.get(codec, codec), "utf-8")):
        text = _strictly(data, name)
        if text is not None and not (b"\x1b$" in data and name == "utf-8"):
            return text
    if codec == "utf-8" and _nearly_utf8(data):
        return data.decode("utf-8", "replace")
    return _guess(data)


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (LookupError, ValueError, RuntimeError):  # no charset but a transformation such as "zlib"; a codec that breaks down (ISO-2022)
        return None


def _nearly_utf8(data: bytes) -> bool:
    """Whether only a few bytes are broken, as a truncated or cut message has them."""
    broken = data.decode("utf-8", "replace").count("\ufffd")
    return broken * 10 <= sum(byte >= 0x80 for byte in data)  # noqa: PLR2004 - the first byte value beyond ASCII


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    if b"\x1b$" in sample and (japanese := _leniently(data, "iso2022_jp_2")) is not None:
        return japanese
    beyond_ascii = sum(byte >= 0x80 for byte in sample)  # noqa: PLR2004 - the first byte value beyond ASCII
    if beyond_ascii < _MOSTLY_LATIN * len(sample) or len(sample) < _FEWEST_BYTES:
        return data.decode("cp1252", "replace")  # a statistical guess at a few bytes is worse than the commonest charset
    best = from_bytes(sample).best()
    guessed = _leniently(data, best.encoding) if best else None
    return data.decode("cp1252", "replace") if guessed is None else guessed


def _leniently(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec, "replace")
    except (LookupError, ValueError, RuntimeError):  # as above
        return None
