"""The configuration in force, as plain sections: what was read, never a secret."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from allears.domain.feedback import Urgency
from allears.domain.targets import Goal, Targets
from allears.settings import PersonSettings, RouteFilter, Settings, SourceSettings
from app.dashboard.formats import day, duration

_SECRET_KEY = re.compile(r"passw|secret|token|(?:^|_)key|credential|authorization", re.IGNORECASE)
_USER_AND_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):[^/\s]*(?=@)")
_USER_ON_THE_WEB = re.compile(r"(?<=^http://)[^/\s]*@|(?<=^https://)[^/\s]*@")
_SECRET_IN_QUERY = re.compile(r"([?&;][^=&;\s]*(?:passw|secret|token|key|credential|auth|sig)[^=&;\s]*=)[^&;#\s]+", re.IGNORECASE)
HIDDEN = "•••"
MOST_AWAY = 3


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the configuration: facts by name, or rows under columns; `empty` is said where there are none."""

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    empty: str = ""


def sections(settings: Settings, today: date) -> list[Section]:
    """Every part, in the order in which one asks about them."""
    return [
        _business(settings),
        Section("Sources", columns=("Source", "Channel", "Asked every", "Stops after", "As configured"), rows=tuple(_sources(settings))),
        _people(settings, today),
        _routes(settings),
        Section("Targets", columns=("Within", *(urgency.value for urgency in Urgency)), rows=tuple(_targets(settings.durations()))),
        Section(
            "Tags",
            columns=("Tag", "Customers", "Targets of its own"),
            rows=tuple((tag.name, ", ".join(tag.customers), _own_targets(tag.targets.goals())) for tag in settings.tag),
            empty="None: all customers are served alike.",
        ),
        _machines(settings),
    ]


def without_secrets(value: object) -> str:
    """A value of the configuration as it may be shown: no password of an address, nothing under a name that says secret."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {HIDDEN if _SECRET_KEY.search(name) else _within(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(without_secrets(each) for each in value)
    text = _SECRET_IN_QUERY.sub(rf"\1{HIDDEN}", str(value))
    return _USER_ON_THE_WEB.sub(f"{HIDDEN}@", _USER_AND_PASSWORD.sub(rf"\1:{HIDDEN}", text))


def _within(value: object) -> str:
    return f"{{{without_secrets(value)}}}" if isinstance(value, Mapping) else without_secrets(value)


def worth_knowing(settings: Settings) -> list[str]:
    """Calendars that cannot be read, and people who stand in for each other."""
    circles = [
        f"{', '.join(circle[:-1])} and {circle[-1]} stand in for each other. When all are away, their managers are next."
        for circle in settings.directory().deputies_in_circles()
    ]
    return [*(f"{unread}." for unread in settings.unread_calendars), *circles]


def _business(settings: Settings) -> Section:
    business = settings.business
    own = ", ".join(business.own_addresses) or "none: nobody’s messages are taken for our own"
    return Section("Business", (("Name", business.name), ("Time zone", business.timezone), ("Our own addresses", own)))


def _sources(settings: Settings) -> Iterator[tuple[str, ...]]:
    """Sources with what their channels read, as it stands in the file: what came from the environment is a name there."""
    written: list[dict[str, Any]] = tomllib.loads(settings.path.read_text("utf-8")).get("source", [])
    options = {each.get("name", ""): each for each in written}
    known = set(SourceSettings.model_fields)
    for source in settings.source:
        given = {name: value for name, value in options.get(source.name, {}).items() if name not in known}
        every = "as they come" if source.channel == "form" else _length(source.every)
        yield source.name, source.channel.value, every, _length(source.budget), without_secrets(given) or "–"


def _people(settings: Settings, today: date) -> Section:
    people = [_person(person, settings, today) for person in settings.person]
    readers = [(reader.name, reader.role.value, "only looks", reader.email, "–", "–", "–", "–", "–") for reader in settings.reader]
    columns = ("Person", "Role", "Teams", "Mail", "Hours", "Deputy", "Manager", "Away", "Authority")
    return Section("People", columns=columns, rows=(*people, *readers))


def _person(person: PersonSettings, settings: Settings, today: date) -> tuple[str, ...]:
    zone = person.timezone if person.timezone != settings.business.timezone else None
    where = ", ".join(each for each in (zone, person.holidays) if each)
    hours = person.hours or "at any time"
    beside = f" and {len(person.ways)} other way{'s' if len(person.ways) > 1 else ''}" if person.ways else ""
    return (
        person.name if person.active else f"{person.name} (not active)",
        person.role.value,
        ", ".join(person.teams) or "–",
        f"{person.email}{beside}",
        f"{hours} ({where})" if where else hours,
        person.deputy or "–",
        person.manager or "–",
        _away(person, today) or "–",
        person.authority or "–",
    )


def _away(person: PersonSettings, today: date) -> str:
    ahead = sorted((each for each in person.away if each.last >= today), key=lambda each: each.first)
    spans = [f"{day(each.first)} to {day(each.last)}" for each in ahead[:MOST_AWAY]]
    return ", ".join([*spans, *([f"{len(ahead) - MOST_AWAY} more"] if len(ahead) > MOST_AWAY else [])])


def _routes(settings: Settings) -> Section:
    rows = (
        (route.topic, route.about or "–", route.to.partition(":")[2], _when(route.when), str(len(route.examples) or "–"))
        for route in settings.route
    )
    rest = ("anything else", "what no route places", settings.routing.person, "–", "–")
    return Section("Topics and routes", columns=("Topic", "About", "Goes to", "Only", "Examples"), rows=(*rows, rest))


def _when(only: RouteFilter) -> str:
    given = only.model_dump(exclude_none=True, mode="json")
    return ", ".join(f"{name} {without_secrets(value)}" for name, value in given.items()) or "–"


def _targets(targets: Targets) -> Iterator[tuple[str, ...]]:
    for goal in Goal:
        yield goal.value, *(_length(targets.usual[goal][urgency]) for urgency in Urgency)


def _own_targets(goals: Mapping[Goal, Mapping[Urgency, timedelta]]) -> str:
    given = (f"{goal}: {urgency} {_length(length)}" for goal, lengths in goals.items() for urgency, length in lengths.items())
    return ", ".join(given) or "–"


def _machines(settings: Settings) -> Section:
    model, mail, dashboard = settings.model, settings.mail, settings.dashboard
    second = f", then {model.second} below {model.second_below:.0%}" if model.second else ""
    return Section(
        "Model, mail, store and pages",
        (
            ("Model", f"{model.name}{second}"),
            ("Mails leave by", without_secrets(mail.url)),
            ("From", mail.sender),
            ("Answers come to", mail.replies or "nowhere: nobody can act by answering"),
            ("Store", str(settings.store_path)),
            ("Originals are kept", _length(settings.store.keep_originals)),
            ("Forms and links", settings.service.address),
            ("Dashboard", f"{dashboard.address}, sign-in: {dashboard.sign_in}{', masked' if dashboard.masked else ''}"),
            ("Weekly sample", f"{dashboard.weekly_sample} messages"),
        ),
    )


def _length(given: timedelta) -> str:
    return duration(given.total_seconds())
