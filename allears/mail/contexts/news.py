"""News: what became of several cases. Others have them now, or a date that a customer counts on has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from allears.domain.case import Case, CaseId
from allears.domain.people import Person
from allears.domain.records import CaseView
from allears.mail import times
from allears.mail.contexts.digest import IN_FULL, DigestCase, DigestContext, digest_case, most_pressing
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.moved import why_moved
from allears.mail.contexts.overdue import held, missed_date
from allears.mail.contexts.parts import Link, sent

_NOTHING_TO_DO = (
    "You need do nothing about cases that others have. If you have already written to a customer, tell whoever has the case now."
)


@dataclass(frozen=True, slots=True)
class News:
    """Cases that are overdue and cases that others have now, at least one of them, each case once."""

    overdue: Sequence[Case]
    moved: Sequence[Case]

    def in_full(self, now: datetime) -> list[CaseId]:
        """The cases that the mail tells of by their words: the most pressing ones, those that are overdue before all others."""
        return [case.id for case in (*most_pressing(self.overdue, now), *most_pressing(self.moved, now))][:IN_FULL]


def news_context(news: News, views: Mapping[CaseId, CaseView], person: Person, letterhead: Letterhead, now: datetime) -> DigestContext:
    """The facts of news, in the reader's time; `views` are of the cases told of in full."""
    overdue = {case.id for case in news.overdue}
    told = [views[each] for each in news.in_full(now) if each in views]
    first = min((missed_date(case) for case in news.overdue), default=None)
    late = f"by {times.deadline(first, now, person.timezone)}" if first else ""
    count, subject = _counted(len(news.overdue), len(news.moved), late)
    return DigestContext(
        business=letterhead.business,
        label="News",
        subject=subject,
        opening=f"{person.first_name}, {count}",
        due=late or "now",
        late=bool(first),
        advice=_NOTHING_TO_DO if news.moved else "",
        take_all_url=None,
        cases=tuple((_overdue if view.case.id in overdue else _moved)(view, person, letterhead, now) for view in told),
        more=len(news.overdue) + len(news.moved) - len(told),
        inbox=_inbox(news, person, letterhead),
        footer=sent(now, person.timezone, letterhead, "you have these cases, had them, or lead whoever has them"),
    )


def _counted(overdue: int, moved: int, late: str) -> tuple[str, str]:
    """The title up to its date, and the subject."""
    if not overdue:
        return f"others have {moved} of your cases", f"Others have {moved} of your cases now"
    count = "1 case is overdue" if overdue == 1 else f"{overdue} cases are overdue"
    first = "It" if overdue == 1 else "The first"
    if moved:
        count += f", and others have {moved} of yours now"
        return f"{count}. {first} was due", count
    return f"{count}. {first} was due", f"{count}, {'' if overdue == 1 else 'the first '}was due {late}"


def _overdue(view: CaseView, person: Person, letterhead: Letterhead, now: datetime) -> DigestCase:
    case, zone = view.case, person.timezone
    theirs = case.owner == person.name
    missed = times.deadline(missed_date(case), now, zone)
    said = replace(
        digest_case(view, person, letterhead, now),
        standing=f"{'To be put right' if case.late_for and case.late_for == case.resolve_by else 'Was due'} by {missed}",
        late=True,
        note=f"{'You have' if theirs else f'{case.owner} has'} it{held(case, now, zone)}.",
    )
    return said if theirs else replace(said, take_url=None)


def _moved(view: CaseView, person: Person, letterhead: Letterhead, now: datetime) -> DigestCase:
    case, zone = view.case, person.timezone
    standing = f"{case.owner} has it now"
    if case.acknowledged_at:
        standing = f"Taken by {case.owner}, {times.deadline(case.acknowledged_at, now, zone)}"
    elif case.owner_since:
        standing = f"With {case.owner} since {times.deadline(case.owner_since, now, zone)}"
    return replace(digest_case(view, person, letterhead, now), standing=standing, late=False, take_url=None, note=why_moved(view, person))


def _inbox(news: News, person: Person, letterhead: Letterhead) -> Link:
    """Where the rest is: the late cases of whoever has the overdue ones, if it is one person; else the reader's own."""
    owners = {case.owner for case in news.overdue}
    if not owners:
        return Link("See all your cases in the inbox", letterhead.inbox_url(person))
    return Link("See all late cases in the inbox", letterhead.late_url(owners.pop() if len(owners) == 1 else None))
