"""Opens the way out that `mail.url` names: a mail server, a folder, or the console."""

from __future__ import annotations

import sys
from email.message import EmailMessage
from pathlib import Path
from typing import TextIO
from urllib.parse import SplitResult, unquote, urlsplit

from allears.errors import ConfigurationError
from allears.mail.journal import DeliveryJournal
from allears.mail.maildir import MaildirMailer
from allears.mail.smtp import Security, SmtpMailer, SmtpServer
from allears.ports import Mailer
from allears.settings import MailSettings


def open_mailer(settings: MailSettings, base: Path) -> Mailer:
    """The mailer of a configuration; nothing is opened or written before its first call.

    `base` is the folder that paths are relative to; the journal of mails that a server took lies in
    `.allears/delivered.log` below it. Raises ConfigurationError, never with a password in its text.
    """
    scheme, _, rest = settings.url.partition(":")
    if scheme == "console":
        return ConsoleMailer(sys.stderr)
    if scheme == "maildir" and rest:
        return MaildirMailer(base / rest)
    if scheme in set(Security):
        return SmtpMailer(_server(settings, Security(scheme)), DeliveryJournal(base / ".allears" / "delivered.log"))
    raise ConfigurationError(
        "mail.url: must be a mail server's address, as in smtps://user@mail.example.org, or maildir:FOLDER, or console:."
    )


def _server(settings: MailSettings, security: Security) -> SmtpServer:
    url = _split(settings.url)
    if not url.hostname:
        raise ConfigurationError(f"mail.url: names no server. Write {security.value}://user@mail.example.org.")
    if url.path.strip("/") or url.query or url.fragment:
        raise ConfigurationError("mail.url: ends after the server and its port. Write @, / and # in a user's name as %40, %2F and %23.")
    password = settings.password.get_secret_value() if settings.password else unquote(url.password or "")
    user = unquote(url.username or "")
    if password and not user:
        raise ConfigurationError(f"mail.url: has a password but no user. Write {security.value}://user@{url.hostname}.")
    return SmtpServer(url.hostname, url.port or security.port, security, user, password)


def _split(address: str) -> SplitResult:
    try:
        url = urlsplit(address)
        (url.hostname or "").encode("idna")
        url.port  # noqa: B018 - reading it is what checks it
    except ValueError:
        raise ConfigurationError("mail.url: is not an address of the form smtp+starttls://user@mail.example.org:587.") from None
    return url


class ConsoleMailer:
    """Shows each mail as a person would read it; meant for trying things out."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def check(self) -> str:
        """Nothing can be wrong here."""
        return "mails are shown on the console"

    def send(self, message: EmailMessage) -> None:
        """Headers that matter and the plain text."""
        headers = "".join(f"{name}: {message[name]}\n" for name in ("From", "To", "Cc", "Subject") if message[name])
        body = message.get_body(("plain",))
        text = body.get_content() if body else ""
        self._out.write(f"{headers}\n{text}\n{'-' * 72}\n")
        self._out.flush()

    def close(self) -> None:
        """Nothing to let go of."""
