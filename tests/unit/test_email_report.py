"""What `parse-email` says of files and folders."""

import json
from pathlib import Path

from connectors.email.report import MailReport, describe

SPECIMENS = Path(__file__).parent.parent / "specimens" / "email"


def english(text: str) -> str:
    return "en" if text else "und"


def of(path: Path) -> list[MailReport]:
    return list(describe(path, english))


def test_a_message_is_told_with_every_field() -> None:
    (report,) = of(SPECIMENS / "inline_answers.eml")
    assert report["text"] == "Hello Ruth,\n\nRed.\n\nLarge."
    assert report["from_email"] == "Jo@customers.example"
    assert report["to"] == ["support@northwind.example"]
    assert report["sent_at"] == "2026-11-02T09:00:00+00:00"
    assert report["in_reply_to"] == "answer.1@northwind.example"
    assert (report["automated"], report["bounce"], report["language"]) == (None, None, "en")
    assert json.loads(json.dumps(report)) == report


def test_a_bounce_tells_for_whom_and_whether_for_good() -> None:
    (report,) = of(SPECIMENS / "bounce.eml")
    assert report["bounce"] == {"recipient": "jo@customers.example", "status": "5.1.1", "permanent": True}


def test_attachments_have_names_types_and_sizes() -> None:
    (report,) = of(SPECIMENS / "attachments.eml")
    assert report["attachments"] == [{"filename": "bäg.png", "content_type": "image/png", "size": 5}]


def test_a_folder_gives_every_file_and_goes_on_after_a_bad_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(500))
    (tmp_path / "b.txt").write_text("Just words.")
    (tmp_path / "c.mbox").write_text(
        "From jo Mon Nov  2 10:00:00 2026\nFrom: j@x.y\n\nOne\n\nFrom jo Mon Nov  2 10:00:01 2026\nFrom: j@x.y\n\nTwo\n"
    )
    reports = of(tmp_path)
    assert [Path(report["path"]).name for report in reports] == ["a", "b.txt", "c.mbox", "c.mbox"]
    assert "rejected" in reports[0]
    assert [report["text"] for report in reports[1:]] == ["Just words.", "One", "Two"]


def test_a_missing_file_is_a_rejection(tmp_path: Path) -> None:
    assert "cannot be opened" in of(tmp_path / "none.eml")[0]["rejected"]["error"]
