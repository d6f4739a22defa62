"""What became of an answer to one of our mails, and of a reply to a customer: done, held, or come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.answers import answer_in, doubt, unsent
from allears.domain.feedback import BY_MAIL
from allears.domain.instructions import Resolve, Write
from allears.domain.outbox import MessageKind, outbox_key
from allears.domain.people import Person
from allears.domain.records import CaseView, StoredItem
from allears.mail import times
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import Quote, in_sentence, matter, origin, quote, sent
from allears.mail.words import cleaned, isolated, one_line, shortened

_MOST_QUOTED = 1_500


@dataclass(frozen=True, slots=True)
class ReceiptContext:
    """What became of words that one of our people wrote.

    `headline` says it, `lead` why and what they may do now; `quote` are their words, `hints` first lines that act. `case_url` is None
    where no case is meant.
    """

    subject: str
    eyebrow: tuple[str, ...]
    headline: str
    lead: tuple[str, ...]
    quote: Quote
    hints: tuple[str, ...]
    case_url: str | None
    footer: str


def hints(person: Person, letterhead: Letterhead) -> tuple[str, ...]:
    """First lines that act, as mails show them: with a colleague's name, and a refund only to whoever may give one."""
    colleague = next((each for each in letterhead.directory.stand_ins(person.name) if each.name != person.name), None)
    return (
        "ack",
        "by friday 5pm",
        "resolved: refunded 20" if "refund" in (person.authority or "").casefold() else "resolved: sent a new one",
        *([f"to {colleague.name}: knows the courier"] if colleague else []),
        "not mine: it is about an invoice",
        "note: rang twice",
    )


def receipt_context(
    answer: StoredItem, view: CaseView | None, person: Person, letterhead: Letterhead, now: datetime, *, held: bool
) -> ReceiptContext:
    """What was done by an answer to one of our mails or, if it was `held`, that nothing was."""
    by_another = not _is_of(answer, person)
    why = isolated(one_line(answer.why or "", 600))
    if by_another:
        why = f"An answer to a mail to you came from {_sender(answer)}. Only {person.email} may act on it."
    about = matter(view.items[-1].item) if view else ""
    case_id = f" ({view.case.id})" if view else ""
    lead = _what_to_do(answer, view, person, held=held)
    return ReceiptContext(
        subject=f"{'Not done' if held else 'Done'}: {about or one_line(why, 80)}{case_id}",
        eyebrow=_eyebrow(view, letterhead),
        headline=f"{person.first_name}, nothing was done." if held else why,
        lead=(why, *lead) if held else lead,
        quote=_words(answer, now, person),
        hints=hints(person, letterhead) if held and not doubt(answer.item, person) else (),
        case_url=letterhead.case_url(view.case.id) if view else None,
        footer=sent(now, person.timezone, letterhead, "a mail to you was answered" if by_another else "you answered a mail of ours"),
    )


def returned_context(view: CaseView, person: Person, letterhead: Letterhead, key: str, now: datetime) -> ReceiptContext:
    """A reply did not reach the customer, in the time of whoever has the case; `key` is the outbox key of the mail that says so."""
    reply = next((each for each in view.replies if outbox_key(MessageKind.RETURNED, person.name, each.key) == key), view.replies[-1])
    customer = next((each.item for each in view.items if each.item.id == reply.item_id), view.items[-1].item)
    words = cleaned(reply.text)
    byline = f"{reply.by}, {times.moment(reply.at, now, person.timezone)}"
    why = isolated(one_line(reply.failed or "", 400))
    return ReceiptContext(
        subject=f"Not delivered: {matter(customer)} ({view.case.id})",
        eyebrow=_eyebrow(view, letterhead),
        headline=f"{person.first_name}, the answer to {in_sentence(customer)} came back.",
        lead=(*([why] if why else []), "Find another way to reach them."),
        quote=Quote("", shortened(words, _MOST_QUOTED), len(words) > _MOST_QUOTED, byline, None),
        hints=(),
        case_url=letterhead.case_url(view.case.id),
        footer=sent(now, person.timezone, letterhead, "you have the case"),
    )


def _eyebrow(view: CaseView | None, letterhead: Letterhead) -> tuple[str, ...]:
    case = (view.case.kind.value.capitalize(), view.case.id) if view else ()
    return (*case, letterhead.business)


def _is_of(answer: StoredItem, person: Person) -> bool:
    return (answer.item.contact or "").casefold() == f"{BY_MAIL}{person.email}".casefold()


def _sender(answer: StoredItem) -> str:
    return isolated(one_line((answer.item.contact or "").removeprefix(BY_MAIL), 100)) or "an unknown address"


def _what_to_do(answer: StoredItem, view: CaseView | None, person: Person, *, held: bool) -> tuple[str, ...]:
    """What the reader may do now, and what they might think was done and was not."""
    if doubt(answer.item, person):
        return (
            "If that was you, open the case and do it there."
            if _is_of(answer, person)
            else "If that was you, answer again from your own address.",
        )
    customer = in_sentence(view.items[-1].item) if view else ""
    may_write = view is not None and view.case.owner == person.name and (view.items[-1].item.contact or "").startswith(BY_MAIL)
    waiting = unsent(answer.item, held=held)
    if held:
        return (f"Answer “send” to send your words to {customer} as they are.",) if waiting and may_write else ()
    instruction = answer_in(answer.item).instruction
    attached = answer.item.extra.get("attachments") if isinstance(instruction, Write) else None
    send = f" Answer “send” to send them to {customer}." if may_write else ""
    return (
        *([f"The lines below your first one went nowhere.{send}"] if waiting else []),
        *([f"Nothing was sent to {customer}."] if isinstance(instruction, Resolve) and not waiting else []),
        *([f"What you attached was not sent: {one_line(attached, 300)}."] if attached else []),
    )


def _words(answer: StoredItem, now: datetime, person: Person) -> Quote:
    whole = quote(answer, "", now, person.timezone)
    byline = f"{person.name if _is_of(answer, person) else _sender(answer)}, {origin(answer.item, now, person.timezone)}"
    return Quote("", shortened(whole.text, _MOST_QUOTED), whole.shortened or len(whole.text) > _MOST_QUOTED, byline, whole.language)
