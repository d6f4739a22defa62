"""Who becomes the owner: by topic, filter and default, to a team's best placed member; never nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch

from allears.domain.feedback import UnderstoodItem, Urgency
from allears.domain.people import Directory, Person
from allears.domain.topics import Topic, topic
from allears.settings import RouteFilter, RouteSettings, Settings, TargetSettings

LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "ja": "Japanese",
}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a business routes: its routes, its people, its targets, and its own addresses."""

    routes: tuple[RouteSettings, ...]
    directory: Directory
    targets: TargetSettings
    own_addresses: tuple[str, ...]

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of all routes that describe one."""
        return tuple(topic(route.topic, route.about) for route in self.routes if route.about)


def plan_of(settings: Settings) -> Plan:
    """The plan a configuration describes."""
    own = tuple(address.casefold() for address in settings.business.own_addresses)
    return Plan(settings.route, settings.directory(), settings.targets, own)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The owner of a new case, the topic that led there, and why in a sentence."""

    person: Person
    topic: str | None
    why: str


def choose_owner(
    plan: Plan,
    each: UnderstoodItem,
    urgency: Urgency,
    has_customer: tuple[str, ...],
    load: Mapping[str, int],
    last_assigned: Mapping[str, datetime],
    now: datetime,
) -> Assignment:
    """The one person who takes a new case."""
    route, about = _route(plan, each, urgency)
    if route is None:
        person, instead = plan.directory.reachable(plan.directory[plan.directory.default], now)
        why = "No topic of ours fits, so it goes to the default owner."
        return Assignment(person, None, f"{why} {instead}, so {person.name} has it." if instead else why)
    form, _, name = route.to.partition(":")
    if form == "person":
        person, instead = plan.directory.reachable(plan.directory[name], now)
        return Assignment(
            person, route.topic, f"{about} {instead}, so {person.name} has it." if instead else f"{about} {person.name} answers for it."
        )
    person, why = _member(plan.directory, name, each, has_customer, load, last_assigned, now)
    return Assignment(person, route.topic, f"{about} {why}")


def _route(plan: Plan, each: UnderstoodItem, urgency: Urgency) -> tuple[RouteSettings | None, str]:
    """The first route that fits: topics from the surest on, then routes that only filter."""
    for match in each.understanding.topics:
        for route in plan.routes:
            if route.topic == match.topic and _holds(route.when, each, urgency):
                return route, f"“{match.evidence}” is about {match.topic} ({match.score:.2f})."
    for route in plan.routes:
        if not route.about and route.when != RouteFilter() and _holds(route.when, each, urgency):
            return route, f"The rule for {route.topic} fits."
    return None, ""


def _holds(when: RouteFilter, each: UnderstoodItem, urgency: Urgency) -> bool:
    item, said = each.item, each.understanding.prediction
    contact = (item.contact or "").casefold()
    return (
        when.channel in (None, item.channel)
        and when.source in (None, item.source)
        and when.kind in (None, said.kind)
        and when.language in (None, item.language or said.language)
        and when.urgency in (None, urgency)
        and (when.customer is None or fnmatch(contact, f"*{when.customer.casefold()}"))
        and (when.keyword is None or when.keyword.casefold() in item.words.casefold())
    )


def _member(
    directory: Directory,
    team: str,
    each: UnderstoodItem,
    has_customer: tuple[str, ...],
    load: Mapping[str, int],
    last_assigned: Mapping[str, datetime],
    now: datetime,
) -> tuple[Person, str]:
    """Of a team: who already has this customer, then language, then load, then who waited longest."""
    members = directory.team(team)
    here = [member for member in members if not member.is_away(now)]
    if not here:
        person, instead = directory.reachable(members[0], now)
        return person, f"The {team} team is away; {instead}, so {person.name} has it."
    for member in here:
        if member.name in has_customer:
            return member, f"{member.name} already has a case of this customer."
    language = each.item.language or each.understanding.prediction.language
    fluent = [member for member in here if not member.languages or language in member.languages] or here
    chosen = min(fluent, key=lambda member: (load.get(member.name, 0), last_assigned.get(member.name, _LONG_AGO)))
    if len(members) == 1:
        return chosen, f"{chosen.name} is the {team} team."
    if len(here) == 1:
        return chosen, f"{chosen.name} is the only one of the {team} team who is not away."
    if len(fluent) == 1:
        return chosen, f"{chosen.name} is the one in the {team} team who speaks {LANGUAGES.get(language, language)}."
    others = ", ".join(f"{member.name} {load.get(member.name, 0)}" for member in fluent if member is not chosen)
    return chosen, f"Of the {team} team {chosen.name} had {load.get(chosen.name, 0)} open cases, {others}."
