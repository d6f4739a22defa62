"""The digest: several cases are yours. News has its form."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from allears.domain.case import Case, CaseId, CaseStatus
from allears.domain.people import Person
from allears.domain.records import CaseView
from allears.mail import times
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import Link, Quote, customer_of, language, origin, sent, take_url, urgency
from allears.mail.words import cleaned, shortened, title_of

IN_FULL = 25
"""Cases with their words in one digest: as many stay below the 102 kB from which on Gmail cuts a mail off."""

_WORDS_LIMIT = 280


@dataclass(frozen=True, slots=True)
class DigestCase:
    """One case of a digest; `standing` reads "Due by 14:00 today". Once there is nothing to take, `note` stands in place of `take_url`."""

    case_id: CaseId
    customer: str
    standing: str
    late: bool
    urgency: str
    quote: Quote
    take_url: str | None
    note: str
    case_url: str


@dataclass(frozen=True, slots=True)
class DigestContext:
    """Several cases of one person, the late ones first, then the most urgent, then the soonest; `label` says what kind of mail it is.

    `opening` and `due`, the earliest date of all, are the title, with `advice` below; `more` is how many are only counted.
    `take_all_url` takes all of them at once, also those only counted; None where at most one is left to take.
    """

    business: str
    label: str
    subject: str
    opening: str
    due: str
    late: bool
    advice: str
    take_all_url: str | None
    cases: tuple[DigestCase, ...]
    more: int
    inbox: Link
    footer: str


def most_pressing(cases: Iterable[Case], now: datetime) -> list[Case]:
    """The cases in the order of a digest; those that are alike in all else in the order in which they were opened."""
    opened = sorted(cases, key=lambda case: (case.opened_at, len(case.id), case.id))
    return sorted(opened, key=lambda case: (case.next_date >= now, -case.urgency.rank, case.next_date))


def digest_context(
    views: Sequence[CaseView], counted: Sequence[Case], owner: Person, letterhead: Letterhead, now: datetime
) -> DigestContext:
    """The facts of a digest of at least one case, in the owner's time. Of the cases `counted` nothing is said but how many they are."""
    zone = owner.timezone
    by_id = {view.case.id: view for view in views}
    cases = most_pressing([*(view.case for view in views), *counted], now)
    in_full = [by_id[case.id] for case in cases if case.id in by_id][:IN_FULL]
    untaken = [case.id for case in cases if case.status is CaseStatus.OPEN]
    first_due = min(case.next_date for case in cases)
    late, single = first_due < now, len(cases) == 1
    count = "1 case is yours" if single else f"{len(cases)} cases are yours"
    due = f"by {times.deadline(first_due, now, zone)}"
    return DigestContext(
        business=letterhead.business,
        label="Digest",
        subject=f"{count}, {'' if single else 'the first '}{'was ' if late else ''}due {due}",
        opening=f"{owner.first_name}, {count}. {'It' if single else 'The first'} {'was' if late else 'is'} due",
        due=due,
        late=late,
        advice="",
        take_all_url=letterhead.acknowledge_url(untaken, owner.name) if len(untaken) > 1 else None,
        cases=tuple(digest_case(view, owner, letterhead, now) for view in in_full),
        more=len(cases) - len(in_full),
        inbox=Link("See all your cases in the inbox", letterhead.inbox_url(owner)),
        footer=sent(now, zone, letterhead, "the cases are yours"),
    )


def digest_case(view: CaseView, owner: Person, letterhead: Letterhead, now: datetime) -> DigestCase:
    """One case of `owner`, in their time."""
    case, newest, zone = view.case, view.items[-1], owner.timezone
    late = case.next_date < now
    beginning = shortened(cleaned(newest.item.text), _WORDS_LIMIT)
    return DigestCase(
        case_id=case.id,
        customer=customer_of(newest.item),
        standing=f"{'Was due' if late else 'Due'} by {times.deadline(case.next_date, now, zone)}",
        late=late,
        urgency=urgency(case),
        quote=Quote(shortened(title_of(newest.item), 120), beginning, False, f"By {origin(newest.item, now, zone)}", language(newest)),
        take_url=take_url(case, owner, letterhead),
        note="You have it.",
        case_url=letterhead.case_url(case.id),
    )
