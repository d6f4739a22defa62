"""What all mails of one business share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import quote as percent_encoded
from zoneinfo import ZoneInfo

from allears.domain.case import CaseId
from allears.domain.people import Directory, Person
from allears.domain.targets import Targets

_TOKEN_PART = re.compile(r"[+=-]?\{token\}")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, where links lead, and what the business's people and targets are.

    `sender` is "Name <address>"; `dashboard` has no slash at its end. `acknowledge_url` gives the address of the page on which the
    person of that name takes these cases. `token` gives what answers to the mail of that outbox key are told by, `replies` is the
    address they go to, None where nobody reads them.
    """

    business: str
    timezone: ZoneInfo
    sender: str
    dashboard: str
    acknowledge_url: Callable[[Sequence[CaseId], str], str]
    directory: Directory
    targets: Targets
    token: Callable[[str], str]
    replies: str | None = None

    def reply_to(self, key: str) -> str | None:
        """The address that answers to the mail of this key go to."""
        return self.replies.replace("{token}", self.token(key)) if self.replies else None

    @property
    def reply_sender(self) -> str:
        """The business's address that customers are written to from: that of `replies`, if there is one without its token."""
        address = _TOKEN_PART.sub("", self.replies or "@")
        return parseaddr(self.sender)[1] if address.startswith("@") else address

    def case_url(self, case_id: CaseId) -> str:
        """The address of a case's page."""
        return f"{self.dashboard}/case?id={percent_encoded(case_id, safe='')}"

    def inbox_url(self, owner: Person) -> str:
        """The address of the page with all open cases of one person."""
        return f"{self.dashboard}/inbox?owner={percent_encoded(owner.name, safe='')}"

    def late_url(self, owner: str | None) -> str:
        """The address of the page with the cases whose date has passed: of one person, or of everybody."""
        of_owner = f"&owner={percent_encoded(owner, safe='')}" if owner else ""
        return f"{self.dashboard}/inbox?show=Late{of_owner}"
