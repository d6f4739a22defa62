"""Sentences made of figures: the headlines, and what a chart shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from allears.domain.overview import OwnerLoad
from allears.domain.people import Directory
from allears.domain.trends import Split
from app.dashboard.components.desks import DeskRow
from app.dashboard.figures.tone import NET, Tone
from app.dashboard.figures.trending import Figure, Trend, changed, key_name, written
from app.dashboard.figures.usual import Day
from app.dashboard.formats import count, day, percent, signed
from app.dashboard.periods import Period

MOST_NAMED = 3
STILL = ("steady", "none", "–")
"""Changes that are none, or of which nothing is known."""


def open_and_late(owners: Sequence[OwnerLoad], alarms: int, directory: Directory) -> str:
    """The overview's headline: how many cases are open, that each has an owner, how many are late, and what needs a leader."""
    needing = {0: "", 1: " 1 alarm needs a leader."}.get(alarms, f" {count(alarms)} alarms need a leader.")
    cases = sum(owner.open for owner in owners)
    if not cases:
        return f"No case is open. No promise is late.{needing}"
    unknown = sum(owner.open for owner in owners if owner.owner not in directory)
    owned = "each with an owner" if cases > 1 else "with an owner"
    if unknown:
        owned = f"{count(unknown)} with an owner who is no longer in the directory"
    return f"{cases_open(cases)}, {owned}. {lateness(sum(owner.late for owner in owners))}{needing}"


def people(rows: Sequence[DeskRow]) -> str:
    """The headline of the people: how many have open cases, and who cannot take one now."""
    cases, busy = sum(row.load.open for row in rows), sum(row.load.open > 0 for row in rows)
    held = f"{cases_open(cases)}, with {'one person' if busy == 1 else f'{count(busy)} people'}." if cases else "No case is open."
    absent = [row.name for row in rows if row.why_not]
    if not absent:
        return f"{held} Everyone can be reached."
    return f"{held} {listed(absent) if len(absent) <= MOST_NAMED else f'{count(len(absent))} people'} cannot take one now."


def inbox(total: int, late: int, unacknowledged: int) -> str:
    """The inbox's headline."""
    if not total:
        return "No case is open."
    taken = f"{count(unacknowledged)} not yet acknowledged" if unacknowledged else "all acknowledged"
    return f"{count(total)} open. {count(late) if late else 'None'} late, {taken}."


def messages(found: int, *, like: bool) -> str:
    """The headline of the messages: how many match."""
    if like:
        return {0: "No message means the like.", 1: "One message means the like."}.get(found, f"{count(found)} messages mean the like.")
    return {0: "No message matches.", 1: "One message."}.get(found, f"{count(found)} messages.")


def customers(found: int, days: str, *, searched: bool) -> str:
    """The headline of the customers: how many wrote lately or wait, or match."""
    number = "One customer" if found == 1 else f"{count(found)} customers" if found else "No customer"
    if searched:
        return f"{number} {'matches' if found < 2 else 'match'}."  # noqa: PLR2004 - more than one
    return f"{number} wrote in the last {days} or {'has' if found < 2 else 'have'} an open case."  # noqa: PLR2004 - as above


def customer(messages: int, open_cases: int, late: int) -> str:
    """The headline of one customer, after their name: how much they wrote and what is owed to them."""
    wrote = "one message" if messages == 1 else f"{count(messages)} messages"
    owed = {0: "nothing is open", 1: "one case is open"}.get(open_cases, f"{count(open_cases)} cases are open")
    return f"{wrote}, {owed}{f', {count(late)} late' if late else ''}."


def cases_open(number: int) -> str:
    """How many are open: "41 cases open", "One case open"."""
    return "One case open" if number == 1 else f"{count(number)} cases open"


def lateness(late: int) -> str:
    """How many are late: "2 are late.", or "None is late." where none is."""
    return {0: "None is late.", 1: "1 is late."}.get(late, f"{count(late)} are late.")


def unusual(days: Sequence[Day], period: int) -> str:
    """What the complaints chart shows, in a sentence."""
    known = [shown for shown in days if shown.usual and shown.complete]
    if not known:
        return (
            "A week is too short to tell what is usual; 28 days show it."
            if period < 28  # noqa: PLR2004 -- the next longer period
            else "The usual range appears once three earlier weeks are known."
        )
    since = "" if known[0] is days[0] else f" The usual range is known since {day(known[0].day)}."
    high = [shown.day for shown in days if shown.is_high]
    low = [shown.day for shown in days if shown.is_low]
    if not high and not low:
        return f"No day is outside its usual range.{since}"
    parts = [f"{word} usual on {named(found)}." for word, found in (("Above", high), ("Below", low)) if found]
    return " ".join(parts) + since


def trend(figure: Figure, total: Trend, ranked: Sequence[Trend], period: Period, split: Split) -> str:
    """The headline of the trends: the figure, how it changed, and who moved it most. `ranked`: the biggest movers first."""
    if not total.total.messages:
        return f"No message {period.within}."
    counts = total.total
    if figure.share:
        verb = "was" if figure.count(counts) == 1 else "were"
        said = f"{written(counts, figure)} of {count(counts.messages)} messages {period.within} {verb} {figure.noun}"
    else:
        said = f"{written(counts, figure)} {figure.noun} {period.within}"
    how = changed(total, figure).replace("new", "none before")
    return f"{said}, {how}.{_moved_most(figure, ranked, split)}"


def _moved_most(figure: Figure, ranked: Sequence[Trend], split: Split) -> str:
    """Who moved most, of several of whom one moved at all; nobody where that is messages without such a key, or where two moved alike."""
    movers = [each for each in ranked if changed(each, figure) not in STILL]
    if len(ranked) == 1 or not movers or movers[0].key is None:
        return ""
    most, *others = movers
    if others and abs(others[0].moved(figure)) == abs(most.moved(figure)):
        return ""
    by = f"{written(most.total_before, figure)} → {written(most.total, figure)}" if figure.share else signed(round(most.moved(figure)))
    return f" {key_name(split, most.key)} moved most: {by}."


def highest(figure: Figure, total: Trend, period: Period, compared: str) -> str:
    """Where a figure over time was highest, in a sentence."""
    values = [(figure.value(counts) or 0.0, number) for number, counts in enumerate(total.steps)]
    most, number = max(values)
    if not most:
        return f"None {period.within}."
    cut = "" if all(period.whole) else f" A {period.step} that is not over, or not all of it shown, is dashed."
    return f"Most: {written(total.steps[number], figure)}, {period.label(number)}. The grey line is {compared}.{cut}"


def tone(shown: Tone, figure: str, period: int) -> str:
    """How customers feel, in a sentence, and what the band is."""
    if shown.whole is None:
        return f"No message in the last {period} days."
    value = shown.whole
    said = f"{percent(value.middle)} of {count(shown.messages)} messages were read as negative"
    if figure == NET:
        said = f"Positive less negative makes {percent(value.middle)} of {count(shown.messages)} messages"
    was = f", {percent(shown.before.middle)} in the {period} days before" if shown.before else ""
    holds = (
        "chance and what judged messages tell of the model’s errors" if shown.error else "chance; how often the model errs is not known yet"
    )
    return f"{said}{was}. In truth {percent(value.low)} to {percent(value.high)}, 19 times in 20: the band allows for {holds}."


def named(days: Sequence[date]) -> str:
    """Days in words, the last ones by name: "Mon 16 and Tue 17 Nov", "12 days, last on Tue 17 Nov"."""
    if len(days) > MOST_NAMED:
        return f"{len(days)} days, last on {day(days[-1])}"
    return listed([day(each) for each in days])


def listed(words: Iterable[str]) -> str:
    """Words joined as in speech: "a, b and c"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
