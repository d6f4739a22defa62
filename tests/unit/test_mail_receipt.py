"""What an owner hears of their answer: done, held, held because another wrote it, and that a letter came back."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.case import Case, Reply
from allears.domain.feedback import FeedbackItem, Status
from allears.domain.outbox import MessageKind, outbox_key
from allears.domain.records import CaseView, StoredItem
from allears.errors import RecordRejected
from allears.mail.compose import compose_alert, compose_receipt, compose_returned
from allears.mail.contexts.receipt import hints
from tests.builders import TOKENS
from tests.letters import ADA, BEN, CASE, HOUSE, MARA, NOW, a_view, flat, page_of, stored, text_of

KEY = "0123456789abcdef01234567"
REPLIES = replace(HOUSE, replies="support+{token}@northwind.example")
CASE_URL = "https://ears.northwind.example/case?id=C-2041"
REPLY = Reply(
    KEY, CASE.id, MARA.id, "Ada Brook", "email:mara@postfach.example", "Dear Mara,\n\nI am sorry.", NOW, failed="550 no such user <mara>"
)


def an_answer(text: str, why: str | None, **changes: object) -> StoredItem:
    """What Ada answered, with why it went where it did."""
    fields = {"text": text, "author": None, "contact": "email:ada@northwind.example", "title": "Re: x", "external_id": "a1"}
    item = replace(MARA, **(fields | changes))  # type: ignore[arg-type]  # an item's fields
    return replace(stored(item, status=Status.OTHER), why=why)


def receipt(
    text: str, why: str | None, *, held: bool, case: Case | None = CASE, customer: FeedbackItem = MARA, **changes: object
) -> EmailMessage:
    view = a_view(customer, case) if case else None
    return compose_receipt(an_answer(text, why, **changes), view, ADA, REPLIES, key=KEY, now=NOW, held=held)


def done(text: str, why: str = "You have C-2041.", **changes: object) -> EmailMessage:
    return receipt(text, why, held=False, **changes)  # type: ignore[arg-type]  # passed on


def held(text: str, why: str = "It was not understood.", **changes: object) -> EmailMessage:
    return receipt(text, why, held=True, **changes)  # type: ignore[arg-type]  # passed on


def came_back(view: CaseView | None = None, key: str = "", **changes: object) -> EmailMessage:
    view = view or a_view(replies=(replace(REPLY, **changes),))  # type: ignore[arg-type]  # a reply's fields
    return compose_returned(view, ADA, REPLIES, key=key or outbox_key(MessageKind.RETURNED, "Ada Brook", KEY), now=NOW)


DONE = """\
Complaint · C-2041 · Northwind Coffee

The customer of C-2041 hears by Friday 20 November, 17:00 GMT.

The lines below your first one went nowhere. Answer “send” to send them
to Mara Lindqvist.

> by friday 5pm
>
> Dear Mara, I am sorry.
Ada Brook, email, Tue 17 Nov, 18:22

Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because you answered a mail
of ours.
"""
HELD = """\
Complaint · C-2041 · Northwind Coffee

Ada, nothing was done.

It was not understood: “akc now” is like an instruction, but is none
that is known.

Answer “send” to send your words to Mara Lindqvist as they are.

> akc now
Ada Brook, email, Tue 17 Nov, 18:22

An answer acts if its first line is like one of these:

  ack
  by friday 5pm
  resolved: refunded 20
  to Ben Hall: knows the courier
  not mine: it is about an invoice
  note: rang twice

Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because you answered a mail
of ours.
"""
BY_ANOTHER = """\
Complaint · C-2041 · Northwind Coffee

Ada, nothing was done.

An answer to a mail to you came from mallory@evil.example. Only
ada@northwind.example may act on it.

If that was you, answer again from your own address.

> resolved: refunded 20
mallory@evil.example, email, Tue 17 Nov, 18:22

Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because a mail to you was
answered.
"""
RETURNED = """\
Complaint · C-2041 · Northwind Coffee

Ada, the answer to Mara Lindqvist came back.

550 no such user <mara>

Find another way to reach them.

> Dear Mara,
>
> I am sorry.
Ada Brook, Tue 17 Nov, 18:22

Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because you have the case.
"""
MAILS = [
    (done("by friday 5pm\n\nDear Mara, I am sorry.", "The customer of C-2041 hears by Friday 20 November, 17:00 GMT."), DONE),
    (held("akc now", "It was not understood: “akc now” is like an instruction, but is none that is known."), HELD),
    (held("resolved: refunded 20", "It came from another.", contact="email:mallory@evil.example"), BY_ANOTHER),
    (came_back(), RETURNED),
]
NAMES = ["done", "held", "by another", "returned"]


@pytest.mark.parametrize(("message", "text"), MAILS, ids=NAMES)
def test_as_text(message: EmailMessage, text: str) -> None:
    assert text_of(message) == text


@pytest.mark.parametrize(("message", "text"), MAILS, ids=NAMES)
def test_the_html_says_what_the_text_says(message: EmailMessage, text: str) -> None:
    page = page_of(message)
    shown = "".join(page.words.split())  # lines that stand below each other have no space between them
    for paragraph in text.split("\n\n"):
        said = "".join(paragraph.replace("> ", " ").replace("\n>", "\n").split())
        assert said in shown or said == f"Openthecase:{CASE_URL}"
    assert page.links() == [CASE_URL]
    assert page.labels == {CASE_URL: "Open the case"}
    assert len(page.all("h1")) == 1


@pytest.mark.parametrize("message", [mail for mail, _ in MAILS], ids=NAMES)
def test_the_envelope(message: EmailMessage) -> None:
    read = message_from_bytes(message.as_bytes(), policy=policy.default)
    assert read["From"] == "AllEars <allears@northwind.example>"
    assert read["To"] == "Ada Brook <ada@northwind.example>"
    assert read["References"] == read["In-Reply-To"] == "<c-2041@northwind.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    (key,) = TOKENS.keys([read["Message-ID"]])
    assert read["Reply-To"] == f"support+{TOKENS.of(key)}@northwind.example"


def test_the_subject() -> None:
    subjects = [str(message["Subject"]) for message, _ in MAILS]
    assert subjects == [f"{what}: Charged twice (C-2041)" for what in ("Done", "Not done", "Not done", "Not delivered")]


class TestSend:
    """A mail offers “send” where there is something to send, to somebody, by whoever may."""

    def offers(self, message: EmailMessage) -> bool:
        words = flat(text_of(message))
        assert ("“send”" in words) is ("“send”" in flat(page_of(message).words))
        return "Answer “send” to send" in words

    @pytest.mark.parametrize("text", ["thanks!", "resolvd: all is well", "to Bnn: he knows", "by fridday", "reply: Dear Mara, I am sorry."])
    def test_is_offered_for_what_may_be_a_letter(self, text: str) -> None:
        assert self.offers(held(text))

    @pytest.mark.parametrize(
        "text", ["", "ack", "send", "yes", "note: she is angry", "not mine: billing", "resolved: refunded 250 GBP", "note:"]
    )
    def test_is_not_offered_for_what_is_meant_for_us(self, text: str) -> None:
        assert not self.offers(held(text))

    def test_nor_for_our_own_mail(self) -> None:
        alert = text_of(compose_alert(a_view(), ADA, REPLIES, key=KEY, now=NOW))
        assert not self.offers(held(f"Dear Mara, I am sorry.\n\nAllEars skrifaði:\n{alert}"))
        assert not self.offers(done(f"ack\n\nAllEars skrifaði:\n{alert}"))
        assert not self.offers(held(alert, quoted=alert))

    def test_nor_to_a_customer_without_an_address(self) -> None:
        assert not self.offers(held("thanks!", customer=replace(MARA, contact=None)))
        message = done("ack\n\nDear Mara", customer=replace(MARA, contact="reddit:u/mara"))
        assert not self.offers(message)
        assert "The lines below your first one went nowhere." in flat(text_of(message))

    def test_nor_to_whoever_has_given_the_case_away(self) -> None:
        message = done("to Ben: knows the bank\n\nDear Mara", "Ben Hall has C-2041 now.", case=replace(CASE, owner="Ben Hall"))
        assert not self.offers(message)
        assert "The lines below your first one went nowhere." in flat(text_of(message))

    def test_nor_where_the_mail_was_about_no_case(self) -> None:
        message = held("thanks!", "It does not say which case it is about. Begin with its number, as in “C-1042: ack”.", case=None)
        assert not self.offers(message)
        assert message["In-Reply-To"] is None
        assert page_of(message).links() == []
        assert text_of(message).startswith("Northwind Coffee\n\nAda, nothing was done.\n\nIt does not say which case")

    def test_nor_where_the_sender_is_doubted(self) -> None:
        message = held("thanks!", "The mail server could not confirm it.", extra={"sender_checked": "fail"})
        assert not self.offers(message)
        assert "If that was you, open the case and do it there." in text_of(message)
        assert "by friday 5pm" not in text_of(message)


def test_done_says_what_one_might_think_was_done() -> None:
    resolved = text_of(done("resolved: sent a new one", "C-2041 is resolved, with a replacement."))
    assert "Nothing was sent to Mara Lindqvist." in resolved
    sent = flat(
        text_of(done("Dear Mara, here is your invoice.", "Sent to Mara.", extra={"attachments": "invoice.pdf (application/pdf, 9 kB)"}))
    )
    assert "What you attached was not sent: invoice.pdf (application/pdf, 9 kB)." in sent
    assert "attached" not in text_of(done("ack", extra={"attachments": "logo.png (image/png, 9 kB)"}))


def test_an_answer_in_a_long_quote_is_shortened_and_says_so() -> None:
    message = done("note: " + "word " * 20_000, "Your note stands in C-2041.")
    assert "The rest is in the case" in text_of(message)
    assert len(message.as_bytes()) < 20_000


class TestReturned:
    def test_is_about_the_letter_that_came_back_and_whom_it_went_to(self) -> None:
        olaf = replace(MARA, external_id="m2", author="Olaf Lind", contact="email:olaf@work.example", title="Charged as well")
        second = replace(REPLY, key="f" * 24, item_id=olaf.id, text="Dear Olaf", failed="mailbox full")
        view = a_view(items=(stored(MARA), stored(olaf)), replies=(REPLY, second))
        first = text_of(came_back(view))
        assert "the answer to Mara Lindqvist came back" in first
        assert "> Dear Mara," in first
        other = text_of(came_back(view, outbox_key(MessageKind.RETURNED, "Ada Brook", second.key)))
        assert "the answer to Olaf Lind came back" in other
        assert "mailbox full" in other
        assert "> Dear Olaf" in other

    def test_makes_sense_where_nothing_is_known(self) -> None:
        nobody = a_view(replace(MARA, author=None, title=None, text=""), replies=(replace(REPLY, failed=None),))
        message = came_back(nobody)
        assert "the answer to a customer came back. Find another way to reach them." in flat(text_of(message))

    def test_of_no_letter_is_pointless(self) -> None:
        with pytest.raises(RecordRejected):
            compose_returned(a_view(), BEN, REPLIES, key=KEY, now=NOW)


def test_the_alert_tells_how_to_answer_where_answers_are_read() -> None:
    message = compose_alert(a_view(), ADA, REPLIES, key=KEY, now=NOW)
    for words in (flat(text_of(message)), flat(page_of(message).words)):
        assert "Or answer this email: what you write goes to Mara in your name. To act instead, begin like this:" in words
        assert all(hint in words for hint in hints(ADA, REPLIES))
        assert "does not reach" not in words
    assert "Or answer this email, and begin like this:" in flat(
        text_of(compose_alert(a_view(replace(MARA, contact=None)), ADA, REPLIES, key=KEY, now=NOW))
    )
    assert "Or answer" not in text_of(compose_alert(a_view(), ADA, HOUSE, key=KEY, now=NOW))


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=200),
    st.sampled_from(
        [
            "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
            'x" onmouseover="alert(1)',
            "{{ mail }}{% raw %}",
            "Hello\r\nBcc: everyone@x.example\r\n\r\nbody",
            "=?utf-8?q?=0d=0aBcc=3A_x=40y.example?=",
            "javascript:alert(1) https://evil.example/ www.evil.example",
            "\x00\ud800\ufffe\x1b[2J",
            "é" * 998,
            "\u202e" * 100_000,
            "ack\n\n<b>bold</b>",
        ]
    ),
)


@settings(max_examples=100, deadline=None)
@given(text=HOSTILE, why=st.none() | HOSTILE, sender=HOSTILE, author=st.none() | HOSTILE, title=st.none() | HOSTILE, failed=HOSTILE)
def test_whatever_anybody_types_stays_words(
    text: str, why: str | None, sender: str, author: str | None, title: str | None, failed: str
) -> None:
    customer = replace(MARA, author=author, title=title, text=text)
    facts = {"contact": f"email:{sender}", "author": author, "title": title, "extra": {"attachments": sender}}
    view = a_view(customer, replies=(replace(REPLY, text=text, failed=failed),))
    for message in (
        receipt(text, why, held=True, customer=customer),
        receipt(text, why, held=False, customer=customer, extra={"attachments": sender}),
        receipt(text, why, held=True, customer=customer, **facts),  # type: ignore[arg-type]  # an item's fields
        receipt(text, why, held=True, case=None),
        came_back(view),
    ):
        _harmless(message)


def _harmless(message: EmailMessage) -> None:
    raw = message.as_bytes(policy=policy.SMTP)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = message_from_bytes(raw, policy=policy.default)
    assert not read.defects
    assert read.keys() == message.keys()
    assert read["Bcc"] is None
    assert len(str(read["Subject"]).splitlines()) == 1
    page = page_of(read)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "form", "link", "svg", "object", "b"}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "src"]
    assert all(urlsplit(link).hostname == "ears.northwind.example" for link in page.links())
