from __future__ import annotations

import imaplib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from allears.domain.feedback import Cursor, Page, SourceName
from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.context import SourceContext
from connectors.email.connector import EmailConnector
from connectors.email.settings import EmailSettings
from tests.integration.dovecot import DovecotMailbox

pytestmark = pytest.mark.dovecot


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


def test_mail_is_fetched_and_a_rerun_brings_only_what_is_new(dovecot: DovecotMailbox):
    for number in range(3):
        dovecot.deliver(mail(number))
    first = list(connector(dovecot).fetch(None))
    assert subjects(first) == ["Letter 0", "Letter 1", "Letter 2"]
    assert list(connector(dovecot).fetch(first[-1].cursor)) == []
    dovecot.deliver(mail(3))
    assert subjects(list(connector(dovecot).fetch(first[-1].cursor))) == ["Letter 3"]


def test_fetching_leaves_no_trace_on_the_server(dovecot: DovecotMailbox):
    dovecot.deliver(mail(1))
    list(connector(dovecot).fetch(None))
    with client(dovecot) as connection:
        assert connection.search(None, "UNSEEN") == ("OK", [b"1"])


def test_many_messages_come_in_pages_that_can_each_be_resumed(dovecot: DovecotMailbox):
    with client(dovecot) as connection:
        for number in range(120):
            connection.append("INBOX", "", "", mail(number))
    pages = list(connector(dovecot).fetch(None))
    assert [len(page.items) for page in pages] == [50, 50, 20]
    assert subjects(list(connector(dovecot).fetch(pages[1].cursor))) == [f"Letter {number}" for number in range(100, 120)]


def test_deleted_messages_leave_gaps_that_do_no_harm(dovecot: DovecotMailbox):
    for number in range(4):
        dovecot.deliver(mail(number))
    with client(dovecot) as connection:
        connection.store("1:3", "+FLAGS", r"(\Deleted)")
        connection.expunge()
    assert subjects(list(connector(dovecot).fetch(None))) == ["Letter 3"]


def test_a_poisonous_message_is_rejected_and_the_others_come(dovecot: DovecotMailbox):
    dovecot.deliver(mail(1))
    with client(dovecot) as connection:
        connection.append("INBOX", "", "", b"\x00\x01\xff\xfe not a mail at all \x02\x03" * 20)
    dovecot.deliver(mail(2))
    (page,) = connector(dovecot).fetch(None)
    assert subjects([page]) == ["Letter 1", "Letter 2"]
    (rejected,) = page.rejected
    assert rejected.external_id.startswith("sha256-")
    assert {original.external_id for original in page.originals} == {item.external_id for item in page.items} | {rejected.external_id}


def test_another_uidvalidity_reads_everything_again_and_says_so(dovecot: DovecotMailbox):
    dovecot.deliver(mail(1))
    (page,) = connector(dovecot).fetch(None)
    assert page.cursor is not None
    validity, uid = page.cursor.value.split(":")
    (again,) = connector(dovecot).fetch(Cursor(f"{int(validity) + 1}:{int(uid) + 500}"))
    assert subjects([again]) == ["Letter 1"]
    assert "UIDVALIDITY" in again.notices[0]


def test_a_folder_made_anew_is_read_again(dovecot: DovecotMailbox):
    orders = connector(dovecot, url=dovecot.url.replace("INBOX", "Orders"))
    with client(dovecot) as connection:
        connection.create("Orders")
        connection.append("Orders", "", "", mail(1))
        (page,) = orders.fetch(None)
        connection.delete("Orders")
        connection.create("Orders")
        connection.append("Orders", "", "", mail(2))
    assert subjects(list(orders.fetch(page.cursor))) == ["Letter 2"]


def test_a_start_date_bounds_the_first_run(dovecot: DovecotMailbox):
    with client(dovecot) as connection:
        connection.append("INBOX", "", '"01-Jan-2020 10:00:00 +0000"', mail(1))
        connection.append("INBOX", "", '"01-Jan-2024 10:00:00 +0000"', mail(2))
    assert subjects(list(connector(dovecot, since="2023-01-01").fetch(None))) == ["Letter 2"]


def test_a_wrong_password_says_what_to_do(dovecot: DovecotMailbox):
    with pytest.raises(AuthenticationError, match="app password"):
        connector(dovecot, password="wrong").check()


def test_a_folder_that_is_not_there_is_a_wrong_setting(dovecot: DovecotMailbox):
    with pytest.raises(ConfigurationError, match="Complaints"):
        connector(dovecot, url=dovecot.url.replace("INBOX", "Complaints")).check()


def test_a_server_that_is_not_there_is_tried_again_later(dovecot: DovecotMailbox):
    with pytest.raises(TransientError):
        connector(dovecot, url="imap://jo@127.0.0.1:1/INBOX").check()


@pytest.mark.parametrize("kind", ["tls_url", "starttls_url"])
def test_tls_is_verified(dovecot: DovecotMailbox, kind: str):
    dovecot.deliver(mail(1))
    url = getattr(dovecot, kind)
    assert subjects(list(connector(dovecot, url=url, ca_file=dovecot.certificate).fetch(None))) == ["Letter 1"]
    with pytest.raises(ConfigurationError, match="ca_file"):
        connector(dovecot, url=url).check()


def test_the_check_tells_what_is_there(dovecot: DovecotMailbox):
    dovecot.deliver(mail(1))
    assert "1 messages in INBOX" in connector(dovecot).check()
