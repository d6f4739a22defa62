"""The alert: one case is yours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from allears.domain.case import Case, CaseId, CaseStatus
from allears.domain.feedback import BY_MAIL, FeedbackItem
from allears.domain.people import Person
from allears.domain.records import CaseView
from allears.domain.targets import Goal
from allears.mail import times
from allears.mail.contexts.book import Book, book
from allears.mail.contexts.hops import last_hop
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import (
    Link,
    Quote,
    Row,
    WriteTo,
    customer_of,
    matter,
    quote,
    sent,
    take_url,
    told_last,
    urgency,
    write_to_customer,
)
from allears.mail.contexts.receipt import hints
from allears.mail.words import author_of, called, isolated, one_line, title_of

_TITLE_LIMIT = 70
_NEXT_NAMED = 2


@dataclass(frozen=True, slots=True)
class AlertContext:
    """An alert: `due` reads "by 20:22 today"; `late` says that this moment has passed.

    `take_url` is None once the owner said that they have it.
    """

    business: str
    case_id: CaseId
    kind: str
    customer: str
    matter: str
    due: str
    late: bool
    opening: str
    quote: Quote
    take_url: str | None
    case_url: str
    write_to: WriteTo | None
    rows: tuple[Row, ...]
    book: Book | None
    footer: str


def alert_context(view: CaseView, owner: Person, letterhead: Letterhead, now: datetime) -> AlertContext:
    """The facts of an alert about the newest message of a case, in the owner's time."""
    case, newest = view.case, view.items[-1]
    zone = owner.timezone
    title = title_of(newest.item)
    in_opening = title if 0 < len(title) <= _TITLE_LIMIT else ""
    late = case.next_date < now
    return AlertContext(
        business=letterhead.business,
        case_id=case.id,
        kind=case.kind.value.capitalize(),
        customer=customer_of(newest.item),
        matter=matter(newest.item),
        due=f"by {times.deadline(case.next_date, now, zone)}",
        late=late,
        opening=_opening(owner, author_of(newest.item), in_opening, answerable=newest.item.contact is not None, late=late),
        quote=quote(newest, "" if in_opening else title, now, zone),
        take_url=take_url(case, owner, letterhead),
        case_url=letterhead.case_url(case.id),
        write_to=None if letterhead.replies else write_to_customer(newest.item, letterhead),
        rows=_rows(view, owner, letterhead, now),
        book=book(view, zone),
        footer=sent(now, zone, letterhead, "the case is yours", None if case.hops else newest.item.received_at),
    )


def _opening(owner: Person, customer: str, title: str, *, answerable: bool, late: bool) -> str:
    """Everything of the alert's title but its date."""
    wrote = f"wrote “{isolated(title)}” and " if title else ""
    if not answerable:
        expects = f"left no address. It {'was' if late else 'is'} due"
    else:
        expects = "should have heard from you" if late else "is due to hear from you"
    return f"{owner.first_name}, this one is yours. {isolated(customer)} {wrote}{expects}"


def _rows(view: CaseView, owner: Person, letterhead: Letterhead, now: datetime) -> tuple[Row, ...]:
    case, zone = view.case, owner.timezone
    told, following = told_last(view), _if_not_taken(case, owner, letterhead, now)
    rows = [
        Row("You may", "without asking", strong=one_line(owner.authority, 200)) if owner.authority else None,
        Row("Urgency", urgency(case)),
        _why(view, letterhead),
        _reached(view.items[-1].item, letterhead),
        Row("They were told", f"“{told}”") if told else None,
        Row("To be put right", f"by {times.deadline(case.resolve_by, now, zone)}") if case.resolve_by else None,
        Row("If not taken", following) if following else None,
        _by_answering(view, owner, letterhead),
    ]
    return tuple(row for row in rows if row)


def _reached(item: FeedbackItem, letterhead: Letterhead) -> Row | None:
    """Where the customer can be reached, unless the link to write to them says so."""
    if not item.left_as_contact or (letterhead.replies is None and write_to_customer(item, letterhead)):
        return None
    return Row("Reach them", f"at {isolated(one_line(item.left_as_contact, 200))}")


def _by_answering(view: CaseView, owner: Person, letterhead: Letterhead) -> Row | None:
    """What an answer to this mail does; None where nobody reads answers."""
    if letterhead.replies is None:
        return None
    item = view.items[-1].item
    goes = f"this email: what you write goes to {isolated(called(author_of(item)))} in your name. To act instead, begin like this:"
    return Row(
        "Or answer",
        goes if (item.contact or "").startswith(BY_MAIL) else "this email, and begin like this:",
        lines=hints(owner, letterhead),
    )


def _why(view: CaseView, letterhead: Letterhead) -> Row | None:
    """Who passed the case on and for which reason, or else why it is the owner's; and the way out."""
    case = view.case
    way_out = Link("Not yours? Hand it over, with a reason", letterhead.case_url(case.id))
    if hop := last_hop(view.events):
        whose = "" if hop.origin == hop.actor else f" from {one_line(hop.origin, 60)}"
        return Row("Handed over", f"by {hop.actor}{whose}, because {hop.why}.", link=way_out)
    why = one_line(case.why_owner, 500).rstrip(".")
    return Row("Why you", f"{isolated(why)}.", link=way_out) if why else None


def _if_not_taken(case: Case, owner: Person, letterhead: Letterhead, now: datetime) -> str | None:
    """By when and to whom the case goes if its owner does not say that they have it; None where it stays with them."""
    if case.status is not CaseStatus.OPEN:
        return None
    by = owner.due(case.alerted_at or now, letterhead.targets.of(Goal.ACKNOWLEDGE, case.urgency, case.tags))
    directory = letterhead.directory
    able = (
        each.name for each in directory.stand_ins(owner.name) if each.name not in case.passed_by and not directory.why_not(each.name, by)
    )
    names = list(islice(able, _NEXT_NAMED))
    when = f"by {times.clock(by, now, owner.timezone)} " if by > now else ""
    return f"{when}it goes to {', then to '.join(names)}" if names else None
