"""From a row to a feedback item: pure, and the same for a fresh row and for one out of quarantine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import TypeVar, get_args
from zoneinfo import ZoneInfo

from allears.domain.feedback import Channel, FeedbackItem, SourceName
from allears.errors import RecordRejected
from connectors.file.dates import moment
from connectors.file.settings import Column, FileSettings
from connectors.file.tables import Row

_EMAIL = re.compile(r"(?:.*<)?([^@\s<>]+@[^@\s<>]+\.[^@\s<>]+?)>?")
_PHONE = re.compile(r"(?=(?:\D*\d){7,15}\D*$)(?:\+|0|\(|\d+[\s.\-/])[\d\s().\-/]*")
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_]\w+)?")
_NOBODY = frozenset({"-", "n/a", "na", "none", "null", "anonymous", "unknown"})
_Read = TypeVar("_Read", str, float)
_NAMES: tuple[Column, ...] = get_args(Column)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column holds what: ours by name, and the others, which are kept as extra data."""

    ours: dict[Column, str]
    others: tuple[str, ...]


class RowReader:
    """Reads the rows of one source."""

    def __init__(self, source: SourceName, settings: FileSettings) -> None:
        self._source = source
        self._settings = settings
        self._timezone = ZoneInfo(settings.timezone)
        self._layout = lru_cache(maxsize=64)(self._lay_out)

    def missing(self, columns: tuple[str, ...]) -> list[str]:
        """The settings that name a column which is not among `columns`; `text` where nothing gives the words."""
        ours = self._layout(columns).ours
        wrong = [f"columns.{name} = {column!r}" for name, column in self._settings.columns.items() if name not in ours]
        return wrong if wrong or "text" in ours or "title" in ours else ["text (set columns.text)"]

    def own_id(self, row: Row) -> str:
        """The row's own id, empty if it has none."""
        column = self._layout(tuple(row)).ours.get("id")
        return row[column].strip() if column else ""

    def item(self, external_id: str, row: Row, modified: datetime) -> FeedbackItem:
        """The row as an item; `modified` dates rows of files without a date column. Raises RecordRejected."""
        layout = self._layout(tuple(row))
        value = {name: row[column].strip() for name, column in layout.ours.items()}
        extra = {column: row[column] for column in layout.others if row[column]}
        text, title = value.get("text", ""), value.get("title", "")
        if not text:
            text, title = title, ""
        if not text:
            raise RecordRejected(f"has no text in column {layout.ours.get('text', 'text')!r}")
        return FeedbackItem(
            source=self._source,
            channel=Channel.FILE,
            external_id=external_id,
            received_at=self._received(value, modified),
            text=text,
            author=value.get("author") or None,
            contact=contact(self._source, value.get("contact", "")),
            title=title or None,
            language=_kept(layout, "language", value, extra, _language(value.get("language", ""))),
            rating=_kept(layout, "rating", value, extra, _rating(value.get("rating", ""))),
            url=_kept(layout, "url", value, extra, _web_address(value.get("url", ""))),
            source_person=value.get("source_person") or None,
            extra=extra,
        )

    def _lay_out(self, columns: tuple[str, ...]) -> Layout:
        by_name = {column.strip().casefold(): column for column in reversed(columns)}
        wanted = {name: self._settings.columns.get(name, name).strip().casefold() for name in _NAMES}
        ours = {name: by_name[column] for name, column in wanted.items() if column in by_name}
        taken = set(ours.values())
        return Layout(ours, tuple(column for column in columns if column not in taken))

    def _received(self, value: dict[Column, str], modified: datetime) -> datetime:
        if not value.get("date"):
            return modified
        return moment(value["date"], self._settings.date_format, self._timezone)


def contact(source: SourceName, text: str) -> str | None:
    """An address others know too if it looks like one, else one of this source; None for nobody."""
    text = text.strip()
    if not text or text.casefold() in _NOBODY:
        return None
    if match := _EMAIL.fullmatch(text):
        return f"email:{match[1].lower()}"
    if _PHONE.fullmatch(text):  # a bare number may as well be a customer's
        digits = re.sub(r"\D", "", text)
        if text.startswith(("+", "00")):
            digits = f"+{digits.removeprefix('00')}"
        return f"phone:{digits}"
    return f"file:{source}/{text}"


def _kept(layout: Layout, name: Column, value: dict[Column, str], extra: dict[str, str], read: _Read | None) -> _Read | None:
    """What was read; a value that could not be is kept as extra data instead."""
    if read is None and value.get(name):
        extra[layout.ours[name]] = value[name]
    return read


def _language(text: str) -> str | None:
    match = _LANGUAGE.fullmatch(text)
    return match[1].lower() if match else None


def _rating(text: str) -> float | None:
    try:
        rating = float(text.replace(",", "."))
    except ValueError:
        return None
    return rating if isfinite(rating) else None


def _web_address(text: str) -> str | None:
    """Only what a browser may safely open from a page of ours."""
    return text if text.startswith(("https://", "http://")) else None
