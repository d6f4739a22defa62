"""How a case came from one person to another, read from its events."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from allears.domain.case import SYSTEM, Case, Event, EventType
from allears.mail.words import isolated, one_line

_FROM_TO = re.compile(r"From (?P<origin>.+?) to (?P<to>.+?): (?P<reason>.+)", re.DOTALL)
_TIMES = {1: "once", 2: "twice"}


@dataclass(frozen=True, slots=True)
class Hop:
    """One change of owner: who made it, from whom to whom, and the reason on one line."""

    actor: str
    origin: str
    to: str
    reason: str

    @property
    def by_itself(self) -> bool:
        """Whether AllEars made it, and no human."""
        return self.actor == SYSTEM

    @property
    def why(self) -> str:
        """The reason after "because": AllEars's own words as the clause they are, a person's as a quotation."""
        if not self.by_itself:
            return f"“{isolated(self.reason)}”"
        clause = self.reason.rstrip(".")
        return isolated(clause if clause.startswith((self.origin, self.to)) else clause[:1].lower() + clause[1:])


def last_hop(events: tuple[Event, ...]) -> Hop | None:
    """How the case came to whoever has it; None if it came to them first."""
    return next(_latest_first(events), None)


def hop_from(name: str, events: tuple[Event, ...]) -> Hop | None:
    """How the case was taken from this person the last time."""
    return next((hop for hop in _latest_first(events) if hop.origin == name), None)


def times_changed(case: Case) -> str:
    """How often a case changed hands, and between whom, as in "once: Ada Brook, then Ben Hall"."""
    if not case.hops:
        return "never"
    often = _TIMES.get(case.hops, f"{case.hops} times")
    return f"{often}: {one_line(', then '.join(case.owners), 300)}" if len(case.owners) > 1 else often


def _latest_first(events: tuple[Event, ...]) -> Iterator[Hop]:
    for event in reversed(events):
        if event.type is EventType.HANDED_OVER and (match := _FROM_TO.fullmatch(event.detail)):
            yield Hop(one_line(event.actor, 60), match["origin"], match["to"], one_line(match["reason"], 300))
