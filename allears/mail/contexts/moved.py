"""Moved: somebody else has one's case now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.case import CaseId
from allears.domain.people import Person
from allears.domain.records import CaseView
from allears.mail.contexts.hops import hop_from
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import Row, WriteTo, in_sentence, matter, sent, write_to_person
from allears.mail.words import author_of, called, isolated


@dataclass(frozen=True, slots=True)
class MovedContext:
    """A case that went on to `owner`. `customer` is how one speaks of them, `comes_back` says that it does after an absence."""

    business: str
    case_id: CaseId
    kind: str
    opening: str
    owner: str
    whose: str
    customer: str
    matter: str
    comes_back: bool
    write_to: WriteTo | None
    rows: tuple[Row, ...]
    case_url: str
    footer: str


def moved_context(view: CaseView, person: Person, letterhead: Letterhead, now: datetime) -> MovedContext:
    """The facts of a mail to whoever had the case before, in their time."""
    case, newest = view.case, view.items[-1]
    about, whose = matter(newest.item), f"{in_sentence(newest.item)}’s"
    return MovedContext(
        business=letterhead.business,
        case_id=case.id,
        kind=case.kind.value.capitalize(),
        opening=f"{person.first_name}, {case.owner} has {whose} case now.",
        owner=case.owner,
        whose=whose,
        customer=isolated(called(author_of(newest.item))),
        matter=about,
        comes_back=case.stands_in_for == person.name,
        write_to=write_to_person(letterhead.directory.people.get(case.owner), case, newest.item),
        rows=tuple(Row(label, text) for label, text in (("Why", why_moved(view, person)), ("About", about and f"“{about}”")) if text),
        case_url=letterhead.case_url(case.id),
        footer=sent(now, person.timezone, letterhead, "you had the case before"),
    )


def why_moved(view: CaseView, person: Person) -> str:
    """Why the case was taken from this person the last time, as a sentence; "" where nothing says so."""
    hop = hop_from(person.name, view.events)
    if hop is None:
        return ""
    return f"{isolated(hop.reason.rstrip('.'))}." if hop.by_itself else f"{hop.actor} handed it over: {hop.why}"
