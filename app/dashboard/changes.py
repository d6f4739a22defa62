"""What changed how messages are read and where they go, in words: as marks on a time axis and as lines below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from allears.domain.corrections import Reclassification
from allears.domain.trends import Changes, Part, RuleChange
from app.dashboard.formats import count

MOST_NAMED = 4
"""Rules of one part that are named where they changed on one day; of more there is a number."""
_OF_MANY = {Part.MODEL: "models", Part.TOPIC: "topics", Part.ROUTE: "routes", Part.PERSON: "people", Part.TARGET: "targets"}


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment at which something changed, with a word or two for it."""

    at: datetime
    word: str


@dataclass(frozen=True, slots=True)
class ChangeDay:
    """A day on which something changed, and what, in sentences."""

    day: date
    sentences: tuple[str, ...]
    marker: Marker


def change_days(changes: Changes, zone: ZoneInfo) -> list[ChangeDay]:
    """The days on which something changed, oldest first; moments are those of `zone`."""
    rules = [(each.at.astimezone(zone), each) for each in changes.rules]
    again = [(each.last_at.astimezone(zone), each) for each in changes.reclassified]
    days = sorted({at.date() for at, _ in rules} | {at.date() for at, _ in again})
    return [_day(day, [each for each in rules if each[0].date() == day], [each for each in again if each[0].date() == day]) for day in days]


def _day(day: date, rules: Sequence[tuple[datetime, RuleChange]], again: Sequence[tuple[datetime, Reclassification]]) -> ChangeDay:
    by_part = {part: list(found) for part, found in groupby(sorted((each for _, each in rules), key=_order), key=lambda each: each.part)}
    sentences = [sentence for part, found in by_part.items() for sentence in _of_part(part, found)] + [
        _read_again(each) for _, each in again
    ]
    model = bool(again) or Part.MODEL in by_part
    word = "model, rules" if model and len(by_part) > (Part.MODEL in by_part) else "model" if model else "rules"
    return ChangeDay(day, tuple(sentences), Marker(min(at for at, _ in (*rules, *again)).replace(tzinfo=None), word))


def _order(change: RuleChange) -> tuple[int, str]:
    return list(Part).index(change.part), change.name


def _of_part(part: Part, found: Sequence[RuleChange]) -> list[str]:
    if part is Part.MODEL:
        return [f"The model changed from {each.before} to {each.after}." for each in found]
    if len(found) > MOST_NAMED:
        return [f"{count(len(found))} {_OF_MANY[part]} changed."]
    return [_sentence(part, each) for each in found]


def _sentence(part: Part, change: RuleChange) -> str:
    verb = "was added" if change.before is None else "was taken out" if change.after is None else "changed"
    what = {Part.TOPIC: "The topic {}", Part.ROUTE: "The route for {}", Part.PERSON: "{}", Part.TARGET: "The target for {}"}[part]
    return f"{what.format(change.name)} {verb}."


def _read_again(change: Reclassification) -> str:
    so_far = "" if change.finished else " so far"
    return f"{change.to_version} read old messages again: {count(change.changed)} of {count(change.items)} labels differ{so_far}."
