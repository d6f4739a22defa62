"""When a row says it was written."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime

from allears.errors import RecordRejected

_EPOCH = re.compile(r"\d{10}(\d{3})?(\.\d+)?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(.*)")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)")
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(.*)")
_MAIL = re.compile(r"([A-Z][a-z]{2}, *)?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(:\d{2})? ([+-]\d{4}|GMT|UTC)")
_NAMED = ("%d %B %Y", "%d %b %Y", "%B %d, %Y", "%b %d, %Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
DAY_FIRST, MONTH_FIRST = "day-first", "month-first"


def moment(text: str, date_format: str | None, timezone: tzinfo) -> datetime:
    """An aware UTC time; a text without an offset is in `timezone`. Raises RecordRejected with what to set."""
    try:
        read = _read(text, date_format)
        return (read if read.tzinfo else read.replace(tzinfo=timezone)).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise RecordRejected(f"date {text[:60]!r} cannot be read{_hint(text, date_format)}") from error


def _hint(text: str, date_format: str | None) -> str:
    if date_format is None and _SLASHED.fullmatch(text):
        return ': day or month first? Set date_format = "day-first" or "month-first"'
    return f" as {date_format!r}; check date_format" if date_format else "; use ISO 8601, or set date_format"


def _read(text: str, date_format: str | None) -> datetime:
    if date_format and date_format not in {DAY_FIRST, MONTH_FIRST}:
        return datetime.strptime(text, date_format)  # noqa: DTZ007 - the caller puts a time zone to it
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _by_shape(text, date_format)


def _by_shape(text: str, date_format: str | None) -> datetime:
    if _EPOCH.fullmatch(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)  # noqa: PLR2004 - milliseconds
    if match := _YEAR_FIRST.fullmatch(text):
        return _iso(match[1], match[2], match[3], match[4])
    if match := _DOTTED.fullmatch(text):
        return _iso(match[3], match[2], match[1], match[4])
    if match := _SLASHED.fullmatch(text):
        if date_format is None:
            raise ValueError("day or month first")
        day, month = (match[1], match[2]) if date_format == DAY_FIRST else (match[2], match[1])
        return _iso(match[3], month, day, match[4])
    if _MAIL.fullmatch(text):
        return parsedate_to_datetime(text)
    return _first_fit(text, [day + time for day in _NAMED for time in _TIMES])


def _iso(year: str, month: str, day: str, time: str) -> datetime:
    iso = f"{year}-{int(month):02}-{int(day):02}"
    try:
        return datetime.fromisoformat(iso + time.rstrip())
    except ValueError:
        return _first_fit(iso + " " + time.strip(" ,"), [f"%Y-%m-%d{form}" for form in _TIMES])


def _first_fit(text: str, forms: list[str]) -> datetime:
    for form in forms:
        try:
            return datetime.strptime(text.strip(), form)  # noqa: DTZ007 - the caller puts a time zone to it
        except ValueError:
            continue
    raise ValueError("no known form")
