"""A mail of ours that comes back later: whom it did not reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from allears.domain.feedback import Automated, FeedbackItem
from allears.domain.people import Directory, Person
from allears.domain.records import Unreachable


def unreachable_by(item: FeedbackItem, directory: Directory, told: Mapping[str, str], now: datetime) -> Unreachable | None:
    """Which of our people nothing reaches, if the item says so for good: a bounce for their address, or of a mail we sent to them.

    `told` says of keys of the outbox, by which our mails are named, to whom they went.
    """
    if item.automated is not Automated.BOUNCE or item.extra.get("bounced_permanent") != "yes":
        return None
    recipient = item.extra.get("bounced_recipient", "")
    person = _by_address(recipient, directory) or _by_mail(item, directory, told)
    if person is None:
        return None
    status = item.extra.get("bounced_status")
    why = f"A mail to {recipient or person.email} came back for good{f', with status {status}' if status else ''}."
    return Unreachable(person.name, person.email, why, now)


def _by_address(address: str, directory: Directory) -> Person | None:
    return next((person for person in directory if person.email.casefold() == address.casefold()), None)


def _by_mail(item: FeedbackItem, directory: Directory, told: Mapping[str, str]) -> Person | None:
    """Whom the mail went to that came back, as to somebody whose mails are passed on to another address."""
    for message_id in (item.extra.get("bounced_message", ""), *item.references):
        name = told.get(message_id.partition("@")[0])
        if name is not None and name in directory:
            return directory[name]
    return None
