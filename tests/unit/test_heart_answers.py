"""Acting by mail: who may do what by answering, what no customer ever reads, and what is asked back."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from allears.answering import Desk
from allears.domain.case import Case, CaseId, CaseStatus, EventType
from allears.domain.feedback import Automated, FeedbackItem, SourceName, Status
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.people import Person
from allears.domain.records import Routed, RoutingBook
from allears.mail.compose import compose_alert
from allears.routing import Router
from connectors.email.parse import Reading, parse
from tests import letters
from tests.answers import ADA, ALERT, BEN, C1, C2, C3, CARA, CASES, FORM, JO, LETTER, MO, PLAN, ZOE, answer, mail_to
from tests.builders import NOW, TOKENS, an_item, understood
from tests.letters import a_view, text_of

QUOTES = {
    "gmail": "On Tue, 17 Nov 2026 at 18:22, AllEars <allears@northwind.example> wrote:",
    "outlook": "From: AllEars <allears@northwind.example>\nSent: Tuesday, 17 November 2026 18:22\nTo: Ada Brook\nSubject: Charged twice\n",
    "german": "Am 17.11.2026 um 18:22 schrieb AllEars:",
    "unknown": "AllEars skrifaði þetta 17. nóvember:",
    "none": "",
}


def act(
    text: str, sent: OutboxMessage | None = None, person: Person = ADA, cases: dict[CaseId, Case] = CASES, kept: FeedbackItem = JO
) -> Routed:
    desk = Desk(PLAN, cases, {each.id: each for each in (JO, MO, FORM, kept)}, NOW)
    return desk.act(answer(text, person), sent or mail_to(person.name))


def held(decision: Routed) -> str:
    """Why nothing was done."""
    assert decision.change is None
    (told,) = decision.outbox
    assert told.kind is MessageKind.HELD
    return decision.why


def resolved(**changes: object) -> dict[CaseId, Case]:
    return {**CASES, C1: replace(CASES[C1], status=CaseStatus.RESOLVED, resolved_at=NOW, **changes)}  # type: ignore[arg-type]


class TestWhoseCaseItIs:
    def test_the_reader_who_has_it_acts(self):
        decision = act("ack")
        assert decision.change is not None
        assert decision.change.case.status is CaseStatus.ACKNOWLEDGED
        assert [(told.kind, told.to, told.case_id) for told in decision.outbox] == [(MessageKind.DONE, "Ada Brook", C1)]

    @pytest.mark.parametrize("text", ["ack", "by friday 5pm", "resolved: sent a new one", "not mine: it is about an invoice", LETTER])
    def test_another_reader_does_not(self, text: str):
        assert held(act(text, person=CARA)).startswith("Ada Brook has C-1001")

    def test_but_may_leave_a_note_or_hand_it_over_with_a_reason_as_anybody_may_at_the_dashboard(self):
        for text, event in (("note: rang twice", EventType.NOTED), ("to Ben: knows the courier", EventType.HANDED_OVER)):
            decision = act(text, person=CARA)
            assert decision.change is not None
            assert [(each.type, each.actor) for each in decision.change.events] == [(event, "Cara Diaz")]
        assert held(act("to Ben", person=CARA)) == "Say why, as in “to Ben Hall: knows the courier”."

    @pytest.mark.parametrize("text", [LETTER, "not mine: it is about an invoice"])
    def test_nor_once_it_is_over(self, text: str):
        assert held(act(text, person=CARA, cases=resolved())).startswith("Ada Brook has C-1001")
        assert act(LETTER, cases=resolved()).change is not None

    def test_somebody_who_left_does_nothing_and_hears_nothing(self):
        decision = act("ack", person=ZOE, cases={**CASES, C1: replace(CASES[C1], owner="Zoe Quill")})
        assert (decision.change, decision.outbox, decision.ours) == (None, (), True)

    @pytest.mark.parametrize("contact", [None, "email:", "email:mallory@evil.example", "email:ben@northwind.example", "reddit:u/ada"])
    def test_an_answer_by_another_does_nothing_and_its_reader_hears_of_it(self, contact: str | None):
        decision = Desk(PLAN, CASES, {JO.id: JO}, NOW).act(answer("ack", contact=contact), mail_to())
        assert "only ada@northwind.example may act on this" in held(decision)
        assert decision.outbox[0].to == "Ada Brook"

    def test_nor_does_one_that_the_server_doubts(self):
        desk = Desk(PLAN, CASES, {JO.id: JO}, NOW)
        assert "could not confirm" in held(desk.act(answer("ack", extra={"sender_checked": "fail"}), mail_to()))
        assert desk.act(answer("ack", contact="email:Ada@Northwind.Example", extra={"sender_checked": "pass"}), mail_to()).change


class TestTheCaseItNames:
    def test_is_meant_whatever_the_mail_was_about(self):
        assert act("C-1002: ack").case_id == C2
        assert act("C-1002: ack", mail_to(kind=MessageKind.DIGEST, case=None)).case_id == C2

    def test_must_be_one_of_theirs(self):
        assert held(act("C-1001: ack", mail_to("Ben Hall", case=C2), BEN)) == "There is no case C-1001 of yours."
        assert held(act("C-9999: ack")) == "There is no case C-9999 of yours."
        assert len(held(act(f"C-{'9' * 100_000}: ack"))) < 100

    @pytest.mark.parametrize("kind", [MessageKind.DIGEST, MessageKind.PRAISE, MessageKind.HELD])
    def test_is_asked_for_where_the_mail_was_about_none(self, kind: MessageKind):
        assert "Begin with its number, as in “C-1042: ack”." in held(act("ack", mail_to(kind=kind, case=None)))

    def test_is_the_one_that_what_is_held_is_about(self):
        first = answer("C-1002: resolvd, he has a new one")
        decision = act(first.text)
        held(decision)
        (told,) = decision.outbox
        assert (decision.case_id, told.case_id) == (C2, C2)
        sent = act("send", replace(told, item_id=first.id), kept=first)
        assert sent.change is not None
        assert sent.change.reply is not None
        assert (sent.change.reply.contact, sent.change.reply.text) == ("email:mo@y.org", "resolvd, he has a new one")

    def test_is_none_where_it_is_not_theirs(self):
        decision = act("C-9999: a letter to somebody else entirely")
        assert held(decision)
        assert (decision.case_id, decision.outbox[0].case_id) == (None, None)


class TestWhatNoCustomerReads:
    @pytest.mark.parametrize(
        "text", ["", "   \n", "> quoted", "On Thu, 19 Nov 2026 at 10:42, AllEars wrote:", "Von meinem iPhone gesendet"]
    )
    def test_an_answer_without_a_word_of_its_own(self, text: str):
        desk = Desk(PLAN, CASES, {JO.id: JO}, NOW)
        held(desk.act(answer(text, quoted=f"{text}\n> Ada, this one is yours."), mail_to()))

    @pytest.mark.parametrize("new", ["", "Von meinem iPhone gesendet"])
    @pytest.mark.parametrize("introduction", QUOTES.values(), ids=QUOTES)
    @pytest.mark.parametrize("mark", ["", "> "])
    def test_a_real_alert_sent_back(self, new: str, introduction: str, mark: str):
        alert = text_of(compose_alert(a_view(), letters.ADA, letters.HOUSE, key="0" * 24, now=letters.NOW))
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "Ada Brook <ada@northwind.example>", "support@northwind.example", "Re: Charged twice"
        mail["In-Reply-To"] = "<x@northwind.example>"
        mail.set_content("\n".join((new, "", introduction, *(f"{mark}{line}" for line in alert.split("\n")))))
        item = parse(mail.as_bytes(), Reading(SourceName("support"), ("*@northwind.example",), letters.NOW))
        held(Desk(PLAN, CASES, {JO.id: JO}, NOW).act(item, mail_to()))

    @pytest.mark.parametrize(
        "text",
        [
            ALERT,
            f"{LETTER}\n\nAllEars skrifaði þetta:\n{ALERT}",
            f"reply: {LETTER}\n\n{ALERT}",
            LETTER + "\n\n" + "\n".join(f"> {line}" for line in ALERT.replace("You get this", "You get\nthis").split("\n")),
        ],
    )
    def test_our_own_mail(self, text: str):
        assert "our own mail to you stands in it" in held(act(text))

    @pytest.mark.parametrize(
        "text",
        ["by fraiday 5pm: told her on the phone that she is a pain and gets nothing", "by the end of next week at the latest, I hope so"],
    )
    def test_a_promise_that_is_not_understood(self, text: str):
        assert "is no moment to come that is understood" in held(act(text))

    @pytest.mark.parametrize("kept", ["send", "yes", "ack", "note: she is angry", "resolved: refunded 250 GBP", "", ALERT])
    @pytest.mark.parametrize("kind", [MessageKind.HELD, MessageKind.DONE])
    def test_what_was_never_a_letter(self, kept: str, kind: MessageKind):
        before = answer(kept, external_id="a-0")
        assert held(act("send", mail_to(kind=kind, item=before), kept=before)) == "There is nothing that waits to be sent."

    def test_what_another_wrote(self):
        before = answer(LETTER, external_id="a-0", contact="email:mallory@evil.example")
        held(act("send", mail_to(kind=MessageKind.HELD, item=before), kept=before))

    @pytest.mark.parametrize(
        ("kind", "kept", "sent"),
        [
            (MessageKind.HELD, "thanks!", "thanks!"),
            (MessageKind.HELD, "reply: All is well.\nAda", "All is well.\nAda"),
            (MessageKind.HELD, "By the way, Jo: it has left.", "By the way, Jo: it has left."),
            (MessageKind.HELD, "reply: Hello Jo.\nNote: it takes a week.", "Hello Jo.\nNote: it takes a week."),
            (MessageKind.DONE, f"ack\n\n{LETTER}", LETTER),
        ],
    )
    def test_but_the_rest_once_its_writer_says_send(self, kind: MessageKind, kept: str, sent: str):
        before = answer(kept, external_id="a-0")
        decision = act("Send it!", mail_to(kind=kind, item=before), kept=before)
        assert decision.change is not None
        assert decision.change.reply is not None
        assert decision.change.reply.text == sent

    def test_a_letter_to_nobody(self):
        assert held(act(LETTER, mail_to(case=C3))) == "The customer left no mail address."
        gone = {**CASES, C1: replace(CASES[C1], item_ids=(an_item("gone").id,))}
        assert held(act(LETTER, cases=gone)) == "What the customer wrote is gone."


class TestWhatIsGiven:
    def remedy_of(self, text: str, person: Person = ADA) -> object:
        decision = act(text, person=person, cases={**CASES, C1: replace(CASES[C1], owner=person.name)})
        return decision.change.case.remedy if decision.change else held(decision)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("resolved: refunded 250 GBP", "Ada Brook may give up to 100 GBP. Hand the case to Cara Diaz, who may."),
            ("resolved: refunded 20 EUR", "Ada Brook may give in GBP, not in EUR."),
            ("resolved: refunded her 250", "Say how much the refund was"),
            ("resolved: refunded 1.000", "Say how much the refund was"),
            ("resolved", "Say what was done"),
        ],
    )
    def test_is_never_more_than_they_may(self, text: str, why: str):
        assert why in str(self.remedy_of(text))

    def test_is_never_more_than_can_be_kept(self):
        assert "cannot be recorded" in str(self.remedy_of(f"resolved: refunded {'9' * 30} GBP", CARA))
        assert str(self.remedy_of("resolved: refunded 9999999999.99 GBP", CARA)) == "refund of 9999999999.99 GBP"

    @pytest.mark.parametrize(
        "text", ["resolved: no refund was needed", "resolved: explained why there is no refund, sans remise", "erledigt: kein Rabatt nötig"]
    )
    def test_is_nothing_where_it_is_denied(self, text: str):
        assert self.remedy_of(text) is None

    def test_may_have_a_share_in_place_of_an_amount(self):
        assert str(self.remedy_of("resolved: 20 % discount on the next order")) == "discount"


class TestInOneBatch:
    """What routing makes of several messages that came in together."""

    def router(self, *sent: OutboxMessage, items: tuple[FeedbackItem, ...] = (JO,)) -> Router:
        book = RoutingBook(
            1004,
            (CASES[C1],),
            {},
            {"jo-1": C1},
            {C1: ("email:jo@x.org",)},
            (),
            {},
            {},
            sent={each.key: each for each in sent},
            items={each.id: each for each in items},
        )
        return Router(PLAN, book, NOW, TOKENS)

    def referring(self, sent: OutboxMessage) -> tuple[str, ...]:
        return (f"{TOKENS.of(sent.key)}@northwind.example",)

    def test_a_letter_goes_to_what_the_customer_wrote_a_moment_before(self):
        alert = mail_to()
        router = self.router(alert)
        more = an_item("jo-2", "And it was the second time! Nobody answers me.", references=("jo-1",))
        assert router.route(understood(more)).case_id == C1
        decision = router.route(understood(answer(LETTER, references=self.referring(alert))))
        assert decision.change is not None
        assert decision.change.reply is not None
        assert decision.change.reply.item_id == more.id

    def test_an_answer_that_came_into_two_mailboxes_acts_once(self):
        alert = mail_to()
        router = self.router(alert)
        first = answer(LETTER, references=self.referring(alert))
        assert router.route(understood(first)).change is not None
        again = router.route(understood(replace(first, source=SourceName("sales"))))
        assert (again.status, again.duplicate_of, again.change, again.outbox, again.ours) == (Status.DUPLICATE, first.id, None, (), True)

    def test_a_customer_who_writes_in_the_words_of_the_letter_is_heard(self):
        alert = mail_to()
        router = self.router(alert)
        router.route(understood(answer(LETTER, references=self.referring(alert))))
        same = an_item("jo-3", LETTER, contact="email:ada@northwind-customers.example")
        assert router.route(understood(same)).status is Status.CASE

    @pytest.mark.parametrize("token", ["\u017f" * 16, "\u212a" * 16, "a" * 16, "é" * 16])  # a long s and a Kelvin are letters to some
    def test_a_reference_that_is_like_a_token_is_none(self, token: str):
        alert = mail_to()
        forged = answer("ack", references=(f"{alert.key}.{token}@northwind.example",))
        assert self.router(alert).route(understood(forged)).change is None

    def test_a_stranger_who_answers_an_alert_is_heard_as_a_customer_and_its_reader_told(self):
        alert = mail_to()
        stranger = an_item("s-1", "resolved: refunded 20. Where is my money?", contact="email:s@z.org", references=self.referring(alert))
        decision = self.router(alert).route(understood(stranger))
        assert (decision.status, decision.case_id, decision.ours) == (Status.CASE, "C-1004", False)
        assert [told.to for told in decision.outbox if told.kind is MessageKind.HELD] == ["Ada Brook"]

    def test_a_letter_that_comes_back_is_told_and_its_case_changes_by_that_alone(self):
        letter = mail_to("email:jo@x.org", MessageKind.REPLY)
        bounce = an_item(
            "b-1",
            "It could not be delivered.",
            contact=None,
            automated=Automated.BOUNCE,
            extra={"bounced_permanent": "yes", "bounced_message": self.referring(letter)[0], "bounced_recipient": "jo@x.org"},
        )
        decision = self.router(letter).route(understood(bounce))
        assert decision.returned == (letter.key, "A mail to jo@x.org came back for good.")
        assert [(told.kind, told.to) for told in decision.outbox] == [(MessageKind.RETURNED, "Ada Brook")]
        assert decision.change is not None
        assert [event.type for event in decision.change.events] == [EventType.RETURNED]
        assert decision.change.case == replace(CASES[C1], version=2)
