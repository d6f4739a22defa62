"""What came with a mail beside its words: files, an invitation, a form's other answers, and what could not be read."""

from __future__ import annotations

from allears.domain.feedback import Channel, FeedbackItem

NAMES = {"attachments": "Attached", "calendar": "Calendar", "form": "Form", "encrypted": "Encrypted", "note": "Note"}
"""What each fact is called; of other channels, `extra` holds what customers named themselves."""
MOST_LINES = 60


def facts(item: FeedbackItem) -> list[tuple[str, list[str]]]:
    """Each fact's name and lines; none for a message that is no mail."""
    known = item.extra if item.channel is Channel.EMAIL else {}
    shown = {"encrypted": known.get("encrypted", "").upper()}
    return [(name, (shown.get(key) or known[key]).splitlines()[:MOST_LINES]) for key, name in NAMES.items() if known.get(key)]


def attached_text(item: FeedbackItem) -> str:
    """What attached texts say; empty where there are none."""
    return item.extra.get("attached_text", "") if item.channel is Channel.EMAIL else ""
