"""Servers that fail at one message, or at all of them: the others come, no cursor is stuck, and nothing is blamed wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from allears.domain.feedback import SourceName
from allears.errors import AuthenticationError, TransientError
from allears.intake import gather
from connectors.context import SourceContext
from connectors.email.connector import EmailConnector
from connectors.email.imap import ImapMailbox
from connectors.email.letters import PAGE_MESSAGES, Bag
from connectors.email.settings import EmailSettings
from tests.builders import a_store
from tests.integration.broken_imap import EVERY, PASSWORD, BrokenImap, broken
from tests.integration.imap_source import StoppedClock, mail

SOME = range(1, 2 * PAGE_MESSAGES + 21)
POISON = 77


def mails(numbers: Sequence[int] = SOME) -> dict[int, bytes]:
    return {number: mail(number) for number in numbers}


def mailbox(imap: BrokenImap, pauses: Sequence[float] = (0.0, 0.0)) -> ImapMailbox:
    return ImapMailbox(imap.account(), ["INBOX"], pauses=pauses)


def read(bags: Sequence[Bag]) -> set[bytes]:
    return {letter.raw for bag in bags for letter in bag.letters if letter.problem is None}


def problems(bags: Sequence[Bag]) -> list[str]:
    return [letter.problem for bag in bags for letter in bag.letters if letter.problem]


@pytest.mark.parametrize("only", ["RFC822.SIZE", "BODY.PEEK[]", ""])
@pytest.mark.parametrize("way", ["drop", "half", "no", "bye", "hang", "nothing"])
def test_one_message_at_which_the_server_fails_does_not_hold_up_the_others(way: str, only: str):
    with broken(BrokenImap(mails(), {POISON: way}, only=only)) as imap:
        bags = list(mailbox(imap).bags(None))
        (problem,) = problems(bags)
        assert f"UID {POISON} in INBOX" in problem
        assert "3 times" in problem
        assert read(bags) == set(mails().values()) - {mail(POISON)}
        assert list(mailbox(imap).bags(bags[-1].cursor)) == []
        assert imap.logins <= 10


def test_what_is_known_of_such_a_message_is_kept():
    with broken(BrokenImap(mails(), {POISON: "drop"}, only="BODY.PEEK[])")) as imap:
        (letter,) = [letter for bag in mailbox(imap).bags(None) for letter in bag.letters if letter.problem]
        assert letter.raw == mail(POISON).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        assert letter.name == f"imap:INBOX:9:{POISON}"
        assert letter.problem is not None
        assert "arrived 2026-02-01 10:00 UTC" in letter.problem


def test_it_goes_to_quarantine_and_the_source_is_well(tmp_path: Path):
    with (
        broken(BrokenImap(mails([1, 2, 3]), {2: "no"}, only="BODY.PEEK[]")) as imap,
        closing(a_store(tmp_path / "allears.duckdb", StoppedClock())) as store,
    ):
        context = SourceContext(SourceName("support"), tmp_path, StoppedClock(), SecretStr(PASSWORD))
        source = EmailConnector(context, EmailSettings(url=f"imap://jo@127.0.0.1:{imap.port}"))
        gathered = gather(source, store, StoppedClock())
        assert (gathered.new_items, gathered.new_quarantined, gathered.error) == (2, 1, None)
        (held,) = store.quarantine()
        assert "UID 2 in INBOX" in held.error
        again = gather(source, store, StoppedClock())
        assert (again.new_items, again.new_quarantined, again.known) == (0, 0, 0)


@pytest.mark.parametrize("failures", [1, 2, 3])
def test_a_connection_that_breaks_in_the_middle_of_a_page_costs_no_message(failures: int):
    """One failure is the page's, and two are the message's own: a third try is left."""
    with broken(BrokenImap(mails(), {POISON: "half"}, only="BODY.PEEK[]", failures=failures)) as imap:
        bags = list(mailbox(imap).bags(None))
        assert problems(bags) == []
        assert read(bags) == set(mails().values())


@pytest.mark.parametrize("way", ["drop", "no", "nothing", "hang"])
def test_a_server_that_gives_no_message_at_all_is_at_fault_itself(way: str):
    with broken(BrokenImap(mails(), {EVERY: way}, only="BODY.PEEK[]")) as imap:
        with pytest.raises(TransientError, match="no message now"):
            list(mailbox(imap).bags(None))
        assert imap.logins < 15


def test_a_server_that_fails_half_way_keeps_the_place_it_was_at():
    with broken(BrokenImap(mails())) as imap:
        fetch = mailbox(imap).bags(None)
        first = next(fetch)
        imap.at_uid[EVERY] = "drop"
        with pytest.raises(TransientError):
            list(fetch)
        imap.at_uid.clear()
        assert read([first, *mailbox(imap).bags(first.cursor)]) == set(mails().values())


def test_many_such_messages_in_a_row_are_each_put_aside():
    bad = range(20, 20 + PAGE_MESSAGES + 15)
    with broken(BrokenImap(mails(), dict.fromkeys(bad, "no"), only="BODY.PEEK[]")) as imap:
        bags = list(mailbox(imap).bags(None))
        assert len(problems(bags)) == len(bad)
        assert read(bags) == {mail(number) for number in SOME if number not in bad}


def test_where_the_only_new_message_is_such_a_one_the_old_ones_tell_that_the_server_is_well():
    with broken(BrokenImap(mails([1, 2, 3]))) as imap:
        *_, last = mailbox(imap).bags(None)
        imap.messages[4] = mail(4)
        imap.at_uid[4] = "drop"
        (bag,) = mailbox(imap).bags(last.cursor)
        assert len(problems([bag])) == 1
        assert list(mailbox(imap).bags(bag.cursor)) == []


def test_where_it_is_the_only_message_of_all_it_waits_for_another():
    with broken(BrokenImap(mails([1]), {1: "drop"})) as imap:
        with pytest.raises(TransientError, match="no message now"):
            list(mailbox(imap).bags(None))
        imap.messages[2] = mail(2)
        bags = list(mailbox(imap).bags(None))
        assert read(bags) == {mail(2)}
        assert len(problems(bags)) == 1


@pytest.mark.parametrize("way", ["drop", "no", "bye", "hang", "busy"])
@pytest.mark.parametrize("command", ["GREETING", "CAPABILITY", "EXAMINE", "SEARCH"])
def test_a_server_that_fails_at_any_command_is_tried_again_later(command: str, way: str):
    with broken(BrokenImap(mails([1]), at_command={command: way})) as imap, pytest.raises(TransientError, match=r"127\.0\.0\.1"):
        list(mailbox(imap).bags(None))


@pytest.mark.parametrize("way", ["drop", "bye", "hang", "busy"])
def test_a_server_that_takes_no_logins_now_is_no_reason_to_doubt_the_password(way: str):
    with broken(BrokenImap(at_command={"LOGIN": way})) as imap, pytest.raises(TransientError):
        list(mailbox(imap).bags(None))


def test_what_a_server_says_to_a_refused_login_is_told_without_the_password():
    with broken(BrokenImap()) as imap, pytest.raises(AuthenticationError, match="AUTHENTICATIONFAILED") as caught:
        ImapMailbox(imap.account(password="hunter2"), ["INBOX"]).check()
    assert "hunter2" not in str(caught.value)


def test_a_refused_account_is_tried_once_however_many_folders_it_has():
    with broken(BrokenImap()) as imap:
        for trial in (lambda box: list(box.bags(None)), ImapMailbox.check):
            imap.logins = 0
            with pytest.raises(AuthenticationError):
                trial(ImapMailbox(imap.account(password="wrong"), ["A", "B", "C"]))
            assert imap.logins == 1


@pytest.mark.parametrize("only", ["RFC822.SIZE", "BODY.PEEK[]"])
@pytest.mark.parametrize("way", ["gone", "gone no"])
def test_a_message_that_is_deleted_while_it_is_asked_for_is_none_that_fails(way: str, only: str):
    with broken(BrokenImap(mails(), {POISON: way}, only=only)) as imap:
        bags = list(mailbox(imap).bags(None))
        assert problems(bags) == []
        assert read(bags) == set(mails().values()) - {mail(POISON)}
