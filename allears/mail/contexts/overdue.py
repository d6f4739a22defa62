"""Overdue: a date that a customer counts on has passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseId, CaseStatus
from allears.domain.feedback import FeedbackItem
from allears.domain.people import Directory, Person
from allears.domain.records import CaseView
from allears.mail import times
from allears.mail.contexts.hops import times_changed
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import (
    Quote,
    Row,
    WriteTo,
    customer_of,
    in_sentence,
    quote,
    sent,
    told_last,
    urgency,
    write_to_customer,
    write_to_person,
)
from allears.mail.words import title_of


@dataclass(frozen=True, slots=True)
class OverdueContext:
    """A missed date: `opening` says who should have done what, `due` reads "by 14:00 today"."""

    business: str
    case_id: CaseId
    kind: str
    opening: str
    due: str
    quote: Quote
    case_url: str
    write_to: WriteTo | None
    is_customer: bool
    rows: tuple[Row, ...]
    footer: str


def overdue_context(view: CaseView, person: Person, letterhead: Letterhead, now: datetime) -> OverdueContext:
    """The facts of a mail about a missed date to the case's owner, or to whoever leads them, in the reader's time."""
    case, newest, zone = view.case, view.items[-1], person.timezone
    theirs = person.name == case.owner
    owner = letterhead.directory.people.get(case.owner)
    return OverdueContext(
        business=letterhead.business,
        case_id=case.id,
        kind=case.kind.value.capitalize(),
        opening=_opening(case, newest.item, "you" if theirs else case.owner),
        due=f"by {times.deadline(missed_date(case), now, zone)}",
        quote=quote(newest, title_of(newest.item), now, zone),
        case_url=letterhead.case_url(case.id),
        write_to=write_to_customer(newest.item, letterhead) if theirs else write_to_person(owner, case, newest.item),
        is_customer=theirs,
        rows=_rows(view, person, now),
        footer=sent(now, zone, letterhead, _why_told(case, person, letterhead.directory)),
    )


def missed_date(case: Case) -> datetime:
    """The date that an overdue case is about: when the matter was to be put right if that was said to be late, else the next date."""
    end = case.resolve_by
    return end if end and case.late_for == end else case.next_date


def _opening(case: Case, item: FeedbackItem, who: str) -> str:
    """Everything of the title but its date; `who` is the owner's name, or "you"."""
    subject = who[0].upper() + who[1:]
    if case.late_for and case.late_for == case.resolve_by:
        return f"{subject} should have put {in_sentence(item)}’s case right"
    if item.contact is None:
        return f"{subject} should have dealt with {in_sentence(item)}’s message"
    return f"{customer_of(item)} should have heard from {who}"


def _rows(view: CaseView, person: Person, now: datetime) -> tuple[Row, ...]:
    case, told = view.case, told_last(view)
    rows = [
        Row("Who has it", _holder(case, person, now)),
        Row("Changed hands", times_changed(case)),
        Row("Urgency", urgency(case)),
        Row("They were told", f"“{told}”") if told else None,
    ]
    return tuple(row for row in rows if row)


def _holder(case: Case, person: Person, now: datetime) -> str:
    """Who has it, since when, and that they have not said so if they have not."""
    return f"{'You' if person.name == case.owner else case.owner}{held(case, now, person.timezone)}"


def held(case: Case, now: datetime, zone: ZoneInfo) -> str:
    """Since when somebody has a case, and that they have not said so if they have not, as in ", since Mon 16 Nov, 18:22"."""
    since = f", since {times.moment(case.owner_since, now, zone)}" if case.owner_since else ""
    return f"{since}{', not yet taken' if case.status is CaseStatus.OPEN else ''}"


def _why_told(case: Case, person: Person, directory: Directory) -> str:
    owner = directory.people.get(case.owner)
    if person.name == case.owner:
        return "the case is yours"
    if owner and owner.manager == person.name:
        return f"you lead {case.owner}"
    return "you are the default owner" if person.name == directory.default else "it is overdue"
