"""Calendar parts of a mail (iCalendar, RFC 5545; iTIP, RFC 5546): what they invite to or answer, in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

_FOLD = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(
    r"^(?P<name>[A-Za-z-]{1,30})(?P<parameters>(?:;[^:\n\"]{0,200}(?:\"[^\"\n]{0,200}\")?)*):(?P<value>[^\n]{0,2000})", re.MULTILINE
)
_EVENT = re.compile(r"^BEGIN:VEVENT\s*$(.*?)^END:VEVENT\s*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\;,nN])")
_ZONE = re.compile(r";TZID=\"?([^;:\"]{1,60})", re.IGNORECASE)
_ANSWER = re.compile(r";PARTSTAT=(\w+)", re.IGNORECASE)
_LONGEST = 200_000
_LONGEST_SUMMARY = 200
_KINDS = {
    "REQUEST": "Invitation",
    "PUBLISH": "Event",
    "ADD": "Invitation",
    "CANCEL": "Cancelled",
    "REPLY": "Answer to an invitation",
    "COUNTER": "Other time proposed",
    "DECLINECOUNTER": "Other time declined",
    "REFRESH": "Asks for the event again",
}
_WANT_ANSWER = {"REQUEST", "ADD", "COUNTER"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar part. `line` says what it is, what about and when; `comment` is what a person added to an answer.

    `wants_answer`: somebody waits to hear whether the time suits.
    """

    line: str
    is_answer: bool
    wants_answer: bool
    comment: str = ""


def invitation(text: str) -> Invitation | None:
    """What an iCalendar text says; None where it holds no event."""
    calendar = _FOLD.sub("", text[:_LONGEST])
    event = _EVENT.search(calendar)
    if event is None:
        return None
    method = _properties(calendar[: event.start()]).get("METHOD", ("", ""))[1].strip().upper()
    facts = _properties(event[1])
    answer = _ANSWER.search(facts.get("ATTENDEE", ("", ""))[0]) if method == "REPLY" else None
    summary = _plain(facts.get("SUMMARY", ("", ""))[1])[:_LONGEST_SUMMARY]
    told = ", ".join(filter(None, (answer[1].lower() if answer else "", summary, _when(facts))))
    line = f"{_KINDS.get(method, 'Event')}: {told or 'without a title'}"
    return Invitation(line, method == "REPLY", method in _WANT_ANSWER, _plain(facts.get("COMMENT", ("", ""))[1]))


def _properties(text: str) -> dict[str, tuple[str, str]]:
    """(parameters, value) by name, the first of each."""
    found: dict[str, tuple[str, str]] = {}
    for match in _PROPERTY.finditer(text):
        found.setdefault(match["name"].upper(), (match["parameters"], match["value"]))
    return found


def _plain(value: str) -> str:
    return " ".join(_ESCAPED.sub(lambda match: " " if match[1] in "nN" else match[1], value).split())


def _when(facts: dict[str, tuple[str, str]]) -> str:
    """Such as "20 November 2026 10:00–11:00 Europe/London"."""
    start, end = (_moment(facts.get(name, ("", ""))[1]) for name in ("DTSTART", "DTEND"))
    if start is None:
        return ""
    moment, is_day, is_utc = start
    told = f"{moment.day} {moment:%B %Y}"
    if is_day:
        return told
    zone = _ZONE.search(facts["DTSTART"][0])
    until = f"–{end[0]:%H:%M}" if end and end[0].date() == moment.date() and not end[1] else ""
    return f"{told} {moment:%H:%M}{until} {'UTC' if is_utc else zone[1] if zone else ''}".strip()


def _moment(value: str) -> tuple[datetime, bool, bool] | None:
    """A date or time, whether it is a whole day, and whether it is in UTC."""
    bare = value.strip().removesuffix("Z")
    for form, is_day in (("%Y%m%dT%H%M%S", False), ("%Y%m%dT%H%M", False), ("%Y%m%d", True)):
        try:
            return datetime.strptime(bare, form), is_day, value.strip().endswith("Z")  # noqa: DTZ007 - shown as it is written, in its own zone
        except ValueError:
            continue
    return None
