"""What tests of IMAP sources share: mails, a source that reads a Dovecot's mailbox, and a client that changes it."""

from __future__ import annotations

import imaplib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from allears.domain.feedback import Page, SourceName
from connectors.context import SourceContext
from connectors.email.connector import EmailConnector
from connectors.email.settings import EmailSettings
from tests.integration.dovecot import DovecotMailbox


@dataclass(frozen=True)
class StoppedClock:
    at: datetime = datetime(2030, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def mail(number: int, body: str = "The parcel never came.") -> bytes:
    headers = f"From: Jo <jo@customers.example>\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@customers.example>"
    return f"{headers}\r\n\r\n{body}\r\n".encode()


def connector(mailbox: DovecotMailbox, url: str | None = None, password: str | None = None, **settings: Any) -> EmailConnector:
    context = SourceContext(SourceName("support"), Path(), StoppedClock(), SecretStr(password or mailbox.password))
    return EmailConnector(context, EmailSettings(url=url or mailbox.url, **settings))


def subjects(pages: list[Page]) -> list[str | None]:
    return [item.title for page in pages for item in page.items]


def client(mailbox: DovecotMailbox) -> imaplib.IMAP4:
    connection = imaplib.IMAP4("127.0.0.1", mailbox.server.imap_port)
    connection.login(mailbox.user, mailbox.password)
    connection.select("INBOX")
    return connection
