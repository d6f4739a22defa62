"""An owner does the whole job from their mail client: what they answer acts, reaches the customer, or is held and asked back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import pytest

from allears.domain.case import Case, CaseId, CaseStatus, EventType, Remedy, RemedyKind
from allears.domain.feedback import Status
from allears.domain.records import CaseView
from allears.settings import load
from flows.round import Stage, run_round
from flows.wiring import Wiring
from tests.builders import StandingClock, a_store
from tests.integration.smtp_sink import SmtpSink, smtp_sink

__all__ = ["smtp_sink"]
CONFIGURATION = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"
own_addresses = ["support@northwind.example", "support+*@northwind.example", "allears@northwind.example"]

[model]
name = "lexicon"

[mail]
url = "{mail}"
sender = "AllEars <allears@northwind.example>"
replies = "support+{{token}}@northwind.example"

[[source]]
name = "support"
channel = "email"
url = "maildir:mail"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
hours = "Mon-Fri 09:00-17:30"
authority = "refund up to 100 GBP"
manager = "Cara Diaz"

[[person]]
name = "Ben Hall"
email = "ben@northwind.example"

[[person]]
name = "Ben Young"
email = "young@northwind.example"

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"

[routing]
default = "person:Ada Brook"
"""
ADA, BEN, CARA, JO = "ada@northwind.example", "ben@northwind.example", "cara@northwind.example", "jo@x.example"
C1 = CaseId("C-1001")
COMPLAINT = "You have charged me twice for November and nobody answers. I want my money back."
LETTER = "Dear Jo,\n\nI am sorry about that. The second payment goes back today, and I will write on Friday."


def a_mail(sender: str, to: str, subject: str, text: str, message_id: str, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = sender, to, subject, f"<{message_id}>"
    mail["Date"] = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


class Desk:
    """A business whose mailbox is a folder and whose mails go to a real server; `inbox` is what somebody got from it."""

    def __init__(self, folder: Path, sink: SmtpSink, clock: StandingClock, reworded: Callable[[str], str] = lambda text: text) -> None:
        self.folder, self.sink, self.clock, self.answers = folder, sink, clock, 0
        (folder / "mail" / "new").mkdir(parents=True)
        (folder / "mail" / "cur").mkdir()
        (folder / "allears.toml").write_text(reworded(CONFIGURATION.format(mail=sink.url)), "utf-8")
        settings = load(folder / "allears.toml", {})
        self.store = a_store(settings.store_path, clock)
        self.wired = Wiring(settings, self.store, clock)

    def arrives(self, raw: bytes) -> None:
        self.answers += 1
        (self.folder / "mail" / "new" / f"{self.answers}.eml").write_bytes(raw)
        report = run_round(self.wired, ["support"], Stage.NOTIFY)
        assert report.errors == {}

    def inbox(self, address: str) -> list[EmailMessage]:
        return [mail.message for mail in self.sink.received if address in mail.recipients]

    def answer(self, text: str, to: EmailMessage | None = None, sender: str = ADA, subject: str = "", **headers: str) -> None:
        """What a mail client sends when somebody presses Reply: its quote below the new words."""
        to = to or self.inbox(sender)[-1]
        quoted = "\n".join(f"> {line}" for line in words_of(to).split("\n"))
        written = f"{text}\n\nOn Thu, 19 Nov 2026 at 10:42, {to['From']} wrote:\n{quoted}\n"
        told = {"In_Reply_To": str(to["Message-ID"]), "References": str(to["Message-ID"])} | headers
        address = parseaddr(str(to["Reply-To"] or to["From"]))[1]
        subject = subject or f"Re: {str(to['Subject']).removeprefix('Re: ')}"
        self.arrives(a_mail(sender, address, subject, written, f"answer-{self.answers}@client.example", **told))

    @property
    def view(self) -> CaseView:
        view = self.store.case_view(C1)
        assert view is not None
        return view

    @property
    def case(self) -> Case:
        return self.view.case

    def told_last(self, address: str = ADA) -> tuple[str, str]:
        """Subject and words of the last mail somebody got."""
        mail = self.inbox(address)[-1]
        return str(mail["Subject"]), " ".join(words_of(mail).split())


@pytest.fixture
def desk(tmp_path: Path, clock: StandingClock, smtp_sink: SmtpSink) -> Iterator[Desk]:
    """Ada has Jo's complaint, and an alert about it in her mailbox."""
    desk = Desk(tmp_path, smtp_sink, clock)
    desk.arrives(a_mail("Jo Lind <jo@x.example>", "support@northwind.example", "Charged twice", COMPLAINT, "jo-1@x.example"))
    assert desk.case.owner == "Ada Brook"
    yield desk
    desk.store.close()


class TestInstructions:
    def test_ack_takes_the_case_and_says_so(self, desk: Desk):
        desk.answer("ack")
        assert desk.case.status is CaseStatus.ACKNOWLEDGED
        subject, words = desk.told_last()
        assert subject == "Done: Charged twice (C-1001)"
        assert "You have C-1001." in words
        assert desk.inbox(JO) == []

    def test_a_promise_has_the_owners_own_clock(self, desk: Desk):
        desk.answer("by friday 5pm: told her on the phone")
        assert desk.case.promised_for == datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
        assert "by Friday 20 November, 17:00" in desk.told_last()[1]

    def test_resolved_records_what_was_given_in_the_currency_of_the_authority(self, desk: Desk):
        desk.answer("Resolved: refunded 20")
        assert desk.case.status is CaseStatus.RESOLVED
        assert desk.case.remedy == Remedy(RemedyKind.REFUND, Decimal("20.00"), "GBP")

    def test_beyond_the_authority_nothing_is_done(self, desk: Desk):
        desk.answer("resolved: refunded 250 GBP")
        assert desk.case.status.is_open
        subject, words = desk.told_last()
        assert subject == "Not done: Charged twice (C-1001)"
        assert "Ada Brook may give up to 100 GBP" in words
        assert "Hand the case to Cara Diaz, who may." in words

    def test_to_somebody_hands_it_over_and_alerts_them(self, desk: Desk):
        desk.answer("to Cara: knows the bank")
        assert (desk.case.owner, desk.case.why_owner) == ("Cara Diaz", "Ada Brook handed it over: knows the bank")
        assert "Cara Diaz has C-1001 now." in desk.told_last()[1]
        assert len(desk.inbox(CARA)) == 1

    def test_a_name_of_two_people_is_asked_back(self, desk: Desk):
        desk.answer("to Ben: knows the bank")
        assert desk.case.owner == "Ada Brook"
        assert "Ben Hall or Ben Young: write the full name" in desk.told_last()[1]

    def test_not_mine_goes_to_whoever_leads_them(self, desk: Desk):
        desk.answer("not mine: it is about an invoice")
        assert desk.case.owner == "Cara Diaz"

    def test_a_note_stays_inside(self, desk: Desk):
        desk.answer("note: she rang twice\nand was angry")
        assert [event.detail for event in desk.view.events if event.type is EventType.NOTED] == ["she rang twice\nand was angry"]
        assert desk.inbox(JO) == []

    def test_the_lines_below_an_instruction_go_nowhere_until_they_are_sent(self, desk: Desk):
        desk.answer(f"by friday 5pm\n\n{LETTER}")
        assert desk.case.status is CaseStatus.PROMISED
        assert desk.inbox(JO) == []
        assert "Answer “send” to send them to Jo Lind." in desk.told_last()[1]
        desk.answer("send")
        (letter,) = desk.inbox(JO)
        assert words_of(letter).startswith(LETTER)

    def test_a_mistyped_instruction_is_held_and_sent_if_they_say_so(self, desk: Desk):
        desk.answer("resolvd: all is well again")
        assert desk.case.status.is_open
        assert desk.inbox(JO) == []
        assert desk.told_last()[0].startswith("Not done")
        desk.answer("send")
        assert words_of(desk.inbox(JO)[0]).startswith("resolvd: all is well again")

    def test_answered_twice_by_a_client_that_hangs_acts_once(self, desk: Desk):
        desk.answer("ack")
        before = len(desk.inbox(ADA))
        desk.answer("ack", to=desk.inbox(ADA)[0])
        subject, words = desk.told_last()
        assert (len(desk.inbox(ADA)), subject) == (before + 1, "Not done: Charged twice (C-1001)")
        assert "Case C-1001 is already acknowledged." in words


class TestALetterToTheCustomer:
    def test_leaves_from_the_business_under_the_owners_name_in_the_customers_thread(self, desk: Desk):
        desk.answer(LETTER)
        (letter,) = desk.inbox(JO)
        assert str(letter["From"]) == '"Ada Brook, Northwind Coffee" <support@northwind.example>'
        assert str(letter["Subject"]) == "Re: Charged twice"
        assert str(letter["In-Reply-To"]) == "<jo-1@x.example>"
        assert letter["Auto-Submitted"] is None
        text = words_of(letter)
        assert text.startswith(f"{LETTER}\n\nAda Brook\nNorthwind Coffee\n")
        assert "> You have charged me twice" in text
        for internal in ("C-1001", "authority", "100 GBP", "ears.", "acknowledge", "Not yours?", "8501"):
            assert internal not in text

    def test_is_a_touch_after_which_the_customer_hears_again(self, desk: Desk):
        desk.answer(LETTER)
        assert (desk.case.status, desk.case.first_response_at) == (CaseStatus.ACKNOWLEDGED, desk.clock.now())
        assert desk.case.next_date > desk.clock.now() + timedelta(days=1)
        (reply,) = desk.view.replies
        assert (reply.by, reply.contact, reply.text, reply.sent_at) == ("Ada Brook", f"email:{JO}", LETTER, desk.clock.now())
        assert "Sent to Jo Lind (jo@x.example), in C-1001." in desk.told_last()[1]

    def test_what_the_customer_answers_reaches_the_owner_whatever_it_says(self, desk: Desk):
        desk.answer(LETTER)
        told = len(desk.inbox(ADA))
        desk.answer("It is order 4711.", sender=JO)
        assert len(desk.view.items) == 2
        assert len(desk.inbox(ADA)) == told + 1

    def test_an_answer_from_another_address_of_theirs_belongs_to_the_case(self, desk: Desk):
        desk.answer(LETTER)
        desk.answer("It is order 4711.", to=desk.inbox(JO)[0], sender="jo.lind@work.example")
        assert {stored.item.contact for stored in desk.view.items} == {f"email:{JO}", "email:jo.lind@work.example"}

    def test_an_answer_without_references_is_told_by_the_address_it_goes_to(self, desk: Desk):
        desk.answer(LETTER)
        desk.answer("It is order 4711.", sender=JO, In_Reply_To="", References="")
        assert len(desk.view.items) == 2

    def test_an_answer_after_the_end_reopens_the_case_and_thanks_do_not(self, desk: Desk):
        desk.answer(LETTER)
        letter = desk.inbox(JO)[0]
        desk.answer("resolved: paid back", to=desk.inbox(ADA)[0])
        desk.answer("Thank you so much, that was wonderful service!", to=letter, sender=JO)
        assert desk.case.status is CaseStatus.RESOLVED
        desk.answer("The money has still not arrived. This is terrible.", to=letter, sender=JO)
        assert desk.case.status is CaseStatus.OPEN

    def test_a_new_subject_opens_a_case_that_names_the_old_one(self, desk: Desk):
        desk.answer(LETTER)
        desk.answer("My grinder is broken and nobody answers.", sender=JO, subject="Broken grinder")
        new = desk.store.case(CaseId("C-1002"))
        assert new is not None
        assert new.continues == C1
        assert len(desk.view.items) == 1

    def test_an_answer_that_asks_for_nothing_reaches_the_owner_under_any_subject(self, desk: Desk):
        desk.answer(LETTER)
        told = len(desk.inbox(ADA))
        desk.answer("It is order 4711.", sender=JO, subject="My number")
        assert (len(desk.view.items), len(desk.inbox(ADA))) == (2, told + 1)

    def test_one_that_comes_back_is_told_to_whoever_has_the_case(self, desk: Desk, smtp_sink: SmtpSink):
        smtp_sink.answers_to_recipient[JO].append("550 5.1.1 no such user")
        desk.answer(LETTER)
        (subject, words), (reply,) = desk.told_last(), desk.view.replies
        assert subject == "Not delivered: Charged twice (C-1001)"
        assert "the answer to Jo Lind came back" in words
        assert reply.failed is not None
        assert "550 5.1.1 no such user" in reply.failed
        assert EventType.RETURNED in {event.type for event in desk.view.events}

    def test_one_that_bounces_later_too(self, desk: Desk):
        desk.answer(LETTER)
        letter = desk.inbox(JO)[0]
        specimen = (Path(__file__).parent.parent / "specimens" / "email" / "bounce_of_our_mail.eml").read_bytes()
        ours = str(letter["Message-ID"]).strip("<>").encode()
        raw = specimen.replace(b"3a7c4e0f5b1d92a86c7e4f10@northwind.example", ours).replace(b"ada@northwind.example", JO.encode())
        assert ours in raw
        desk.arrives(raw)
        assert desk.told_last()[0] == "Not delivered: Charged twice (C-1001)"
        assert desk.view.replies[0].failed


class TestWhoMayAct:
    def test_an_answer_from_another_address_does_nothing_and_the_owner_hears_of_it(self, desk: Desk):
        alert = desk.inbox(ADA)[-1]
        desk.answer("resolved: refunded 20", to=alert, sender="mallory@evil.example")
        assert desk.case.status.is_open
        (held,) = (mail for mail in desk.inbox(ADA) if mail["Subject"] == "Not done: Charged twice (C-1001)")
        words = " ".join(words_of(held).split())
        assert "came from mallory@evil.example. Only ada@northwind.example may act on it." in words
        assert desk.inbox("mallory@evil.example") == []

    def test_nor_does_one_of_a_colleague(self, desk: Desk):
        desk.answer("ack", to=desk.inbox(ADA)[-1], sender=BEN)
        assert desk.case.status is CaseStatus.OPEN
        assert "came from ben@northwind.example" in desk.told_last()[1]

    def test_a_made_up_token_acts_on_nothing(self, desk: Desk):
        key = str(desk.inbox(ADA)[-1]["Message-ID"]).strip("<>").partition(".")[0]
        forged = f"<{key}.aaaaaaaaaaaaaaaa@northwind.example>"
        raw = a_mail(ADA, "support@northwind.example", "Re: Charged twice", "ack", "f@client.example", In_Reply_To=forged)
        desk.arrives(raw)
        assert desk.case.status is CaseStatus.OPEN

    @pytest.mark.parametrize(("found", "acts"), [("dmarc=fail header.from=northwind.example", False), ("spf=fail; dkim=none", False)])
    def test_a_sender_whom_the_server_doubts_is_asked_back(self, desk: Desk, found: str, acts: bool):
        desk.answer("ack", Authentication_Results=f"mx.northwind.example; {found}")
        assert (desk.case.status is CaseStatus.ACKNOWLEDGED) is acts
        assert "could not confirm that ada@northwind.example really sent it" in desk.told_last()[1]

    def test_a_sender_whom_the_server_confirms_acts(self, desk: Desk):
        desk.answer("ack", Authentication_Results="mx.northwind.example; dkim=pass header.d=northwind.example; dmarc=pass")
        assert desk.case.status is CaseStatus.ACKNOWLEDGED

    def test_nor_does_one_that_only_says_it_is_hers(self, desk: Desk):
        desk.answer("ack", to=desk.inbox(ADA)[-1], sender="mallory@evil.example", X_Original_Sender=ADA)
        assert desk.case.status is CaseStatus.OPEN
        assert "mallory@evil.example passed it on" in desk.told_last()[1]

    def test_whoever_lost_the_case_cannot_act_on_it(self, desk: Desk):
        alert = desk.inbox(ADA)[-1]
        desk.answer("to Cara: knows the bank")
        desk.answer("resolved: done", to=alert)
        assert desk.case.status is CaseStatus.OPEN
        assert "Cara Diaz has C-1001." in desk.told_last()[1]

    def test_an_out_of_office_answer_does_nothing_and_is_not_answered(self, desk: Desk):
        mails = len(desk.sink.received)
        desk.answer("ack", Auto_Submitted="auto-replied")
        assert desk.case.status is CaseStatus.OPEN
        assert len(desk.sink.received) == mails

    def test_what_our_people_write_is_no_customers_word(self, desk: Desk):
        desk.answer("ack")
        overview = desk.store.overview(desk.clock.now(), 7, "UTC")
        assert sum(day.negative + day.mixed + day.neutral + day.positive for day in overview.daily) == 1
        (row,) = desk.store.ledger(None, "UTC")
        assert (row.received, row.case, row.other, row.balanced) == (2, 1, 1, True)
        assert [stored.status for stored in desk.view.items] == [Status.CASE]


class TestTwoBusinessesThatAnswerEachOther:
    """Each has the other's mailbox for its owner's address: whatever either sends is delivered to the other."""

    @pytest.mark.parametrize("taken_away", [(), ("Auto-Submitted", "X-Auto-Response-Suppress", "In-Reply-To", "References")])
    def test_end_after_one_round(self, tmp_path: Path, clock: StandingClock, smtp_sink: SmtpSink, taken_away: tuple[str, ...]):
        desks = []
        for name, other in (("one", "two"), ("two", "one")):
            (tmp_path / name).mkdir()
            desk = Desk(tmp_path / name, smtp_sink, clock, lambda text, name=name, other=other: reworded(text, name, other))
            desks.append(desk)
        desks[0].arrives(a_mail("Jo Lind <jo@x.example>", "support@one.example", "Charged twice", COMPLAINT, "jo-1@x.example"))
        rounds, seen = 0, 0
        while len(smtp_sink.received) > seen and rounds < 5:
            rounds += 1
            new, seen = smtp_sink.received[seen:], len(smtp_sink.received)
            for mail in new:
                for header in taken_away:
                    del mail.message[header]
                desks["support@two.example" in mail.recipients].arrives(mail.message.as_bytes())
        assert rounds == 1
        assert desks[1].store.open_cases() == []
        for desk in desks:
            desk.store.close()


def reworded(configuration: str, name: str, other: str) -> str:
    """The configuration of one of two businesses, whose Ada reads her mail where the other takes its customers'."""
    return configuration.replace("ada@northwind.example", f"support@{other}.example").replace("northwind.example", f"{name}.example")
