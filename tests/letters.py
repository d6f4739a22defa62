"""What tests of mails are made of: a business's people, a customer's message and case, and what a mail shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseId, CaseStatus, CustomerId
from allears.domain.feedback import Channel, FeedbackItem, Kind, Prediction, Sentiment, SourceName, Status, Understanding, Urgency
from allears.domain.people import Directory, Person
from allears.domain.records import CaseView, StoredItem
from allears.domain.targets import USUAL, Targets
from allears.mail.contexts import Letterhead
from tests.builders import TOKENS

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 17, 18, 22, 9, tzinfo=UTC)
ADA = Person(
    "Ada Brook", "ada@northwind.example", timezone=LONDON, authority="refund up to 100 GBP", deputy="Ben Hall", manager="Cara Diaz"
)
BEN = Person("Ben Hall", "ben@northwind.example", timezone=LONDON, manager="Cara Diaz")
CARA = Person("Cara Diaz", "cara@northwind.example", timezone=LONDON)
TOM = Person("Tom Reid", "tom@northwind.example", timezone=LONDON, manager="Cara Diaz")


def take(case_ids: Sequence[CaseId], person: str) -> str:
    """Stands for the page on which a person says "I have it"."""
    return f"https://ears.northwind.example/take/{person.split(maxsplit=1)[0]}/{'+'.join(case_ids)}"


HOUSE = Letterhead(
    business="Northwind Coffee",
    timezone=LONDON,
    sender="AllEars <allears@northwind.example>",
    dashboard="https://ears.northwind.example",
    acknowledge_url=take,
    directory=Directory({person.name: person for person in (ADA, BEN, CARA, TOM)}, "Cara Diaz"),
    targets=Targets(USUAL),
    token=TOKENS.of,
)
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


def a_view(item: FeedbackItem = MARA, case: Case = CASE, language: str = "en", **changes: Any) -> CaseView:
    """A case as its page shows it, with one message."""
    return replace(CaseView(case, (stored(item, language=language),), (), ()), **changes)


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(message: EmailMessage) -> str:
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def flat(words: str) -> str:
    """Words with single spaces, wherever their lines end."""
    return " ".join(words.split())


class Page(HTMLParser):
    """Tags with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words = ""
        self.labels: dict[str, str] = {}
        """Each link's words, the last ones where an address is linked several times."""
        self._link = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)
        if tag == "a":
            self._link = dict(attrs)["href"] or ""
            self.labels[self._link] = ""

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words += data
        if "a" in self.open:
            self.labels[self._link] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "p", "h1", "h2"):
            self.words += " "
        while self.open and self.open.pop() != tag:
            pass

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a"]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def page_of(message: EmailMessage) -> Page:
    return Page(html_of(message))
