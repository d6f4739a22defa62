"""Applause: praise that names nobody for certain, to be passed on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from allears.domain.case import Case
from allears.domain.people import Person
from allears.domain.records import StoredItem
from allears.mail.contexts.letterhead import Letterhead
from allears.mail.contexts.parts import QUOTE_LIMIT, Quote, matter, quote, sent
from allears.mail.words import shortened, title_of

IN_FULL = 20
"""Pieces with their words in one mail: as many stay below the 102 kB from which on Gmail cuts a mail off."""

_WORDS_LIMIT = 700
_MOST_NAMES = 6


@dataclass(frozen=True, slots=True)
class Applause:
    """A piece of praise and what is known of whom it is about.

    `perhaps` holds the names of people of whom one may be meant, for each word that leaves it open; `owners` says whose the `topic` is,
    as in "team:billing". `case` is the one the message belongs to.
    """

    praise: StoredItem
    perhaps: tuple[tuple[str, ...], ...] = ()
    case: Case | None = None
    topic: str | None = None
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of praise as a mail shows it; `about` says whom it may be about, or what; `case_url` is "" without a case."""

    quote: Quote
    about: str
    case_url: str


@dataclass(frozen=True, slots=True)
class ApplauseContext:
    """Pieces of praise for somebody to pass on, oldest first; `more` are only counted. `matter` is that of the only one."""

    business: str
    count: int
    title: str
    matter: str
    pieces: tuple[Piece, ...]
    more: int
    overview_url: str
    footer: str


def applause_context(applause: Sequence[Applause], person: Person, letterhead: Letterhead, now: datetime) -> ApplauseContext:
    """The facts of a mail with at least one piece of praise, in the reader's time."""
    count = len(applause)
    limit = QUOTE_LIMIT if count == 1 else _WORDS_LIMIT
    here = "here is praise" if count == 1 else f"here are {count} messages of praise"
    return ApplauseContext(
        business=letterhead.business,
        count=count,
        title=f"{person.first_name}, {here} to pass on",
        matter=matter(applause[0].praise.item) if count == 1 else "",
        pieces=tuple(_piece(each, limit, person, letterhead, now) for each in applause[:IN_FULL]),
        more=max(0, count - IN_FULL),
        overview_url=letterhead.dashboard,
        footer=sent(now, person.timezone, letterhead, "nobody is named for certain, and you can pass it on"),
    )


def _piece(applause: Applause, limit: int, person: Person, letterhead: Letterhead, now: datetime) -> Piece:
    item, case = applause.praise.item, applause.case
    words = quote(applause.praise, shortened(title_of(item), 120), now, person.timezone)
    return Piece(
        quote=replace(words, text=shortened(words.text, limit), shortened=False),
        about=_about(applause, person),
        case_url=letterhead.case_url(case.id) if case else "",
    )


def _about(applause: Applause, reader: Person) -> str:
    case = applause.case
    of_case = f"{'your' if case.owner == reader.name else f'{case.owner}’s'} case {case.id}" if case else ""
    if applause.perhaps:
        also = f" The same message is part of {of_case}." if case else ""
        return f"It may be about {', and about '.join(_one_of(people, reader) for people in applause.perhaps)}.{also}"
    if case:
        return f"Nobody is named; it belongs to {of_case}."
    if applause.topic:
        theirs = {f"person:{reader.name}", *(f"team:{team}" for team in reader.teams)}
        return f"Nobody is named; it is about {applause.topic}{', which is yours' if theirs & applause.owners else ''}."
    return "Nobody is named."


def _one_of(people: Sequence[str], reader: Person) -> str:
    """As in "you, Tom Okafor or Tom Reid"."""
    named = ["you" if name == reader.name else name for name in people]
    if len(named) > _MOST_NAMES:
        named = [*named[: _MOST_NAMES - 1], f"{len(named) - _MOST_NAMES + 1} others"]
    return " or ".join(part for part in (", ".join(named[:-1]), named[-1]) if part)
