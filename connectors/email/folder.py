"""Mail as single files: a Maildir (new/ and cur/), or a folder of .eml files with all folders below it.

The cursor is a change time (ctime). Whatever puts a file into a folder, a delivery, a copy that keeps dates, a rename, stamps
it with the present, so a file that is new here has a new ctime however old its mail is; the mtime tells nothing. Files
changed up to two minutes before the cursor are offered again, for clocks that are set and servers whose clock differs; the
store merges them. A poll lists names and asks for their times; it opens only files that changed.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from allears.domain.feedback import Cursor
from allears.errors import ConfigurationError
from connectors.email.letters import FILE_PAGE_MESSAGES, MOST_BYTES, PAGE_BYTES, START_BYTES, Bag, Letter, too_large

_OVERLAP_NS = 120 * 10**9
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", "~")


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    changed_ns: int
    path: str
    name: str
    size: int


class FolderMailbox:
    """Files of one folder. `maildir` reads new/ and cur/ only, and drops flags from names; otherwise all folders below."""

    def __init__(self, root: Path, *, maildir: bool) -> None:
        self._root = root
        self._maildir = maildir

    def check(self) -> str:
        """How many messages lie there."""
        return f"{self._root}: {sum(1 for _ in self._entries(0))} messages"

    def bags(self, since: Cursor | None) -> Iterator[Bag]:
        """Letters in the order in which they came to the folder."""
        after = max(0, int(since.value) - _OVERLAP_NS) if since and since.value.isdecimal() else 0
        now = time.time_ns()
        letters: list[Letter] = []
        held, reached = 0, after
        for entry in sorted(self._entries(after)):
            letter = _letter(entry)
            if letter is None:
                continue
            letters.append(letter)
            held, reached = held + len(letter.raw), min(entry.changed_ns, now)
            if len(letters) >= FILE_PAGE_MESSAGES or held >= PAGE_BYTES:
                yield Bag(tuple(letters), Cursor(str(reached)))
                letters, held = [], 0
        if letters:
            yield Bag(tuple(letters), Cursor(str(reached)))

    def _entries(self, after: int) -> Iterator[_Entry]:
        """Regular files that changed since; links are not followed, nor names that programs write to meanwhile."""
        for folder in self._folders():
            with os.scandir(folder) as listing:
                for file in listing:
                    if file.name.startswith(".") or file.name.endswith(_UNFINISHED):
                        continue
                    try:
                        status = file.stat(follow_symlinks=False)
                    except FileNotFoundError:  # a mail client moved it meanwhile; its new name is listed next time
                        continue
                    if stat.S_ISREG(status.st_mode) and status.st_ctime_ns >= after and self._is_mail(file.name):
                        yield _Entry(status.st_ctime_ns, file.path, self._name(file.path), status.st_size)

    def _folders(self) -> list[str]:
        if not self._root.is_dir():
            raise ConfigurationError(f"url: the folder {self._root} does not exist.")
        if not self._maildir:
            return [folder for folder, _, _ in os.walk(self._root)]
        folders = [str(self._root / name) for name in ("new", "cur") if (self._root / name).is_dir()]
        if not folders:
            raise ConfigurationError(
                f"url: {self._root} is no Maildir, it has neither new/ nor cur/; a folder of .eml files is eml:{self._root}."
            )
        return folders

    def _is_mail(self, name: str) -> bool:
        """In a Maildir every file is a mail; elsewhere those that say so, since reviews and pictures may lie beside them."""
        return self._maildir or name.casefold().endswith(".eml")

    def _name(self, path: str) -> str:
        """A name that lasts: a Maildir's without flags, elsewhere the path below the folder."""
        return os.path.basename(path).split(":2,")[0] if self._maildir else Path(path).relative_to(self._root).as_posix()  # noqa: PTH119 - 100,000 Path objects cost seconds


def _letter(entry: _Entry) -> Letter | None:
    """A file's letter, one with a problem where it cannot be read, None where it is gone."""
    try:
        with open(entry.path, "rb", opener=_without_links) as file:
            if entry.size > MOST_BYTES:
                return Letter(file.read(START_BYTES), entry.name, problem=too_large(entry.size))
            return Letter(file.read(MOST_BYTES), entry.name)
    except FileNotFoundError:
        return None
    except OSError as error:
        return Letter(b"", entry.name, problem=f"its file cannot be opened: {error.strerror}")


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
