"""Whose words a mail carries: its sender's, or those of someone for whom the sender is only the messenger."""

# ruff: noqa: RUF001 - labels and colons of other scripts are meant

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from connectors.email.headers import Mailbox
from connectors.email.machine import is_notifier
from connectors.email.message import Mail
from connectors.email.phrases import FORWARD_SUBJECT, REPLY_SUBJECT
from connectors.email.reply import Split, split

_NAME = r"(?:your |full |first )?name|vor- und nachname|nom|nombre|nome|naam|namn|imię i nazwisko|お名前|氏名"
_EMAIL = r"(?:your )?e-?mail(?: ?address|-adresse|adresse)?|courriel|adresse e-?mail|correo(?: electrónico)?|e-?mailadres|"
r"e-post(?:adress)?|メールアドレス|メール"
_MESSAGE = r"(?:your )?(?:message|comments?|enquiry|inquiry|feedback|question)|nachricht|anliegen|mitteilung|mensaje|messaggio|"
r"mensagem|bericht|meddelande|wiadomość|お問い合わせ内容|内容"
_FIELD = re.compile(
    rf"^\s*\W{{0,3}}(?:(?P<name>{_NAME})|(?P<email>{_EMAIL})|(?P<message>{_MESSAGE}))\s*\*{{0,2}}\s*[:：]\*{{0,2}}\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"^(?:--|[-_=]{3,}|this e-?mail was sent from|diese e-?mail wurde|sent from your website|time:|ip:|page url:|remote ip:|user agent:)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,64}@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Words:
    """Someone's own words and who that is. `quoted` is what was taken off; `via` names the messenger, if any."""

    author: Mailbox | None
    text: str
    quoted: str | None
    is_form: bool = False
    via: str | None = None


def newly_written(mail: Mail) -> Split:
    """The sender's own words."""
    subject = mail.headers.get("subject")
    is_reply = "in-reply-to" in mail.headers or "references" in mail.headers or bool(REPLY_SUBJECT.match(subject))
    return split(mail.text, is_reply=is_reply, is_forward=bool(FORWARD_SUBJECT.match(subject)))


def words(mail: Mail, is_own: Callable[[str], bool]) -> Words:
    """Whose words these are. `is_own` tells the business's own addresses."""
    sender = next(iter(mail.headers.mailboxes("from")), None) or next(iter(mail.headers.mailboxes("sender")), None)
    own = sender is not None and is_own(sender.address)
    form = _form(mail, sender, own=own)
    if form:
        return form
    part = newly_written(mail)
    if own and sender:
        passed_on = _passed_on(mail, part, sender, is_own)
        if passed_on:
            return passed_on
    elif part.forwarded and part.forwarded.sender and not is_own(part.forwarded.sender.address):
        return _with_forwarded(sender, part)
    return Words(_behind_group(mail, sender, own=own, is_own=is_own), part.text, part.quoted)


def _passed_on(mail: Mail, part: Split, sender: Mailbox, is_own: Callable[[str], bool]) -> Words | None:
    """A complaint that our own people pass on belongs to whoever wrote it."""
    enclosed = mail.enclosed[0] if mail.enclosed else None
    if enclosed:
        author = next(iter(enclosed.headers.mailboxes("from")), None)
        if author and not is_own(author.address):
            inner = newly_written(enclosed)
            return Words(author, inner.text, _join(part.text, inner.quoted), via=sender.address)
    author = part.forwarded.sender if part.forwarded else None
    if author is None or is_own(author.address) or not part.forwarded_text:
        return None
    inner = split(part.forwarded_text, is_reply=True)
    return Words(author, inner.text, _join(part.text if part.text != inner.text else None, inner.quoted), via=sender.address)


def _with_forwarded(sender: Mailbox | None, part: Split) -> Words:
    """A customer who passes on another's words (a daughter for her mother) means those words too."""
    inner = split(part.forwarded_text, is_reply=True)
    note = part.text if part.text != inner.text else ""
    return Words(sender, "\n\n".join(filter(None, (note, inner.text))), inner.quoted)


def _form(mail: Mail, sender: Mailbox | None, *, own: bool) -> Words | None:
    """A contact form's notification: "Name: … Email: … Message: …", sent by the business's own site."""
    fields, message, rest = _fields(mail.text)
    address = _ADDRESS.search(fields.get("email", ""))
    if not address or not message:
        return None
    replies_to = {box.address.lower() for box in mail.headers.mailboxes("reply-to")}
    if not (own or (sender and is_notifier(sender.address)) or address[0].lower() in replies_to):
        return None
    return Words(Mailbox(fields.get("name", ""), address[0]), message, rest or None, is_form=True, via=sender.address if sender else None)


def _fields(text: str) -> tuple[dict[str, str], str, str]:
    """Form fields by kind, the message (all lines from its field to the footer), and the lines of neither."""
    fields: dict[str, str] = {}
    message: list[str] | None = None
    rest: list[str] = []
    closed = False
    for line in text.split("\n"):
        match = None if message else _FIELD.match(line[:500])
        if match and match["message"] and message is None:
            message = [match["value"]]
        elif match and message is None:
            fields.setdefault("name" if match["name"] else "email", match["value"].strip())
            rest.append(line)
        elif message is not None and not closed and not _FOOTER.match(line):
            message.append(line)
        else:
            closed = closed or message is not None
            rest.append(line)
    return fields, "\n".join(message or ()).strip(), "\n".join(rest).strip()


def _behind_group(mail: Mail, sender: Mailbox | None, *, own: bool, is_own: Callable[[str], bool]) -> Mailbox | None:
    """Groups rewrite the sender ("Jo via Support"); the writer is in X-Original-Sender or Reply-To."""
    original = next(iter(mail.headers.mailboxes("x-original-sender")), None)
    if original and not is_own(original.address):
        return replace(original, name=sender.name.split(" via ")[0].strip("'\"") if sender else "")
    replies_to = next(iter(mail.headers.mailboxes("reply-to")), None)
    if own and replies_to and not is_own(replies_to.address):
        return replies_to if replies_to.name or sender is None else replace(replies_to, name=sender.name)
    return sender


def _join(*parts: str | None) -> str | None:
    return "\n\n".join(part for part in parts if part) or None
