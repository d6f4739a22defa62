"""Mails over SMTP: one connection for many, each recipient in a transaction of its own.

A recipient each, because a server may take a mail for one and put off another: then only the other
is tried again. A dead connection is noticed before a mail is begun, never mended in its middle.
"""

from __future__ import annotations

import logging
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import StrEnum
from typing import Final

from allears.errors import AllEarsError, AuthenticationError, RecordRejected, TransientError
from allears.mail.journal import DeliveryJournal

TIMEOUT_SECONDS: Final = 30.0
_NEEDS_LOGIN: Final = frozenset({530, 534, 535, 538})
_NEVER: Final = 500  # RFC 5321 4.2.1: 4yz is "try again", 5yz is "never"
_log = logging.getLogger(__name__)


class Security(StrEnum):
    """How the connection is kept private; the values are the schemes of `mail.url`."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"

    @property
    def port(self) -> int:
        """The usual port (RFC 5321, RFC 6409, RFC 8314)."""
        return {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}[self]


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mails go out. Without a `user` nobody logs in."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpMailer:
    """Hands mails to a server, and never the same mail to the same recipient twice."""

    def __init__(self, server: SmtpServer, journal: DeliveryJournal, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._server, self._journal, self._timeout = server, journal, timeout_seconds
        self._connection: smtplib.SMTP | None = None

    def check(self) -> str:
        """Connect and log in. Raises AuthenticationError or TransientError."""
        try:
            self._open()
        except OSError as error:
            self.close()
            raise self._explained(error) from error
        as_user = f", logged in as {self._server.user}" if self._server.user else ""
        return f"{self._server} takes mails{as_user}"

    def send(self, message: EmailMessage) -> None:
        """Hand the mail over for each of its recipients who has not got it yet.

        Every recipient is tried; then the first error is raised: AuthenticationError, TransientError,
        or RecordRejected where the server says that this recipient never will.
        """
        message_id = str(message["Message-ID"])
        problems: list[AllEarsError] = []
        for recipient in _recipients(message):
            try:
                if not self._journal.has(message_id, recipient):
                    self._hand_over(message, recipient)
                    self._note(message_id, recipient)
            except AllEarsError as error:
                problems.append(error)
        if problems:
            raise problems[0]

    def close(self) -> None:
        """Say goodbye if the server still listens."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.quit()
            except OSError:
                connection.close()

    def _hand_over(self, message: EmailMessage, recipient: str) -> None:
        try:
            self._open().send_message(message, message["From"].addresses[0].addr_spec, [recipient])
        except OSError as error:  # smtplib's errors are OSErrors, as those of sockets and TLS are
            self.close()
            raise self._explained(error, recipient) from error

    def _note(self, message_id: str, recipient: str) -> None:
        try:
            self._journal.add(message_id, recipient)
        except OSError:  # the mail is out: raising would send it again, and the store is about to know
            _log.warning("The mail %s was sent to %s, but the journal of sent mails cannot be written.", message_id, recipient)

    def _open(self) -> smtplib.SMTP:
        """The connection, made anew where the server hung up since the last mail."""
        if self._connection is not None and not _alive(self._connection):
            self._connection.close()
            self._connection = None
        if self._connection is None:
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=self._timeout, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if server.user:
                connection.login(server.user, server.password)
        except UnicodeEncodeError:
            connection.close()
            raise AuthenticationError(f"The user and the password for {server} must be English letters, digits and signs.") from None
        except OSError:
            connection.close()
            raise
        return connection

    def _explained(self, error: OSError, recipient: str = "") -> AllEarsError:
        """What went wrong, as the error that tells the caller's next move."""
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return self._unsupported(error, recipient)
        code, text = _answer(error)
        if code in _NEEDS_LOGIN or (isinstance(error, smtplib.SMTPAuthenticationError) and code >= _NEVER):
            who = f" of {self._server.user}" if self._server.user else ", for we gave none"
            return AuthenticationError(
                f"{self._server} refuses the login{who} ({_without_words(code, text)}). "
                "Check the user in mail.url and the password in ALLEARS_MAIL_PASSWORD."
            )
        said = f"“{code} {text}”"
        if isinstance(error, smtplib.SMTPSenderRefused) and code >= _NEVER:
            return AuthenticationError(f"{self._server} does not let us send as {error.sender}: {said}. Check mail.sender and mail.url.")
        if isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) and code >= _NEVER:
            return RecordRejected(f"{self._server} does not take this mail for {recipient}: {said}. Check the address.")
        if code > 0:
            return TransientError(f"{self._server} takes no mail now: {said}. It is tried again.")
        return TransientError(f"{self._server} cannot be reached: {_reason(error)} It is tried again.")

    def _unsupported(self, error: OSError, recipient: str) -> AllEarsError:
        if "SMTPUTF8" in str(error):
            return RecordRejected(f"{self._server} does not take addresses with other than English letters, as {recipient} has.")
        if "STARTTLS" in str(error):
            return AuthenticationError(f"{self._server} offers no STARTTLS. Use smtps:// in mail.url, or smtp:// on a network you trust.")
        return AuthenticationError(f"{self._server} offers no login. Leave the user out of mail.url, or use smtp+starttls:// or smtps://.")


def _recipients(message: EmailMessage) -> list[str]:
    addresses = [address.addr_spec for name in ("To", "Cc") if message[name] for address in message[name].addresses]
    return list(dict.fromkeys(addresses))


def _alive(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250  # noqa: PLR2004 - RFC 5321 4.1.1.9: the only answer to NOOP
    except OSError:
        return False


def _answer(error: OSError) -> tuple[int, str]:
    """The server's code and words; (-1, "") where it gave none."""
    code: int = -1
    text: bytes | str = b""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, error.smtp_error
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return code, " ".join(words.split())[:200]


def _without_words(code: int, text: str) -> str:
    """Only the numbers of an answer to a login: some servers repeat the command, which holds the password."""
    status = re.match(r"\d\.\d{1,3}\.\d{1,3}\b", text)
    return f"{code} {status[0]}" if status else str(code)


def _reason(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        mend = "For a certificate authority of your own, set SSL_CERT_FILE to its file."
        return f"its certificate is not trusted ({error.verify_message}). {mend}"
    if isinstance(error, TimeoutError):
        return "no answer in time."
    if isinstance(error, socket.gaierror):
        return "no such host is known. Check mail.url."
    return f"{error.strerror or error}."
