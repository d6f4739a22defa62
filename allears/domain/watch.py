"""What the watch sees of the open cases, what it asks for, and what it finds wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.feedback import Urgency


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A mail address that came back, with what the mail server said."""

    person: str
    email: str
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that a leader must mend, from its first sight until it is over; `key` names the same thing each time."""

    key: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Pile:
    """Open cases that differ by their dates only: of one owner, as urgent, with the same tags, dated by the same rules.

    `number` is what the store finds them by, as long as it is open. `stands_in_for` is who gets them back; `untaken_since` is when the
    first alert left of those that were not acknowledged.
    """

    number: int
    owner: str
    stands_in_for: str | None
    urgency: Urgency
    tags: tuple[str, ...]
    rules: str | None
    untaken_since: datetime | None


@dataclass(frozen=True, slots=True)
class WatchBook:
    """What the watch sees first; `unsent_since` is since when the oldest mail with an alert is due and not handed over."""

    piles: tuple[Pile, ...]
    unreachable: tuple[Unreachable, ...]
    unsent_since: datetime | None


@dataclass(frozen=True, slots=True)
class WatchQuestion:
    """Which open cases the watch must look at, piles by their numbers.

    All cases of the piles `whole`; of the piles `untaken` those that were alerted and not acknowledged; of any pile those with a date
    that has passed `now` and was not said to, or that comes until `soon` and of which that was not said.
    """

    now: datetime
    soon: datetime
    whole: tuple[int, ...] = ()
    untaken: tuple[int, ...] = ()
