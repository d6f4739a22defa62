"""A person puts right what was read: who, why, and what becomes of a message whose kind was wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from allears.assigning import Plan
from allears.correcting import correct
from allears.domain.case import CaseId
from allears.domain.feedback import Channel, FeedbackItem, Kind, Prediction, Sentiment, SourceName, Status
from allears.domain.outbox import MessageKind
from allears.errors import CorrectionRefused
from allears.routing import route_waiting
from allears.settings import RouteSettings
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, SUPPORT, TARGETS, TOKENS, StandingClock, a_directory, a_page, a_store, an_item, said, understanding_of

PLAN = Plan((RouteSettings(topic="delivery", about="parcel late", to="person:Priya Nair"),), a_directory(), TARGETS, ())
GOOD, PLAIN = said(Kind.PRAISE, Sentiment.POSITIVE), said(Kind.OTHER, Sentiment.NEUTRAL)


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock) -> Iterator[DuckDBStore]:
    store = a_store(tmp_path / "store.duckdb", clock)
    yield store
    store.close()


def routed(store: DuckDBStore, clock: StandingClock, item: FeedbackItem, prediction: Prediction = GOOD, *praised: str) -> FeedbackItem:
    store.record_page(item.source, a_page([item]), clock.now())
    store.record_understanding([understanding_of(item, prediction, praised=praised)])
    route_waiting(store, PLAN, clock, TOKENS)
    return item


def mails(store: DuckDBStore, clock: StandingClock) -> list[tuple[MessageKind, str]]:
    return [(message.kind, message.to) for message in store.outbox_due(clock.now(), 10)]


def balanced(store: DuckDBStore) -> bool:
    return all(row.balanced for row in store.ledger(None, "UTC"))


@pytest.mark.parametrize("prediction", [GOOD, PLAIN], ids=["praise", "other"])
@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.QUESTION, Kind.SUGGESTION])
def test_a_message_that_needs_a_person_after_all_gets_its_owner(
    store: DuckDBStore, clock: StandingClock, prediction: Prediction, kind: Kind
):
    item = routed(store, clock, an_item(), prediction)
    clock.move(days=20)
    corrected = correct(store, clock, item.id, kind=kind, by="Ada Brook", why="She asks where it is")
    assert (corrected.status, balanced(store)) == (Status.UNDERSTOOD, True)
    assert route_waiting(store, PLAN, clock, TOKENS) == {Status.CASE: 1}
    case = store.case(CaseId("C-1001"))
    assert case is not None
    assert (case.owner, case.kind, case.item_ids) == ("Priya Nair", kind, (item.id,))
    waits = [(MessageKind.APPLAUSE, "Priya Nair")] if prediction is GOOD else []  # composing says that it is none any more
    assert mails(store, clock) == [*waits, (MessageKind.ALERT, "Priya Nair")]
    assert balanced(store)


def test_praise_that_was_told_is_not_told_again(store: DuckDBStore, clock: StandingClock):
    item = routed(store, clock, an_item(), GOOD, "Ada Brook")
    (told,) = store.outbox_due(clock.now(), 10)
    store.record_sent(told.key, clock.now())
    correct(store, clock, item.id, kind=Kind.COMPLAINT, by="Ada Brook", why="Ironic")
    route_waiting(store, PLAN, clock, TOKENS)
    assert mails(store, clock) == [(MessageKind.ALERT, "Priya Nair")]


def test_a_message_corrected_to_praise_is_praise_in_the_ledger(store: DuckDBStore, clock: StandingClock):
    item = routed(store, clock, an_item(), PLAIN)
    correct(store, clock, item.id, kind=Kind.PRAISE, by="Ada Brook", why="She thanks us")
    assert route_waiting(store, PLAN, clock, TOKENS) == {Status.PRAISE: 1}
    assert store.overview(NOW, 7, "UTC").praise_count == 1


def test_it_is_no_duplicate_of_itself_nor_of_a_later_message(store: DuckDBStore, clock: StandingClock):
    item = routed(store, clock, an_item())
    again = an_item("f-1", source=SourceName("web"), channel=Channel.FORM, received_at=NOW + timedelta(days=20))
    routed(store, clock, again)
    correct(store, clock, item.id, kind=Kind.COMPLAINT, by="Ada Brook", why="Ironic")
    assert route_waiting(store, PLAN, clock, TOKENS) == {Status.CASE: 1}
    (stored,) = store.items([item.id])
    assert (stored.status, stored.duplicate_of) == (Status.CASE, None)


def test_a_message_not_yet_routed_is_still_told_from_its_twin(store: DuckDBStore, clock: StandingClock):
    routed(store, clock, an_item())
    copy = an_item("m-2")
    store.record_page(SUPPORT, a_page([copy]), NOW)
    store.record_understanding([understanding_of(copy, GOOD)])
    correct(store, clock, copy.id, kind=Kind.COMPLAINT, by="Ada Brook", why="Ironic")
    assert route_waiting(store, PLAN, clock, TOKENS) == {Status.DUPLICATE: 1}


def test_only_what_differs_is_kept(store: DuckDBStore, clock: StandingClock):
    item = routed(store, clock, an_item())
    corrected = correct(store, clock, item.id, sentiment=Sentiment.MIXED, kind=Kind.PRAISE, by=" Ada Brook ", why=" Not all of it ")
    (given,) = corrected.corrections
    assert (given.sentiment, given.kind, given.by, given.why, given.at) == (Sentiment.MIXED, None, "Ada Brook", "Not all of it", NOW)
    assert (given.said, given.corrected_to) == ("positive", "mixed")
    assert corrected.status is Status.PRAISE


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"why": " "}, "Say why"),
        ({"by": ""}, "needs the name"),
        ({"sentiment": None}, "changes nothing"),
        ({"sentiment": Sentiment.POSITIVE, "kind": Kind.PRAISE}, "changes nothing"),
        ({"item_id": "0" * 24}, "was read yet"),
    ],
)
def test_a_correction_that_says_too_little_is_refused(store: DuckDBStore, clock: StandingClock, given: dict[str, object], told: str):
    item = routed(store, clock, an_item())
    arguments = {"item_id": item.id, "sentiment": Sentiment.NEGATIVE, "by": "Ada Brook", "why": "Ironic"} | given
    with pytest.raises(CorrectionRefused, match=told):
        correct(store, clock, **arguments)  # type: ignore[arg-type]
    assert store.items([item.id])[0].corrections == ()
