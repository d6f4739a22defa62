"""Mail in one mbox file, to which a mail server appends.

The cursor is the offset of the last message read and a digest of its first bytes. A rerun reads that message again
and everything after it; where other bytes stand there, the file was rewritten and is read from its start.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from allears.domain.feedback import Cursor
from allears.errors import ConfigurationError, TransientError
from connectors.email.letters import FILE_PAGE_MESSAGES, MOST_BYTES, PAGE_BYTES, START_BYTES, Bag, Letter, too_large

_FROM_LINE = re.compile(rb"From \S+.{0,200}\d{2}:\d{2}|From .{0,200}\d{4}\s*$")
_LONGEST_LINE = 1024 * 1024
_MARK_BYTES = 256


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an mbox: where its "From " line starts, its bytes (cut at a limit), and its full size."""

    offset: int
    raw: bytes
    size: int


def looks_like_mbox(start: bytes) -> bool:
    """Whether a file's first bytes are those of an mbox."""
    return _FROM_LINE.match(start) is not None


def messages(stream: BinaryIO, most_bytes: int) -> Iterator[Message]:
    """Messages of a stream that stands at a "From " line; of each at most `most_bytes` are held in memory."""
    offset, start = stream.tell(), stream.tell()
    kept: list[bytes] = []
    size, blank = 0, True
    for line in iter(lambda: stream.readline(_LONGEST_LINE), b""):
        if blank and size and _FROM_LINE.match(line):
            yield Message(start, b"".join(kept), size)
            start, size = offset, 0
            kept.clear()
        elif size or not _FROM_LINE.match(line):
            if size < most_bytes:
                kept.append(line)
            size += len(line)
        blank = line in (b"\n", b"\r\n")
        offset += len(line)
    if size:
        yield Message(start, b"".join(kept), size)


class MboxMailbox:
    """An mbox file. A file that is not there yet is an empty mailbox if its folder exists."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def check(self) -> str:
        """The file's size."""
        self._require_folder()
        return f"{self._path}: {self._path.stat().st_size:,} bytes" if self._path.exists() else f"{self._path}: no mail yet"

    def bags(self, since: Cursor | None) -> Iterator[Bag]:
        """Letters from the last one read on."""
        self._require_folder()
        try:
            with self._path.open("rb") as stream:
                stream.seek(_resume(stream, since))
                yield from _bags(stream)
        except FileNotFoundError:
            return
        except OSError as error:
            raise TransientError(f"{self._path}: {error.strerror}") from error

    def _require_folder(self) -> None:
        if not self._path.parent.is_dir() or self._path.is_dir():
            raise ConfigurationError(f"url: {self._path} is not an mbox file in a folder that exists.")


def _bags(stream: BinaryIO) -> Iterator[Bag]:
    letters: list[Letter] = []
    held, last = 0, None
    for message in messages(stream, MOST_BYTES + 1):
        letters.append(_letter(message))
        held, last = held + len(letters[-1].raw), message
        if len(letters) >= FILE_PAGE_MESSAGES or held >= PAGE_BYTES:
            yield Bag(tuple(letters), _cursor(stream, last))
            letters, held = [], 0
    if letters and last:
        yield Bag(tuple(letters), _cursor(stream, last))


def _letter(message: Message) -> Letter:
    if message.size > MOST_BYTES:
        return Letter(message.raw[:START_BYTES], problem=too_large(message.size))
    return Letter(message.raw.rstrip(b"\r\n") + b"\n")


def _cursor(stream: BinaryIO, message: Message) -> Cursor:
    place = stream.tell()
    mark = _mark(stream, message.offset)
    stream.seek(place)
    return Cursor(f"{message.offset}:{mark}")


def _resume(stream: BinaryIO, since: Cursor | None) -> int:
    offset, _, mark = since.value.partition(":") if since else ("", "", "")
    return int(offset) if offset.isdecimal() and _mark(stream, int(offset)) == mark else 0


def _mark(stream: BinaryIO, offset: int) -> str:
    """Digest of the first line at an offset: "From ", an address and a time."""
    stream.seek(offset)
    return hashlib.blake2b(stream.readline(_MARK_BYTES), digest_size=8).hexdigest()
