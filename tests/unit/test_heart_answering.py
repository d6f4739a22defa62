"""Acting by mail: nothing but what its reader may do ever comes of an answer, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from allears.answering import Desk
from allears.domain.answers import answer_in, doubt
from allears.domain.authority import exceeds
from allears.domain.case import Case, CaseId, CaseStatus, EventType
from allears.domain.feedback import FeedbackItem, Status
from allears.domain.instructions import Send, Unclear
from allears.domain.outbox import FOOTER, MessageKind, OutboxMessage, Way
from allears.domain.people import Person
from allears.domain.records import Routed
from allears.mail.contexts.receipt import hints
from tests.answers import ADA, ALERT, BEN, C1, C2, C3, CARA, CASES, FORM, JO, LETTER, MO, PLAN, ZOE, answer, mail_to
from tests.builders import NOW, a_person, an_item
from tests.letters import HOUSE

VERBS = """ack|ok|I have it|übernehme|je m'en occupe|by|until|bis|avant|resolved|done|erledigt|résolu|to|hand over to|an|à|not mine
nicht für mich|note|Notiz|reply|antwort|send|send it|yes|ja|C-1001|[C-1002]|c-1003:|C-9999|#C-1001"""
SAID = """friday 5pm|morgen 14 Uhr|demain|24.12.|1/1/0001|99999999 hours|refunded 20|refunded 250 GBP|refunded her 9.999|voucher of 90 GBP
20 EUR erstattet|gift of 5000000000000 GBP|Ben|Cara Diaz|Zoe|nobody|Ada Brook|knows the courier|it is about an invoice"""
PROSE = (LETTER, ALERT, "Dear Jo, thank you for your patience with us", "> quoted")
ODD = ("word " * 3_000, "w" * 20_000, " " * 20_000 + "x", "\x00\ud800\u202e")
_VERB = st.sampled_from(VERBS.replace("\n", "|").split("|"))
_REST = st.sampled_from([*hints(PLAN.directory["Ada Brook"], HOUSE), *SAID.replace("\n", "|").split("|"), *PROSE, *ODD])
_BETWEEN = st.sampled_from([" ", ": ", ", ", "", " - ", "\n", ":"])
_LINE = st.tuples(_VERB, _BETWEEN, _REST).map("".join) | _VERB | _REST | st.text(max_size=60)
_PLAIN = """ack|by friday 5pm|by tomorrow: told her|resolved: sent a new one|resolved: refunded 20|resolved: refunded 250 GBP
done: gift of 90 GBP|erledigt: 20 EUR erstattet|to Ben: knows the courier|an Cara Diaz: kennt die Bank|not mine: it is about an invoice
note: rang twice|send|ja|C-1001: ack|C-1002: to Ada: knows her|reply: All is well again"""
_CLEAR = st.sampled_from([*_PLAIN.replace("\n", "|").split("|"), *PROSE, ALERT, ALERT])
_FIRST = st.sampled_from([_CLEAR, _CLEAR, _CLEAR, _LINE]).flatmap(lambda either: either)
TEXTS = st.builds(lambda first, below: "\n".join((first, *below)), _FIRST, st.lists(_LINE, max_size=3))
OTHERS = st.sampled_from(["email:ben@northwind.example", "email:m@evil.example", None]) | st.text(max_size=20)


@st.composite
def situations(draw: st.DrawFn) -> tuple[FeedbackItem, FeedbackItem, OutboxMessage, dict[CaseId, Case]]:
    """An answer, an earlier one that may wait to be sent, the mail that is answered, and the cases as they stand."""
    to = draw(st.sampled_from([ADA] * 7 + [BEN, CARA, ZOE, a_person("Nobody Known")]))

    def answered(external_id: str) -> FeedbackItem:
        contact = draw(st.sampled_from([True] * 9 + [False])) and f"email:{to.email}"
        checked = draw(st.sampled_from([{}] * 5 + [{"sender_checked": "pass"}, {"sender_checked": "fail"}]))
        quoted = draw(st.sampled_from([None, None, ALERT]) | TEXTS)
        return answer(draw(TEXTS), to, external_id, contact=contact or draw(OTHERS), quoted=quoted, extra=checked)

    def stands(case: Case) -> Case:
        owner = draw(st.sampled_from([to.name, to.name, "Ada Brook", "Ben Hall", "Cara Diaz"]))
        status = draw(st.sampled_from([CaseStatus.OPEN, CaseStatus.OPEN, *CaseStatus]))
        promised = draw(st.sampled_from([None, NOW + timedelta(days=1), NOW - timedelta(days=1)]))
        return replace(case, owner=owner, owners=(*case.owners, owner), status=status, promised_for=promised)

    item, kept = answered("a-1"), answered("a-2")
    kind = draw(st.sampled_from([kind for kind in MessageKind if kind is not MessageKind.REPLY]))
    about = draw(st.sampled_from([kept, kept, JO, an_item("gone")]))
    sent = mail_to(to.name, kind, draw(st.sampled_from([C1, C1, C1, C2, C3, None])), about)
    return item, kept, sent, {name: stands(case) for name, case in CASES.items() if draw(st.sampled_from([True, True, True, False]))}


@settings(max_examples=600, deadline=None)
@given(situations())
def test_whatever_stands_in_an_answer(situation: tuple[FeedbackItem, FeedbackItem, OutboxMessage, dict[CaseId, Case]]):
    item, kept, sent, cases = situation
    decision = Desk(PLAN, cases, {each.id: each for each in (JO, MO, FORM, item, kept)}, NOW).act(item, sent)
    person = PLAN.directory.people.get(sent.to)
    assert (decision.item_id, decision.status, decision.ours, decision.unreachable, decision.returned) == (
        item.id,
        Status.OTHER,
        True,
        None,
        None,
    )
    assert decision.why
    if person is None or not person.active:
        assert (decision.change, decision.outbox) == (None, ())
        return
    assert decision.outbox[-1].to == person.name
    assert decision.outbox[-1].item_id == item.id
    assert decision.outbox[-1].case_id == decision.case_id
    if decision.change is None:
        assert [told.kind for told in decision.outbox] == [MessageKind.HELD]
        return
    assert decision.outbox[-1].kind is MessageKind.DONE
    assert doubt(item, person) is None
    reading = answer_in(item, may_send=sent.kind in (MessageKind.HELD, MessageKind.DONE))
    assert not isinstance(reading.instruction, Unclear)
    changed, before = decision.change.case, cases[decision.change.case.id]
    assert decision.case_id == changed.id in (sent.case_id, reading.case_id)
    assert changed.version == before.version + 1
    assert {event.actor for event in decision.change.events} == {person.name}
    done = {event.type for event in decision.change.events}
    if before.owner != person.name:
        assert done <= {EventType.NOTED, EventType.HANDED_OVER}
        assert decision.change.reply is None
    if EventType.HANDED_OVER in done:
        assert changed.owner != before.owner
        assert PLAN.directory[changed.owner].active
        assert [(told.kind, told.to, told.way) for told in decision.outbox[:-1]] == [(MessageKind.ALERT, changed.owner, Way.MAIL)]
    if EventType.RESOLVED in done and changed.remedy:
        _within_authority(person, changed)
    if EventType.PROMISED in done:
        assert changed.promised_for is not None
        assert NOW < changed.promised_for < NOW + timedelta(days=368)
    _letter_is_theirs(decision, before, item if not isinstance(reading.instruction, Send) else kept, person)


def _within_authority(person: Person, case: Case) -> None:
    assert case.remedy is not None
    assert exceeds(person.authority, case.remedy) is None
    amount = case.remedy.amount or Decimal()
    assert amount <= {"Ada Brook": 100, "Ben Hall": 0}.get(person.name, 10**10)
    assert not amount or person is CARA or case.remedy.currency == "GBP"


def _letter_is_theirs(decision: Routed, before: Case, source: FeedbackItem, person: Person) -> None:
    assert decision.change is not None
    reply = decision.change.reply
    letters = [told for told in decision.outbox if told.kind is MessageKind.REPLY]
    if reply is None:
        assert letters == []
        return
    assert [(told.key, told.to, told.item_id, told.case_id) for told in letters] == [(reply.key, reply.contact, reply.item_id, before.id)]
    customer = {JO.id: JO, MO.id: MO}[reply.item_id]
    assert (reply.by, reply.contact, reply.item_id) == (person.name, customer.contact, before.item_ids[-1])
    assert doubt(source, person) is None
    assert "".join(reply.text.split()) in "".join(source.text.split())
    assert FOOTER not in " ".join(reply.text.replace(">", " ").split())
