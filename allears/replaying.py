"""What other rules would have done with the messages of the last weeks: tried in memory beside the present ones, nothing is ever written.

Messages go through the real router one by one, at the moment they came in. What the model said of them stands; their topics are found
anew, by each plan. A case stays open until the real ones of its messages were resolved, so that desks fill and empty as they did.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from allears.assigning import Plan
from allears.domain.case import Case, CaseId, CaseStatus, CustomerId
from allears.domain.feedback import FeedbackItem, ItemId, UnderstoodItem, fingerprint
from allears.domain.records import WEIGHT, Earlier, Load, Routed, RoutingBook
from allears.domain.topics import clipped, with_taught
from allears.finding_topics import TopicFinder
from allears.ports import Classifier, Store
from allears.routing import SPOKEN, Router

BATCH = 500
TWINS = timedelta(days=14)
"""How far back the router is told of messages with the same words or id."""
FIRST_NUMBER = 1_000_000_000
"""Above that of any real case; nobody sees it."""
WORDS_SHOWN = 60


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One person under the present rules and under the new ones: cases given, most open at a time, and next dates missed."""

    name: str
    cases: tuple[int, int]
    peak: tuple[int, int]
    missed: tuple[int, int]


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """A message whose case has another owner under the new rules, or is one under only one of them (None); `why` is theirs."""

    item_id: ItemId
    customer: str
    words: str
    before: str | None
    after: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """Both sets of rules side by side, the present ones first."""

    messages: int
    cases: tuple[int, int]
    missed: tuple[int, int]
    people: tuple[PersonChange, ...]
    changes: tuple[OwnerChange, ...]


@dataclass(slots=True)
class Fates:
    """What really became of the cases that messages belong to."""

    cases: dict[CaseId, Case] = field(default_factory=dict)
    of_item: dict[ItemId, CaseId] = field(default_factory=dict)

    def resolved_at(self, case: Case) -> datetime | None:
        """When the last of the real cases of its messages was resolved; None if one is still open, or there was none."""
        real = self._of(case)
        if not real or any(each.status.is_open for each in real):
            return None
        return max((each.resolved_at for each in real if each.resolved_at), default=None)

    def touched_at(self, case: Case) -> datetime | None:
        """When somebody first took or answered one of the real cases of its messages."""
        return min(
            (at for each in self._of(case) for at in (each.acknowledged_at, each.first_response_at, each.resolved_at) if at), default=None
        )

    def _of(self, case: Case) -> list[Case]:
        ids = {self.of_item[item] for item in case.item_ids if item in self.of_item}
        return [self.cases[each] for each in ids if each in self.cases]


@dataclass(slots=True)
class World:
    """Where messages go under one plan: cases, threads and desks as they stand at the last message."""

    plan: Plan
    fates: Fates
    cases: dict[CaseId, Case] = field(default_factory=dict)
    opened: dict[ItemId, CaseId] = field(default_factory=dict)
    places: dict[ItemId, tuple[CaseId | None, str]] = field(default_factory=dict)
    peak: Counter[str] = field(default_factory=Counter)
    _load: defaultdict[str, Load] = field(default_factory=lambda: defaultdict(Load))
    _last: dict[str, datetime] = field(default_factory=dict)
    _threads: dict[str, CaseId] = field(default_factory=dict)
    _participants: defaultdict[CaseId, set[str]] = field(default_factory=lambda: defaultdict(set))
    _open_of: defaultdict[CustomerId, set[CaseId]] = field(default_factory=lambda: defaultdict(set))
    _twins: defaultdict[object, list[Earlier]] = field(default_factory=lambda: defaultdict(list))
    _ends: list[tuple[datetime, CaseId]] = field(default_factory=list)

    def begin_with(self, case: Case, items: Sequence[FeedbackItem]) -> None:
        """Take over a case that was open before, with the messages it had; under any rules its owner keeps it."""
        case = replace(case, status=CaseStatus.OPEN, item_ids=tuple(item.id for item in items))
        self.cases[case.id] = case
        for item in items:
            self._note_thread(item, case.id)
        self._weigh(case, 1)
        self._await_end(case)

    def take(self, each: UnderstoodItem, customer: CustomerId | None) -> None:
        """Route one message at the moment it came in."""
        self._resolve_until(each.ingested_at)
        decision = Router(self.plan, self._book(each.item, customer), each.ingested_at).route(each)
        if decision.change:
            self._keep(decision.change.case, each.item.id)
        if decision.case_id:
            self._note_thread(each.item, decision.case_id)
        if decision.status in SPOKEN:
            self._note_words(each.item, decision)
        self.places[each.item.id] = (decision.case_id if decision.change else None, decision.why)

    def owner_of(self, item: ItemId) -> tuple[str | None, str]:
        """Whose case a message opened or joined, None where it needed no person; and why."""
        case, why = self.places[item]
        return (self.cases[case].owner, self.cases[case].why_owner) if case else (None, f"{why}.")

    def missed(self, now: datetime) -> Counter[str]:
        """By owner: cases whose next date came before anybody really took or answered them."""
        return Counter(
            case.owner
            for case in map(self.cases.__getitem__, self.opened.values())
            if case.next_date < (self.fates.touched_at(case) or now)
        )

    def _book(self, item: FeedbackItem, customer: CustomerId | None) -> RoutingBook:
        """What the store would tell the router about this message."""
        references = [*item.references, *([item.thread_id] if item.thread_id else [])]
        threads = {reference: self._threads[reference] for reference in references if reference in self._threads}
        known = {*threads.values(), *(self._open_of[customer] if customer else ())}
        twins = {twin.item_id: twin for key in _twin_keys(item) for twin in self._twins[key]}
        return RoutingBook(
            next_number=FIRST_NUMBER + len(self.opened),
            cases=tuple(self.cases[case] for case in sorted(known)),
            customers={item.id: customer} if customer else {},
            threads=threads,
            participants={case: tuple(self._participants[case]) for case in known},
            earlier=tuple(twin for twin in twins.values() if twin.received_at > item.received_at - TWINS),
            load=dict(self._load),
            last_assigned=self._last,
        )

    def _keep(self, case: Case, item: ItemId) -> None:
        """A case that a message opened or joined. The earliest of its next dates counts: later ones were set when it was open anew."""
        known = self.cases.get(case.id)
        if known is None:
            self.opened[item] = case.id
            self._last[case.owner] = case.opened_at
        else:
            case = replace(case, next_date=min(known.next_date, case.next_date))
            if known.status.is_open:
                self._weigh(known, -1)
        self.cases[case.id] = case
        self._weigh(case, 1)
        self._await_end(case)

    def _weigh(self, case: Case, times: int) -> None:
        desk = self._load[case.owner]
        self._load[case.owner] = desk = Load(desk.open + times, desk.weight + times * WEIGHT[case.urgency])
        self.peak[case.owner] = max(self.peak[case.owner], desk.open)

    def _await_end(self, case: Case) -> None:
        if case.customer_id:
            self._open_of[case.customer_id].add(case.id)
        if end := self.fates.resolved_at(case):
            heapq.heappush(self._ends, (end, case.id))

    def _resolve_until(self, now: datetime) -> None:
        """Resolve what was really resolved by now; a case that a message of another real one joined waits for that too."""
        while self._ends and self._ends[0][0] <= now:
            _, case_id = heapq.heappop(self._ends)
            case = self.cases[case_id]
            end = self.fates.resolved_at(case)
            if not case.status.is_open or end is None or end > now:
                continue
            self.cases[case_id] = replace(case, status=CaseStatus.RESOLVED, resolved_at=end)
            self._weigh(case, -1)
            if case.customer_id:
                self._open_of[case.customer_id].discard(case_id)

    def _note_thread(self, item: FeedbackItem, case: CaseId) -> None:
        self._threads[item.external_id] = case
        if item.contact:
            self._participants[case].add(item.contact)

    def _note_words(self, item: FeedbackItem, decision: Routed) -> None:
        words = fingerprint(item.text)
        twin = Earlier(
            item.id, decision.case_id, item.source, item.channel, item.external_id, item.contact, words, item.received_at, len(item.text)
        )
        for key in _twin_keys(item):
            self._twins[key].append(twin)


def _twin_keys(item: FeedbackItem) -> list[object]:
    """What a message and its duplicate have in common: the words, or channel and id."""
    return [key for key in (fingerprint(item.text), (item.channel, item.external_id)) if key is not None]


def replay(
    store: Store,
    classifier: Classifier,
    plans: tuple[Plan, Plan],
    since: datetime,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Replayed:
    """Both plans, the present one and another, on the messages received from `since` on."""
    fates, taught = Fates(), store.examples()
    worlds = (World(plans[0], fates), World(plans[1], fates))
    finders = [TopicFinder(with_taught(plan.topics, taught), classifier) for plan in plans]
    shown: dict[ItemId, tuple[str, str]] = {}
    _begin(store, worlds, fates, [case.id for case in store.open_cases() if case.opened_at < since], since)
    ids = store.item_ids_since(since)
    for start in range(0, len(ids), BATCH):
        batch = sorted(store.items(ids[start : start + BATCH]), key=lambda each: (each.item.received_at, each.ingested_at))
        fates.of_item.update({each.item.id: each.case_id for each in batch if each.case_id})
        _begin(store, worlds, fates, sorted({each.case_id for each in batch if each.case_id} - fates.cases.keys()), since)
        texts = [each.item.words for each in batch]
        embedder = finders[0].embedder or finders[1].embedder
        vectors = embedder.embed(texts) if embedder else None
        for world, finder in zip(worlds, finders, strict=True):
            for each, topics in zip(batch, finder.find(texts, vectors), strict=True):
                if each.understanding:
                    understanding = replace(each.understanding, topics=topics)
                    world.take(UnderstoodItem(each.item, understanding, each.ingested_at), each.customer_id)
        opened = worlds[0].opened.keys() | worlds[1].opened.keys()
        shown.update({each.item.id: _shown(each.item) for each in batch if each.item.id in opened})
        progress(len(batch))
    return _compared(worlds, shown, len(ids), now)


def _begin(store: Store, worlds: Iterable[World], fates: Fates, ids: Sequence[CaseId], since: datetime) -> None:
    """Learn what became of real cases; those that were open when the replay begins are there from its beginning."""
    for case in store.cases(ids):
        fates.cases[case.id] = case
        if case.opened_at >= since or (case.resolved_at and case.resolved_at <= since):
            continue
        earlier = [each.item for each in store.items(case.item_ids) if each.item.received_at < since]
        fates.of_item.update(dict.fromkeys((item.id for item in earlier), case.id))
        for world in worlds:
            world.begin_with(case, earlier)


def _shown(item: FeedbackItem) -> tuple[str, str]:
    return item.author or (item.contact or "").partition(":")[2] or "somebody", clipped(item.words, WORDS_SHOWN)


def _compared(worlds: tuple[World, World], shown: dict[ItemId, tuple[str, str]], messages: int, now: datetime) -> Replayed:
    before, after = worlds
    cases = [Counter(world.cases[case].owner for case in world.opened.values()) for world in worlds]
    missed = [world.missed(now) for world in worlds]
    names = dict.fromkeys([*(person.name for world in worlds for person in world.plan.directory), *cases[0], *cases[1]])
    people = [
        PersonChange(name, (cases[0][name], cases[1][name]), (before.peak[name], after.peak[name]), (missed[0][name], missed[1][name]))
        for name in names
    ]
    changes = []
    for item, (customer, words) in shown.items():
        (was, _), (becomes, why) = before.owner_of(item), after.owner_of(item)
        if was != becomes:
            changes.append(OwnerChange(item, customer, words, was, becomes, why))
    return Replayed(
        messages,
        (len(before.opened), len(after.opened)),
        (missed[0].total(), missed[1].total()),
        tuple(each for each in people if any((*each.cases, *each.peak))),
        tuple(changes),
    )
