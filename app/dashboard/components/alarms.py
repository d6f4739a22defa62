"""What a leader must mend, as the first thing a page says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from allears.domain.case import CaseId
from allears.domain.watch import Alarm
from app.dashboard.connection import Desk
from app.dashboard.render import draw

_OF_A_CASE = re.compile(r" (C-\d+)$")


def draw_alarms(desk: Desk, alarms: Sequence[Alarm], now: datetime) -> None:
    """Every alarm that stands, since when, and the case it is about; nothing where none stands."""
    if alarms:
        draw("alarms.html", alarms=[(alarm, _case_of(alarm)) for alarm in alarms], now=now, zone=desk.timezone)


def _case_of(alarm: Alarm) -> CaseId | None:
    """The case that an alarm's key ends with, as in "untaken C-1001"."""
    named = _OF_A_CASE.search(alarm.key)
    return CaseId(named[1]) if named else None
