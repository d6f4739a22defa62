"""A mail, ready to be handed over: its facts rendered as text and HTML, and the headers around them.

The same step told to the same person always carries the same Message-ID, made from its outbox key and signed,
so that whoever delivers it can tell a repeat, and an answer can be told. All mails about one case answer one root id: one thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from allears.domain.case import Case, CaseId, Reply
from allears.domain.feedback import BY_MAIL
from allears.domain.people import Person
from allears.domain.records import CaseView, StoredItem
from allears.errors import ConfigurationError, RecordRejected
from allears.mail.contexts import (
    Applause,
    Letterhead,
    News,
    alert_context,
    applause_context,
    digest_context,
    moved_context,
    news_context,
    overdue_context,
    praise_context,
    receipt_context,
    reply_context,
    returned_context,
)
from allears.mail.headers import POLICY
from allears.mail.words import indented, one_line, quoted


@dataclass(frozen=True, slots=True)
class _Envelope:
    """Everything of a mail but its words. `thread` is a case's id, `copy_to` whoever gets it too."""

    to: Person
    key: str
    now: datetime
    copy_to: Person | None = None
    thread: str | None = None


def compose_alert(view: CaseView, owner: Person, letterhead: Letterhead, *, key: str, now: datetime) -> EmailMessage:
    """The mail that tells `owner` that a case is theirs; `view` has at least one item, `key` is its outbox key.

    Raises ConfigurationError when the sender's or the owner's address is none.
    """
    return _mail("alert", alert_context(view, owner, letterhead, now), letterhead, _Envelope(owner, key, now, thread=view.case.id))


def compose_digest(
    views: Sequence[CaseView], owner: Person, letterhead: Letterhead, *, key: str, now: datetime, counted: Sequence[Case] = ()
) -> EmailMessage:
    """The mail that tells `owner` of several cases at once: those in `views`, each with an item, and how many more are `counted`.

    Raises ConfigurationError when the sender's or the owner's address is none.
    """
    return _mail("digest", digest_context(views, counted, owner, letterhead, now), letterhead, _Envelope(owner, key, now))


def compose_moved(view: CaseView, person: Person, letterhead: Letterhead, *, key: str, now: datetime) -> EmailMessage:
    """The mail that tells `person`, who had the case, who has it now, and why.

    Raises ConfigurationError when the sender's or the person's address is none.
    """
    return _mail("moved", moved_context(view, person, letterhead, now), letterhead, _Envelope(person, key, now, thread=view.case.id))


def compose_overdue(view: CaseView, person: Person, letterhead: Letterhead, *, key: str, now: datetime) -> EmailMessage:
    """The mail that tells `person`, the case's owner or whoever leads them, that its customer's date has passed.

    Raises ConfigurationError when the sender's or the person's address is none.
    """
    return _mail("overdue", overdue_context(view, person, letterhead, now), letterhead, _Envelope(person, key, now, thread=view.case.id))


def compose_news(
    news: News, views: Mapping[CaseId, CaseView], person: Person, letterhead: Letterhead, *, key: str, now: datetime
) -> EmailMessage:
    """The mail that tells `person` at once what became of several cases; `views` are of those that it tells of in full.

    Raises ConfigurationError when the sender's or the person's address is none.
    """
    return _mail("digest", news_context(news, views, person, letterhead, now), letterhead, _Envelope(person, key, now))


def compose_praise(
    praise: StoredItem,
    person: Person,
    letterhead: Letterhead,
    *,
    key: str,
    now: datetime,
    manager: Person | None = None,
    case: Case | None = None,
) -> EmailMessage:
    """The mail that brings `person` what a customer wrote about them, with a copy to their `manager`.

    `case` is the case that the same message is part of, if it asks for something too. Raises
    ConfigurationError when the sender's or the person's address is none.
    """
    copy_to = manager if manager and manager.email != person.email else None
    return _mail("praise", praise_context(praise, person, copy_to, case, letterhead, now), letterhead, _Envelope(person, key, now, copy_to))


def compose_applause(applause: Sequence[Applause], person: Person, letterhead: Letterhead, *, key: str, now: datetime) -> EmailMessage:
    """The mail that brings `person` praise to pass on, since it names nobody for certain; `applause` holds at least one piece.

    Raises ConfigurationError when the sender's or the person's address is none.
    """
    return _mail("applause", applause_context(applause, person, letterhead, now), letterhead, _Envelope(person, key, now))


def compose_receipt(
    answer: StoredItem, view: CaseView | None, person: Person, letterhead: Letterhead, *, key: str, now: datetime, held: bool
) -> EmailMessage:
    """The mail that tells `person` what was done by their answer to a mail of ours or, if it was `held`, that nothing was.

    Raises ConfigurationError when the sender's or the person's address is none.
    """
    facts = receipt_context(answer, view, person, letterhead, now, held=held)
    return _mail("receipt", facts, letterhead, _Envelope(person, key, now, thread=view.case.id if view else None))


def compose_returned(view: CaseView, person: Person, letterhead: Letterhead, *, key: str, now: datetime) -> EmailMessage:
    """The mail that tells `person`, who has the case, that a reply did not reach its customer.

    Raises ConfigurationError when the sender's or the person's address is none, and RecordRejected when there is no such reply.
    """
    if not view.replies:
        raise RecordRejected("What came back is gone.")
    facts = returned_context(view, person, letterhead, key, now)
    return _mail("receipt", facts, letterhead, _Envelope(person, key, now, thread=view.case.id))


def compose_reply(view: CaseView, reply: Reply, letterhead: Letterhead, *, now: datetime) -> EmailMessage:
    """The letter to the customer, from the business's address under the writer's name, in the customer's own thread.

    A person wrote it, so nothing marks it as a machine's. Raises ConfigurationError when the business's address is none, and
    RecordRejected when the customer's is none.
    """
    facts = reply_context(view, reply, letterhead, letterhead.timezone)
    sender = _address(f"{reply.by}, {letterhead.business}", letterhead.reply_sender, setting="mail.replies")
    token = letterhead.token(reply.key)
    message = EmailMessage(POLICY)
    message["From"] = sender
    try:
        message["To"] = _address(facts.name, reply.contact.removeprefix(BY_MAIL), setting="contact")
    except ConfigurationError as error:
        raise RecordRejected(f"{reply.contact.removeprefix(BY_MAIL)!r} is no address that mail can be sent to.") from error
    message["Subject"] = _literal(facts.subject)
    message["Date"] = now
    message["Message-ID"] = f"<{token}@{_ascii_domain(sender)}>"
    if answers := letterhead.reply_to(reply.key):
        message["Reply-To"] = Address(addr_spec=answers)
    if facts.references:
        message["In-Reply-To"] = f"<{facts.references[-1]}>"
        message["References"] = " ".join(f"<{each}>" for each in facts.references)
    message.set_content(_rendered("reply/body.txt", facts), cte="quoted-printable")
    return message


def _mail(name: str, facts: object, letterhead: Letterhead, envelope: _Envelope) -> EmailMessage:
    sender = _address(*parseaddr(letterhead.sender), setting="mail.sender")
    domain = _ascii_domain(sender)
    message = EmailMessage(POLICY)
    message["From"] = sender
    message["To"] = _address(envelope.to.name, envelope.to.email, setting="[[person]] email")
    if envelope.copy_to:
        message["Cc"] = _address(envelope.copy_to.name, envelope.copy_to.email, setting="[[person]] email")
    message["Subject"] = _literal(_rendered(f"{name}/subject.txt", facts).strip())
    message["Date"] = envelope.now
    message["Message-ID"] = f"<{letterhead.token(envelope.key)}.auto@{domain}>"
    if answers := letterhead.reply_to(envelope.key):
        message["Reply-To"] = Address(addr_spec=answers)
    if envelope.thread:
        root = f"<{envelope.thread.lower()}@{domain}>"
        message["In-Reply-To"] = root
        message["References"] = root
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers this
    message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange: [MS-OXCMAIL] 2.2.3.2.14
    message.set_content(_rendered(f"{name}/body.txt", facts), cte="quoted-printable")
    message.add_alternative(_rendered(f"{name}/body.html", facts), subtype="html", cte="quoted-printable")
    return message


def _rendered(template: str, facts: object) -> str:
    return _templates().get_template(template).render(mail=facts)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("allears.mail"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(quoted=quoted, indented=indented)
    return environment


def _address(name: str, address: str, *, setting: str) -> Address:
    try:
        return Address(_literal(one_line(name, 100)), addr_spec=address)
    except (ValueError, IndexError, HeaderParseError) as error:
        raise ConfigurationError(f"{setting}: {address!r} is not an email address.") from error


def _literal(text: str) -> str:
    """Text for a header that is not read as an encoded word (RFC 2047), in which line ends could hide."""
    return text.replace("=?", "= ?")


def _ascii_domain(sender: Address) -> str:
    try:
        return sender.domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise ConfigurationError(f"mail.sender: {sender.domain!r} is not a domain.") from error
