"""Mail on an IMAP server (RFC 3501). Folders are opened read-only and messages fetched with PEEK: nothing there changes.

The cursor is the folder's UIDVALIDITY and the highest UID read. `UID n:*` always gives the last message, even below n,
so ranges are closed and answers filtered. Another UIDVALIDITY means that UIDs say nothing any more: everything is read
again, and the store merges what it has.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import imap_tools
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxFolderStatusError, MailboxLoginError, MailboxStarttlsError
from pydantic import SecretStr

from allears.domain.feedback import Cursor
from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.email.letters import MOST_BYTES, PAGE_BYTES, PAGE_MESSAGES, START_BYTES, Bag, Letter, too_large
from connectors.email.settings import ImapAddress

_TIMEOUT_SECONDS = 60.0
_RANGE = 2_000
"""UIDs asked for at once: an answer of a whole large mailbox would pass imaplib's line limit."""

_CURSOR = re.compile(r"(\d+):(\d+)")
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BUSY = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN")
"""Response codes of a refused login that are not about the password (RFC 5530)."""


@dataclass(frozen=True, slots=True)
class _Entry:
    uid: int
    size: int
    arrived_at: datetime | None


class ImapMailbox:
    """One folder of one account. Connects for each check and each fetch, and leaves nothing open between them."""

    def __init__(self, address: ImapAddress, password: SecretStr, *, ca_file: Path | None = None, first: date | None = None) -> None:
        self._address = address
        self._password = password
        self._ca_file = ca_file
        self._first = first

    def check(self) -> str:
        """Log in and count the folder's messages."""
        with self._open() as mailbox:
            count = mailbox.folder.status(self._address.folder, ["MESSAGES"]).get("MESSAGES", 0)
            return f"{self._address.user} on {self._address.host}: {count} messages in {self._address.folder}"

    def bags(self, since: Cursor | None) -> Iterator[Bag]:
        """Letters by ascending UID."""
        with self._open() as mailbox:
            status = mailbox.folder.status(self._address.folder, ["UIDVALIDITY", "UIDNEXT"])
            validity = status.get("UIDVALIDITY", 0)
            last, notices = self._resume(since, validity)
            for entries in _pages(self._entries(mailbox, last, status.get("UIDNEXT", 0))):
                yield Bag(tuple(_letters(mailbox, entries)), Cursor(f"{validity}:{entries[-1].uid}"), notices)
                notices = ()

    def _resume(self, since: Cursor | None, validity: int) -> tuple[int, tuple[str, ...]]:
        match = _CURSOR.fullmatch(since.value) if since else None
        if match and int(match[1]) == validity:
            return int(match[2]), ()
        return 0, (f"{self._address.folder} was rebuilt on the server (new UIDVALIDITY); all of it is read again",) if match else ()

    def _entries(self, mailbox: imap_tools.BaseMailBox, last: int, uidnext: int) -> Iterator[_Entry]:
        """Messages above `last` that are there now. Ranges grow over gaps: UIDs need not be dense."""
        low, width = last + 1, _RANGE
        while low < uidnext:
            high = min(low + width, uidnext) - 1
            uids = self._search(mailbox, low, high)
            for start in range(0, len(uids), PAGE_MESSAGES):
                yield from _sizes(mailbox, uids[start : start + PAGE_MESSAGES])
            low, width = high + 1, _RANGE if uids else width * 2

    def _search(self, mailbox: imap_tools.BaseMailBox, low: int, high: int) -> list[int]:
        uids = mailbox.uids(f"UID {low}:{high}{f' SINCE {_imap_date(self._first)}' if self._first else ''}")
        return sorted(uid for uid in map(int, uids) if low <= uid <= high)

    @contextmanager
    def _open(self) -> Iterator[imap_tools.BaseMailBox]:
        """The folder, opened read-only; every failure comes out as what the caller can do about it."""
        where = f"{self._address.host}:{self._address.port}"
        try:
            mailbox = self._connect()
            try:
                mailbox.login(self._address.user, self._password.get_secret_value(), initial_folder=None)
                mailbox.folder.set(self._address.folder, readonly=True)
                yield mailbox
            finally:
                _leave(mailbox)
        except MailboxLoginError as error:
            raise self._refused(error) from error
        except (MailboxFolderSelectError, MailboxFolderStatusError) as error:
            raise ConfigurationError(f"url: {self._address.user} has no folder {self._address.folder!r} on {where}.") from error
        except ssl.SSLCertVerificationError as error:
            raise ConfigurationError(
                f"url: the certificate of {where} is not to be trusted ({error.verify_message}); name your own authority's file in ca_file."
            ) from error
        except MailboxStarttlsError as error:
            raise ConfigurationError(f"url: {where} offers no STARTTLS; use imaps://.") from error
        except (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError) as error:
            raise TransientError(f"{where} broke off: {str(error) or type(error).__name__}") from error

    def _connect(self) -> imap_tools.BaseMailBox:
        address = self._address
        if address.scheme == "imap":
            return imap_tools.MailBoxUnencrypted(address.host, address.port, timeout=_TIMEOUT_SECONDS)
        context = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
        kind = imap_tools.MailBox if address.scheme == "imaps" else imap_tools.MailBoxStartTls
        return kind(address.host, address.port, timeout=_TIMEOUT_SECONDS, ssl_context=context)

    def _refused(self, error: MailboxLoginError) -> Exception:
        told = str(error.command_result)
        if any(f"[{code}]" in told for code in _BUSY):
            return TransientError(f"{self._address.host} takes no logins now: {told}")
        return AuthenticationError(
            f"{self._address.host} refused {self._address.user}. Check the user in url and the password; a provider with two-step login "
            "wants an app password."
        )


def _leave(mailbox: imap_tools.BaseMailBox) -> None:
    try:
        mailbox.logout()
    except (imaplib.IMAP4.error, ImapToolsError, OSError):
        mailbox.client.shutdown()  # the connection is gone already; what made it go is told where it happened


def _sizes(mailbox: imap_tools.BaseMailBox, uids: list[int]) -> Iterator[_Entry]:
    answers = [answer if isinstance(answer, bytes) else answer[0] for answer in _fetch(mailbox, uids, "(UID RFC822.SIZE INTERNALDATE)")]
    for answer in sorted(answers, key=_uid):
        size, uid = _SIZE.search(answer), _uid(answer)
        if uid in uids and size:
            yield _Entry(uid, int(size[1]), _internal_date(answer))


def _pages(entries: Iterable[_Entry]) -> Iterator[list[_Entry]]:
    """Pages bounded in number and in bytes."""
    page: list[_Entry] = []
    held = 0
    for entry in entries:
        if page and (len(page) >= PAGE_MESSAGES or held + entry.size > PAGE_BYTES):
            yield page
            page, held = [], 0
        page.append(entry)
        held += min(entry.size, MOST_BYTES)
    if page:
        yield page


def _letters(mailbox: imap_tools.BaseMailBox, entries: list[_Entry]) -> Iterator[Letter]:
    """Letters of a page; one that was deleted meanwhile is not there, and nothing is lost by that."""
    normal = {entry.uid: entry for entry in entries if entry.size <= MOST_BYTES}
    bodies = _bodies(mailbox, list(normal), "(UID BODY.PEEK[])") if normal else {}
    for entry in entries:
        if entry.uid in bodies:
            yield Letter(bodies[entry.uid], arrived_at=entry.arrived_at)
        elif entry.uid not in normal:
            start = _bodies(mailbox, [entry.uid], f"(UID BODY.PEEK[]<0.{START_BYTES}>)").get(entry.uid, b"")
            yield Letter(start, arrived_at=entry.arrived_at, problem=too_large(entry.size))


def _bodies(mailbox: imap_tools.BaseMailBox, uids: list[int], what: str) -> dict[int, bytes]:
    """Literals by UID. Servers name the UID before the literal or after it."""
    answers = _fetch(mailbox, uids, what)
    found: dict[int, bytes] = {}
    for index, answer in enumerate(answers):
        if isinstance(answer, tuple):
            after = answers[index + 1] if index + 1 < len(answers) else b""
            found[_uid(answer[0]) or _uid(after if isinstance(after, bytes) else b"")] = answer[1]
    return found


def _fetch(mailbox: imap_tools.BaseMailBox, uids: list[int], what: str) -> list[bytes | tuple[bytes, bytes]]:
    result, answers = mailbox.client.uid("FETCH", ",".join(map(str, uids)), what)
    if result != "OK":
        raise imaplib.IMAP4.error(f"FETCH was answered with {result}")
    return [answer for answer in answers if answer]


def _uid(answer: bytes) -> int:
    match = _UID.search(answer)
    return int(match[1]) if match else 0


def _imap_date(day: date) -> str:
    """A date as IMAP writes it, whatever the locale."""
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _internal_date(answer: bytes) -> datetime | None:
    match = _DATE.search(answer)
    try:
        return datetime.strptime(match[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC) if match else None
    except ValueError:
        return None
