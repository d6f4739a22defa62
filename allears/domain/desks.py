"""What everyone has on their desk, and between whom cases went."""

from __future__ import annotations

from dataclasses import dataclass

from allears.domain.overview import Timing
from allears.domain.records import Load


@dataclass(frozen=True, slots=True)
class OnDesk:
    """A person's open cases: how many and what they weigh, how many are late, and how many nobody has taken yet.

    `taken` is how long the cases of the last 28 days waited on their desk until they said "I have it".
    """

    owner: str
    load: Load
    late: int
    untaken: int
    taken: Timing


@dataclass(frozen=True, slots=True)
class Passage:
    """Open cases that went from one person to another: how many times, the newest reason known, and whom that case is about."""

    origin: str
    to: str
    hops: int
    reason: str | None
    customer: str | None


@dataclass(frozen=True, slots=True)
class Desks:
    """Everyone with open cases, and the ways on which cases changed hands, the most travelled first."""

    people: tuple[OnDesk, ...]
    passages: tuple[Passage, ...]

    @property
    def open(self) -> int:
        """All open cases."""
        return sum(each.load.open for each in self.people)
