"""The people who own cases: who they are, when they work, and who stands in for them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allears.domain.feedback import Urgency
from allears.domain.hours import ALWAYS, WorkingHours


@dataclass(frozen=True, slots=True)
class Absence:
    """Days a person is away, both ends included, in the person's own time zone; a shift over midnight belongs to its first day."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Person:
    """One named human who can own a case.

    `country` names whose public `holidays` they have. `active` is false once they have left for good; `takes_back` says that cases
    return to them after an absence. Alerts from the urgency `at_once` on are sent one by one, the others gathered until the next of
    the times `digest_at`; in the `quiet` hours (from, until) only critical ones are sent. `ways` are Apprise addresses that are told
    beside the mail. Times are in their time zone.
    """

    name: str
    email: str
    teams: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    manager: str | None = None
    deputy: str | None = None
    hours: WorkingHours = ALWAYS
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    holidays: Container[date] = frozenset()
    country: str | None = None
    away: tuple[Absence, ...] = ()
    languages: tuple[str, ...] = ()
    authority: str | None = None
    active: bool = True
    takes_back: bool = False
    at_once: Urgency = Urgency.LOW
    digest_at: tuple[time, ...] = ()
    quiet: tuple[time, time] | None = None
    ways: tuple[str, ...] = field(default=(), repr=False)  # secrets

    @property
    def first_name(self) -> str:
        """How one addresses them."""
        return self.name.split()[0]

    @property
    def calendar(self) -> str:
        """Everything that decides when they work, as one text that changes when any of it does."""
        days = sorted(self.holidays) if isinstance(self.holidays, frozenset) else self.country
        return repr((self.hours, self.timezone.key, days, self.away))

    def due(self, start: datetime, business_duration: timedelta) -> datetime:
        """When `business_duration` of this person's working time has passed since `start` (aware); UTC.

        Holidays and days away are no working time. The date of somebody who never works again is `hours.FARTHEST` off.
        """
        return self.hours.due(start, business_duration, self.timezone, self._is_off)

    def absence(self, at: datetime) -> Absence | None:
        """The absence that `at` (aware) falls into; of several the one that lasts longest."""
        if not self.away:
            return None
        today = self.hours.day_of(at, self.timezone)
        return max((each for each in self.away if today in each), key=lambda absence: absence.last, default=None)

    def next_absence(self, at: datetime) -> Absence | None:
        """The first absence that begins after `at` (aware)."""
        today = at.astimezone(self.timezone).date()
        return min((each for each in self.away if each.first > today), key=lambda absence: absence.first, default=None)

    def is_at_work(self, at: datetime) -> bool:
        """Whether `at` (aware) falls into their working time."""
        return self.due(at, timedelta()) == at

    def _is_off(self, day: date) -> bool:
        return day in self.holidays or any(day in absence for absence in self.away)


@dataclass(frozen=True, slots=True)
class Directory:
    """Everyone who may own a case, found by name or team. `default` takes what nobody else can.

    `bouncing` says of mail addresses why nothing reaches them.
    """

    people: Mapping[str, Person]
    default: str
    bouncing: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def __contains__(self, name: str) -> bool:
        return name in self.people

    def __iter__(self) -> Iterator[Person]:
        return iter(self.people.values())

    def knowing(self, bouncing: Mapping[str, str]) -> Directory:
        """The same people, with these mail addresses that nothing reaches."""
        return replace(self, bouncing=bouncing)

    def team(self, name: str) -> tuple[Person, ...]:
        """Members of a team, in the order the configuration names them."""
        return tuple(person for person in self if name in person.teams)

    def why_not(self, name: str, at: datetime) -> str | None:
        """Why this person cannot have a case at that moment, as a sentence without its full stop; None if they can."""
        person = self.people.get(name)
        if person is None:
            return f"{name} is not in the directory any more"
        if not person.active:
            return f"{name} is not active any more"
        if absence := person.absence(at):
            return f"{name} is away until {absence.last:%a %-d %b}"
        if person.email in self.bouncing:
            return f"Mails to {name} come back"
        return None

    def stand_ins(self, name: str) -> Iterator[Person]:
        """Who comes next: the chain of deputies, then that of managers, then the default owner; each person once."""
        seen = {name}
        for link in ("deputy", "manager"):
            for person in self._chain(name, link):
                if person.name not in seen:
                    seen.add(person.name)
                    yield person
        if self.default not in seen:
            yield self.people[self.default]

    def reachable(self, person: Person, at: datetime) -> tuple[Person, str | None]:
        """Who really takes a case meant for `person` at that moment, and why if it is someone else.

        The deputies' chain is followed first, then the managers'; a loop ends at the default owner,
        who takes it even when away: nothing is ever nobody's.
        """
        why = self.why_not(person.name, at)
        if why is None:
            return person, None
        for stand_in in self.stand_ins(person.name):
            if self.why_not(stand_in.name, at) is None:
                return stand_in, why
        return self.people[self.default], f"{why}, and nobody who stands in can be reached"

    def deputies_in_circles(self) -> list[tuple[str, ...]]:
        """People who are deputies of each other, directly or round about; each circle once."""
        found: dict[frozenset[str], tuple[str, ...]] = {}
        for name in self.people:
            chain = (name, *(deputy.name for deputy in self._chain(name, "deputy")))
            if self.people[chain[-1]].deputy == name:
                found.setdefault(frozenset(chain), chain)
        return list(found.values())

    def _chain(self, name: str, link: str) -> Iterable[Person]:
        seen = {name}
        following: str | None = getattr(self.people[name], link) if name in self.people else None
        while following and following not in seen and following in self.people:
            seen.add(following)
            yield self.people[following]
            following = getattr(self.people[following], link)
