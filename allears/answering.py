"""Our people act by answering our mails: the answer is read, the step is taken, and a mail says what was understood.

Only the person a mail was sent to may act with it: its signed token says who that is, the sender must be them, and the server that
took the answer must not doubt it. What is doubtful is held, and they are asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from allears import steps
from allears.assigning import Plan
from allears.domain.answers import answer_in, doubt, unsent
from allears.domain.authority import remedy_in
from allears.domain.case import Case, CaseChange, CaseId, RemedyKind
from allears.domain.feedback import BY_MAIL, FeedbackItem, ItemId, Status
from allears.domain.instructions import (
    Answer,
    GiveTo,
    Note,
    NotMine,
    PromiseBy,
    Resolve,
    Send,
    Take,
    Unclear,
    Write,
)
from allears.domain.moments import moment
from allears.domain.naming import called
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.people import Person
from allears.domain.records import Routed
from allears.errors import CaseConflict

_HOLDING = (MessageKind.HELD, MessageKind.DONE)
"""Mails about words that were not sent, and will be if their reader says so."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What acting by mail works with: the plan, the cases and items that answers may be about, and the time."""

    plan: Plan
    cases: Mapping[CaseId, Case]
    items: Mapping[ItemId, FeedbackItem]
    now: datetime

    def act(self, item: FeedbackItem, sent: OutboxMessage) -> Routed:
        """What becomes of an answer (`item`) to one of our mails (`sent`) to one of our people."""
        person = self.plan.directory.people.get(sent.to)
        if person is None or not person.active:
            return Routed(item.id, Status.OTHER, f"An answer to a mail to {sent.to}, who does not work here", ours=True)
        if why := doubt(item, person):
            return self._held(item, person, sent.case_id, why)
        answer = answer_in(item, may_send=sent.kind in _HOLDING)
        about = None if answer.case_id else sent.case_id
        try:
            case = self._case(answer, sent, person)
            about = case.id
            change, told, said = self._take(answer, case, sent, person)
        except (CaseConflict, _NotUnderstood) as refused:
            return self._held(item, person, about, str(refused))
        return self._done(item, person, change, told, said)

    def asked_by_another(self, item: FeedbackItem, sent: OutboxMessage) -> OutboxMessage | None:
        """What tells the reader of our mail that somebody else, who is none of us, has answered it, and that nothing was done."""
        person = self.plan.directory.people.get(sent.to)
        return self._holding(item, person, sent.case_id) if person and sent.kind is not MessageKind.REPLY else None

    def _held(self, item: FeedbackItem, person: Person, about: CaseId | None, why: str) -> Routed:
        return Routed(item.id, Status.OTHER, why, about, outbox=(self._holding(item, person, about),), ours=True)

    def _holding(self, item: FeedbackItem, person: Person, about: CaseId | None) -> OutboxMessage:
        key = outbox_key(MessageKind.HELD, person.name, item.id)
        return OutboxMessage(key, MessageKind.HELD, person.name, item.id, about, self.now, self.now)

    def _done(self, item: FeedbackItem, person: Person, change: CaseChange, told: tuple[OutboxMessage, ...], said: str) -> Routed:
        case_id = change.case.id
        key = outbox_key(MessageKind.DONE, person.name, item.id)
        done = OutboxMessage(key, MessageKind.DONE, person.name, item.id, case_id, self.now, self.now)
        return Routed(item.id, Status.OTHER, said, case_id, change=change, outbox=(*told, done), ours=True)

    def _case(self, answer: Answer, sent: OutboxMessage, person: Person) -> Case:
        """The case an answer is about: the one it names, else the one the mail was about."""
        named = answer.case_id or sent.case_id
        if named is None:
            raise _NotUnderstood("It does not say which case it is about. Begin with its number, as in “C-1042: ack”.")
        case = self.cases.get(named)
        if case is None or (person.name not in case.owners and case.id != sent.case_id):
            raise _NotUnderstood(f"There is no case {named[:20]} of yours.")
        return case

    def _take(self, answer: Answer, case: Case, sent: OutboxMessage, person: Person) -> _Taken:  # noqa: PLR0911 - one return an instruction
        match answer.instruction:
            case Take():
                return _taken(steps.acknowledge(case, person.name, self.now), f"You have {case.id}")
            case PromiseBy(when, told):
                return self._promise(case, when, told, person)
            case Resolve(outcome):
                return self._resolve(case, outcome, person)
            case GiveTo(to, reason):
                return self._give(case, to, reason, person)
            case NotMine(reason):
                return self._give_back(case, reason, person)
            case Note(text):
                return _taken(steps.note(case, text, person.name, self.now), f"Your note stands in {case.id}")
            case Write(text):
                return self._write(case, text, person)
            case Send():
                return self._write(case, self._kept_back(sent, person), person)
            case Unclear(why):
                raise _NotUnderstood(f"It was not understood: {why}.")

    def _promise(self, case: Case, when: str, told: str, person: Person) -> _Taken:
        by = moment(when, person, self.now)
        if by is None:
            raise _NotUnderstood(f"“{when}” is no moment to come that is understood. Write one as in “by friday 5pm” or “by 24 Nov 17:00”.")
        step = steps.promise(case, by, told or "told by mail", person.name, self.now)
        return _taken(step, f"The customer of {case.id} hears by {by:%A %-d %B, %H:%M %Z}")

    def _resolve(self, case: Case, outcome: str, person: Person) -> _Taken:
        if not outcome:
            raise _NotUnderstood("Say what was done, as in “resolved: sent a new one” or “resolved: refunded 20 GBP”.")
        remedy = remedy_in(outcome, person.authority)
        if remedy and remedy.kind is RemedyKind.REFUND and remedy.amount is None and any(each.isdigit() for each in outcome):
            raise _NotUnderstood("Say how much the refund was, as in “resolved: refunded 20 GBP”.")
        if remedy and remedy.amount is not None and remedy.currency is None:
            raise _NotUnderstood(f"Say in which currency, as in “resolved: refunded {remedy.amount:f} EUR”.")
        step = steps.resolve(case, self.plan.directory, outcome, person.name, self.now, remedy)
        return _taken(step, f"{case.id} is resolved{f', with a {remedy}' if remedy else ''}")

    def _give(self, case: Case, to: str, reason: str, person: Person) -> _Taken:
        found = called(to, self.plan.directory)
        if len(found) != 1:
            meant = f"It may be {' or '.join(found)}: write the full name" if found else "Write the name as it stands in the directory"
            example = f"to {person.manager or self.plan.directory.default}: knows the customer"
            raise _NotUnderstood(f"Nobody is known for certain as “{to[:60]}”. {meant}, as in “{example}”.")
        if not reason:
            raise _NotUnderstood(f"Say why, as in “to {found[0]}: knows the courier”.")
        step = steps.hand_over(case, self.plan, found[0], reason, person.name, self.now)
        return _taken(step, f"{found[0]} has {case.id} now")

    def _give_back(self, case: Case, reason: str, person: Person) -> _Taken:
        """It goes to whoever leads them, who knows whose it is."""
        if case.owner != person.name:
            raise _NotUnderstood(f"{case.owner} has {case.id}, not you.")
        if not reason:
            raise _NotUnderstood("Say why, as in “not mine: it is about an invoice”.")
        people = self.plan.directory
        leader, _ = people.reachable(people[person.manager or people.default], self.now)
        if leader.name == person.name:
            raise _NotUnderstood("Nobody leads you who could be asked. Name somebody, as in “to NAME: why”.")
        step = steps.hand_over(case, self.plan, leader.name, reason, person.name, self.now)
        return _taken(step, f"{leader.name} has {case.id} now")

    def _write(self, case: Case, text: str, person: Person) -> _Taken:
        newest = self.items.get(case.item_ids[-1])
        if newest is None:
            raise _NotUnderstood("What the customer wrote is gone.")
        change, told = steps.write(case, self.plan, newest, text, person.name, self.now)
        said = f"Sent to {(newest.author or 'the customer')[:60]} ({(newest.contact or '').removeprefix(BY_MAIL)})"
        return change, told, f"{said}, in {case.id}."

    def _kept_back(self, sent: OutboxMessage, person: Person) -> str:
        """The words that were not sent, and may be: their own, of which nobody doubts it."""
        kept = self.items.get(sent.item_id)
        text = unsent(kept, held=sent.kind is MessageKind.HELD) if kept and not doubt(kept, person) else ""
        if not text:
            raise _NotUnderstood("There is nothing that waits to be sent.")
        return text


class _NotUnderstood(Exception):
    """Nothing is done; the text says why, and how to say it."""


_Taken = tuple[CaseChange, tuple[OutboxMessage, ...], str]


def _taken(step: steps.Step, said: str) -> _Taken:
    return (*step, f"{said}.")
