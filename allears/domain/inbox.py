"""What the inbox lists: cases and messages, which of them, and how they stand in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from allears.domain.case import CaseId, CustomerId
from allears.domain.feedback import ItemId, Kind, Sentiment, Urgency
from allears.domain.records import CaseLine

MOST_WORDS = 4
"""So many words of a search are looked for one by one; what follows the last is looked for with it."""
MOST_DIGITS = 3
"""With more of them, words are taken for a number that is masked: a phone's, an order's."""
_CASE_NUMBER = re.compile(r"\bC-\d+\b", re.IGNORECASE)


class Show(StrEnum):
    """Which cases: open ones as they stand, or those put right."""

    OPEN = "All open"
    LATE = "Late"
    TODAY = "Due today"
    UNACKNOWLEDGED = "Unacknowledged"
    RESOLVED = "Resolved"


class Standing(StrEnum):
    """Where a message stands: a place of the ledger, on its way, what figures count, or written by our own people."""

    COUNTED = "counted"
    CASE = "case"
    PRAISE = "praise"
    OTHER = "other"
    AUTOMATED = "automated"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    WAITING = "waiting"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after the line of that moment and id."""

    at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Which:
    """What both lists are narrowed by; None: by nothing. `since` and `until` (exclusive) are when it began, or was received.

    Owner, incident and tag are the case's: a message without one has none of them.

    `words` must all occur in the text, the title or the author, in whatever case of letters, or one of them be the case's id. Authors
    are only looked at in cases of the owner `names_of`, if that is given ("": in none), and words that tell of somebody only there.
    """

    words: str = ""
    owner: str | None = None
    incident: str | None = None
    topic: str | None = None
    channel: str | None = None
    source: str | None = None
    kind: Kind | None = None
    sentiment: Sentiment | None = None
    urgency: Urgency | None = None
    language: str | None = None
    tag: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    names_of: str | None = None

    @property
    def of_own(self) -> bool:
        """Whether what is looked for is masked in everybody else's cases."""
        return self.names_of is not None and tells(self.words)

    def parts(self) -> list[str | None]:
        """The words to look for, MOST_WORDS places long."""
        found = self.words.split(maxsplit=MOST_WORDS - 1)
        return [*found, *[None] * (MOST_WORDS - len(found))]


def tells(words: str) -> bool:
    """Whether words look like what is masked in texts: a mail address or a part of one, or a number of more than MOST_DIGITS digits."""
    rest = _CASE_NUMBER.sub("", words)
    return "@" in rest or sum(character.isdigit() for character in rest) > MOST_DIGITS


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """Open cases: all, those whose customer should have heard by now, those who are to hear later today, those not yet acknowledged."""

    open: int
    late: int
    today: int
    unacknowledged: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """Cases in the order in which someone should look. `found` match, of which `late` and `today`; `counts` are of every open case."""

    lines: tuple[CaseLine, ...]
    found: int
    late: int
    today: int
    counts: CaseCounts


@dataclass(frozen=True, slots=True)
class Messages:
    """Which messages: `standing` None is every one. `like` is a message whose meaning theirs is near."""

    which: Which = field(default_factory=Which)
    standing: Standing | None = None
    customer: CustomerId | None = None
    like: ItemId | None = None


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in a list: `words` are its title or the beginning of its text. `nearness` in [0, 1] where like ones were asked for."""

    id: ItemId
    received_at: datetime
    channel: str
    source: str
    customer: str
    customer_id: CustomerId | None
    words: str
    language: str | None
    sentiment: str | None
    kind: str | None
    topic: str | None
    urgency: str | None
    standing: Standing
    case_id: CaseId | None
    owner: str | None
    nearness: float | None = None


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Messages, newest first, or nearest first; how many match in all."""

    lines: tuple[MessageLine, ...]
    found: int
