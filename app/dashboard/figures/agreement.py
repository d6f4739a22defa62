"""Where people agree with the model and where they do not, and how its readings drift from week to week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from allears.domain.estimating import wilson
from allears.domain.feedback import Kind, Sentiment
from allears.domain.quality import FEWEST_WEEKS, Basis, Judged, Quality, WeekRead, agreement, is_unlike
from app.dashboard.figures.weekly_sample import SENTIMENTS
from app.dashboard.formats import FEWEST_FOR_PERCENT, day, percent, share
from app.dashboard.reader import NAMES

COMPARED = 8
"""Weeks before that tell what is usual."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often the model said one label (a row) and people another (a column)."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people agree with the model on one part of the judged messages: "84%", or "9 of 12" where they are few."""

    name: str
    messages: int
    sentiment: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a week; `was` is what was usual where it lies beside that."""

    value: str
    was: str | None = None


@dataclass(frozen=True, slots=True)
class DriftRow:
    """A week and how it was read."""

    week: date
    messages: int
    cells: tuple[Cell, ...]


Measure = tuple[str, Callable[[WeekRead], float]]
MEASURES: tuple[Measure, ...] = (
    ("unsure", lambda week: week.unsure / week.messages),
    ("mean confidence", lambda week: week.confidence),
    ("no known language", lambda week: week.unreadable / week.messages),
    *((each.value, lambda week, each=each: week.sentiments.get(each, 0) / week.messages) for each in SENTIMENTS),
    *((each.value, lambda week, each=each: week.kinds.get(each, 0) / week.messages) for each in (Kind.COMPLAINT, Kind.PRAISE)),
)
"""What is compared from week to week; all are shares of its messages."""


def by_lot(quality: Quality) -> list[Judged]:
    """What people judged that the lot drew: only this stands for all messages."""
    return [each for each in quality.judged if each.basis is Basis.LOT]


def confusions(judged: Sequence[Judged]) -> list[Confusion]:
    """Of sentiment and of kind."""
    sentiments, kinds = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for each in judged:
        sentiments[each.said_sentiment, each.sentiment] += each.messages
        kinds[each.said_kind, each.kind] += each.messages
    return [_confusion("Sentiment", SENTIMENTS, sentiments), _confusion("Kind", tuple(Kind), kinds)]


def _confusion(title: str, labels: Sequence[Sentiment | Kind], found: Counter[tuple[str, str]]) -> Confusion:
    names = tuple(label.value for label in labels)
    return Confusion(title, names, tuple((said, tuple(found[said, true] for true in names)) for said in names))


def agreements(judged: Sequence[Judged]) -> list[Agreement]:
    """All together, then by channel and by language, the largest part first."""
    parts: defaultdict[str, list[Judged]] = defaultdict(list)
    for each in judged:
        parts[each.channel].append(each)
        parts[f"In {NAMES.languages.get(each.language, 'a language that is not known')}"].append(each)
    ordered = sorted(parts.items(), key=lambda part: (part[0].startswith("In "), -agreement(part[1])[0], part[0]))
    return [_agreement(name, part) for name, part in (("All", list(judged)), *ordered)]


def _agreement(name: str, judged: Sequence[Judged]) -> Agreement:
    messages, sentiment, kind = agreement(judged)
    return Agreement(name, messages, _agreed(sentiment, messages), _agreed(kind, messages))


def _agreed(agreed: int, messages: int) -> str:
    if messages < FEWEST_FOR_PERCENT:
        return share(agreed, messages)
    low, high = wilson(agreed / messages, messages)
    return f"{percent(agreed / messages)} ({percent(low)} to {percent(high)})"


def corrections(quality: Quality) -> tuple[int, list[tuple[str, str, int]]]:
    """How many messages people corrected of their own accord, and from what to what, the most frequent first."""
    changed = Counter[tuple[str, str]]()
    messages = 0
    for each in quality.judged:
        if each.basis is not Basis.CORRECTED:
            continue
        messages += each.messages
        for said, true in ((each.said_sentiment, each.sentiment), (each.said_kind, each.kind)):
            if said != true:
                changed[said.value, true.value] += each.messages
    return messages, [(said, true, number) for (said, true), number in changed.most_common()]


def drift(weeks: Sequence[WeekRead]) -> list[DriftRow]:
    """Each week with a message beside those before it, the newest first."""
    rows = []
    for place, week in enumerate(weeks):
        if week.messages:
            before = [each for each in weeks[max(0, place - COMPARED) : place] if each.messages >= FEWEST_FOR_PERCENT]
            rows.append(DriftRow(week.week, week.messages, tuple(_cell(week, before, measure) for _, measure in MEASURES)))
    return rows[::-1]


def _cell(week: WeekRead, before: Sequence[WeekRead], measure: Callable[[WeekRead], float]) -> Cell:
    now = measure(week)
    if week.messages < FEWEST_FOR_PERCENT:
        return Cell("–")
    earlier = [measure(each) for each in before]
    usual = sorted(earlier)[len(earlier) // 2] if is_unlike(now, week.messages, earlier) else None
    return Cell(percent(now), None if usual is None else percent(usual))


def moved(rows: Sequence[DriftRow], last: date) -> list[str]:
    """What of last week lies beside the weeks before it: "unsure 21%, usual 13%"."""
    newest = [row for row in rows if row.week == last]
    return [
        f"{name} {cell.value}, usual {cell.was}" for row in newest for (name, _), cell in zip(MEASURES, row.cells, strict=True) if cell.was
    ]


def finding(rows: Sequence[DriftRow], last: date) -> str:
    """What the weeks tell, in a sentence."""
    if not any(row.week == last for row in rows):
        return "No message came last week."
    if sum(row.messages >= FEWEST_FOR_PERCENT for row in rows if row.week != last) < FEWEST_WEEKS:
        return "What is usual is known after three earlier weeks with 20 messages each."
    unlike = moved(rows, last)
    return f"The week of {day(last)}: {'; '.join(unlike)}." if unlike else "Last week was read like the weeks before it."


def headline(quality: Quality, messages: int, last: date) -> str:
    """How far the model can be trusted, in a sentence or two; `messages` came last week."""
    judged, sentiment, kind = agreement(by_lot(quality))
    if not judged:
        return "Nobody has checked the model yet." if messages else "Nobody has checked the model yet, and no message came last week."
    if judged < FEWEST_FOR_PERCENT:
        return f"People agree with the model on {share(sentiment, judged)} sentiments and {share(kind, judged)} kinds so far."
    unlike = len(moved(drift(quality.weeks), last))
    drifted = f" {'One figure' if unlike == 1 else f'{unlike} figures'} moved last week." if unlike else ""
    return f"People agree with the model on {percent(sentiment / judged)} of sentiments and {percent(kind / judged)} of kinds.{drifted}"
