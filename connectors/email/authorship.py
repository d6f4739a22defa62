"""Whose words a mail carries: its sender's, or those of someone for whom the sender is only the messenger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from connectors.email.forms import Form, form_of, is_service
from connectors.email.headers import Mailbox
from connectors.email.machine import is_notifier
from connectors.email.message import Mail
from connectors.email.parts import attached_prose
from connectors.email.phrases import FORWARD_SUBJECT, REPLY_SUBJECT
from connectors.email.reply import Split, split


@dataclass(frozen=True, slots=True)
class Words:
    """Someone's own words and who that is. `quoted` is what was taken off; `via` names the messenger, `form` what was filled in."""

    author: Mailbox | None
    text: str
    quoted: str | None
    form: Form | None = None
    via: str | None = None


def newly_written(mail: Mail) -> Split:
    """The sender's own words: those of the mail, or what was written into an attached text instead."""
    subject = mail.headers.get("subject")
    is_reply = "in-reply-to" in mail.headers or "references" in mail.headers or bool(REPLY_SUBJECT.match(subject))
    part = split(mail.text, is_reply=is_reply, is_forward=bool(FORWARD_SUBJECT.match(subject)))
    attached = attached_prose(mail.attachments) if part.is_whole and part.forwarded is None else ""
    return replace(part, text=attached, quoted=mail.text.strip() or None) if attached else part


def words(mail: Mail, is_own: Callable[[str], bool]) -> Words:
    """Whose words these are. `is_own` tells the business's own addresses."""
    sender = next(iter(mail.headers.mailboxes("from")), None) or next(iter(mail.headers.mailboxes("sender")), None)
    own = sender is not None and is_own(sender.address)
    form = _form(mail, sender, is_own)
    if form:
        return form
    part = newly_written(mail)
    if own and sender:
        passed_on = _passed_on(mail, part, sender, is_own)
        if passed_on:
            return passed_on
    elif part.forwarded and not (part.forwarded.sender and is_own(part.forwarded.sender.address)):
        return _with_forwarded(sender, part)
    author = _behind_group(mail, sender, own=own, is_own=is_own)
    rewritten = sender is not None and author is not None and author.address.lower() != sender.address.lower()
    return Words(author, part.text, part.quoted, via=sender.address if sender and rewritten else None)


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


def _form(mail: Mail, sender: Mailbox | None, is_own: Callable[[str], bool]) -> Words | None:
    """A contact form's notification, from the business's own site, a service or an address that nobody can answer."""
    address = sender.address if sender else ""
    from_machine = is_own(address) or is_service(address) or is_notifier(address)
    replies_to = next((box for box in mail.headers.mailboxes("reply-to") if not is_own(box.address)), Mailbox("", ""))
    form = form_of(mail.text, from_service=is_service(address)) if from_machine or replies_to.address else None
    if form is None:
        return None
    author = form.author if form.author.address else replace(replies_to, name=form.author.name or replies_to.name)
    if not author.address or not (from_machine or author.address.lower() == replies_to.address.lower() != address.lower()):
        return None
    return Words(author, form.message, form.rest or None, form=form, via=address or None)


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
