"""What `allears parse-email` says of files and folders of mail: one object a message, unreadable ones included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NotRequired, TypedDict

from allears.domain.feedback import Automated
from allears.errors import RecordRejected
from connectors.email.authorship import newly_written
from connectors.email.bounce import bounce_of
from connectors.email.headers import Mailbox
from connectors.email.machine import automated
from connectors.email.mbox import looks_like_mbox, messages
from connectors.email.message import Mail, read
from connectors.email.parse import message_id, references

_MOST_BYTES = 64 * 1024 * 1024


class BounceReport(TypedDict):
    """A failed delivery."""

    recipient: str | None
    status: str | None
    permanent: bool


class AttachmentReport(TypedDict):
    """A part beside the text; size in bytes, decoded."""

    filename: str | None
    content_type: str
    size: int


class Rejection(TypedDict):
    """Why a message could not be read."""

    error: str


class MailReport(TypedDict):
    """One message; everything but `path` is missing where it was `rejected`."""

    path: str
    rejected: NotRequired[Rejection]
    message_id: NotRequired[str | None]
    from_email: NotRequired[str | None]
    from_name: NotRequired[str | None]
    to: NotRequired[list[str]]
    subject: NotRequired[str | None]
    sent_at: NotRequired[str | None]
    text: NotRequired[str]
    quoted: NotRequired[str | None]
    in_reply_to: NotRequired[str | None]
    references: NotRequired[list[str]]
    automated: NotRequired[str | None]
    bounce: NotRequired[BounceReport | None]
    attachments: NotRequired[list[AttachmentReport]]
    encrypted: NotRequired[str | None]
    language: NotRequired[str]


def describe(path: Path, detect: Callable[[str], str]) -> Iterator[MailReport]:
    """Reports on a file (one message or an mbox), or on every file below a folder, in the order of their names.

    `detect` gives the ISO 639-1 code of a text. A missing or unreadable file is a rejection, never an error.
    """
    for file in _files(path):
        try:
            yield from (_describe(file, raw, detect) for raw in _raw_messages(file))
        except OSError as error:
            yield {"path": str(file), "rejected": {"error": f"it cannot be opened: {error.strerror}"}}


def _files(path: Path) -> Iterable[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else (path,)


def _raw_messages(file: Path) -> Iterator[bytes]:
    """Messages of a file; more than 64 MB of one are not read."""
    with file.open("rb") as stream:
        start = stream.read(4096)
        stream.seek(0)
        if looks_like_mbox(start):
            yield from (message.raw for message in messages(stream, _MOST_BYTES))
        else:
            yield stream.read(_MOST_BYTES)


def _describe(file: Path, raw: bytes, detect: Callable[[str], str]) -> MailReport:
    try:
        return _report(file, read(raw), detect)
    except RecordRejected as error:
        return {"path": str(file), "rejected": {"error": str(error)}}


def _report(file: Path, mail: Mail, detect: Callable[[str], str]) -> MailReport:
    headers = mail.headers
    senders = (*headers.mailboxes("from"), *headers.mailboxes("sender"), Mailbox("", ""))
    sent_at = headers.date("date")
    written = newly_written(mail)
    machine = automated(mail)
    bounce = bounce_of(mail) if machine is Automated.BOUNCE else None
    return {
        "path": str(file),
        "message_id": message_id(headers),
        "from_email": senders[0].address or None,
        "from_name": senders[0].name or None,
        "to": [box.address for box in headers.mailboxes("to")],
        "subject": headers.get("subject") or None,
        "sent_at": sent_at.isoformat() if sent_at else None,
        "text": written.text,
        "quoted": written.quoted,
        "in_reply_to": next(iter(headers.ids("in-reply-to")), None),
        "references": list(references(headers)),
        "automated": machine.value if machine else None,
        "bounce": {"recipient": bounce.recipient, "status": bounce.status, "permanent": bounce.permanent} if bounce else None,
        "attachments": [{"filename": each.filename, "content_type": each.content_type, "size": each.size} for each in mail.attachments],
        "encrypted": mail.encrypted,
        "language": detect(written.text),
    }
