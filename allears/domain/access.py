"""Who may do and see what: the roles, what each of them may, and what each of the store's methods asks for. Nothing else decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from allears.domain.case import EventType


class Role(StrEnum):
    """What somebody is at the dashboard; each may all that the one before it may."""

    VIEWER = "viewer"
    OWNER = "owner"
    MANAGER = "manager"
    ADMIN = "admin"

    @property
    def rank(self) -> int:
        """Higher is more."""
        return list(Role).index(self)


class Right(StrEnum):
    """Something that a role may or may not; its value ends the sentence "Managers and admins may …"."""

    LOOK = "see figures and masked messages"
    WORK = "act on cases"
    HAND_OVER = "hand a case over"
    NOTE = "leave a note"
    BULK = "act on several cases at once"
    CORRECT = "correct what was read"
    JUDGE = "judge the weekly sample"
    FORGET = "forget an example"
    UNMASK = "see personal data of customers whose case they do not have"
    SETTINGS = "see the settings"
    CHECKS = "see the checks"
    REPLAY = "try other rules"
    AUDIT = "see the audit log"
    ORIGINALS = "see messages as they came, and take data out"


LEAST = {
    Right.LOOK: Role.VIEWER,
    Right.WORK: Role.OWNER,
    Right.HAND_OVER: Role.OWNER,
    Right.NOTE: Role.OWNER,
    Right.BULK: Role.MANAGER,
    Right.CORRECT: Role.OWNER,
    Right.JUDGE: Role.MANAGER,
    Right.FORGET: Role.MANAGER,
    Right.UNMASK: Role.MANAGER,
    Right.SETTINGS: Role.ADMIN,
    Right.CHECKS: Role.ADMIN,
    Right.REPLAY: Role.ADMIN,
    Right.AUDIT: Role.ADMIN,
    Right.ORIGINALS: Role.ADMIN,
}
"""The lowest role that has each right."""
SEEING = {Right.LOOK, Right.SETTINGS, Right.CHECKS, Right.REPLAY, Right.AUDIT, Right.ORIGINALS}
"""Rights that leave nothing behind, so that no name is needed where nobody signs in."""
_WHO = {Role.VIEWER: "All", Role.OWNER: "Owners, managers and admins", Role.MANAGER: "Managers and admins", Role.ADMIN: "Admins"}

COMMANDS: dict[str, Right | None] = {
    # what pages read
    "items": Right.LOOK,
    "case_view": Right.LOOK,
    "open_cases": Right.LOOK,
    "case_lines": Right.LOOK,
    "messages": Right.LOOK,
    "alike": Right.LOOK,
    "customers": Right.LOOK,
    "customer": Right.LOOK,
    "overview": Right.LOOK,
    "verbatims": Right.LOOK,
    "ledger": Right.LOOK,
    "quality": Right.LOOK,
    "unsure": Right.LOOK,
    "weekly_sample": Right.LOOK,
    "source_health": Right.LOOK,
    "case": Right.LOOK,
    "cases": Right.LOOK,
    "examples": Right.LOOK,
    "alarms": Right.LOOK,
    "watch_book": Right.LOOK,
    "quarantine": Right.LOOK,
    "incidents": Right.LOOK,
    "next_case_id": Right.LOOK,
    "desks": Right.LOOK,
    "unreachable": Right.LOOK,
    "trends": Right.LOOK,
    "complaints_of": Right.LOOK,
    "what_changed": Right.LOOK,
    "judged_moves": Right.LOOK,
    "item_ids_since": Right.REPLAY,
    "quarantine_entry": Right.ORIGINALS,
    "export": Right.ORIGINALS,
    "audit": Right.AUDIT,
    # what people do
    "record_change": Right.NOTE,  # at least: what its events ask for stands in EVENTS
    "record_example": Right.HAND_OVER,
    "remove_example": Right.FORGET,
    "record_correction": Right.CORRECT,
    "record_judgement": Right.JUDGE,
    "record_audit": Right.UNMASK,
    # what AllEars does by itself: no role at all may
    "cursor": None,
    "record_page": None,
    "record_source_run": None,
    "claim": None,
    "release": None,
    "items_to_understand": None,
    "record_understanding": None,
    "label_moves": None,
    "items_to_reclassify": None,
    "record_reclassification": None,
    "items_to_route": None,
    "routing_book": None,
    "record_routing": None,
    "outbox_due": None,
    "record_sent": None,
    "record_send_failure": None,
    "postpone": None,
    "recent_alerts": None,
    "record_digest": None,
    "gathered": None,
    "cases_to_watch": None,
    "record_unreachable": None,
    "record_reachable": None,
    "record_alarms": None,
    "record_rules": None,
    "maintain": None,
}
"""What each method of the store asks of whoever acts at the dashboard; None: nobody may, only AllEars itself."""

EVENTS = {
    EventType.ACKNOWLEDGED: Right.WORK,
    EventType.PROMISED: Right.WORK,
    EventType.ANSWERED: Right.WORK,
    EventType.RESOLVED: Right.WORK,
    EventType.HANDED_OVER: Right.HAND_OVER,
    EventType.MERGED: Right.HAND_OVER,
    EventType.SPLIT: Right.HAND_OVER,
    EventType.LINKED: Right.NOTE,
    EventType.NOTED: Right.NOTE,
}
"""What people may make happen to a case; all else happens by itself."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, and as what. Without a name it is whoever sits at this machine, who may look and leave nothing behind.

    `masked`: personal data is hidden from everybody, whatever their role.
    """

    name: str
    role: Role
    masked: bool = False

    def may(self, right: Right) -> bool:
        """Whether their role has this right, and they have the name it needs."""
        return self.role.rank >= LEAST[right].rank and (bool(self.name) or right in SEEING)

    @property
    def names_of(self) -> str | None:
        """By whose customers' names and contacts they find: everybody's (None), those whose case this owner has, or nobody's ("")."""
        if self.masked:
            return ""
        if self.role.rank >= LEAST[Right.UNMASK].rank:
            return None
        return self.name if self.may(Right.WORK) else ""


@dataclass(frozen=True, slots=True)
class Roll:
    """Everyone who may come in, by name and by the mail address (in lower case) they are known by.

    `nameless` is what whoever has no name may be: somebody where nobody signs in, nobody elsewhere.
    """

    named: Mapping[str, Acting] = field(default_factory=dict)
    emails: Mapping[str, Acting] = field(default_factory=dict)
    nameless: Acting | None = None

    def of(self, name: str | None) -> Acting | None:
        """Who goes by this name."""
        return self.named.get(name) if name else self.nameless

    def at(self, email: str) -> Acting | None:
        """Who is known by this address, however it is written."""
        return self.emails.get(email.strip().casefold())

    @property
    def admins(self) -> tuple[str, ...]:
        """Whom to ask for what one may not."""
        return tuple(each.name for each in self.named.values() if each.role is Role.ADMIN)


def who_may(right: Right) -> str:
    """A sentence that says who has a right: "Owners, managers and admins may correct what was read."."""
    return f"{_WHO[LEAST[right]]} may {right}."


def a_role(role: Role) -> str:
    """A role as it is said of somebody: "an owner"."""
    return f"{'an' if role in (Role.OWNER, Role.ADMIN) else 'a'} {role}"
