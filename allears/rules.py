"""What decides how messages are read and where they go, as fingerprints by name: so that whoever looks at figures sees when it changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from allears.assigning import Plan
from allears.domain.people import Person
from allears.domain.trends import Part
from allears.ports import Clock, Store


def notice_rules(store: Store, plan: Plan, model_version: str, clock: Clock) -> None:
    """Let the store know the rules as they stand, before they decide on new messages; what changed since the last time is kept."""
    store.record_rules(standing_rules(plan, model_version), clock.now())


def standing_rules(plan: Plan, model_version: str) -> dict[Part, dict[str, str]]:
    """The rules of a plan by part and name. Days away are none: they pass."""
    about, ways = defaultdict(list), defaultdict(list)
    for route in plan.routes:
        about[route.topic].append((route.about, route.examples))
        ways[route.topic].append((route.to, route.when.model_dump(mode="json", exclude_none=True)))
    targets = {f"{goal}, {urgency}": due for goal, by_urgency in plan.targets.usual.items() for urgency, due in by_urgency.items()}
    tagged = {f"{tag.name} customers": (tag.customers, sorted(_durations(plan, tag.name))) for tag in plan.tags}
    return {
        Part.MODEL: {"model": model_version},
        Part.TOPIC: {name: _fingerprint(known_by) for name, known_by in about.items()},
        Part.ROUTE: {name: _fingerprint(where) for name, where in ways.items()} | {"default owner": _fingerprint(plan.directory.default)},
        Part.PERSON: {person.name: _fingerprint(_as_owner(person)) for person in plan.directory},
        Part.TARGET: {name: _fingerprint(target) for name, target in {**targets, **tagged}.items()},
    }


def _durations(plan: Plan, tag: str) -> list[tuple[str, str, float]]:
    of_tag = plan.targets.tagged.get(tag, {})
    return [(goal, urgency, due.total_seconds()) for goal, by_urgency in of_tag.items() for urgency, due in by_urgency.items()]


def _as_owner(person: Person) -> tuple[object, ...]:
    """What decides which cases somebody gets, and by when."""
    return (person.teams, person.manager, person.deputy, person.active, person.languages, person.hours, person.timezone.key, person.country)


def _fingerprint(rule: object) -> str:
    """The same for the same rule in every process: 16 hex digits."""
    return hashlib.blake2b(repr(rule).encode(), digest_size=8).hexdigest()
