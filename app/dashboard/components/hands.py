"""Whose a case was: everyone who has had it, for how long, and why it moved on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from allears.domain.case import SYSTEM, Case, Event, EventType
from allears.domain.records import CaseView
from allears.watching import Watch

_FROM_TO = re.compile(r"From (?P<origin>.+?) to (?P<to>.+?): (?P<reason>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Hand:
    """One person's time with a case: for how many seconds, and why it moved on; `moved_by` is the person who moved it, if one did."""

    name: str
    since: datetime
    seconds: float
    why: str | None = None
    moved_by: str | None = None


@dataclass(frozen=True, slots=True)
class TakeBy:
    """By when an owner must have taken a case, and who has it if they do not; None where nobody comes after them."""

    at: datetime
    then: str | None


def people_so_far(case: Case) -> int:
    """How many people have had the case."""
    return len({*case.owners, case.owner})


def standing(case: Case) -> str:
    """Which of the people so far has it: "On its 3rd person", "Back with Ada Brook, after 2 hops"."""
    if case.owner in case.owners[:-1]:
        return f"Back with {case.owner}, after {case.hops} hops"
    return f"On its {ordinal(people_so_far(case))} person"


def ordinal(number: int) -> str:
    """A number as a place: "2nd", "11th"."""
    teens = number % 100 in range(11, 14)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def hands(view: CaseView, now: datetime) -> list[Hand]:
    """Everyone who has had the case, in order; the last one until it was resolved, or now."""
    case, moves = view.case, _moves(view.events)
    since = case.opened_at
    past: list[Hand] = []
    for move, said in moves:
        past.append(Hand(said["origin"], since, _between(since, move.at), said["reason"], None if move.actor == SYSTEM else move.actor))
        since = move.at
    return [*past, Hand(case.owner, since, _between(since, case.resolved_at or now))]


def take_by(watch: Watch, case: Case) -> TakeBy | None:
    """What the watch would do just after an owner's time to take the case; None where they have it, or were not alerted yet."""
    at = watch.take_by(case) if case.status.is_open else None
    if at is None:
        return None
    found = replace(watch, now=max(at + timedelta(microseconds=1), watch.now)).next_step(case)
    moved = found is not None and found[0] == "moved"
    return TakeBy(at, found[1][0].case.owner if found and moved else None)


def _moves(events: Sequence[Event]) -> list[tuple[Event, re.Match[str]]]:
    handed_over = (each for each in events if each.type is EventType.HANDED_OVER)
    return [(each, said) for each in handed_over if (said := _FROM_TO.fullmatch(each.detail))]


def _between(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())
