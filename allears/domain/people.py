"""The people who own cases: who they are, when they work, and who stands in for them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allears.domain.hours import ALWAYS, WorkingHours


@dataclass(frozen=True, slots=True)
class Absence:
    """Days a person is away, both ends included, in the person's own time zone."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Person:
    """One named human who can own a case."""

    name: str
    email: str
    teams: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    manager: str | None = None
    deputy: str | None = None
    hours: WorkingHours = ALWAYS
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    holidays: Container[date] = frozenset()
    away: tuple[Absence, ...] = ()
    languages: tuple[str, ...] = ()
    authority: str | None = None

    @property
    def first_name(self) -> str:
        """How one addresses them."""
        return self.name.split()[0]

    def due(self, start: datetime, business_duration: timedelta) -> datetime:
        """When `business_duration` of this person's working time has passed since `start` (aware); UTC."""
        return self.hours.due(start, business_duration, self.timezone, self.holidays)

    def is_away(self, at: datetime) -> bool:
        """Whether `at` (aware) falls on one of their days away."""
        today = at.astimezone(self.timezone).date()
        return any(absence.first <= today <= absence.last for absence in self.away)


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone who may own a case, found by name or team. `default` takes what nobody else can."""

    people: Mapping[str, Person]
    default: str

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def __contains__(self, name: str) -> bool:
        return name in self.people

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people.values())

    def team(self, name: str) -> tuple[Person, ...]:
        """Members of a team, in the order the configuration names them."""
        return tuple(person for person in self if name in person.teams)

    def reachable(self, person: Person, at: datetime) -> tuple[Person, str | None]:
        """Who really takes a case meant for `person` at that moment, and why if it is someone else.

        The deputies' chain is followed first, then the managers'; a loop ends at the default owner,
        who takes it even when away: nothing is ever nobody's.
        """
        if not person.is_away(at):
            return person, None
        for stand_in in (*self._chain(person, "deputy"), *self._chain(person, "manager")):
            if not stand_in.is_away(at):
                return stand_in, f"{person.name} is away"
        return self.people[self.default], f"{person.name} and everyone standing in for them are away"

    def _chain(self, person: Person, link: str) -> Iterable[Person]:
        seen = {person.name}
        name: str | None = getattr(person, link)
        while name and name not in seen:
            seen.add(name)
            yield self.people[name]
            name = getattr(self.people[name], link)
