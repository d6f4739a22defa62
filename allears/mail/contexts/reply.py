"""A letter to a customer: what one of our people wrote, signed with their name, above the customer's own words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from allears.domain.case import Reply
from allears.domain.feedback import BY_MAIL, Channel, FeedbackItem
from allears.domain.records import CaseView, StoredItem
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import language
from allears.mail.headers import is_id
from allears.mail.words import cleaned, isolated, one_line, shortened, title_of

_QUOTED = 4_000
_SIGNED_WITHIN = 3  # lines from the end
_SIGNATURE = 5  # words: a longer line is a sentence
_MOST_REFERENCES = 20
_INTRODUCTIONS = {
    "de": "Am {at:%d.%m.%Y} um {at:%H:%M} schrieb {who}:",
    "fr": "Le {at:%d/%m/%Y} à {at:%H:%M}, {who} a écrit :",
    "es": "El {at:%d/%m/%Y} a las {at:%H:%M}, {who} escribió:",
    "it": "Il {at:%d/%m/%Y} alle {at:%H:%M}, {who} ha scritto:",
    "pt": "Em {at:%d/%m/%Y} às {at:%H:%M}, {who} escreveu:",
    "nl": "Op {at:%d-%m-%Y} om {at:%H:%M} schreef {who}:",
}
_ENGLISH = "On {at:%d/%m/%Y} at {at:%H:%M}, {who} wrote:"


@dataclass(frozen=True, slots=True)
class ReplyContext:
    """A letter: the customer's name, the subject, the text with its signature, and the words it answers below their introduction.

    `name` is "" where it is not known. `references` are the ids of their thread, the oldest first and the one it answers last;
    none where they did not write by mail.
    """

    name: str
    subject: str
    text: str
    introduction: str
    quoted: str
    references: tuple[str, ...]


def reply_context(view: CaseView, reply: Reply, letterhead: Letterhead, zone: ZoneInfo) -> ReplyContext:
    """The facts of a letter, in the business's time."""
    answered = next((each for each in view.items if each.item.id == reply.item_id), view.items[-1])
    item = answered.item
    return ReplyContext(
        name=one_line(item.author or "", 60) if item.contact == reply.contact else "",
        subject=reply_subject(view, item, letterhead.business),
        text=_signed(cleaned(reply.text), reply.by, letterhead.business),
        introduction=_introduction(answered, item.received_at.astimezone(zone)),
        quoted=shortened(cleaned(item.text), _QUOTED),
        references=_thread(item) if item.channel is Channel.EMAIL and is_id(item.external_id) else (),
    )


def reply_subject(view: CaseView, item: FeedbackItem, business: str) -> str:
    """The subject of a letter in answer to a message: the message's own, else the first of the case."""
    subjects = (shortened(title_of(each), 150) for each in (item, *(each.item for each in view.items)))
    return f"Re: {next(filter(None, subjects), f'Your message to {business}')}"


def _signed(text: str, name: str, business: str) -> str:
    """The text with the writer's name below it, unless they have put it there."""
    ending = [line for line in text.split("\n") if line.strip()][-_SIGNED_WITHIN:]
    own = re.compile(rf"\b(?:{'|'.join(map(re.escape, name.split()))})\b", re.IGNORECASE)
    is_signed = any(own.search(line) and len(line.split()) <= _SIGNATURE for line in ending)
    return text if is_signed else f"{text}\n\n{name}\n{business}"


def _introduction(answered: StoredItem, at: datetime) -> str:
    form = _INTRODUCTIONS.get(language(answered) or "", _ENGLISH)
    item = answered.item
    who = one_line(item.author or "", 60) or one_line((item.contact or "").removeprefix(BY_MAIL), 100)
    return form.format(at=at, who=isolated(who))


def _thread(item: FeedbackItem) -> tuple[str, ...]:
    """Ids of the conversation (RFC 5322, 3.6.4): of a long one its beginning and its end."""
    known = [*(each for each in reversed(item.references) if is_id(each) and each != item.external_id), item.external_id]
    return tuple(known if len(known) <= _MOST_REFERENCES else (known[0], *known[1 - _MOST_REFERENCES :]))
