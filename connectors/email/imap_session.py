"""An account on an IMAP server (RFC 3501), and a connection to it that is made anew when it broke.

Folders are opened read-only and messages fetched with PEEK: nothing there changes.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import imap_tools
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError, MailboxStarttlsError
from pydantic import SecretStr

from allears.errors import AuthenticationError, ConfigurationError, TransientError
from allears.settings.values import nearest
from connectors.email.oauth2 import AccessTokens
from connectors.email.settings import ImapAddress

TIMEOUT_SECONDS = 30.0
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]+)"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BUSY = ("[unavailable]", "[inuse]", "[limit]", "[serverbug]", "[contactadmin]", "too many")
"""In the answer to a login: it is not about the password (RFC 5530, and what Gmail says of too many connections)."""
_MEND_LOGIN = "Check the user in url and the password; a provider with two-step login wants an app password or oauth2."
_MEND_OAUTH2 = "The refresh token must be that account's own, made with the scope for IMAP, and IMAP must be allowed for the account."
_BUSY_FOLDER = ("[unavailable]", "[inuse]", "[limit]", "[serverbug]")
_SOME = 10
_BROKEN = (imaplib.IMAP4.error, ImapToolsError, OSError, EOFError)
"""What a connection that does not work raises; imaplib's errors are also what BAD raises."""

Answer = bytes | tuple[bytes, bytes]


class ImapFault(TransientError):
    """The server failed at one command: it refused it, broke off, or did not answer in time."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A folder as the server showed it when it was opened."""

    name: str
    validity: int
    uidnext: int
    count: int


@dataclass(frozen=True, slots=True)
class Account:
    """Whose mail lies where, and what opens it: a password, or tokens. `timeout` is seconds of silence."""

    address: ImapAddress
    key: SecretStr | AccessTokens
    ca_file: Path | None = None
    timeout: float = TIMEOUT_SECONDS

    @property
    def where(self) -> str:
        """Host and port, as errors name them."""
        return f"{self.address.host}:{self.address.port}"

    def connect(self) -> imap_tools.BaseMailBox:
        """Log in. Raises AuthenticationError, ConfigurationError or TransientError."""
        try:
            mailbox = self._reach()
            try:
                self._log_in(mailbox)
            except BaseException:  # whatever it was, the connection must not outlive it
                mailbox.client.shutdown()
                raise
        except ssl.SSLCertVerificationError as error:
            told = f"url: the certificate of {self.where} is not to be trusted ({error.verify_message})"
            raise ConfigurationError(f"{told}; name your own authority's file in ca_file.") from error
        except MailboxStarttlsError as error:
            raise ConfigurationError(f"url: {self.where} offers no STARTTLS; use imaps://.") from error
        except _BROKEN as error:
            raise TransientError(f"{self.where} broke off: {_said(error)}") from error
        return mailbox

    def _reach(self) -> imap_tools.BaseMailBox:
        address = self.address
        if address.scheme == "imap":
            return imap_tools.MailBoxUnencrypted(address.host, address.port, timeout=self.timeout)
        context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
        kind = imap_tools.MailBox if address.scheme == "imaps" else imap_tools.MailBoxStartTls
        return kind(address.host, address.port, timeout=self.timeout, ssl_context=context)

    def _log_in(self, mailbox: imap_tools.BaseMailBox) -> None:
        refused = ""
        for secret in self.key.to_try() if isinstance(self.key, AccessTokens) else (self.key,):
            present = _present_token if isinstance(self.key, AccessTokens) else _present_password
            told = _refusal(secret, partial(present, mailbox, self.address.user, secret))
            if told is None:
                return
            refused = told
        raise self._refused(refused)

    def _refused(self, answer: str) -> Exception:
        if any(word in answer.casefold() for word in _BUSY):
            return TransientError(f"{self.where} takes no logins now: {answer}")
        mend = _MEND_OAUTH2 if isinstance(self.key, AccessTokens) else _MEND_LOGIN
        return AuthenticationError(f"{self.address.host} refused {self.address.user} ({answer or 'without a reason'}). {mend}")


def _refusal(secret: SecretStr, log_in: Callable[[], object]) -> str | None:
    """What the server said to a login that it refused, without the secret; None where it let us in."""
    try:
        log_in()
    except imaplib.IMAP4.abort:
        raise
    except MailboxLoginError as error:
        told = _words(error.command_result[1])
    except imaplib.IMAP4.error as error:
        told = str(error)
    else:
        return None
    return told.replace(secret.get_secret_value() or "\0", "…")


def _present_password(mailbox: imap_tools.BaseMailBox, user: str, password: SecretStr) -> None:
    secret = password.get_secret_value()
    log_in = mailbox.login if (user + secret).isascii() else mailbox.login_utf8
    log_in(user, secret, initial_folder=None)


def _present_token(mailbox: imap_tools.BaseMailBox, user: str, token: SecretStr) -> None:
    """XOAUTH2: who, and the token. A server that refuses tells why in a challenge, and goes on once that is answered with nothing."""
    answers = iter([f"user={user}\1auth=Bearer {token.get_secret_value()}\1\1".encode()])
    mailbox.client.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))


class ImapSession:
    """Commands to one account. Connects when it is first needed, and again after a failure; `close` it in the end."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._mailbox: imap_tools.BaseMailBox | None = None
        self._inside: str | None = None

    def connect(self) -> imap_tools.BaseMailBox:
        """The connection, logged in. Raises AuthenticationError, ConfigurationError or TransientError: wrong for every folder."""
        if self._mailbox is None:
            self._mailbox, self._inside = self.account.connect(), None
        return self._mailbox

    def close(self) -> None:
        """Say goodbye."""
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            try:
                mailbox.logout()
            except _BROKEN:
                mailbox.client.shutdown()  # the connection is gone already; what made it go was told where it happened

    def hang_up(self) -> None:
        """Close the connection without a word: in the middle of IDLE the server would not hear one."""
        mailbox, self._mailbox = self._mailbox, None
        if mailbox is not None:
            mailbox.client.shutdown()

    def offers_idle(self) -> bool:
        """Whether the server tells of new mail by itself (RFC 2177)."""
        return b"IDLE" in b" ".join(self._answers(None, lambda client: client.capability())).upper().split()

    def examine(self, name: str) -> Opened:
        """Open a folder for reading. Raises ConfigurationError where there is none, ImapFault where it cannot be opened now."""
        mailbox, self._inside = self.connect(), None
        try:
            _, (count, *_) = mailbox.folder.set(name, readonly=True)
            self._inside = name
            validity, uidnext = (_number(mailbox.client.response(code)[1]) for code in ("UIDVALIDITY", "UIDNEXT"))
            if not uidnext:  # a server need not say it here
                uidnext = mailbox.folder.status(name, ["UIDNEXT"]).get("UIDNEXT", 0)
        except MailboxFolderSelectError as error:
            raise self._no_folder(mailbox, name, _words(error.command_result[1])) from error
        except _BROKEN as error:
            raise self._fault(name, _said(error), dropped=True) from error
        return Opened(name, validity, uidnext, int(count or 0))

    def search(self, folder: Opened, uids: str, since: date | None = None) -> list[int]:
        """Those of a set of UIDs that are there, the highest first."""
        criteria = f"UID {uids}{f' SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}' if since else ''}"
        answers = self._answers(folder, lambda client: client.uid("SEARCH", criteria))
        return sorted({int(uid) for answer in answers for uid in _bytes(answer).split() if uid.isdigit()}, reverse=True)

    def fetch(self, folder: Opened, uids: Sequence[int], what: str) -> list[Answer]:
        """The answers to a FETCH of these messages."""
        return self._answers(folder, lambda client: client.uid("FETCH", ",".join(map(str, uids)), what))

    def fetch_number(self, folder: Opened, number: int, what: str) -> list[Answer]:
        """The same of the message that stands at a place in the folder, 1 being its oldest."""
        return self._answers(folder, lambda client: client.fetch(str(number), what))

    def noop(self, folder: Opened) -> None:
        """Let the server tell what is gone meanwhile."""
        self._answers(folder, lambda client: client.noop())

    def _answers(self, folder: Opened | None, command: Callable[[imaplib.IMAP4], tuple[str, list[Any]]]) -> list[Any]:
        """What a command is answered with, in a folder that is still the one it was. Raises ImapFault."""
        name = folder.name if folder else self.account.address.user
        client = self._at(folder).client
        try:
            result, answers = command(client)
        except _BROKEN as error:
            raise self._fault(name, _said(error), dropped=True) from error
        if result != "OK":
            raise self._fault(name, f"the server answered {result} {_words(answers)}", dropped=False)
        return [answer for answer in answers if answer]

    def _at(self, folder: Opened | None) -> imap_tools.BaseMailBox:
        mailbox = self.connect()
        if folder is not None and self._inside != folder.name:
            opened = self.examine(folder.name)
            if opened.validity != folder.validity:
                raise TransientError(f"{folder.name} on {self.account.where} was rebuilt while it was read.")
        return mailbox

    def _fault(self, name: str, told: str, *, dropped: bool) -> ImapFault:
        if dropped:
            self.hang_up()
        return ImapFault(f"{name} on {self.account.where}: {told.strip()}")

    def _no_folder(self, mailbox: imap_tools.BaseMailBox, name: str, answer: str) -> Exception:
        """Why a folder was not opened: it is not there, or it is and cannot be had now."""
        try:
            names = [folder.name for folder in mailbox.folder.list() if "\\Noselect" not in folder.flags]
        except _BROKEN as error:
            return self._fault(name, _said(error), dropped=True)
        if name in names or any(code in answer.casefold() for code in _BUSY_FOLDER):
            return self._fault(name, f"it cannot be opened now: {answer}", dropped=False)
        there = nearest(name, names) or f"; there are {', '.join(names[:_SOME])}{', …' if len(names) > _SOME else ''}"
        return ConfigurationError(f"url or folders: {self.account.address.user} has no folder {name!r} on {self.account.where}{there}")


def uid_of(answer: bytes) -> int:
    """The UID that an answer names; 0 for none."""
    match = _UID.search(answer)
    return int(match[1]) if match else 0


def size_of(answer: bytes) -> int | None:
    """The message's size in bytes, where an answer tells it."""
    match = _SIZE.search(answer)
    return int(match[1]) if match else None


def arrival_of(answer: bytes) -> datetime | None:
    """When the server took the message (aware, UTC), where an answer tells it."""
    match = _DATE.search(answer)
    try:
        return datetime.strptime(match[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC) if match else None
    except ValueError:
        return None


def _bytes(answer: Answer) -> bytes:
    return answer if isinstance(answer, bytes) else answer[0]


def _number(answers: Sequence[bytes | None]) -> int:
    """The number in a response code's value; 0 where the server gave none."""
    told = answers[-1] if answers else None
    return int(told) if told and told.isdigit() else 0


def _words(answers: Sequence[Any]) -> str:
    return " ".join(_bytes(answer).decode("utf-8", "replace") for answer in answers if answer)[:300]


def _said(error: BaseException) -> str:
    return str(error) or type(error).__name__
