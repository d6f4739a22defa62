"""One raw mail as one feedback item. Pure: no network, no clock of its own."""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from allears.domain.feedback import Automated, Channel, FeedbackItem, SourceName
from connectors.email.authentication import sender_checked
from connectors.email.authorship import Words, words
from connectors.email.bounce import bounce_of, returned_id
from connectors.email.headers import Headers, Mailbox, date
from connectors.email.machine import automated, spam
from connectors.email.message import Mail, read
from connectors.email.parts import WINMAIL, attached_text, listing

_LONGEST_ID = 500
_RECIPIENT_HEADERS = ("delivered-to", "x-original-to", "to", "cc")
_MOST_RECIPIENTS = 20


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading needs to know beside the message: its source, our own addresses (wildcards allowed), and the time."""

    source: SourceName
    own_addresses: tuple[str, ...]
    now: datetime

    def is_own(self, address: str) -> bool:
        """Whether an address is the business's own."""
        return any(fnmatch.fnmatchcase(address.lower(), pattern.lower()) for pattern in self.own_addresses)


def parse(
    raw: bytes, reading: Reading, *, external_id: str | None = None, name: str | None = None, arrived_at: datetime | None = None
) -> FeedbackItem:
    """Read one message. Raises RecordRejected where it is no mail at all.

    `external_id` overrides the Message-ID, `name` stands in where there is none. `arrived_at` (aware) is when the server
    took it, the latest it can be dated.
    """
    mail = read(raw)
    said = words(mail, reading.is_own)
    latest = min(arrived_at or reading.now, reading.now)
    own_id = external_id or message_id(mail.headers) or name or digest(raw)
    machine = _automated(mail, said, reading.is_own)
    return FeedbackItem(
        source=reading.source,
        channel=Channel.EMAIL,
        external_id=own_id,
        received_at=min(_written_at(mail.headers) or latest, latest),
        text=said.text,
        author=_name(said.author),
        contact=f"email:{said.author.address.lower()}" if said.author and said.author.address else None,
        title=(said.form.subject if said.form else "") or mail.headers.get("subject") or None,
        quoted=said.quoted,
        thread_id=next(iter((*mail.headers.ids("references"), *mail.headers.ids("in-reply-to"))), own_id),
        references=references(mail.headers),
        automated=machine,
        spam=spam(mail),
        extra=_extra(mail, said, machine),
    )


def message_id(headers: Headers) -> str | None:
    """The Message-ID without angle brackets, None where there is no usable one."""
    found = headers.ids("message-id")
    bare = found[0] if found else headers.get("message-id").strip("<> ")
    return bare[:_LONGEST_ID] or None


def digest(raw: bytes) -> str:
    """A stable id for a message that has none."""
    return f"sha256-{hashlib.sha256(raw).hexdigest()}"


def references(headers: Headers) -> tuple[str, ...]:
    """Ids of the messages it answers, the nearest first."""
    return tuple(dict.fromkeys((*headers.ids("in-reply-to"), *reversed(headers.ids("references")))))


def _written_at(headers: Headers) -> datetime | None:
    """When it was sent; without a readable date, when the last server took it."""
    sent = headers.date("date")
    received = (date(trace.rpartition(";")[2]) for trace in headers.all("received"))
    return sent or next((at.astimezone(UTC) for at in received if at), None)


def _name(author: Mailbox | None) -> str | None:
    return author.name or None if author else None


def _automated(mail: Mail, said: Words, is_own: Callable[[str], bool]) -> Automated | None:
    """A machine that carries a person's words (a form, a colleague's forward) is no machine."""
    if said.form:
        return None
    groups = [host for host in mail.headers.get("list-id").rpartition("<")[2].strip("<> ").split() if host]
    own_list = any(is_own(f"anyone@{host.split('.', 1)[-1]}") or is_own(host.replace(".", "@", 1)) for host in groups)
    return automated(mail, own_list=own_list)


def _recipients(headers: Headers) -> list[str]:
    """Whom it was sent to, as far as it says: an answer to one of our mails goes to an address of its own."""
    named = (box.address.lower() for name in _RECIPIENT_HEADERS for box in headers.mailboxes(name))
    return list(dict.fromkeys(named))[:_MOST_RECIPIENTS]


def _extra(mail: Mail, said: Words, machine: Automated | None) -> dict[str, str]:
    """Facts for people and later steps: what was attached, who passed it on, what bounced."""
    bounce = bounce_of(mail) if machine is Automated.BOUNCE else None
    facts = {
        "attachments": listing(mail.attachments),
        "attached_text": attached_text(mail.attachments),
        "encrypted": mail.encrypted or "",
        "calendar": mail.invitation.line if mail.invitation else "",
        "invited": "yes" if mail.invitation and mail.invitation.wants_answer else "",
        "note": WINMAIL if any(each.is_winmail for each in mail.attachments) else "",
        "form": "\n".join(said.form.others) if said.form else "",
        "via": said.via or "",
        "sent_to": "\n".join(_recipients(mail.headers)),
        "sender_checked": sender_checked(mail.headers) or "",
        "bounced_recipient": (bounce.recipient or "") if bounce else "",
        "bounced_status": (bounce.status or "") if bounce else "",
        "bounced_permanent": "yes" if bounce and bounce.permanent else "",
        "bounced_message": (returned_id(mail) or "") if bounce else "",
    }
    return {key: value for key, value in facts.items() if value}
