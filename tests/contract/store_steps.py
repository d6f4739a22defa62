"""Steps that tests of the store begin with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from allears.domain.case import Case, CaseChange, CaseId, Event, EventType
from allears.domain.feedback import (
    FeedbackItem,
    Status,
)
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.records import Routed
from allears.ports import Store
from tests.builders import NOW, SUPPORT, a_case, a_page, an_item, understanding_of

LONDON = "Europe/London"


def take_in(store: Store, *items: FeedbackItem, at: datetime = NOW) -> None:
    store.record_page(SUPPORT, a_page(items), at)


def understand(store: Store, *items: FeedbackItem, **what: object) -> None:
    take_in(store, *items)
    store.record_understanding([understanding_of(item, **what) for item in items])  # type: ignore[arg-type] # passed through as it came


def alert(item: FeedbackItem, *, to: str = "Ada Brook", number: int = 1001, at: datetime = NOW) -> OutboxMessage:
    key = outbox_key(MessageKind.ALERT, to, f"C-{number}", item.id)
    return OutboxMessage(key, MessageKind.ALERT, to, item.id, CaseId(f"C-{number}"), at, at)


def opened(item: FeedbackItem, number: int = 1001, **changes: object) -> Routed:
    case = a_case(number, item_ids=(item.id,), **changes)
    event = Event(case.id, NOW, "AllEars", EventType.OPENED, f"{case.owner} made owner.")
    return Routed(
        item.id, Status.CASE, "a reason", case.id, change=CaseChange(case, (event,)), outbox=(alert(item, to=case.owner, number=number),)
    )


def with_case(store: Store, item: FeedbackItem | None = None, number: int = 1001, **changes: object) -> FeedbackItem:
    item = item or an_item()
    understand(store, item)
    store.record_routing([opened(item, number, **changes)])
    return item


def the_case(store: Store, number: int = 1001) -> Case:
    case = store.case(CaseId(f"C-{number}"))
    assert case is not None
    return case


def told(store: Store, *messages: OutboxMessage) -> None:
    """Write these with a change of the case C-1001 that changes nothing else."""
    case = replace(the_case(store), version=the_case(store).version + 1)
    store.record_change(CaseChange(case, ()), messages)


def status_of(store: Store, item: FeedbackItem) -> Status:
    (stored,) = store.items([item.id])
    return stored.status
