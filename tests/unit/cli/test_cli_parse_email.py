import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Command

LETTER = (
    b"From: Jo Marsh <jo@customers.example>\r\nTo: help@northwind.example\r\nSubject: Late\r\nMessage-ID: <1@customers.example>\r\n"
    b"Date: Thu, 19 Nov 2026 10:42:00 +0000\r\nIn-Reply-To: <0@northwind.example>\r\n\r\n"
    b"It is still not here.\r\n\r\nOn Wed, 18 Nov 2026 at 09:00, Northwind <help@northwind.example> wrote:\r\n> It will come tomorrow.\r\n"
)
KEYS = {
    "path",
    "message_id",
    "from_email",
    "from_name",
    "to",
    "subject",
    "sent_at",
    "text",
    "quoted",
    "in_reply_to",
    "references",
    "automated",
    "bounce",
    "attachments",
    "language",
}


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "one.eml").write_bytes(LETTER)
    (folder / "two").write_bytes(LETTER.replace(b"<1@", b"<2@"))
    (folder / "both.box").write_bytes(b"".join(b"From jo Thu Nov 19 10:42:00 2026\r\n" + LETTER + b"\r\n" for _ in range(2)))
    (folder / "broken.eml").write_bytes(b"")
    return folder


def test_one_document_a_message(allears: Command, letters: Path):
    answer = allears("parse-email", str(letters / "one.eml"))
    assert answer.status == 0
    (report,) = (json.loads(line) for line in answer.out.splitlines())
    assert report.keys() >= KEYS
    assert report["message_id"] == "1@customers.example"
    assert report["text"] == "It is still not here."
    assert "It will come tomorrow." in report["quoted"]


def test_folders_mboxes_and_what_cannot_be_parsed(allears: Command, letters: Path):
    answer = allears("parse-email", "--json", str(letters), str(letters / "one.eml"))
    reports = [json.loads(line) for line in answer.out.splitlines()]
    assert sum("rejected" not in report for report in reports) == 5
    (rejected,) = (report for report in reports if "rejected" in report)
    assert rejected["path"].endswith("broken.eml")
    assert rejected["rejected"]["error"]


def test_a_path_that_is_not_there(allears: Command, letters: Path):
    answer = allears("parse-email", str(letters / "gone.eml"))
    assert answer.status == 2
    assert "gone.eml" in answer.err
