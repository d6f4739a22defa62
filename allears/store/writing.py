"""Writing what several steps write: changed cases, their events, and what is to be told."""

from __future__ import annotations

from collections.abc import Sequence

from allears.domain.case import Case, CaseChange, CaseId, Event, Reply
from allears.domain.outbox import OutboxMessage
from allears.errors import CaseConflict
from allears.store import rows
from allears.store.database import Session


def write_changes(session: Session, changes: Sequence[CaseChange]) -> None:
    """Write the last state of each changed case, if the store still has the state its first change began from."""
    if not changes:
        return
    changes = [each for change in changes for each in change.whole]
    first: dict[CaseId, int] = {}
    last: dict[CaseId, Case] = {}
    for change in changes:
        first.setdefault(change.case.id, change.case.version - 1)
        last[change.case.id] = change.case
    with session.given(changed=rows.cases((case, first[case.id]) for case in last.values())):
        taken = session.rows("taken_cases")
        if taken:
            raise CaseConflict(f"Case {taken[0]['id']} changed meanwhile. Look at it again, then repeat the step.")
        session.run("drop_cases")
        session.run("put_cases")
    for change in changes:
        if change.moved:
            with session.given(moved=rows.ids(change.moved)):
                session.run("move_items", case_id=change.case.id)
    write_events(session, [event for change in changes for event in change.events])
    _write_replies(session, [change.reply for change in changes if change.reply])


def write_events(session: Session, events: Sequence[Event]) -> None:
    """Append events."""
    with session.given(happened=rows.events(events)):
        session.run("add_events")


def _write_replies(session: Session, replies: Sequence[Reply]) -> None:
    if replies:
        with session.given(written=rows.replies(replies)):
            session.run("add_replies")


def write_outbox(session: Session, messages: Sequence[OutboxMessage]) -> None:
    """Add messages; one whose key is there already is the same step, and stays as it is."""
    if messages:
        with session.given(told=rows.told(messages)):
            session.run("add_outbox")
