"""A case as the customer lived it: messages and events in the order in which they happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.case import Event, EventType, Reply
from allears.domain.records import CaseView, StoredItem

NAMED = {
    EventType.HANDED_OVER: "Handed over",
    EventType.PROMISED: "Promised",
    EventType.DUE_SOON: "Due soon",
    EventType.OVERDUE: "Overdue",
    EventType.RESOLVED: "Resolved",
    EventType.REOPENED: "Reopened",
    EventType.ALERT_FAILED: "Alert failed",
    EventType.RETURNED: "A letter did not arrive",
    EventType.NOTED: "Note",
    EventType.MERGED: "Merged",
    EventType.SPLIT: "Split",
}
"""Events whose detail does not say by itself what happened."""
BROKEN = (EventType.ALERT_FAILED, EventType.OVERDUE, EventType.RETURNED)


@dataclass(frozen=True, slots=True)
class Entry:
    """A moment of a case: a message of the customer, a reply of ours, or an event with its name and detail."""

    at: datetime
    message: StoredItem | None = None
    reply: Reply | None = None
    event: Event | None = None

    @property
    def name(self) -> str | None:
        """What happened, in a word or two, where the detail does not say it."""
        return NAMED.get(self.event.type) if self.event else None

    @property
    def is_broken(self) -> bool:
        """Whether a promise of AllEars was broken here."""
        return self.event is not None and self.event.type in BROKEN


def chapters(entries: list[Entry]) -> list[list[Entry]]:
    """The entries in parts, each of which ends with a message or with the last entry."""
    parts: list[list[Entry]] = [[]]
    for entry in entries:
        parts[-1].append(entry)
        if entry.message:
            parts.append([])
    return [part for part in parts if part]


def timeline(view: CaseView) -> list[Entry]:
    """Messages, replies and events, oldest first; words stand before the events of the same moment.

    A reply stands in place of the event that tells of it.
    """
    messages = [Entry(stored.item.received_at, message=stored) for stored in view.items]
    replies = [Entry(reply.at, reply=reply) for reply in view.replies]
    told = {(reply.at, reply.by) for reply in view.replies}
    events = [
        Entry(event.at, event=event) for event in view.events if event.type is not EventType.ANSWERED or (event.at, event.actor) not in told
    ]
    return sorted([*messages, *replies, *events], key=lambda entry: (entry.at, entry.event is not None))
