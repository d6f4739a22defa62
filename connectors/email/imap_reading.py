"""One folder's letters, the newest first. A message at which the server fails does not hold up the others.

Messages are asked for by the page. Where that fails they are asked for one by one, on a new connection if the old one is gone;
what fails three times, while the server gives others, is handed on as a letter with a problem.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from allears.errors import TransientError
from connectors.email.imap_cursor import Place, newest_first
from connectors.email.imap_session import Answer, ImapFault, ImapSession, Opened, arrival_of, size_of, uid_of
from connectors.email.letters import MOST_BYTES, PAGE_BYTES, PAGE_MESSAGES, START_BYTES, Letter, too_large

PAUSES = (1.0, 4.0)
"""Seconds before a message is asked for a second and a third time."""
_SUSPICIOUS = 3
"""So many messages that fail, and none that comes: before more are tried, see whether the server gives any."""
_NO_MESSAGES_SECONDS = 60.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Entry:
    uid: int
    size: int = 0
    arrived_at: datetime | None = None
    fault: str | None = None


class FolderReading:
    """What is read of one opened folder in one fetch; of mail that arrived before the day `since`, nothing."""

    def __init__(self, session: ImapSession, folder: Opened, since: date | None, pauses: Sequence[float] = PAUSES) -> None:
        self._session = session
        self._folder = folder
        self._since = since
        self._pauses = pauses

    def pages(self, place: Place) -> Iterator[tuple[tuple[Letter, ...], Place]]:
        """Letters from the newest unread one on, and the folder's place once they are stored. Raises TransientError."""
        for uids, reached in newest_first(place, lambda low, high: self._session.search(self._folder, f"{low}:{high}", self._since)):
            *pages, last = _pages(self._entries(uids)) or [[]]
            for page in pages:
                yield self._letters(page), place.read_down_to(page[-1].uid)
            yield self._letters(last), reached
            place = reached

    def _entries(self, uids: Sequence[int]) -> list[_Entry]:
        """Sizes and arrivals; a message that was deleted meanwhile is not among them."""
        entries, faults = self._patiently(uids, self._ask_sizes)
        return sorted((*entries.values(), *(_Entry(uid, fault=fault) for uid, fault in faults.items())), key=lambda entry: -entry.uid)

    def _letters(self, page: Sequence[_Entry]) -> tuple[Letter, ...]:
        whole, faults = self._patiently([each.uid for each in page if not each.fault and each.size <= MOST_BYTES], self._ask_whole)
        large, more = self._patiently([each.uid for each in page if each.size > MOST_BYTES], self._ask_start)
        faults = {entry.uid: entry.fault for entry in page if entry.fault} | faults | more
        letters: list[Letter] = []
        for entry in page:
            if entry.uid in faults:
                letters.append(self._unread(entry, faults[entry.uid]))
            elif entry.uid in whole:
                letters.append(Letter(whole[entry.uid], arrived_at=entry.arrived_at))
            elif entry.uid in large:
                letters.append(Letter(large[entry.uid], arrived_at=entry.arrived_at, problem=too_large(entry.size)))
        return tuple(letters)

    def _unread(self, entry: _Entry, fault: str) -> Letter:
        """What is known of a message that the server does not give: its headers at best."""
        headers = {}
        with suppress(ImapFault):
            headers = _literals(self._session.fetch(self._folder, [entry.uid], "(UID BODY.PEEK[HEADER])"))
        what = f"UID {entry.uid} in {self._folder.name}"
        if entry.arrived_at:
            what += f" ({entry.size:,} bytes, arrived {entry.arrived_at:%Y-%m-%d %H:%M} UTC)"
        return Letter(
            headers.get(entry.uid, b""),
            f"imap:{self._folder.name}:{self._folder.validity}:{entry.uid}",
            entry.arrived_at,
            f"the server failed {1 + len(self._pauses)} times to give {what}: {fault}. Look at it in a mail program; if a customer "
            "wrote it, forward it to this mailbox",
        )

    def _patiently(self, uids: Sequence[int], ask: Callable[[Sequence[int]], dict[int, T]]) -> tuple[dict[int, T], dict[int, str]]:
        """What the server gives of these messages, and of those at which it fails again and again what went wrong."""
        try:
            return self._complete(uids, ask), {}
        except ImapFault:
            found: dict[int, T] = {}
            faults = self._one_by_one(uids, ask, found)
            for pause in self._pauses if faults else ():
                time.sleep(pause)
                faults = self._one_by_one(list(faults), ask, found)
            return found, faults

    def _one_by_one(self, uids: Sequence[int], ask: Callable[[Sequence[int]], dict[int, T]], found: dict[int, T]) -> dict[int, str]:
        """Add to `found` what comes; what went wrong with the others. Raises TransientError where the server gives no message at all."""
        faults: dict[int, str] = {}
        checked = False
        for uid in uids:
            try:
                found |= self._complete([uid], ask)
            except ImapFault as fault:
                faults[uid] = str(fault)
            if not found and not checked and faults and (len(faults) == _SUSPICIOUS or uid == uids[-1]):
                self._require_others(faults)
                checked = True
        return faults

    def _complete(self, uids: Sequence[int], ask: Callable[[Sequence[int]], dict[int, T]]) -> dict[int, T]:
        """What is asked for of all of these that are still there. Raises ImapFault where the server keeps one back."""
        if not uids:
            return {}
        found = ask(uids)
        missing = [uid for uid in uids if uid not in found]
        if missing and (kept := self._still_there(missing)):
            raise ImapFault(f"{self._folder.name}: the server gave nothing for UID {kept[0]}")
        return found

    def _still_there(self, uids: Sequence[int]) -> list[int]:
        try:
            self._session.noop(self._folder)
            return self._session.search(self._folder, ",".join(map(str, uids)))
        except ImapFault as error:
            raise TransientError(str(error)) from error  # the server's fault, and no message's

    def _require_others(self, faults: dict[int, str]) -> None:
        """See whether any other message can be read. Raises TransientError where none can: then it is not the messages' fault."""
        count = self._folder.count
        for number in sorted({count, (count + 1) // 2, 1} - {0}, reverse=True):
            with suppress(ImapFault):
                if any(uid not in faults for uid in _literals(self._session.fetch_number(self._folder, number, "(UID BODY.PEEK[]<0.64>)"))):
                    return
        raise TransientError(f"The server gives no message now. {next(iter(faults.values()))}", retry_after=_NO_MESSAGES_SECONDS)

    def _ask_sizes(self, uids: Sequence[int]) -> dict[int, _Entry]:
        answers = self._session.fetch(self._folder, uids, "(UID RFC822.SIZE INTERNALDATE)")
        heads = (answer if isinstance(answer, bytes) else answer[0] for answer in answers)
        sizes = {uid_of(head): (size, arrival_of(head)) for head in heads if (size := size_of(head)) is not None}
        return {uid: _Entry(uid, *sizes[uid]) for uid in uids if uid in sizes}

    def _ask_whole(self, uids: Sequence[int]) -> dict[int, bytes]:
        return _literals(self._session.fetch(self._folder, uids, "(UID BODY.PEEK[])"))

    def _ask_start(self, uids: Sequence[int]) -> dict[int, bytes]:
        return _literals(self._session.fetch(self._folder, uids, f"(UID BODY.PEEK[]<0.{START_BYTES}>)"))


def _pages(entries: Iterable[_Entry]) -> list[list[_Entry]]:
    """Pages bounded in number and in bytes."""
    pages: list[list[_Entry]] = []
    held = 0
    for entry in entries:
        if not pages or len(pages[-1]) >= PAGE_MESSAGES or held + entry.size > PAGE_BYTES:
            pages.append([])
            held = 0
        pages[-1].append(entry)
        held += min(entry.size, MOST_BYTES)
    return pages


def _literals(answers: Sequence[Answer]) -> dict[int, bytes]:
    """Literals by UID. Servers name the UID before the literal or after it."""
    found: dict[int, bytes] = {}
    for index, answer in enumerate(answers):
        if isinstance(answer, tuple):
            after = answers[index + 1] if index + 1 < len(answers) else b""
            found[uid_of(answer[0]) or uid_of(after if isinstance(after, bytes) else b"")] = answer[1]
    return found
