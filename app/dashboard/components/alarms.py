"""What a leader must mend, as the first thing a page says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allears.domain.case import Case, CaseId
from allears.domain.records import Alarm
from app.dashboard.connection import Desk
from app.dashboard.render import draw


def draw_alarms(desk: Desk, alarms: Sequence[Alarm], cases: Sequence[Case], now: datetime) -> None:
    """Every alarm that stands, since when, and the case it is about; nothing where none stands."""
    if alarms:
        known = {case.id for case in cases}
        draw("alarms.html", alarms=[(alarm, _case_of(alarm, known)) for alarm in alarms], now=now, zone=desk.timezone)


def _case_of(alarm: Alarm, known: set[CaseId]) -> CaseId | None:
    """The open case that an alarm's key ends with, as in "untaken C-1001"."""
    named = CaseId(alarm.key.rpartition(" ")[2])
    return named if named in known else None
