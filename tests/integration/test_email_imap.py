from __future__ import annotations

from dataclasses import replace

import pytest

from allears.domain.feedback import Cursor
from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.email.imap_cursor import read_places, write_places
from tests.integration.dovecot import DovecotMailbox
from tests.integration.imap_source import client, connector, mail, subjects

pytestmark = pytest.mark.dovecot


def test_mail_is_fetched_and_a_rerun_brings_only_what_is_new(dovecot: DovecotMailbox):
    for number in range(3):
        dovecot.deliver(mail(number))
    first = list(connector(dovecot).fetch(None))
    assert subjects(first) == ["Letter 2", "Letter 1", "Letter 0"]
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
    assert subjects(list(connector(dovecot).fetch(pages[1].cursor))) == [f"Letter {number}" for number in range(19, -1, -1)]


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
    assert subjects([page]) == ["Letter 2", "Letter 1"]
    (rejected,) = page.rejected
    assert rejected.external_id.startswith("sha256-")
    assert {original.external_id for original in page.originals} == {item.external_id for item in page.items} | {rejected.external_id}


def test_another_uidvalidity_reads_everything_again_and_says_so(dovecot: DovecotMailbox):
    dovecot.deliver(mail(1))
    (page,) = connector(dovecot).fetch(None)
    assert page.cursor is not None
    place = read_places(page.cursor, "INBOX")["INBOX"]
    (again,) = connector(dovecot).fetch(write_places({"INBOX": replace(place, validity=place.validity + 1)}))
    assert subjects([again]) == ["Letter 1"]
    assert "UIDVALIDITY" in again.notices[0]


def test_a_folder_that_counts_lower_than_before_is_read_again(dovecot: DovecotMailbox):
    """As after a backup was put back: the numbers of what came since are given out again."""
    dovecot.deliver(mail(1))
    (page,) = connector(dovecot).fetch(None)
    place = read_places(page.cursor, "INBOX")["INBOX"]
    (again,) = connector(dovecot).fetch(write_places({"INBOX": replace(place, top=500)}))
    assert subjects([again]) == ["Letter 1"]
    assert "lower" in again.notices[0]


def test_a_cursor_of_the_time_before_folders_goes_on_where_it_was(dovecot: DovecotMailbox):
    dovecot.deliver(mail(1))
    (page,) = connector(dovecot).fetch(None)
    dovecot.deliver(mail(2))
    place = read_places(page.cursor, "INBOX")["INBOX"]
    old = Cursor(f"{place.validity}:{place.top}")
    assert subjects(list(connector(dovecot).fetch(old))) == ["Letter 2"]
    assert subjects(list(connector(dovecot, url=dovecot.account_url, folders=["INBOX"]).fetch(old))) == ["Letter 2"]


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


def test_a_folder_that_is_not_there_is_a_wrong_setting_and_the_right_word_is_told(dovecot: DovecotMailbox):
    with client(dovecot) as connection:
        connection.create("Complaints")
    with pytest.raises(ConfigurationError, match=r"'Complains'.* did you mean 'Complaints'"):
        connector(dovecot, url=dovecot.url.replace("INBOX", "Complains")).check()


def test_a_password_in_any_letters_reaches_the_server(dovecot: DovecotMailbox):
    with pytest.raises(AuthenticationError, match="app password"):
        connector(dovecot, password="Käsekuchen").check()


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
    told = connector(dovecot).check()
    assert "1 messages in INBOX" in told
    assert "IDLE" in told
    assert "idle is off" in connector(dovecot, idle=False).check()
