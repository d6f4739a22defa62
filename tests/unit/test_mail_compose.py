import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.case import Case, CaseId, CaseStatus, CustomerId, Event, EventType
from allears.domain.feedback import (
    Channel,
    FeedbackItem,
    Kind,
    Prediction,
    Sentiment,
    SourceName,
    Status,
    Understanding,
    Urgency,
)
from allears.domain.people import Person
from allears.domain.records import CaseView, StoredItem
from allears.errors import ConfigurationError
from allears.mail.compose import compose_alert, compose_praise
from allears.mail.contexts import Letterhead

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 17, 18, 22, 9, tzinfo=UTC)
ADA = Person("Ada Brook", "ada@northwind.example", timezone=LONDON, authority="refund up to 100 GBP")
CARA = Person("Cara Diaz", "cara@northwind.example", timezone=LONDON)
TOM = Person("Tom Reid", "tom@northwind.example", timezone=LONDON, manager="Cara Diaz")
HOUSE = Letterhead("Northwind Coffee", LONDON, "AllEars <allears@northwind.example>", "https://ears.northwind.example")
MARA = FeedbackItem(
    SourceName("support"),
    Channel.EMAIL,
    "m1",
    NOW - timedelta(seconds=6),
    "My bank shows two payments of £27.\n\nPlease put it right.",
    author="Mara Lindqvist",
    contact="email:mara@postfach.example",
    title="Re: Charged twice",
)
CASE = Case(
    CaseId("C-2041"),
    CaseStatus.OPEN,
    "Ada Brook",
    "“charged twice” is about billing (0.96)",
    CustomerId("k1"),
    Kind.COMPLAINT,
    "billing",
    Urgency.HIGH,
    ("they wrote twice in two days",),
    (MARA.id,),
    NOW,
    NOW + timedelta(hours=2),
)


def stored(item: FeedbackItem, sentiment: Sentiment = Sentiment.NEGATIVE, language: str = "en", status: Status = Status.CASE) -> StoredItem:
    prediction = Prediction(sentiment, 0.0, 0.9, 0.4, 0.3, 0.3, Kind.COMPLAINT, language, Urgency.NORMAL)
    return StoredItem(item, Understanding(item.id, prediction, (), (), "test"), status, CustomerId("k1"), CASE.id, None, item.received_at)


def earlier(day: datetime, text: str, sentiment: Sentiment, channel: Channel = Channel.FORM, status: Status = Status.CASE) -> StoredItem:
    return stored(replace(MARA, external_id=text, received_at=day, text=text, title=None, channel=channel), sentiment, status=status)


def alert(item: FeedbackItem = MARA, *, case: Case = CASE, language: str = "en", owner: Person = ADA, **view: object) -> EmailMessage:
    parts = {"items": (stored(item, language=language),), "events": (), "book": (), **view}
    return compose_alert(CaseView(case, **parts), owner, HOUSE, key="0a1b", now=NOW)  # type: ignore[arg-type]  # the three tuples of a view


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


class Page(HTMLParser):
    """Tags with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words += data

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


ALERT = """\
Complaint · C-2041 · Northwind Coffee

Ada, this one is yours. Mara Lindqvist wrote “Charged twice” and is due
to hear from you by 20:22 today.

> My bank shows two payments of £27.
>
> Please put it right.
Mara Lindqvist, email, Tue 17 Nov, 18:22

Open the case: https://ears.northwind.example/case?id=C-2041
Write to Mara: mara@postfach.example
A reply to this email does not reach Mara.

You may       refund up to 100 GBP without asking
Urgency       High: they wrote twice in two days
Why you       “charged twice” is about billing (0.96)

Mara’s book

Since         December 2024. 3 messages on 2 channels
9 Aug 2025    ◆ Mixed  Late parcel, kind courier, form
20 Dec 2024   ▲ Positive  Best gift I gave this year, form

Sent Tue 17 Nov 2026, 18:22:09, 6 s after the message arrived. You get
this because the case is yours.
"""

BOOK = (
    earlier(datetime(2025, 8, 9, tzinfo=UTC), "Late parcel, kind courier.", Sentiment.MIXED),
    earlier(datetime(2025, 1, 9, tzinfo=UTC), "I am away until Monday.", Sentiment.NEUTRAL, status=Status.AUTOMATED),
    earlier(datetime(2024, 12, 20, tzinfo=UTC), "Best gift I gave this year", Sentiment.POSITIVE),
)


def test_the_alert_as_text() -> None:
    assert text_of(alert(book=BOOK)) == ALERT


def test_the_html_says_what_the_text_says() -> None:
    message = alert(book=BOOK)
    shown = " ".join(Page(html_of(message)).words.split())
    for paragraph in text_of(message).split("\n\n"):
        for words in re.split(r" {2,}|\n|: ", paragraph.replace("\n" + " " * 14, " ")):
            assert words.removeprefix("> ").removeprefix(">") in shown or words in (
                "https://ears.northwind.example/case?id=C-2041",
                "Write to Mara",
            )
    assert "refund up to 100 GBP without asking" in shown


def test_the_html_is_accessible_and_asks_nobody_for_anything() -> None:
    page = Page(html_of(alert(book=BOOK)))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert all(table["role"] == "presentation" for table in page.all("table"))
    assert page.all("blockquote")[0]["lang"] == "en"
    assert page.all("blockquote")[0]["dir"] == "auto"
    assert page.links()[0] == "https://ears.northwind.example/case?id=C-2041"
    tags = "html head meta title style body table tr td p h1 h2 br a strong span blockquote"
    assert " ".join(sorted({tag for tag, _ in page.tags})) == " ".join(sorted(tags.split()))


def test_the_envelope_of_an_alert() -> None:
    message = message_from_bytes(alert().as_bytes(), policy=policy.default)
    assert message["From"] == "AllEars <allears@northwind.example>"
    assert message["To"] == "Ada Brook <ada@northwind.example>"
    assert message["Subject"] == "Mara Lindqvist: Charged twice, by 20:22 today"
    assert message["Date"].datetime == NOW.replace(microsecond=0)
    assert message["Message-ID"] == "<0a1b@northwind.example>"
    assert message["References"] == message["In-Reply-To"] == "<c-2041@northwind.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_link_that_starts_a_mail_to_the_customer() -> None:
    link = Page(html_of(alert(replace(MARA, title="Re: 50% & more?\r\nBcc: x@y.example")))).links()[1]
    assert urlsplit(link).path == "mara@postfach.example"
    assert parse_qs(urlsplit(link).query) == {"subject": ["Re: 50% & more? Bcc: x@y.example"]}


@pytest.mark.parametrize(
    "contact", ["reddit:u/mara", "email:mara@x.example?bcc=all@x.example", 'email:"><script>@x.example', "email:a@b,c@d", None]
)
def test_nobody_without_a_plain_address_is_linked(contact: str | None) -> None:
    assert len(Page(html_of(alert(replace(MARA, contact=contact)))).links()) == 1


def test_a_writer_without_an_address_expects_nothing() -> None:
    message = alert(replace(MARA, author=None, contact=None, title=None), case=replace(CASE, customer_id=None))
    assert "A customer left no address. It is due by 20:22 today." in " ".join(text_of(message).split())
    assert "book" not in text_of(message)


def test_a_date_that_has_passed_is_said_and_red() -> None:
    message = alert(case=replace(CASE, next_date=NOW - timedelta(days=1)))
    assert "should have heard from you by Mon 16 Nov, 18:22." in " ".join(text_of(message).split())
    assert any(attrs.get("class") == "late" for attrs in Page(html_of(message)).all("span"))


def test_a_case_handed_over_says_by_whom_and_why() -> None:
    case = replace(CASE, hops=1, why_owner="Priya Nair handed it over: it is about money")
    hop = Event(CASE.id, NOW, "Priya Nair", EventType.HANDED_OVER, "From Priya Nair to Ada Brook: it is about money")
    text = text_of(alert(case=case, events=(hop,)))
    assert "Handed over   By Priya Nair, because “it is about money”" in text
    assert "Why you" not in text
    text = text_of(alert(case=case, events=(replace(hop, actor="Cara Diaz"),)))
    assert "By Cara Diaz from Priya Nair, because “it is about money”" in text


def test_what_is_not_known_is_left_out() -> None:
    text = text_of(alert(owner=replace(ADA, authority=None), case=replace(CASE, urgency=Urgency.NORMAL, urgency_reasons=())))
    assert "You may" not in text
    assert "Urgency       Normal\n" in text
    assert "This is the first message we know of." in text


def test_a_title_too_long_for_the_opening_stands_above_the_words() -> None:
    message = alert(replace(MARA, title="Charged " + "twice " * 20))
    assert " ".join(text_of(message).split()).startswith(
        "Complaint · C-2041 · Northwind Coffee Ada, this one is yours. Mara Lindqvist is due"
    )
    assert "> Charged twice twice" in text_of(message)
    assert len(message["Subject"]) < 150


def test_a_very_long_message_is_shortened_and_says_so() -> None:
    message = alert(replace(MARA, text="word " * 20_000))
    assert "The rest is in the case" in text_of(message)
    assert "The rest is in the case" in html_of(message)
    assert len(message.as_bytes()) < 30_000


def test_times_are_the_owners_and_say_whose_they_are() -> None:
    text = text_of(alert(owner=replace(ADA, timezone=ZoneInfo("Europe/Berlin"))))
    assert "by 21:22 today" in text
    assert "All times are in Europe/Berlin." in " ".join(text.split())
    assert "All times" not in text_of(alert())


def test_an_unknown_language_is_not_claimed() -> None:
    assert "lang" not in Page(html_of(alert(language="und"))).all("blockquote")[0]
    assert Page(html_of(alert(language="de"))).all("blockquote")[0]["lang"] == "de"


def test_an_encoded_word_stays_a_word() -> None:
    message = alert(replace(MARA, author="=?utf-8?q?x=0d=0aBcc=3Ay=40z.example?="))
    assert str(message["Subject"]).startswith("= ?utf-8?q?x=0d=0aBcc=3A")


def test_a_sender_that_is_none_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"mail\.sender"):
        compose_alert(CaseView(CASE, (stored(MARA),), (), ()), ADA, replace(HOUSE, sender="AllEars"), key="k", now=NOW)


PRAISE = """\
Praise · Northwind Coffee

Tom, Eilidh Fraser wrote about you.

> Tom remembered my name. It made my week.
Eilidh Fraser, form, Tue 17 Nov, 18:22

Nothing to do.
Cara Diaz, your manager, gets it too.

Sent Tue 17 Nov 2026, 18:22:09. You get this because the message is
about you.
"""

EILIDH = stored(
    replace(MARA, channel=Channel.FORM, author="Eilidh Fraser", title=None, text="Tom remembered my name. It made my week."),
    Sentiment.POSITIVE,
)


def test_praise_reaches_the_person_and_their_manager() -> None:
    message = compose_praise(EILIDH, TOM, HOUSE, key="p1", now=NOW, manager=CARA)
    assert text_of(message) == PRAISE
    assert message["To"] == "Tom Reid <tom@northwind.example>"
    assert message["Cc"] == "Cara Diaz <cara@northwind.example>"
    assert message["Subject"] == "Eilidh Fraser wrote about you: Tom remembered my name"
    assert not Page(html_of(message)).links()
    assert "Nothing to do. Cara Diaz, your manager, gets it too." in " ".join(Page(html_of(message)).words.split())


def test_praise_without_a_manager_names_none() -> None:
    for manager in (None, replace(CARA, email=TOM.email)):
        message = compose_praise(EILIDH, TOM, HOUSE, key="p1", now=NOW, manager=manager)
        assert message["Cc"] is None
        assert "manager" not in text_of(message)


def test_praise_that_also_complains_says_who_has_the_case() -> None:
    message = compose_praise(EILIDH, TOM, HOUSE, key="p1", now=NOW, case=CASE)
    assert "Nothing to do. The same message is part of case C-2041, which Ada Brook has." in " ".join(text_of(message).split())
    assert Page(html_of(message)).links() == ["https://ears.northwind.example/case?id=C-2041"]
    theirs = text_of(compose_praise(EILIDH, ADA, HOUSE, key="p1", now=NOW, case=CASE))
    assert "which is yours" in theirs
    assert "Nothing to do" not in theirs


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=200),
    st.sampled_from(
        [
            "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
            'x" onmouseover="alert(1)',
            "{{ mail }}{% raw %}",
            "Hello\r\nBcc: everyone@x.example\r\n\r\nbody",
            "=?utf-8?q?=0d=0aBcc=3A_x=40y.example?=",
            "\u202eevil\u2066",
            "javascript:alert(1) https://evil.example/ www.evil.example",
            "\x00\ud800\ufffe\x1b[2J",
            "é" * 998,
            'a,b;c:<d>(e)@[f]\\"',
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(text=HOSTILE, title=st.none() | HOSTILE, author=st.none() | HOSTILE, contact=st.none() | HOSTILE, why=HOSTILE, language=HOSTILE)
def test_whatever_a_customer_types_stays_words(
    text: str, title: str | None, author: str | None, contact: str | None, why: str, language: str
) -> None:
    item = replace(MARA, text=text, title=title, author=author, contact=contact and f"email:{contact}")
    case = replace(CASE, why_owner=why, urgency_reasons=(why,))
    wrote_before = stored(replace(item, external_id="m0"), language=language)
    for message in (
        alert(item, case=case, language=language, book=(wrote_before,)),
        compose_praise(stored(item, language=language), TOM, HOUSE, key="0a1b", now=NOW, manager=CARA, case=case),
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
    assert "".join(str(read["Subject"]).split()) == "".join(str(message["Subject"]).split())  # folding may add a space
    page = Page(html_of(read))
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "form", "link", "svg", "object"}
    assert len(page.all("style")) == 1
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "src"]
    assert {urlsplit(link).scheme for link in page.links()} <= {"https", "mailto"}
    assert all(urlsplit(link).hostname in (None, "ears.northwind.example") for link in page.links())
