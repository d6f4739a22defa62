"""Messages find their person: each gets its place in the ledger, its case, and one named owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fnmatch import fnmatch
from functools import partial

from allears.answering import Desk
from allears.assigning import Assignment, Plan, choose_owner
from allears.bouncing import came_back, tell_returned, unreachable_by
from allears.domain.case import SYSTEM, Case, CaseChange, CaseId, CaseStatus, Event, EventType
from allears.domain.changes import join
from allears.domain.feedback import Channel, FeedbackItem, ItemId, Kind, Status, UnderstoodItem, Urgency, bare_subject, fingerprint
from allears.domain.outbox import MessageKind, OutboxMessage, Way, outbox_key
from allears.domain.people import Person
from allears.domain.records import WEIGHT, Earlier, Load, Routed, RoutingBook
from allears.domain.targets import Goal
from allears.errors import CaseConflict
from allears.ports import Clock, Store
from allears.praising import praise_mails
from allears.tokens import Tokens

BATCH = 200
SAME_WORDS_AGAIN = timedelta(hours=48)
"""The same words by the same customer on one channel within this time are one message; later they are a repeat."""
TELLING_LENGTH = 80
"""Words as long as this, verbatim on another channel, are the same person's."""
WIDE_REACH = 5_000
SPOKEN = frozenset({Status.CASE, Status.PRAISE, Status.OTHER})
"""What a duplicate may point to: spam, machine mail and other duplicates reached nobody."""
WORLDWIDE_IDS = frozenset({Channel.EMAIL, Channel.REDDIT, Channel.X})
"""Channels whose ids mean the same message wherever they turn up; two files both have a row 1."""
_FOR_A_PERSON = {"encrypted", "invited"}
"""Facts beside a message that only a person can read, or answer."""
NEEDS_A_PERSON = (Kind.COMPLAINT, Kind.QUESTION, Kind.SUGGESTION)


def route_waiting(
    store: Store, plan: Plan, clock: Clock, tokens: Tokens, progress: Callable[[int], None] = lambda _: None
) -> dict[Status, int]:
    """Route every understood item, oldest first; how many went where. `tokens` tell answers to our own mails."""
    places: dict[Status, int] = {}
    conflicts = 0
    while items := store.items_to_route(BATCH):
        router = Router(plan, store.routing_book([each.item.id for each in items]), clock.now(), tokens)
        decisions = [router.route(each) for each in items]
        try:
            store.record_routing(decisions)
        except CaseConflict:
            conflicts += 1
            if conflicts > 5:  # noqa: PLR2004 - someone acting on a case at the same moment loses at most a few rounds
                raise
            continue
        for decision in decisions:
            places[decision.status] = places.get(decision.status, 0) + 1
        progress(len(items))
    return places


@dataclass(slots=True)
class Router:
    """Decides on the items of one batch, one after the other, remembering what it decided before."""

    plan: Plan
    book: RoutingBook
    now: datetime
    tokens: Tokens | None = None
    _cases: dict[CaseId, Case] = field(init=False)
    _threads: dict[str, CaseId] = field(init=False)
    _participants: dict[CaseId, set[str]] = field(init=False)
    _earlier: list[Earlier] = field(init=False)
    _load: dict[str, Load] = field(init=False)
    _last: dict[str, datetime] = field(init=False)
    _number: int = field(init=False)
    _items: dict[ItemId, FeedbackItem] = field(init=False)

    def __post_init__(self) -> None:
        """Copy the book, so that the batch's own decisions can be written into it."""
        self.plan = self.plan.knowing(self.book.bouncing)
        self._cases = {case.id: case for case in self.book.cases}
        self._threads = dict(self.book.threads)
        self._participants = {case: set(contacts) for case, contacts in self.book.participants.items()}
        self._earlier = list(self.book.earlier)
        self._load = dict(self.book.load)
        self._last = dict(self.book.last_assigned)
        self._number = self.book.next_number
        self._items = dict(self.book.items)

    def route(self, each: UnderstoodItem) -> Routed:
        """The decision for one item."""
        sent = self._our_mail(each.item)
        decision = self._machine(each.item, sent) or self._ours(each, sent) or self._duplicate(each) or self._person_matter(each, sent)
        if sent is not None and not (decision.ours or each.item.automated) and (told := self._desk.asked_by_another(each.item, sent)):
            decision = replace(decision, outbox=(*decision.outbox, told))
        self._remember(each, decision)
        return decision

    @property
    def _desk(self) -> Desk:
        return Desk(self.plan, self._cases, self._items, self.now)

    def _our_mail(self, item: FeedbackItem) -> OutboxMessage | None:
        """Which of our own mails it answers or brings back, by a token that only the reader of that mail has."""
        if self.tokens is None or item.channel is not Channel.EMAIL:
            return None
        named = (item.extra.get("bounced_message", ""), item.extra.get("sent_to", ""), *item.references)
        return next((self.book.sent[key] for key in self.tokens.keys(named) if key in self.book.sent), None)

    def _machine(self, item: FeedbackItem, sent: OutboxMessage | None) -> Routed | None:
        if item.spam:
            return Routed(item.id, Status.SPAM, "The mail server marked it as spam" if item.channel is Channel.EMAIL else "Marked as spam")
        if not item.automated:
            return None
        machine = Routed(item.id, Status.AUTOMATED, f"Sent by a machine: {item.automated}")
        if sent is not None and sent.kind is MessageKind.REPLY and sent.case_id in self._cases and (why := came_back(item)):
            change, told = tell_returned(self._cases[sent.case_id], sent, why, self.now)
            return replace(machine, change=change, outbox=(told,), returned=(sent.key, why))
        return replace(machine, unreachable=unreachable_by(item, self.plan.directory, sent, self.now))

    def _ours(self, each: UnderstoodItem, sent: OutboxMessage | None) -> Routed | None:
        """What our own people write: instructions, where it answers a mail to them."""
        item = each.item
        address = (item.contact or "").removeprefix("email:")
        own = item.contact is not None and any(fnmatch(address, pattern.casefold()) for pattern in self.plan.own_addresses)
        staff = any(person.email.casefold() == address for person in self.plan.directory)
        if sent is not None and sent.kind is not MessageKind.REPLY and (own or staff):
            return self._same_answer(item) or self._desk.act(item, sent)
        return Routed(item.id, Status.OTHER, "Our own words", ours=True) if own else None

    def _same_answer(self, item: FeedbackItem) -> Routed | None:
        """An answer that came into two mailboxes acts once."""
        twin = next((twin for twin in self._earlier if _is_same_message(item, twin)), None)
        return (
            Routed(item.id, Status.DUPLICATE, f"The same as a message of {twin.source}", duplicate_of=twin.item_id, ours=True)
            if twin
            else None
        )

    def _duplicate(self, each: UnderstoodItem) -> Routed | None:
        item = each.item
        if each.routed_before:  # it was no duplicate then, and must not become one of a later message
            return None
        words = fingerprint(item.text)
        for twin in self._earlier:
            same_words = words is not None and twin.fingerprint == words
            same_person = item.contact is not None and twin.contact == item.contact
            again = same_person and (twin.channel != item.channel or abs(item.received_at - twin.received_at) <= SAME_WORDS_AGAIN)
            elsewhere = not (item.contact and twin.contact and item.contact.split(":")[0] == twin.contact.split(":")[0])
            crossposted = twin.channel != item.channel and elsewhere and twin.characters >= TELLING_LENGTH
            if _is_same_message(item, twin) or (same_words and (again or crossposted)):
                return Routed(item.id, Status.DUPLICATE, f"The same as a message of {twin.source}", twin.case_id, twin.item_id)
        return None

    def _person_matter(self, each: UnderstoodItem, sent: OutboxMessage | None) -> Routed:
        kind = each.understanding.prediction.kind
        urgency = self._urgency(each)
        thread = self._thread_case(each, sent)
        only_a_person = _FOR_A_PERSON & each.item.extra.keys()
        asks = only_a_person or kind in NEEDS_A_PERSON or urgency[0].rank >= Urgency.HIGH.rank
        case = None if asks and thread and self._is_another_matter(each.item, thread) else thread
        if asks or (case is not None and self._is_awaited(kind, case, sent)):
            case = case or (None if thread else self._open_case_on_same_matter(each))
            return self._join(each, case, urgency) if case else self._open(each, urgency, continues=thread)
        status = Status.PRAISE if kind is Kind.PRAISE else Status.OTHER
        why = "Praise" if kind is Kind.PRAISE else "Nothing in it asks for a person"
        told = self._praise_mails(each, urgency[0], case, is_alerted=False)
        return Routed(each.item.id, status, why, case.id if case else None, outbox=told)

    def _is_awaited(self, kind: Kind, case: Case, sent: OutboxMessage | None) -> bool:
        """An answer to what the owner wrote reaches the owner, whatever it says; after the end only if it is more than thanks."""
        return sent is not None and (case.status.is_open or kind is not Kind.PRAISE)

    def _is_another_matter(self, item: FeedbackItem, case: Case) -> bool:
        """A new subject, sent by answering an old mail."""
        subjects = {bare_subject(subject) for subject in self.book.subjects.get(case.id, ())} - {""}
        subject = bare_subject(item.title or "")
        return bool(subject and subjects) and not any(subject in known or known in subject for known in subjects)

    def _thread_case(self, each: UnderstoodItem, sent: OutboxMessage | None) -> Case | None:
        """The case of the thread: by our own token, else only if this contact has written in it: a stranger never joins by a header."""
        if sent is not None and sent.kind is MessageKind.REPLY and sent.case_id in self._cases:
            return self._onward(self._cases[sent.case_id])
        references = [*each.item.references, *([each.item.thread_id] if each.item.thread_id else [])]
        for reference in references:
            case_id = self._threads.get(reference)
            if case_id in self._cases and each.item.contact in self._participants.get(case_id, ()):
                return self._onward(self._cases[case_id])
        return None

    def _onward(self, case: Case) -> Case:
        """The case that goes on in place of one that was merged."""
        while case.merged_into in self._cases:
            case = self._cases[case.merged_into]
        return case

    def _open_case_on_same_matter(self, each: UnderstoodItem) -> Case | None:
        """This customer's open case on the same topic; for an answer to a mail we do not know, their only open case."""
        theirs = self._open_cases_of(self.book.customers.get(each.item.id))
        if each.item.references and len(theirs) == 1:
            return theirs[0]
        topic = self._topic(each)
        return next((case for case in theirs if topic is not None and case.topic == topic), None)

    def _open_cases_of(self, customer: str | None) -> list[Case]:
        return [case for case in self._cases.values() if customer is not None and case.customer_id == customer and case.status.is_open]

    def _topic(self, each: UnderstoodItem) -> str | None:
        topics = each.understanding.topics
        return topics[0].topic if topics else None

    def _urgency(self, each: UnderstoodItem) -> tuple[Urgency, tuple[str, ...]]:
        """The model's word, raised by what only the store knows: repeats and public reach."""
        said = each.understanding.prediction
        urgency, reasons = said.urgency, list(said.urgency_reasons)
        if said.kind is Kind.COMPLAINT:
            customer = self.book.customers.get(each.item.id)
            before = [c for c in self._cases.values() if customer and c.customer_id == customer and c.kind is Kind.COMPLAINT]
            if before:
                again = "wrote again while a case is open" if any(c.status.is_open for c in before) else "wrote again after it was resolved"
                urgency, reasons = max(urgency, Urgency.HIGH, key=lambda u: u.rank), [*reasons, again]
            if each.item.channel in (Channel.REDDIT, Channel.X) and (each.item.reach or 0) >= WIDE_REACH:
                urgency, reasons = max(urgency, Urgency.HIGH, key=lambda u: u.rank), [*reasons, f"public, reach {each.item.reach:,}"]
        return urgency, tuple(reasons)

    def _open(self, each: UnderstoodItem, urgency: tuple[Urgency, tuple[str, ...]], *, continues: Case | None = None) -> Routed:
        item, customer = each.item, self.book.customers.get(each.item.id)
        tags = self.plan.tags_of(item.contact)
        assignment = self._owner_for(each, urgency[0])
        case = Case(
            id=CaseId(f"C-{self._number}"),
            status=CaseStatus.OPEN,
            owner=assignment.person.name,
            why_owner=assignment.why,
            customer_id=customer,
            kind=each.understanding.prediction.kind,
            topic=assignment.topic or self._topic(each),
            urgency=urgency[0],
            urgency_reasons=urgency[1],
            item_ids=(item.id,),
            opened_at=self.now,
            next_date=self._due(assignment.person, Goal.ANSWER, urgency[0], tags),
            resolve_by=self._due(assignment.person, Goal.RESOLVE, urgency[0], tags),
            owner_since=self.now,
            owners=(assignment.person.name,),
            rules=self.plan.rules(assignment.person, urgency[0], tags),
            tags=tags,
            continues=continues.id if continues else None,
        )
        self._number += 1
        after = f" It began as an answer in {continues.id}, under another subject." if continues else ""
        opened = Event(case.id, self.now, SYSTEM, EventType.OPENED, f"{case.owner} made owner. {case.why_owner}{after}")
        return Routed(
            item.id,
            Status.CASE,
            assignment.why,
            case.id,
            change=CaseChange(case, (opened,)),
            outbox=(*self._alert(case, each), *self._praise_mails(each, urgency[0], case)),
        )

    def _owner_for(self, each: UnderstoodItem, urgency: Urgency) -> Assignment:
        has_customer = self._owners_of(self.book.customers.get(each.item.id))
        return choose_owner(self.plan, each, urgency, has_customer, self._load, self._last, self.now)

    def _due(self, person: Person, goal: Goal, urgency: Urgency, tags: tuple[str, ...]) -> datetime:
        return person.due(self.now, self.plan.targets.of(goal, urgency, tags))

    def _owners_of(self, customer: str | None) -> tuple[str, ...]:
        """Who already has open cases of this customer."""
        return tuple(case.owner for case in self._open_cases_of(customer))

    def _join(self, each: UnderstoodItem, case: Case, urgency: tuple[Urgency, tuple[str, ...]]) -> Routed:
        owner = self.plan.directory.people.get(case.owner) or self.plan.directory[self.plan.directory.default]
        becomes = max(case.urgency, urgency[0], key=lambda each: each.rank)
        change = join(
            case,
            each.item.id,
            urgency=urgency[0],
            reasons=urgency[1],
            at=self.now,
            detail=f"{each.item.author or each.item.contact or 'The customer'} wrote again, by {each.item.channel}",
            next_date=self._due(owner, Goal.ANSWER, becomes, case.tags),
            resolve_by=self._due(owner, Goal.RESOLVE, becomes, case.tags),
            rules=self.plan.rules(owner, becomes, case.tags),
        )
        return Routed(
            each.item.id,
            Status.CASE,
            f"Belongs to {case.id}",
            case.id,
            change=change,
            outbox=(*self._alert(change.case, each), *self._praise_mails(each, urgency[0], change.case)),
        )

    def _alert(self, case: Case, each: UnderstoodItem) -> tuple[OutboxMessage, ...]:
        """What tells the owner of this message: a mail, and their other ways beside it."""
        owner = self.plan.directory.people.get(case.owner)
        keys = {Way.MAIL: outbox_key(MessageKind.ALERT, case.owner, case.id, each.item.id)}
        if owner and owner.ways:
            keys[Way.BESIDE] = outbox_key(MessageKind.ALERT, case.owner, case.id, each.item.id, Way.BESIDE)
        return tuple(
            OutboxMessage(key, MessageKind.ALERT, case.owner, each.item.id, case.id, self.now, self.now, way=way)
            for way, key in keys.items()
        )

    def _praise_mails(
        self, each: UnderstoodItem, urgency: Urgency, case: Case | None, *, is_alerted: bool = True
    ) -> tuple[OutboxMessage, ...]:
        return praise_mails(self.plan, each, case, partial(self._owner_for, each, urgency), self.now, is_alerted=is_alerted)

    def _remember(self, each: UnderstoodItem, decision: Routed) -> None:
        item = each.item
        self._items[item.id] = item
        if decision.change:
            case = decision.change.case
            if case.id not in self._cases:
                desk = self._load.get(case.owner, Load())
                self._load[case.owner] = Load(desk.open + 1, desk.weight + WEIGHT[case.urgency])
                self._last[case.owner] = self.now
            self._cases[case.id] = case
        if decision.case_id:
            self._threads[item.external_id] = decision.case_id
            if item.contact and not decision.ours:
                self._participants.setdefault(decision.case_id, set()).add(item.contact)
        if decision.status in SPOKEN:
            twin = Earlier(
                item.id,
                decision.case_id,
                item.source,
                item.channel,
                item.external_id,
                item.contact,
                None if decision.ours else fingerprint(item.text),
                item.received_at,
                len(item.text),
            )
            self._earlier.append(twin)


def _is_same_message(item: FeedbackItem, twin: Earlier) -> bool:
    """Whether one message came from two sources."""
    same_id = twin.channel == item.channel and twin.external_id == item.external_id and twin.source != item.source
    return same_id and item.channel in WORLDWIDE_IDS and twin.contact == item.contact
