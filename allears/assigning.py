"""Who becomes the owner: by topic, filter and default, to a team's best placed member; never nobody."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatch
from zoneinfo import ZoneInfo

from allears.domain.feedback import UnderstoodItem, Urgency
from allears.domain.people import Directory, Person
from allears.domain.records import Load
from allears.domain.targets import Goal, Targets
from allears.domain.topics import Topic, explained, topic
from allears.settings import RouteFilter, RouteSettings, Settings, TagSettings

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
ALSO_NEAR = 2
"""So many further topics that fit are named with the one that decided."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a business routes: its routes, its people, its targets, its own addresses, and which of its people's calendars cannot be read."""

    routes: tuple[RouteSettings, ...]
    directory: Directory
    targets: Targets
    own_addresses: tuple[str, ...]
    tags: tuple[TagSettings, ...] = ()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    unread_calendars: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topics of all routes; what several routes say of one counts together."""
        of_topic: dict[str, list[RouteSettings]] = {}
        for route in self.routes:
            of_topic.setdefault(route.topic, []).append(route)
        return tuple(
            topic(name, ", ".join(each.about for each in routes), [text for each in routes for text in each.examples])
            for name, routes in of_topic.items()
        )

    def knowing(self, bouncing: Mapping[str, str]) -> Plan:
        """The same plan, with these mail addresses that nothing reaches."""
        return replace(self, directory=self.directory.knowing(bouncing))

    def rules(self, owner: Person, urgency: Urgency, tags: tuple[str, ...]) -> str:
        """A name for all that sets the dates of such a case with this owner; another name means that dates may differ: 16 hex digits."""
        targets = [self.targets.of(goal, urgency, tags) for goal in (Goal.ANSWER, Goal.RESOLVE)]
        return hashlib.blake2b(repr((targets, owner.calendar)).encode(), digest_size=8).hexdigest()

    def tags_of(self, contact: str | None) -> tuple[str, ...]:
        """The tags of a customer, by the contact they wrote from."""
        address = (contact or "").casefold().partition(":")[2]
        known = {address, (contact or "").casefold()}
        return tuple(tag.name for tag in self.tags if any(fnmatch(each, like.casefold()) for each in known for like in tag.customers))


def plan_of(settings: Settings) -> Plan:
    """The plan a configuration describes."""
    own = tuple(address.casefold() for address in settings.business.own_addresses)
    return Plan(settings.route, settings.directory(), settings.durations(), own, settings.tag, settings.timezone, settings.unread_calendars)


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
    load: Mapping[str, Load],
    last_assigned: Mapping[str, datetime],
    now: datetime,
) -> Assignment:
    """The one person who takes a new case."""
    route, about = _route(plan, each, urgency)
    if route is None:
        person, instead = plan.directory.reachable(plan.directory[plan.directory.default], now)
        why = f"{about} No {'other ' if about else ''}topic of ours fits, so it goes to the default owner.".strip()
        return Assignment(person, None, f"{why} {instead}, so {person.name} has it." if instead else why)
    form, _, name = route.to.partition(":")
    if form == "person":
        person, instead = plan.directory.reachable(plan.directory[name], now)
        return Assignment(
            person, route.topic, f"{about} {instead}, so {person.name} has it." if instead else f"{about} {person.name} answers for it."
        )
    person, why = _member(plan.directory, name, each, urgency, has_customer, _Desks(load, last_assigned), now)
    return Assignment(person, route.topic, f"{about} {why}")


def _route(plan: Plan, each: UnderstoodItem, urgency: Urgency) -> tuple[RouteSettings | None, str]:
    """The first route that fits: topics from the surest on, then routes that only filter; and why it and none before it."""
    topics = each.understanding.topics
    passed_over: list[str] = []
    for position, match in enumerate(topics):
        routes = [route for route in plan.routes if route.topic == match.topic]
        for route in routes:
            if _holds(route.when, each, urgency):
                near = topics[position + 1 : position + 1 + ALSO_NEAR]
                only = [f"Its rule is for {_asked(route.when)}."] if route.when != RouteFilter() else []
                also = [f"Also near: {', '.join(f'{other.topic} ({other.score:.2f})' for other in near)}."] if near else []
                return route, " ".join([explained(match), *only, *passed_over, *also])
        if routes:
            passed_over.append(f"It may be about {match.topic} ({match.score:.2f}), but that rule is only for {_asked(routes[0].when)}.")
    for route in plan.routes:
        if not route.about and not route.examples and route.when != RouteFilter() and _holds(route.when, each, urgency):
            return route, " ".join([f"The rule for {route.topic} fits: {_asked(route.when)}.", *passed_over])
    return None, " ".join(passed_over)


def _asked(when: RouteFilter) -> str:
    """What a filter asks for, as in "channel email, kind question"."""
    return ", ".join(f"{name} {value}" for name, value in when.model_dump(exclude_none=True, mode="json").items())


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
    urgency: Urgency,
    has_customer: tuple[str, ...],
    desks: _Desks,
    now: datetime,
) -> tuple[Person, str]:
    """Of a team: who already has this customer, then language, working hours, the load on their desk, then who waited longest.

    What is critical and finds nobody at work goes to whoever is back at work first.
    """
    members = directory.team(team)
    here = [member for member in members if directory.why_not(member.name, now) is None]
    if not here:
        person, instead = directory.reachable(next((member for member in members if member.active), members[0]), now)
        return person, f"Nobody in the {team} team can be reached. {instead}, so {person.name} has it."
    for member in here:
        if member.name in has_customer:
            return member, f"{member.name} already has a case of this customer."
    language = each.item.language or each.understanding.prediction.language
    fluent = [member for member in here if not member.languages or language in member.languages] or here
    working = [member for member in fluent if member.is_at_work(now)]
    for left, decided in (
        (members, f"is the {team} team"),
        (here, f"is the only one of the {team} team who can be reached"),
        (fluent, f"is the one in the {team} team who speaks {LANGUAGES.get(language, language)}"),
        (working, f"is the one in the {team} team who is at work now"),
    ):
        if len(left) == 1:
            return left[0], f"{left[0].name} {decided}."
    if urgency is Urgency.CRITICAL and not working:
        return _back_first(team, fluent, desks, now)
    return desks.emptiest(team, working or fluent)


def _back_first(team: str, members: Sequence[Person], desks: _Desks, now: datetime) -> tuple[Person, str]:
    """Of members who are not at work: who will be first."""
    back = {member.name: member.due(now, timedelta()) for member in members}
    soonest = min(back.values())
    first = [member for member in members if back[member.name] == soonest]
    when = f"{soonest.astimezone(first[0].timezone):%a %-d %b, %H:%M}"
    if len(first) == 1:
        return first[0], f"Nobody in the {team} team is at work now; {first[0].name} is back first, {when}."
    chosen, why = desks.emptiest(team, first)
    return chosen, f"Nobody in the {team} team is at work before {when}. {why}"


@dataclass(frozen=True, slots=True)
class _Desks:
    """What everyone has to do, and when each was last given a case."""

    load: Mapping[str, Load]
    last_assigned: Mapping[str, datetime]

    def emptiest(self, team: str, members: Sequence[Person]) -> tuple[Person, str]:
        """Who has the least to do by its urgency, of those who waited longest, of those who is named first."""
        load = {member.name: self.load.get(member.name, Load()) for member in members}
        since = {member.name: self.last_assigned.get(member.name, _LONG_AGO) for member in members}
        chosen = min(members, key=lambda member: (load[member.name].weight, since[member.name]))
        mine = load.pop(chosen.name)
        equal = [name for name, desk in load.items() if desk.weight == mine.weight]
        if equal:
            place = "comes first" if any(since[name] == since[chosen.name] for name in equal) else "has waited longest"
            return chosen, f"{chosen.name} {place} of those in the {team} team who could take it, none of whom has less to do."
        kind = "less urgent open" if any(desk.open <= mine.open for desk in load.values()) else "open"
        others = ", ".join(f"{name} {desk.open}" for name, desk in load.items())
        return chosen, f"{chosen.name} had {mine.open or 'no'} {kind} case{'' if mine.open == 1 else 's'} in the {team} team, {others}."
