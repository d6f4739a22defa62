"""What came beside a mail's words: attachments under harmless names, and the texts among them that a person can read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message

from connectors.email import charset, markup
from connectors.email.headers import readable

WINMAIL = (
    "Files of this mail came as winmail.dat, Outlook's own wrapping, which cannot be opened here. "
    "Ask the sender for them again: in Outlook, Format Text > HTML, then attach and send."
)
"""What to do about a winmail.dat."""

_PATH = re.compile(r"^.*[/\\]", re.DOTALL)
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,63}/[a-z0-9][a-z0-9.+_-]{0,99}")
_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories of characters that nobody sees, or that turn what is seen around them."""

_LONGEST_NAME = 100
_LONGEST_ENDING = 12
_MOST_LISTED = 50
_LONGEST_TEXT = 20_000
"""Bytes of an attached text that is read."""

_MOST_TEXT = 40_000
"""Characters of attached texts that are kept, all together."""

_DECORATION = 10_000
"""Bytes up to which a nameless picture that the HTML shows is an ornament: a logo, a smiley, a tracking pixel."""

LONGEST_READ = 4_000_000
"""Characters of one part, as it is encoded, from which text is taken."""

_UNKNOWN = "application/octet-stream"
_PROSE = frozenset({"txt", "text", "md", "htm", "html", ""})
_READABLE = _PROSE - {""} | frozenset({"csv", "tsv", "log"})
_READABLE_TYPES = frozenset({"text/plain", "text/csv", "text/tab-separated-values", "text/markdown", "text/x-log", "text/html"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not the message's own text; `size` in bytes, decoded.

    `filename` is harmless: one line without marks that steer a screen, without a path, at most 100 characters. `text` is what
    a small text attachment says, and `is_prose` that somebody may have written it as their message.
    """

    filename: str | None
    content_type: str
    size: int
    text: str = ""
    is_prose: bool = False

    @property
    def is_winmail(self) -> bool:
        """Whether it is Outlook's own wrapping (TNEF), which holds files that nobody else opens."""
        return self.content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or (self.filename or "").lower() == "winmail.dat"


def attachment(part: Message, kind: str) -> Attachment:
    """A part as an attachment."""
    name, size = filename(part), _size_of(part)
    ending = _ending(name)
    content_type = kind if _TYPE.fullmatch(kind) else _UNKNOWN
    is_text = content_type in _READABLE_TYPES or (content_type == _UNKNOWN and ending in _READABLE)
    data = payload(part) if is_text and size <= _LONGEST_TEXT else b""
    if not data or b"\0" in data:
        return Attachment(name, content_type, size)
    text = charset.decode(data, parameter(part, "charset"))
    if content_type == "text/html" or ending in ("htm", "html"):
        text = markup.to_text(text).replace(markup.SIGNATURE_MARK, "")
    return Attachment(name, content_type, size, text.strip(), ending in _PROSE)


def is_decoration(part: Message, kind: str) -> bool:
    """Whether a part of a multipart/related is an ornament of its HTML rather than something the sender attached."""
    return kind.startswith("image/") and filename(part) is None and "content-id" in part and _size_of(part) <= _DECORATION


def listing(attachments: Iterable[Attachment]) -> str:
    """One "name (type, size)" a line, at most fifty, and how many more there are."""
    lines = [f"{each.filename or 'unnamed'} ({each.content_type}, {_size(each.size)})" for each in attachments]
    more = len(lines) - _MOST_LISTED
    return "\n".join(lines if more <= 0 else (*lines[:_MOST_LISTED], f"and {more} more"))


def attached_text(attachments: Iterable[Attachment]) -> str:
    """What text attachments say, each below its name."""
    return "\n\n".join(f"{each.filename or 'unnamed'}:\n{each.text}" for each in attachments if each.text)[:_MOST_TEXT]


def attached_prose(attachments: Iterable[Attachment]) -> str:
    """What somebody wrote into an attachment instead of the mail itself."""
    return "\n\n".join(each.text for each in attachments if each.text and each.is_prose)[:_MOST_TEXT]


def filename(part: Message) -> str | None:
    """A part's name, made harmless; None where it has none."""
    try:
        name = part.get_filename()
    except (LookupError, ValueError, TypeError):  # mangled RFC 2231 parameters
        return None
    return harmless(readable(name)) or None if name else None


def harmless(name: str) -> str:
    """A name without a path and without control, direction and invisible characters, bounded; its ending is kept."""
    shown = "".join(" " if each.isspace() else "" if unicodedata.category(each) in _STEERING else each for each in name)
    bare = " ".join(_PATH.sub("", shown).split()).strip(". ")
    if len(bare) <= _LONGEST_NAME:
        return bare
    ending = f".{_ending(bare)}" if _ending(bare) else ""
    return f"{bare[: _LONGEST_NAME - len(ending) - 1]}…{ending}"


def parameter(part: Message, name: str) -> str:
    """A parameter of a part's content type; empty where there is none."""
    try:
        value = part.get_param(name)
    except (LookupError, ValueError, TypeError):  # mangled RFC 2231 parameters
        return ""
    return value[2] if isinstance(value, tuple) else str(value or "")


def payload(part: Message) -> bytes:
    """A part's content, decoded from its transfer encoding."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def start_of(part: Message) -> bytes:
    """As much of a part's content as anyone reads, decoded. Shortens the part itself: the rest is not held any longer."""
    content = _encoded(part)
    if len(content) > LONGEST_READ:
        part.set_payload(content[:LONGEST_READ])
    return payload(part)


def weight(part: Message) -> int:
    """Characters of a part's content as it came, not of the parts within it."""
    return len(_encoded(part)) or len(payload(part))


def _size_of(part: Message) -> int:
    """Bytes of a part's content, without decoding those of a large one."""
    content = _encoded(part)
    if len(content) < LONGEST_READ or str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return len(payload(part))
    bare = content.rstrip("\n ")
    return (len(bare) - bare.count("\n") - bare.count(" ")) * 3 // 4 - (len(bare) - len(bare.rstrip("=")))


def _encoded(part: Message) -> str:
    """A part's content before its transfer encoding is undone; empty where it holds parts, or bytes beyond ASCII."""
    try:
        content = "" if part.is_multipart() else part.get_payload()
    except (LookupError, ValueError):  # the standard library decodes such bytes, by whatever name their charset goes
        return ""
    return content if isinstance(content, str) and content.isascii() else ""


def _ending(name: str | None) -> str:
    stem, dot, ending = (name or "").rpartition(".")
    return ending.lower() if stem and dot and len(ending) <= _LONGEST_ENDING else ""


def _size(size: int) -> str:
    for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}" if size < 10 * factor else f"{size / factor:.0f} {unit}"
    return f"{size} bytes"
