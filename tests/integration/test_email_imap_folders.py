"""Several folders of one account, and fetches that are stopped anywhere while mail comes and goes: on a real server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from imaplib import IMAP4
from itertools import pairwise
from pathlib import Path

import pytest
from imap_tools.imap_utf7 import utf7_encode

from allears.domain.feedback import Cursor, Page
from allears.errors import ConfigurationError
from allears.intake import gather
from allears.store.duckdb_store import DuckDBStore
from connectors.email.connector import EmailConnector
from connectors.email.letters import PAGE_MESSAGES
from tests.integration.dovecot import DovecotMailbox
from tests.integration.imap_source import StoppedClock, client, connector, mail, subjects

pytestmark = pytest.mark.dovecot


@pytest.fixture
def server(dovecot: DovecotMailbox) -> Iterator[IMAP4]:
    with client(dovecot) as connection:
        yield connection


def folders_of(mailbox: DovecotMailbox, *folders: str) -> EmailConnector:
    return connector(mailbox, url=mailbox.account_url, folders=folders)


def quoted(folder: str) -> str:
    return f'"{utf7_encode(folder).decode()}"'


def put(server: IMAP4, folder: str, *messages: bytes) -> None:
    server.create(quoted(folder))
    for message in messages:
        assert server.append(quoted(folder), "", "", message)[0] == "OK"


def test_several_folders_are_one_source_with_one_cursor(dovecot: DovecotMailbox, server: IMAP4):
    put(server, "INBOX", mail(1))
    put(server, "Shop/Complaints", mail(2))
    source = folders_of(dovecot, "INBOX", "Shop/Complaints")
    pages = list(source.fetch(None))
    assert sorted(map(str, subjects(pages))) == ["Letter 1", "Letter 2"]
    assert list(source.fetch(pages[-1].cursor)) == []
    put(server, "Shop/Complaints", mail(3))
    assert subjects(list(source.fetch(pages[-1].cursor))) == ["Letter 3"]


@pytest.mark.parametrize("folder", ["Büro/Beschwerden & Lob", "苦情", "Réclamations (été)"])
def test_a_folder_is_named_as_people_write_it(dovecot: DovecotMailbox, server: IMAP4, folder: str):
    put(server, folder, mail(1))
    source = folders_of(dovecot, folder)
    (page,) = source.fetch(None)
    assert subjects([page]) == ["Letter 1"]
    assert list(source.fetch(page.cursor)) == []
    assert f"1 messages in {folder}" in source.check()


def test_a_folder_that_is_added_later_is_read_from_its_newest_and_the_others_go_on(dovecot: DovecotMailbox, server: IMAP4):
    put(server, "INBOX", mail(1))
    put(server, "Shop", mail(2), mail(3))
    (page,) = folders_of(dovecot, "INBOX").fetch(None)
    assert subjects(list(folders_of(dovecot, "INBOX", "Shop").fetch(page.cursor))) == ["Letter 3", "Letter 2"]


def test_a_folder_that_is_left_out_for_a_while_goes_on_where_it_was(dovecot: DovecotMailbox, server: IMAP4):
    put(server, "INBOX", mail(1))
    put(server, "Shop", mail(2))
    *_, both = folders_of(dovecot, "INBOX", "Shop").fetch(None)
    put(server, "INBOX", mail(3))
    (inbox,) = folders_of(dovecot, "INBOX").fetch(both.cursor)
    put(server, "Shop", mail(4))
    assert subjects(list(folders_of(dovecot, "INBOX", "Shop").fetch(inbox.cursor))) == ["Letter 4"]


def test_a_missing_folder_is_told_by_name_once_the_others_are_read(dovecot: DovecotMailbox, server: IMAP4):
    put(server, "INBOX", mail(1))
    put(server, "Shop", mail(2))
    source = folders_of(dovecot, "INBOX", "Shopp", "Shop")
    fetch = source.fetch(None)
    assert subjects([next(fetch), next(fetch)]) == ["Letter 1", "Letter 2"]
    with pytest.raises(ConfigurationError, match=r"'Shopp'.* did you mean 'Shop'"):
        next(fetch)
    with pytest.raises(ConfigurationError, match=r"'Shopp'.*1 messages in INBOX, 1 messages in Shop"):
        source.check()


def test_a_long_fetch_that_is_stopped_early_has_told_of_the_missing_folder(dovecot: DovecotMailbox, server: IMAP4):
    put(server, "INBOX", *(mail(number) for number in range(PAGE_MESSAGES + 1)))
    first = next(folders_of(dovecot, "Gone", "INBOX").fetch(None))
    assert "'Gone'" in first.notices[0]


def test_the_health_of_the_source_tells_of_a_missing_folder_and_the_cursor_stays(dovecot: DovecotMailbox, server: IMAP4, tmp_path: Path):
    put(server, "INBOX", mail(1))
    with closing(DuckDBStore(tmp_path / "allears.duckdb", StoppedClock())) as store:
        for new in (1, 0):
            gathered = gather(folders_of(dovecot, "Gone", "INBOX"), store, StoppedClock())
            assert (gathered.new_items, gathered.known) == (new, 0)
            assert "'Gone'" in str(gathered.error)
        (health,) = store.source_health()
        assert "'Gone'" in str(health.error)


def test_the_same_mail_in_two_folders_is_one_item(dovecot: DovecotMailbox, server: IMAP4, tmp_path: Path):
    put(server, "INBOX", mail(1), mail(2))
    put(server, "Shop", mail(1))
    with closing(DuckDBStore(tmp_path / "allears.duckdb", StoppedClock())) as store:
        gathered = gather(folders_of(dovecot, "INBOX", "Shop"), store, StoppedClock())
        assert (gathered.new_items, gathered.known) == (2, 1)


def test_a_large_folder_does_not_keep_a_small_one_waiting(dovecot: DovecotMailbox, server: IMAP4):
    put(server, "INBOX", *(mail(number) for number in range(3 * PAGE_MESSAGES)))
    put(server, "Shop", mail(1000))
    fetch = folders_of(dovecot, "INBOX", "Shop").fetch(None)
    next(fetch)
    assert subjects([next(fetch)]) == ["Letter 1000"]


def test_a_start_date_bounds_the_way_back_and_what_is_older_is_not_looked_for_again(dovecot: DovecotMailbox, server: IMAP4):
    for number in range(4):
        server.append("INBOX", "", f'"01-Jan-202{number} 10:00:00 +0000"', mail(number))
    source = connector(dovecot, since="2022-01-01")
    (page,) = source.fetch(None)
    assert subjects([page]) == ["Letter 3", "Letter 2"]
    assert page.cursor is not None
    assert page.cursor.value.count(":") == 2, "nothing is left to read: the place is UIDVALIDITY and the highest UID"


@pytest.mark.parametrize("seed", range(4))
def test_stopped_after_any_page_while_mail_comes_and_goes_everything_is_read(dovecot: DovecotMailbox, server: IMAP4, seed: int):
    chance = random.Random(seed)
    names = ("INBOX", "Shop")
    source = folders_of(dovecot, *names)
    cursor: Cursor | None = None
    read: set[str] = set()
    sent = deleted = 0
    for _ in range(8):
        for name in names:
            arriving = chance.choice((0, 1, 3, 70))
            put(server, name, *(mail(sent + number) for number in range(arriving)))
            sent += arriving
        if chance.random() < 0.4:
            deleted += remove_some(server, chance.choice(names), chance)
        pages = some(source, cursor, chance.choice((0, 1, 2, 5)))
        for page in pages:
            numbers = [int(str(subject).split()[1]) for subject in subjects([page])]
            assert all(newer > older for newer, older in pairwise(numbers))
        read |= set(map(str, subjects(pages)))
        cursor = pages[-1].cursor if pages else cursor
    pages = list(source.fetch(cursor))
    read |= set(map(str, subjects(pages)))
    assert there(server, names) <= read
    assert list(source.fetch(pages[-1].cursor if pages else cursor)) == []
    assert len(read) >= sent - deleted > 0


def some(source: EmailConnector, cursor: Cursor | None, count: int) -> list[Page]:
    """So many pages, then the fetch is abandoned as a process is that is killed."""
    fetch = source.fetch(cursor)
    return [page for page, _ in zip(fetch, range(count), strict=False)]


def remove_some(server: IMAP4, folder: str, chance: random.Random) -> int:
    _, (count, *_) = server.select(quoted(folder))
    gone = [number for number in range(1, int(count or 0) + 1) if chance.random() < 0.3]
    if gone:
        server.store(",".join(map(str, gone)), "+FLAGS", r"(\Deleted)")
        server.expunge()
    return len(gone)


def there(server: IMAP4, folders: tuple[str, ...]) -> set[str]:
    """The subjects of everything that is on the server now."""
    found: set[str] = set()
    for folder in folders:
        _, (count, *_) = server.select(quoted(folder), readonly=True)
        if int(count or 0):
            _, answers = server.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            found |= {each[1].decode().partition(":")[2].strip() for each in answers if isinstance(each, tuple)}
    return found
