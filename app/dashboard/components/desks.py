"""What everyone has on their desk, whether they can be reached, and between whom cases went."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseStatus
from allears.domain.people import Absence, Directory
from allears.domain.records import WEIGHT, CaseLine, Load
from app.dashboard.formats import moment

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
    hops_to: int
    hops_from: int
    next_absence: Absence | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Cases that went from one person to another: how many times, the length of its bar in per cent.

    `reason` is the newest known, and `customer` whom that case is about.
    """

    origin: str
    to: str
    hops: int
    length: float
    reason: str | None
    customer: str | None


def loads(cases: Iterable[Case]) -> dict[str, Load]:
    """Everyone's open cases, and what they weigh."""
    desks: defaultdict[str, Load] = defaultdict(Load)
    for case in cases:
        desks[case.owner] = Load(desks[case.owner].open + 1, desks[case.owner].weight + WEIGHT[case.urgency])
    return desks


def presence(directory: Directory, name: str, now: datetime, zone: ZoneInfo) -> str:
    """Whether someone can be reached, in words that stand beside their name: "at work", "away until Mon 23 Nov"."""
    why_not = directory.why_not(name, now)
    if why_not:
        return why_not.removeprefix(f"{name} is ").replace(f"Mails to {name}", "mails to them")
    person = directory[name]
    if person.is_at_work(now):
        return "at work"
    return f"off until {moment(person.due(now, timedelta()), now, zone).replace('Today', 'today')}"


def desk_rows(directory: Directory, cases: Sequence[Case], now: datetime, zone: ZoneInfo) -> list[DeskRow]:
    """Everyone who can own a case or has one, by team, then name; those without a team last."""
    desks = loads(cases)
    hops = _hops(cases)
    given, taken = Counter[str](), Counter[str]()
    for (origin, to), number in hops.items():
        taken[origin] += number
        given[to] += number
    late = Counter(case.owner for case in cases if case.next_date < now)
    untaken = Counter(case.owner for case in cases if case.status is CaseStatus.OPEN)
    names = {*(person.name for person in directory if person.active), *desks}

    def row(name: str) -> DeskRow:
        person = directory.people.get(name)
        return DeskRow(
            name=name,
            teams=", ".join(person.teams if person else ()) or NO_TEAM,
            presence=presence(directory, name, now, zone),
            why_not=directory.why_not(name, now),
            stands_in=_stand_in(directory, name, now),
            load=desks.get(name, Load()),
            late=late[name],
            untaken=untaken[name],
            hops_to=given[name],
            hops_from=taken[name],
            next_absence=person.next_absence(now) if person else None,
        )

    return sorted(map(row, names), key=lambda each: (each.teams == NO_TEAM, each.teams.casefold(), each.name))


def passages(lines: Sequence[CaseLine]) -> list[Passage]:
    """From whom to whom open cases went, the most travelled first."""
    hops = _hops(line.case for line in lines)
    most = max(hops.values(), default=1)
    newest: dict[tuple[str, str], tuple[str, str]] = {}
    for line in sorted(lines, key=lambda each: each.case.owner_since or each.case.opened_at):
        if len(line.case.owners) > 1:
            reason = line.case.why_owner.partition(" handed it over: ")[2] or line.case.why_owner
            newest[line.case.owners[-2], line.case.owners[-1]] = reason, line.customer
    ordered = sorted(hops.items(), key=lambda each: (-each[1], each[0]))
    return [Passage(*way, number, 100 * number / most, *newest.get(way, (None, None))) for way, number in ordered]


def _hops(cases: Iterable[Case]) -> Counter[tuple[str, str]]:
    return Counter(pair for case in cases for pair in pairwise(case.owners))


def _stand_in(directory: Directory, name: str, now: datetime) -> str | None:
    if directory.why_not(name, now) is None:
        return None
    return next((each.name for each in directory.stand_ins(name) if directory.why_not(each.name, now) is None), None)
