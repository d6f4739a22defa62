"""Where the messages behind a figure are: addresses of the Inbox, narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from allears.domain.inbox import Standing
from app.dashboard.render import href


def messages(first: date, last: date, only: Mapping[str, str], *, of_cases: bool = False) -> str:
    """The messages received from the first to the last of these days that have all of `only`, as far as figures count them."""
    status = Standing.CASE if of_cases else Standing.COUNTED
    return href("inbox", **{"list": "Messages", "from": first.isoformat(), "to": last.isoformat(), **only, "status": status.value})
