"""What the menus of the long lists offer: every row that matches, read page by page when a button is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from allears.domain.customers import CustomerLine, First
from allears.domain.inbox import CasePage, MessageLine, MessagePage, Messages, Place, Show, Which
from app.dashboard import masking
from app.dashboard.components.exported import case_rows
from app.dashboard.connection import Desk
from app.dashboard.saving import MOST_ROWS, Row
from app.dashboard.steps import exporting

AT_ONCE = 5_000


def offer_cases(desk: Desk, shown: CasePage, show: Show, which: Which, now: datetime, tomorrow: datetime) -> None:
    """The menu of a list of cases."""
    read = partial(desk.store.case_lines, show, which, now, tomorrow, limit=AT_ONCE)

    def rows() -> Iterator[Row]:
        after: Place | None = None
        while lines := read(after=after).lines:
            yield from case_rows(lines)
            last = lines[-1].case
            after = Place(last.resolved_at or last.opened_at if show is Show.RESOLVED else last.next_date, last.id)

    exporting.offer(desk, f"cases {show} {_named(which)}", rows, total=shown.found)


def offer_messages(desk: Desk, shown: MessagePage, wanted: Messages) -> None:
    """The menu of a list of messages."""

    def rows() -> Iterator[Row]:
        after: Place | None = None
        while lines := desk.store.messages(wanted, after, AT_ONCE).lines:
            yield from map(_message, lines)
            if wanted.like:  # they come all at once
                return
            after = Place(lines[-1].received_at, lines[-1].id)

    exporting.offer(desk, f"messages {wanted.standing or ''} {_named(wanted.which)}", rows, total=shown.found)


def offer_customers(desk: Desk, found: int, words: str, first: First, since: datetime, now: datetime) -> None:
    """The menu of the list of customers."""

    def rows() -> Iterator[Row]:
        yield from map(_customer, desk.store.customers(words, first, since, now, MOST_ROWS).lines)

    exporting.offer(desk, "customers", rows, total=found)


def offer_audit(desk: Desk) -> None:
    """The menu of the audit log."""
    exporting.offer(desk, "audit log", partial(audit_rows, desk))


def audit_rows(desk: Desk) -> Iterator[Row]:
    """All of the audit log, the newest first."""
    skip = 0
    while entries := desk.store.audit(AT_ONCE, skip):
        yield from ({"at": each.at, "actor": each.actor, "deed": each.deed, "subject": each.subject} for each in entries)
        skip += len(entries)


def _named(which: Which) -> str:
    """The filters as a file's name has them; what was searched for is nobody else's matter."""
    chosen = (which.owner, which.topic, which.channel, which.source, which.kind, which.sentiment, which.urgency, which.language, which.tag)
    return " ".join(str(each) for each in chosen if each)


def _message(line: MessageLine) -> Row:
    return {
        "id": line.id,
        "received_at": line.received_at,
        "channel": line.channel,
        "source": line.source,
        "customer": masking.who(line.customer, line.owner),
        "words": masking.words(line.words, line.customer, owner=line.owner),
        "language": line.language,
        "sentiment": line.sentiment,
        "kind": line.kind,
        "topic": line.topic,
        "urgency": line.urgency,
        "standing": line.standing,
        "case": line.case_id,
        "owner": line.owner,
        "nearness": line.nearness,
    }


def _customer(line: CustomerLine) -> Row:
    return {
        "customer": masking.who(line.name),
        "channel": line.channel,
        "words": masking.words(line.words, line.name),
        "messages": line.messages,
        "negative": line.negative,
        "open": line.open,
        "late": line.late,
        "last_at": line.last_at,
    }
