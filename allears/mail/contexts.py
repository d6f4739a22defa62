"""What the templates may know: the facts of a mail, picked from the domain and already fit to print.

Nothing is claimed here that the records do not say; what is unknown is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote as percent_encoded
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseId, Event, EventType
from allears.domain.feedback import FeedbackItem, Sentiment, Status
from allears.domain.people import Person
from allears.domain.records import CaseView, StoredItem
from allears.mail import times
from allears.mail.words import NOBODY, author_of, called, cleaned, isolated, matter_of, one_line, shortened, title_of

QUOTE_LIMIT = 4_000
"""Characters of a message quoted in a mail; the rest is in the case."""

_TITLE_LIMIT = 70
_NOT_THEIR_WORDS = frozenset({Status.AUTOMATED, Status.SPAM, Status.DUPLICATE})
_ADDRESS = re.compile(r"email:([\w.!#$%&'*+/=^`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)", re.ASCII)
_LANGUAGE = re.compile(r"(?!und\b)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_GLYPHS = {Sentiment.NEGATIVE: "▼", Sentiment.MIXED: "◆", Sentiment.NEUTRAL: "●", Sentiment.POSITIVE: "▲"}


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What all mails of one business share. `sender` is "Name <address>"; `dashboard` has no slash at its end."""

    business: str
    timezone: ZoneInfo
    sender: str
    dashboard: str

    def case_url(self, case_id: CaseId) -> str:
        """The address of a case's page."""
        return f"{self.dashboard}/case?id={percent_encoded(case_id, safe='')}"


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
    """The customer's own mail address, with a link that starts a mail to them."""

    name: str
    address: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A label and what stands beside it; `strong` comes first, in bold."""

    label: str
    text: str
    strong: str = ""


@dataclass(frozen=True, slots=True)
class BookLine:
    """One earlier message: its day, tone (empty where nobody judged it), first words, language and channel."""

    day: str
    sentiment: str
    glyph: str
    words: str
    language: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class Book:
    """What else this customer wrote; `since` and `lines` are empty where this is their first message."""

    title: str
    since: str
    lines: tuple[BookLine, ...]


@dataclass(frozen=True, slots=True)
class AlertContext:
    """An alert: `due` reads "by 20:22 today"; `late` says that this moment has passed."""

    business: str
    case_id: CaseId
    kind: str
    customer: str
    matter: str
    due: str
    late: bool
    opening: str
    quote: Quote
    case_url: str
    write_to: WriteTo | None
    rows: tuple[Row, ...]
    book: Book | None
    footer: str


@dataclass(frozen=True, slots=True)
class PraiseContext:
    """Praise for one person; `case_*` are set where the same message is also part of a case."""

    business: str
    customer: str
    matter: str
    title: str
    quote: Quote
    manager: str | None
    case_id: CaseId | None
    case_owner: str
    case_is_theirs: bool
    case_url: str
    footer: str


def alert_context(view: CaseView, owner: Person, letterhead: Letterhead, now: datetime) -> AlertContext:
    """The facts of an alert about the newest message of a case, in the owner's time."""
    case, newest = view.case, view.items[-1]
    zone = owner.timezone
    customer, title = author_of(newest.item), title_of(newest.item)
    in_opening = title if 0 < len(title) <= _TITLE_LIMIT else ""
    late = case.next_date < now
    return AlertContext(
        business=letterhead.business,
        case_id=case.id,
        kind=case.kind.value.capitalize(),
        customer=isolated(shortened(customer, 40)),
        matter=isolated(matter_of(newest.item, 80)),
        due=f"by {times.deadline(case.next_date, now, zone)}",
        late=late,
        opening=_opening(owner, customer, in_opening, answerable=newest.item.contact is not None, late=late),
        quote=_quote(newest, "" if in_opening else title, now, zone),
        case_url=letterhead.case_url(case.id),
        write_to=_write_to(newest.item, letterhead),
        rows=_rows(view, owner),
        book=_book(view, zone),
        footer=_sent(now, zone, letterhead, None if case.hops else newest.item.received_at) + " You get this because the case is yours.",
    )


def praise_context(
    praise: StoredItem, person: Person, manager: Person | None, case: Case | None, letterhead: Letterhead, now: datetime
) -> PraiseContext:
    """The facts of a mail that brings one person their praise, in that person's time."""
    customer = author_of(praise.item)
    return PraiseContext(
        business=letterhead.business,
        customer=isolated(shortened(customer, 40)),
        matter=isolated(matter_of(praise.item, 80)),
        title=f"{person.first_name}, {isolated(_in_sentence(customer))} wrote about you",
        quote=_quote(praise, title_of(praise.item), now, person.timezone),
        manager=manager.name if manager else None,
        case_id=case.id if case else None,
        case_owner=case.owner if case else "",
        case_is_theirs=case is not None and case.owner == person.name,
        case_url=letterhead.case_url(case.id) if case else "",
        footer=_sent(now, person.timezone, letterhead, None) + " You get this because the message is about you.",
    )


def _opening(owner: Person, customer: str, title: str, *, answerable: bool, late: bool) -> str:
    """Everything of the alert's title but its date."""
    wrote = f"wrote “{isolated(title)}” and " if title else ""
    if not answerable:
        expects = f"left no address. It {'was' if late else 'is'} due"
    else:
        expects = "should have heard from you" if late else "is due to hear from you"
    return f"{owner.first_name}, this one is yours. {isolated(customer)} {wrote}{expects}"


def _in_sentence(customer: str) -> str:
    return "a customer" if customer == NOBODY else customer


def _quote(stored: StoredItem, title: str, now: datetime, zone: ZoneInfo) -> Quote:
    item = stored.item
    text = shortened(cleaned(item.text), QUOTE_LIMIT)
    facts = [isolated(author_of(item)), item.channel.value, times.moment(item.received_at, now, zone)]
    if item.rating is not None:
        facts.append(f"rating {item.rating:g}")
    return Quote(shortened(title, 500), text, len(cleaned(item.text)) > QUOTE_LIMIT, ", ".join(facts), _language(stored))


def _language(stored: StoredItem) -> str | None:
    told = stored.understanding.prediction.language if stored.understanding else stored.item.language
    return told if told and _LANGUAGE.fullmatch(told) else None


def _write_to(item: FeedbackItem, letterhead: Letterhead) -> WriteTo | None:
    match = _ADDRESS.fullmatch(item.contact or "")
    if match is None:
        return None
    subject = f"Re: {shortened(title_of(item), 150) or f'your message to {letterhead.business}'}"
    url = f"mailto:{percent_encoded(match[1], safe='@')}?subject={percent_encoded(subject, safe='')}"
    return WriteTo(isolated(called(author_of(item))), match[1], url)


def _rows(view: CaseView, owner: Person) -> tuple[Row, ...]:
    case = view.case
    reasons = one_line(", ".join(case.urgency_reasons), 300)
    urgency = case.urgency.value.capitalize()
    handed_over = _handed_over(case, view.events)
    why = one_line(case.why_owner, 500)
    rows = [
        Row("You may", "without asking", strong=one_line(owner.authority, 200)) if owner.authority else None,
        Row("Urgency", f"{urgency}: {isolated(reasons)}" if reasons else urgency),
        Row("Handed over", handed_over) if handed_over else None,
        Row("Why you", isolated(why)) if why and not (handed_over and "handed it over" in why) else None,
    ]
    return tuple(row for row in rows if row)


def _handed_over(case: Case, events: tuple[Event, ...]) -> str | None:
    """Who passed the case on last, and the reason they gave."""
    hop = next((event for event in reversed(events) if event.type is EventType.HANDED_OVER), None)
    if not case.hops or hop is None:
        return None
    earlier, _, reason = hop.detail.removeprefix("From ").partition(f" to {case.owner}: ")
    whose = "" if earlier == hop.actor else f" from {one_line(earlier, 60)}"
    return f"By {one_line(hop.actor, 60)}{whose}, because “{isolated(one_line(reason, 300))}”" if reason else None


def _book(view: CaseView, zone: ZoneInfo) -> Book | None:
    """The customer's other messages; None where we cannot know them, since nobody signed."""
    if view.case.customer_id is None:
        return None
    theirs = [stored for stored in (*view.items, *view.book) if stored.status not in _NOT_THEIR_WORDS]
    theirs.sort(key=lambda stored: stored.item.received_at, reverse=True)
    earlier = [stored for stored in theirs if stored.item.id != view.items[-1].item.id]
    name = called(author_of(view.items[-1].item))
    return Book(
        title=f"{isolated(name[0].upper() + name[1:])}’s book",
        since=_since(theirs, zone) if earlier else "",
        lines=tuple(_book_line(stored, zone) for stored in earlier[:3]),
    )


def _since(theirs: list[StoredItem], zone: ZoneInfo) -> str:
    """The month of the oldest, which stands last, and how many there are."""
    channels = len({stored.item.channel for stored in theirs})
    month = times.month(theirs[-1].item.received_at, zone)
    return f"{month}. {len(theirs)} messages on {channels} {'channel' if channels == 1 else 'channels'}"


def _book_line(stored: StoredItem, zone: ZoneInfo) -> BookLine:
    sentiment = stored.understanding.prediction.sentiment if stored.understanding else None
    return BookLine(
        day=times.day(stored.item.received_at, zone),
        sentiment=sentiment.value if sentiment else "",
        glyph=_GLYPHS[sentiment] if sentiment else "",
        words=isolated(matter_of(stored.item, 80)) or "no words",
        language=_language(stored),
        channel=stored.item.channel.value,
    )


def _sent(now: datetime, zone: ZoneInfo, letterhead: Letterhead, arrived_at: datetime | None) -> str:
    after = ""
    if arrived_at is not None and now - arrived_at >= timedelta():
        after = f", {times.elapsed(now - arrived_at)} after the message arrived"
    where = "" if zone.key == letterhead.timezone.key else f" All times are in {zone.key}."
    return f"Sent {times.stamp(now, zone)}{after}.{where}"
