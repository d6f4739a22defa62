"""Whom praise is told: those it names, at once; else in the morning whoever leads those it may be about, or has what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from allears.assigning import Assignment, Plan, choose_owner
from allears.domain.case import Case, CaseId
from allears.domain.feedback import FeedbackItem, Kind, Sentiment, Understanding, UnderstoodItem
from allears.domain.naming import named_in, perhaps_named_in
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.people import Directory, Person
from allears.domain.records import StoredItem
from allears.mail.contexts import Applause
from allears.ports import Clock, Store

TopicOwner = Callable[[], Assignment]
"""Who would get a case that such a message opened; without a topic if it fits none."""
MORNING = time(9)
"""When what names nobody for certain is told, in its reader's time."""
_FAR_OFF = 31  # days; whoever does not work within them is told all the same


def praise_mails(
    plan: Plan, each: UnderstoodItem, case: Case | None, topic_owner: TopicOwner, now: datetime, *, is_alerted: bool
) -> tuple[OutboxMessage, ...]:
    """What is told of the praise in a message, if there is any; `case` is the one it belongs to.

    Where it `is_alerted`, the case's owner reads it anyway, and only those it names or may name are told of it.
    """
    understanding, directory = each.understanding, plan.directory
    named = _named(each.item, understanding, directory)
    doubts = _doubts(each.item, understanding, directory)
    readers = [_leader(people, directory, topic_owner, now) for people in doubts]
    if not (named or doubts or is_alerted) and understanding.prediction.kind is Kind.PRAISE:
        readers += _whoever_has(case, directory, topic_owner, now)

    def told(kind: MessageKind, to: str, due_at: datetime, of: CaseId | None) -> OutboxMessage:
        return OutboxMessage(outbox_key(kind, to, each.item.id), kind, to, each.item.id, of, created_at=now, due_at=due_at)

    at_once = [told(MessageKind.PRAISE, name, now, case.id if case else None) for name in named]
    later = {reader.name: told(MessageKind.APPLAUSE, reader.name, next_morning(reader, now), None) for reader in readers}
    return (*at_once, *later.values())


def applause_of(store: Store, praise: Sequence[StoredItem], plan: Plan, clock: Clock) -> list[Applause]:
    """Praise that names nobody for certain, with what is known of whom it is about."""
    cases = {case.id: case for case in store.cases([stored.case_id for stored in praise if stored.case_id])}
    return [_applause(stored, plan, cases.get(stored.case_id) if stored.case_id else None, clock.now()) for stored in praise]


def next_morning(person: Person, after: datetime) -> datetime:
    """The first 09:00 from `after` (aware) on of a day on which they work; UTC."""
    today = after.astimezone(person.timezone).date()
    days = (today + timedelta(days=number) for number in range(_FAR_OFF))
    mornings = {day: datetime.combine(day, MORNING, person.timezone).astimezone(UTC) for day in days}
    coming = {day: at for day, at in mornings.items() if at >= after}
    working = (at for day, at in coming.items() if any(person.is_at_work(begin) for begin, _ in person.hours.on(day, person.timezone)))
    return next(working, min(coming.values()))


def _named(item: FeedbackItem, understanding: Understanding, directory: Directory) -> tuple[str, ...]:
    """Who is praised for certain; what is praise only by a person's word was not read for it when it was understood."""
    if understanding.praised or understanding.prediction.kind is not Kind.PRAISE:
        return understanding.praised
    marked = [item.source_person] if item.source_person and item.source_person in directory else []
    return tuple(dict.fromkeys([*named_in(item.words, directory, author=item.author), *marked]))


def _doubts(item: FeedbackItem, understanding: Understanding, directory: Directory) -> tuple[tuple[str, ...], ...]:
    """Of whom one may be praised. Where the tone is mixed only its owner can tell what a name stands beside."""
    said = understanding.prediction
    if said.kind is not Kind.PRAISE and said.sentiment is not Sentiment.POSITIVE:
        return ()
    certain = set(_named(item, understanding, directory))
    perhaps = perhaps_named_in(item.words, directory, author=item.author)
    return tuple(people for people in perhaps if certain.isdisjoint(people))


def _leader(people: Sequence[str], directory: Directory, topic_owner: TopicOwner, now: datetime) -> Person:
    """Who leads all of them; else whoever leads the owner of what the message is about; else the default owner."""
    first, *others = (list(_leaders(name, directory)) for name in people)
    leader = next((name for name in first if all(name in chain for chain in others)), None)
    if leader is None and (about := topic_owner()).topic:
        leader = next(_leaders(about.person.name, directory), None)
    return directory.reachable(directory[leader or directory.default], now)[0]


def _leaders(name: str, directory: Directory) -> Iterator[str]:
    """Their manager, their manager's manager, and so on, each once."""
    seen = {name}
    leader = directory[name].manager
    while leader and leader in directory and leader not in seen:
        seen.add(leader)
        yield leader
        leader = directory[leader].manager


def _whoever_has(case: Case | None, directory: Directory, topic_owner: TopicOwner, now: datetime) -> list[Person]:
    """Whoever had the case it answers, else the owner of what it is about; nobody if it is about nothing of ours."""
    if case and case.owner in directory:
        return [directory.reachable(directory[case.owner], now)[0]]
    about = topic_owner()
    return [about.person] if about.topic else []


def _applause(stored: StoredItem, plan: Plan, case: Case | None, now: datetime) -> Applause:
    item, understanding = stored.item, stored.understanding
    if understanding is None:
        return Applause(stored)
    doubts = _doubts(item, understanding, plan.directory)
    if perhaps := doubts or tuple((name,) for name in _named(item, understanding, plan.directory)):  # of two, one may have left since
        return Applause(stored, perhaps=perhaps, case=case)
    each = UnderstoodItem(item, understanding, stored.ingested_at)
    topic = None if case else choose_owner(plan, each, understanding.prediction.urgency, (), {}, {}, now).topic
    owners = frozenset(route.to for route in plan.routes if route.topic == topic)
    return Applause(stored, case=case, topic=topic, owners=owners)
