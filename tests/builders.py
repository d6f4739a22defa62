"""Things that tests of several rooms are made of: a clock that stands, items, people, and what was understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from allears.assigning import Plan
from allears.domain.case import Case, CaseId, CaseStatus, CustomerId
from allears.domain.feedback import (
    Channel,
    Cursor,
    FeedbackItem,
    ItemId,
    Kind,
    Original,
    Page,
    Prediction,
    Rejected,
    Sentiment,
    SourceName,
    TopicMatch,
    Understanding,
    UnderstoodItem,
    Urgency,
)
from allears.domain.people import Directory, Person
from allears.domain.targets import USUAL, Targets
from allears.ports import Clock, Store
from allears.store.duckdb_store import DuckDBStore
from allears.tokens import Tokens

NOW = datetime(2026, 11, 19, 10, 42, tzinfo=UTC)
"""A Thursday morning."""
SUPPORT = SourceName("support")
TOKENS = Tokens("a key of thirty-two characters....")
"""What signs the ids of our mails."""
TARGETS = Targets(USUAL)
"""By when things are due where a configuration says nothing."""


class StandingClock:
    """Implements `allears.ports.Clock`: stands at `at` until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def move(self, **duration: float) -> None:
        self.at += timedelta(**duration)


def a_store(file: Path, clock: Clock, begun: Callable[[Store], object] | None = None) -> DuckDBStore:
    """A store that holds nothing yet, or what `begun` puts there at NOW."""
    file.write_bytes(_begun_store(begun))
    return DuckDBStore(file, clock)


@cache
def _begun_store(begun: Callable[[Store], object] | None) -> bytes:
    """Made once: to begin a file takes longer than most tests."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "begun.duckdb"
        with closing(DuckDBStore(file, StandingClock())) as store:
            if begun:
                begun(store)
        return file.read_bytes()


def an_item(external_id: str = "m-1", text: str = "The parcel is late and nobody answers.", **changes: Any) -> FeedbackItem:
    item = FeedbackItem(
        source=SUPPORT,
        channel=Channel.EMAIL,
        external_id=external_id,
        received_at=NOW,
        text=text,
        author="Jo Lind",
        contact="email:jo@x.org",
    )
    return replace(item, **changes)


def a_page(items: Iterable[FeedbackItem] = (), rejected: Iterable[Rejected] = (), cursor: str | None = None, **changes: Any) -> Page:
    """A page in which every message has its original, as the port asks."""
    items, rejected = tuple(items), tuple(rejected)
    originals = tuple(Original(each.external_id, b"raw", "message/rfc822") for each in (*items, *rejected))
    return replace(Page(items, rejected, originals, Cursor(cursor) if cursor is not None else None), **changes)


def said(kind: Kind = Kind.COMPLAINT, sentiment: Sentiment = Sentiment.NEGATIVE, **changes: Any) -> Prediction:
    prediction = Prediction(
        sentiment=sentiment,
        score=-0.6,
        confidence=0.8,
        p_negative=0.8,
        p_neutral=0.15,
        p_positive=0.05,
        kind=kind,
        language="en",
        urgency=Urgency.NORMAL,
    )
    return replace(prediction, **changes)


def understanding_of(
    item: FeedbackItem, prediction: Prediction | None = None, topics: Iterable[str] = ("delivery",), praised: Iterable[str] = ()
) -> Understanding:
    found = tuple(TopicMatch(each, 0.65, "parcel is late") for each in topics)
    return Understanding(item.id, prediction or said(), found, tuple(praised), "fake-1")


def understood(
    item: FeedbackItem, prediction: Prediction | None = None, topics: Iterable[str] = ("delivery",), praised: Iterable[str] = ()
) -> UnderstoodItem:
    return UnderstoodItem(item, understanding_of(item, prediction, topics, praised), NOW)


def a_case(number: int = 1001, **changes: Any) -> Case:
    case = Case(
        id=CaseId(f"C-{number}"),
        status=CaseStatus.OPEN,
        owner="Ada Brook",
        why_owner="Ada Brook is the billing team.",
        customer_id=CustomerId("c-jo"),
        kind=Kind.COMPLAINT,
        topic="billing",
        urgency=Urgency.NORMAL,
        urgency_reasons=(),
        item_ids=(ItemId("i-1"),),
        opened_at=NOW,
        next_date=NOW + timedelta(hours=8),
    )
    return replace(case, **changes)


def a_person(name: str, *teams: str, **changes: Any) -> Person:
    return replace(Person(name, f"{name.split(maxsplit=1)[0].lower()}@northwind.example", teams=teams), **changes)


def a_directory(*people: Person, default: str = "Cara Diaz") -> Directory:
    everyone = people or (a_person("Cara Diaz", "care"), a_person("Ada Brook", "billing"), a_person("Priya Nair", "delivery"))
    return Directory({person.name: person for person in everyone}, default)


def a_plan(*people: Person, **changes: Any) -> Plan:
    """A plan without routes: everything is the default owner's."""
    return replace(Plan((), a_directory(*people), TARGETS, ("*@northwind.example",)), **changes)
