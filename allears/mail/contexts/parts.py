"""What several mails are made of: a customer's words, rows of facts, a link to write to someone, the footer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote as percent_encoded
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseStatus, EventType
from allears.domain.feedback import FeedbackItem
from allears.domain.outbox import FOOTER
from allears.domain.people import Person
from allears.domain.records import CaseView, StoredItem
from allears.mail import times
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.words import NOBODY, author_of, called, cleaned, isolated, matter_of, one_line, shortened, title_of

QUOTE_LIMIT = 4_000
"""Characters of a message quoted in a mail; the rest is in the case."""

_ADDRESS = re.compile(r"email:([\w.!#$%&'*+/=^`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)", re.ASCII)
_LANGUAGE = re.compile(r"(?!und\b)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's words. `shortened` says that the rest stands elsewhere; `language` is None where unknown."""

    title: str
    text: str
    shortened: bool
    byline: str
    language: str | None

    @property
    def lines(self) -> list[str]:
        """The text line by line; no lines where nothing was written."""
        return self.text.split("\n") if self.text else []


@dataclass(frozen=True, slots=True)
class WriteTo:
    """Somebody's mail address, with a link that starts a mail to them."""

    name: str
    address: str
    url: str


@dataclass(frozen=True, slots=True)
class Link:
    """Where to go, and the words to press."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what stands beside it: `strong` comes first, in bold, then the text, a `link`, and `lines` to type, each on its own."""

    label: str
    text: str
    strong: str = ""
    link: Link | None = None
    lines: tuple[str, ...] = ()


def customer_of(item: FeedbackItem) -> str:
    """The customer as titles and subjects name them, at the beginning of a sentence."""
    return isolated(shortened(author_of(item), 40))


def in_sentence(item: FeedbackItem) -> str:
    """The customer as the middle of a sentence names them."""
    customer = customer_of(item)
    return "a customer" if customer == NOBODY else customer


def matter(item: FeedbackItem) -> str:
    """What the message is about, for subjects and links; "" where it has no words."""
    return isolated(matter_of(item, 80))


def quote(stored: StoredItem, title: str, now: datetime, zone: ZoneInfo) -> Quote:
    """A message's words under `title`, with who wrote it, how and when."""
    item = stored.item
    words = cleaned(item.text)
    byline = f"{isolated(author_of(item))}, {origin(item, now, zone)}"
    return Quote(shortened(title, 500), shortened(words, QUOTE_LIMIT), len(words) > QUOTE_LIMIT, byline, language(stored))


def origin(item: FeedbackItem, now: datetime, zone: ZoneInfo) -> str:
    """How and when a message came, and how it was rated."""
    rating = "" if item.rating is None else f", rating {item.rating:g}"
    return f"{item.channel.value}, {times.moment(item.received_at, now, zone)}{rating}"


def language(stored: StoredItem) -> str | None:
    """The language a message is written in, as an HTML `lang` takes it; None where unknown."""
    told = stored.understanding.prediction.language if stored.understanding else stored.item.language
    return told if told and _LANGUAGE.fullmatch(told) else None


def urgency(case: Case) -> str:
    """As in "High: they wrote twice in two days"."""
    reasons = one_line(", ".join(case.urgency_reasons), 300)
    level = case.urgency.value.capitalize()
    return f"{level}: {isolated(reasons)}" if reasons else level


def told_last(view: CaseView) -> str:
    """What the customer was told when they were last promised a date; "" where none is promised."""
    if view.case.promised_for is None:
        return ""
    told = [event.detail for event in view.events if event.type is EventType.PROMISED]
    return isolated(one_line(told[-1], 300)) if told else ""


def take_url(case: Case, owner: Person, letterhead: Letterhead) -> str | None:
    """Where the owner says "I have it"; None if they have said so."""
    return letterhead.acknowledge_url([case.id], owner.name) if case.status is CaseStatus.OPEN else None


def write_to_customer(item: FeedbackItem, letterhead: Letterhead) -> WriteTo | None:
    """A link to the customer's own mail address; None where they left none that is plain."""
    match = _ADDRESS.fullmatch(item.contact or "")
    if match is None:
        return None
    subject = f"Re: {shortened(title_of(item), 150) or f'your message to {letterhead.business}'}"
    return WriteTo(isolated(called(author_of(item))), match[1], _mailto(match[1], subject))


def write_to_person(person: Person | None, case: Case, item: FeedbackItem) -> WriteTo | None:
    """A link to one of our own people, about a customer's case."""
    if person is None:
        return None
    about = ": ".join(part for part in (one_line(author_of(item), 40), matter_of(item, 80)) if part)
    return WriteTo(person.name, person.email, _mailto(person.email, f"{about} ({case.id})"))


def _mailto(address: str, subject: str) -> str:
    return f"mailto:{percent_encoded(address, safe='@')}?subject={percent_encoded(subject, safe='')}"


def sent(now: datetime, zone: ZoneInfo, letterhead: Letterhead, why: str, arrived_at: datetime | None = None) -> str:
    """The footer: when it was sent, how long after the message arrived, whose times these are, and why one gets it."""
    after = ""
    if arrived_at is not None and now - arrived_at >= timedelta():
        after = f", {times.elapsed(now - arrived_at)} after the message arrived"
    where = "" if zone.key == letterhead.timezone.key else f" All times are in {zone.key}."
    return f"Sent {times.stamp(now, zone)}{after}.{where} {FOOTER} {why}."
