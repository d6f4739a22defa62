"""What all mails of one business share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as percent_encoded
from zoneinfo import ZoneInfo

from allears.domain.case import CaseId
from allears.domain.people import Directory, Person
from allears.domain.targets import Targets


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, where links lead, and what the business's people and targets are.

    `sender` is "Name <address>"; `dashboard` has no slash at its end. `acknowledge_url` gives the address of the page on which the
    person of that name takes these cases.
    """

    business: str
    timezone: ZoneInfo
    sender: str
    dashboard: str
    acknowledge_url: Callable[[Sequence[CaseId], str], str]
    directory: Directory
    targets: Targets

    def case_url(self, case_id: CaseId) -> str:
        """The address of a case's page."""
        return f"{self.dashboard}/case?id={percent_encoded(case_id, safe='')}"

    def inbox_url(self, owner: Person) -> str:
        """The address of the page with all open cases of one person."""
        return f"{self.dashboard}/inbox?owner={percent_encoded(owner.name, safe='')}"
