"""Praise: what a customer wrote about one person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from allears.domain.case import Case, CaseId
from allears.domain.people import Person
from allears.domain.records import StoredItem
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import Quote, customer_of, in_sentence, matter, quote, sent
from allears.mail.words import title_of


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


def praise_context(
    praise: StoredItem, person: Person, manager: Person | None, case: Case | None, letterhead: Letterhead, now: datetime
) -> PraiseContext:
    """The facts of a mail that brings one person their praise, in that person's time."""
    words = quote(praise, title_of(praise.item), now, person.timezone)
    return PraiseContext(
        business=letterhead.business,
        customer=customer_of(praise.item),
        matter=matter(praise.item),
        title=f"{person.first_name}, {in_sentence(praise.item)} wrote about you",
        quote=replace(words, shortened=words.shortened and case is not None),  # which has the rest
        manager=manager.name if manager else None,
        case_id=case.id if case else None,
        case_owner=case.owner if case else "",
        case_is_theirs=case is not None and case.owner == person.name,
        case_url=letterhead.case_url(case.id) if case else "",
        footer=sent(now, person.timezone, letterhead, "the message is about you"),
    )
