"""What changed how messages are read and where they go, in words: as marks on a time axis and as lines below it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TypeVar
from zoneinfo import ZoneInfo

from allears.domain.corrections import Reclassification
from allears.domain.trends import Changes, Part, RuleChange, Taught
from app.dashboard.formats import count

MOST_NAMED = 4
"""Rules of one part that are named where they changed on one day; of more there is a number."""
_Timed = TypeVar("_Timed", bound=tuple[datetime, object])
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
    taught = [(each.at.astimezone(zone), each) for each in changes.taught]
    again = [(each.last_at.astimezone(zone), each) for each in changes.reclassified]
    days = sorted({at.date() for at, _ in (*rules, *taught, *again)})
    return [_day(day, _on(day, rules), _on(day, taught), _on(day, again)) for day in days]


def _on(day: date, changes: Sequence[_Timed]) -> list[_Timed]:
    return [each for each in changes if each[0].date() == day]


def _day(
    day: date,
    rules: Sequence[tuple[datetime, RuleChange]],
    taught: Sequence[tuple[datetime, Taught]],
    again: Sequence[tuple[datetime, Reclassification]],
) -> ChangeDay:
    by_part = {part: list(found) for part, found in groupby(sorted((each for _, each in rules), key=_order), key=lambda each: each.part)}
    sentences = [sentence for part, found in by_part.items() for sentence in _of_part(part, found)]
    sentences += _of_examples([each for _, each in taught])
    sentences += [_read_again(each) for _, each in again]
    model = bool(again) or Part.MODEL in by_part
    others = bool(taught) or len(by_part) > (Part.MODEL in by_part)
    word = "model, rules" if model and others else "model" if model else "rules"
    first = min(at for at, _ in (*rules, *taught, *again))
    return ChangeDay(day, tuple(sentences), Marker(first.replace(tzinfo=None), word))


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


def _of_examples(taught: Sequence[Taught]) -> list[str]:
    """What each topic was taught, and what was taken back."""
    new, gone = (Counter(each.topic for each in taught if each.forgotten is forgotten) for forgotten in (False, True))
    topics = sorted(new | gone)
    if len(topics) > MOST_NAMED:
        return [f"{_examples(new.total())} were taught and {count(gone.total())} taken back, of {count(len(topics))} topics."]
    return [_taught(topic, new[topic], gone[topic]) for topic in topics]


def _taught(topic: str, new: int, gone: int) -> str:
    if not new:
        return f"{_examples(gone)} of {topic} {'was' if gone == 1 else 'were'} taken back."
    return f"The topic {topic} was taught {_examples(new)}{f', and {count(gone)} taken back' if gone else ''}."


def _examples(number: int) -> str:
    return "1 example" if number == 1 else f"{count(number)} examples"


def _read_again(change: Reclassification) -> str:
    so_far = "" if change.finished else " so far"
    return f"{change.to_version} read old messages again: {count(change.changed)} of {count(change.items)} labels differ{so_far}."
