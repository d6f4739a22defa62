"""What everyone has on their desk, whether they can be reached, by team and name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from allears.domain.desks import Desks, OnDesk
from allears.domain.overview import Timing
from allears.domain.people import Absence, Directory
from allears.domain.records import Load
from app.dashboard.formats import day, moment

NO_TEAM = "no team"


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A person and the open cases on their desk.

    `presence` says whether they can be reached; `why_not` is None where they can, and `stands_in` who does where they cannot, if
    anybody. `hops_to` and `hops_from` count the owner changes of all open cases.
    """

    name: str
    teams: str
    presence: str
    why_not: str | None
    stands_in: str | None
    load: Load
    late: int
    untaken: int
    taken: Timing
    hops_to: int
    hops_from: int
    next_absence: Absence | None


def presence(directory: Directory, name: str, now: datetime, zone: ZoneInfo) -> str:
    """Whether someone can be reached, in words that stand beside their name: "at work", "away until Mon 23 Nov"."""
    why_not, known = directory.why_not(name, now), directory.people.get(name)
    if known and known.active and (absence := known.absence(now)):
        return f"away until {day(absence.last)}"
    if why_not:
        return why_not.removeprefix(f"{name} is ").replace(f"Mails to {name}", "mails to them")
    person = directory[name]
    if person.is_at_work(now):
        return "at work"
    return f"off until {moment(person.due(now, timedelta()), now, zone).replace('Today', 'today')}"


def desk_rows(directory: Directory, desks: Desks, now: datetime, zone: ZoneInfo) -> list[DeskRow]:
    """Everyone who can own a case or has one, by team, then name; those without a team last."""
    given, taken = Counter[str](), Counter[str]()
    for way in desks.passages:
        taken[way.origin] += way.hops
        given[way.to] += way.hops
    held = {each.owner: each for each in desks.people}
    names = {*(person.name for person in directory if person.active), *(name for name, each in held.items() if each.load.open)}

    def row(name: str) -> DeskRow:
        person, on_desk = directory.people.get(name), held.get(name, OnDesk(name, Load(), 0, 0, Timing(0, None, None)))
        return DeskRow(
            name=name,
            teams=", ".join(person.teams if person else ()) or NO_TEAM,
            presence=presence(directory, name, now, zone),
            why_not=directory.why_not(name, now),
            stands_in=_stand_in(directory, name, now),
            load=on_desk.load,
            late=on_desk.late,
            untaken=on_desk.untaken,
            taken=on_desk.taken,
            hops_to=given[name],
            hops_from=taken[name],
            next_absence=person.next_absence(now) if person else None,
        )

    return sorted(map(row, names), key=lambda each: (each.teams == NO_TEAM, each.teams.casefold(), each.name))


def _stand_in(directory: Directory, name: str, now: datetime) -> str | None:
    if directory.why_not(name, now) is None:
        return None
    return next((each.name for each in directory.stand_ins(name) if directory.why_not(each.name, now) is None), None)
