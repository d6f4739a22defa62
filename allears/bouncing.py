"""A mail of ours that comes back later: which it was, and whom nothing reaches."""

from __future__ import annotations

from datetime import datetime

from allears.domain.case import Case, CaseChange
from allears.domain.changes import returned
from allears.domain.feedback import Automated, FeedbackItem
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.people import Directory
from allears.domain.watch import Unreachable


def came_back(item: FeedbackItem) -> str | None:
    """Why a mail to somebody came back for good, as a sentence; None if the item says no such thing."""
    if item.automated is not Automated.BOUNCE or item.extra.get("bounced_permanent") != "yes":
        return None
    recipient, status = item.extra.get("bounced_recipient", ""), item.extra.get("bounced_status")
    return f"A mail{f' to {recipient}' if recipient else ''} came back for good{f', with status {status}' if status else ''}."


def tell_returned(case: Case, sent: OutboxMessage, why: str, now: datetime) -> tuple[CaseChange, OutboxMessage]:
    """A reply (`sent`) did not reach the customer: the case says so, and so does a mail to whoever has it now."""
    key = outbox_key(MessageKind.RETURNED, case.owner, sent.key)
    told = OutboxMessage(key, MessageKind.RETURNED, case.owner, sent.item_id, case.id, created_at=now, due_at=now)
    return returned(case, why=why, at=now), told


def unreachable_by(item: FeedbackItem, directory: Directory, sent: OutboxMessage | None, now: datetime) -> Unreachable | None:
    """Which of our people nothing reaches, if the item says so for good: a bounce for their address, or of the mail we `sent` them.

    The mail tells it for somebody whose mails are passed on to another address.
    """
    why = came_back(item)
    if why is None:
        return None
    address = item.extra.get("bounced_recipient", "").casefold()
    person = next((each for each in directory if each.email.casefold() == address), None)
    if person is None and sent is not None and sent.kind is not MessageKind.REPLY:
        person = directory.people.get(sent.to)
    return Unreachable(person.name, person.email, why, now) if person else None
