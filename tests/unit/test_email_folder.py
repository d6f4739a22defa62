"""Maildirs, mboxes and folders of .eml files: what comes, what comes again, and what is kept out."""

import os
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from allears.domain.feedback import Cursor, Original, Page, SourceName
from allears.errors import AuthenticationError, ConfigurationError
from connectors.context import SourceContext
from connectors.email import letters
from connectors.email.connector import EmailConnector
from connectors.email.settings import EmailSettings


class StoppedClock:
    def now(self) -> datetime:
        return datetime(2030, 1, 1, tzinfo=UTC)


def mail(number: int | str, body: str = "The parcel never came.") -> bytes:
    return f"From: Jo <jo@customers.example>\nSubject: Letter {number}\nMessage-ID: <{number}@customers.example>\n\n{body}\n".encode()


def connector(base: Path, url: str, since: date | None = None) -> EmailConnector:
    return EmailConnector(SourceContext(SourceName("support"), base, StoppedClock()), EmailSettings(url=url, since=since))


def subjects(pages: list[Page]) -> list[str | None]:
    return sorted(str(item.title) for page in pages for item in page.items)


def later(cursor: Cursor | None) -> Cursor:
    """A cursor as it stands when the clock's overlap has passed."""
    assert cursor is not None
    return Cursor(str(int(cursor.value) + 121 * 10**9))


def maildir(base: Path) -> Path:
    for name in ("cur", "new", "tmp"):
        (base / "box" / name).mkdir(parents=True)
    return base / "box"


def test_a_maildir_gives_new_and_seen_mail_but_nothing_half_delivered(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    (box / "new" / "1.a.host").write_bytes(mail(1))
    (box / "cur" / "2.b.host:2,S").write_bytes(mail(2))
    (box / "tmp" / "3.c.host").write_bytes(mail(3))
    assert subjects(list(connector(tmp_path, "maildir:box").fetch(None))) == ["Letter 1", "Letter 2"]


def test_a_message_without_an_id_keeps_its_name_when_it_is_read(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    (box / "new" / "1.a.host").write_bytes(b"From: jo@customers.example\n\nHello\n")
    (before,) = connector(tmp_path, "maildir:box").fetch(None)
    (box / "new" / "1.a.host").rename(box / "cur" / "1.a.host:2,S")
    (after,) = connector(tmp_path, "maildir:box").fetch(None)
    assert before.items[0].external_id == after.items[0].external_id == "1.a.host"


def test_an_unchanged_folder_is_not_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(1))
    (page,) = connector(tmp_path, "eml:.").fetch(None)
    assert list(connector(tmp_path, "eml:.").fetch(later(page.cursor))) == []


def test_old_mail_that_is_put_there_later_is_not_missed(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(1))
    (page,) = connector(tmp_path, "eml:.").fetch(None)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "b.eml").write_bytes(mail(2))
    os.utime(tmp_path / "deeper" / "b.eml", (0, 0))
    assert "Letter 2" in subjects(list(connector(tmp_path, "eml:.").fetch(page.cursor)))


def test_pages_are_bounded_and_each_can_be_resumed(tmp_path: Path) -> None:
    for number in range(letters.FILE_PAGE_MESSAGES + 5):
        (tmp_path / f"{number:03}.eml").write_bytes(mail(number))
    pages = list(connector(tmp_path, "eml:.").fetch(None))
    assert [len(page.items) for page in pages] == [letters.FILE_PAGE_MESSAGES, 5]
    assert int(pages[0].cursor.value) <= int(pages[1].cursor.value) <= time.time_ns()  # type: ignore[union-attr] # both have one


def test_links_and_unfinished_files_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.write_bytes(mail("secret"))
    box = tmp_path / "box"
    box.mkdir()
    (box / "link.eml").symlink_to(outside)
    (box / "b.eml.part").write_bytes(mail(2))
    (box / ".c.eml").write_bytes(mail(3))
    (box / "d.eml").write_bytes(mail(4))
    assert subjects(list(connector(tmp_path, "eml:box").fetch(None))) == ["Letter 4"]


def test_a_huge_file_is_rejected_with_its_start_kept(tmp_path: Path) -> None:
    with (tmp_path / "a.eml").open("wb") as file:
        file.write(mail(1))
        file.truncate(letters.MOST_BYTES + 1)
    (page,) = connector(tmp_path, "eml:.").fetch(None)
    assert "25 MB" in page.rejected[0].error
    assert len(page.originals[0].body) == letters.START_BYTES


def test_an_unreadable_file_is_rejected_and_the_others_come(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(1))
    (tmp_path / "a.eml").chmod(0)
    if os.access(tmp_path / "a.eml", os.R_OK):
        pytest.skip("this user may open every file")
    (tmp_path / "b.eml").write_bytes(mail(2))
    (page,) = connector(tmp_path, "eml:.").fetch(None)
    assert (subjects([page]), page.rejected[0].external_id) == (["Letter 2"], "a.eml")


def test_a_message_that_cannot_be_read_is_rejected_with_its_original(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(bytes(range(256)) * 10)
    (page,) = connector(tmp_path, "eml:.").fetch(None)
    assert page.rejected[0].external_id == page.originals[0].external_id == "a.eml"
    assert page.originals[0].body == bytes(range(256)) * 10


def test_an_original_is_read_again_under_its_id(tmp_path: Path) -> None:
    item = connector(tmp_path, "eml:.").read(Original("a.eml", mail(1), "message/rfc822"))
    assert (item.external_id, item.text) == ("a.eml", "The parcel never came.")


def test_mail_from_before_the_start_date_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Date: Mon, 02 Nov 2020 10:00:00 +0000\n" + mail(1))
    (tmp_path / "b.eml").write_bytes(b"Date: Mon, 02 Nov 2026 10:00:00 +0000\n" + mail(2))
    (page,) = connector(tmp_path, "eml:.", since=date(2026, 1, 1)).fetch(None)
    assert (subjects([page]), len(page.originals)) == (["Letter 2"], 1)


def mbox(*messages: bytes) -> bytes:
    return b"".join(b"From jo@customers.example Mon Nov  2 10:00:%02d 2026\n" % n + raw + b"\n" for n, raw in enumerate(messages))


def test_an_mbox_is_resumed_at_its_last_message(tmp_path: Path) -> None:
    file = tmp_path / "box"
    file.write_bytes(mbox(mail(1), mail(2)))
    (page,) = connector(tmp_path, "mbox:box").fetch(None)
    assert subjects([page]) == ["Letter 1", "Letter 2"]
    file.write_bytes(mbox(mail(1), mail(2), mail(3)))
    assert subjects(list(connector(tmp_path, "mbox:box").fetch(page.cursor))) == ["Letter 2", "Letter 3"]


def test_a_rewritten_mbox_is_read_from_its_start(tmp_path: Path) -> None:
    file = tmp_path / "box"
    file.write_bytes(mbox(mail(1), mail(2), mail(3)))
    (page,) = connector(tmp_path, "mbox:box").fetch(None)
    file.write_bytes(mbox(mail(2), mail(4)))
    assert subjects(list(connector(tmp_path, "mbox:box").fetch(page.cursor))) == ["Letter 2", "Letter 4"]


def test_a_sentence_that_starts_with_from_splits_no_message(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(mbox(mail(1, "Hello.\n\nFrom now on I buy elsewhere."), mail(2)))
    (page,) = connector(tmp_path, "mbox:box").fetch(None)
    assert [item.text for item in page.items] == ["Hello.\n\nFrom now on I buy elsewhere.", "The parcel never came."]


def test_a_huge_message_in_an_mbox_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(mbox(mail(1, "x" * 70 + ("\n" + "x" * 1000) * 27_000), mail(2)))
    (page,) = connector(tmp_path, "mbox:box").fetch(None)
    assert (subjects([page]), len(page.rejected), len(page.originals[0].body)) == (["Letter 2"], 1, letters.START_BYTES)


def test_an_mbox_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    assert "no mail yet" in connector(tmp_path, "mbox:box").check()
    assert list(connector(tmp_path, "mbox:box").fetch(None)) == []


@pytest.mark.parametrize("url", ["eml:missing", "maildir:missing", "mbox:missing/box", "maildir:."])
def test_a_place_that_is_not_there_is_a_wrong_setting(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="url"):
        connector(tmp_path, url).check()
    with pytest.raises(ConfigurationError, match="url"):
        list(connector(tmp_path, url).fetch(None))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("imap://jo@mail.example/INBOX", "insecure"),
        ("pop3://jo@mail.example", "does not start like"),
        ("imaps://mail.example/INBOX", "names no user"),
        ("maildir:", "names no path"),
        ("imaps://jo@mail.example:99999/INBOX", "port"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(url: str, says: str) -> None:
    with pytest.raises(ValidationError, match=f"(?i){says}"):
        EmailSettings(url=url)


def test_a_missing_password_names_its_variable(tmp_path: Path) -> None:
    with pytest.raises(AuthenticationError, match="ALLEARS_SUPPORT_PASSWORD"):
        connector(tmp_path, "imaps://jo%40x.org@mail.example/INBOX").check()


def test_a_password_in_the_address_is_not_shown() -> None:
    assert "hush" not in repr(EmailSettings(url="imaps://jo:hush@mail.example/INBOX"))
