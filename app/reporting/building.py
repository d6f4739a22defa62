"""What a week was, read from the store and put into words for a leader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from allears.domain.feedback import Sentiment
from allears.domain.ledger import PLACES, LedgerRow, total
from allears.domain.overview import DayCount, Overview
from allears.domain.quality import WeeklySample, shares
from allears.domain.trends import Only, Split
from allears.ports.reads import Reads
from app.dashboard import masking
from app.dashboard.figures import verdict
from app.dashboard.figures.headline import headline_figures
from app.dashboard.figures.usual import MOST_WEEKS, Day, complaints_by_day
from app.dashboard.formats import (
    FEWEST_FOR_PERCENT,
    STEADY,
    age,
    change,
    count,
    day,
    day_of_year,
    decimal,
    percent,
    short_day,
    signed,
    today,
)
from app.dashboard.render import excerpt
from app.reporting.content import ChartDay, FigureLine, LateLine, Place, Quote, Report
from app.reporting.moving import TopicCounts, language_of, lead, lines_of, moved_topics
from app.reporting.weeks import DAYS, Week

WEEKS_SHOWN = 4
MOST_LATE = 5
MOST_HAIRLINES = 4
MOST_PRAISE = 3
MOST_WORDS = 150


@dataclass(frozen=True, slots=True)
class WeekRead:
    """All that the store says of a week: its figures, its complaints by day, its topics, how it stands now, and what people judged."""

    week: Week
    then: Overview
    now: Overview
    days: tuple[Day, ...]
    topics: tuple[TopicCounts, ...]
    ledger: tuple[LedgerRow, ...]
    sample: WeeklySample


def weekly_report(store: Reads, week: Week, now: datetime, zone: ZoneInfo, business: str) -> Report:
    """The report of a week. Customers' words and names are masked as `masking` has it, figures written as the reader writes them."""
    read = read_week(store, week, now, zone)
    worse, better = moved_topics(read.topics)
    bounds = week.bounds(zone)
    words = store.verbatims([each.topic for each in (*worse, *better)], bounds[0], bounds[-1])
    late = sum(owner.late for owner in read.now.owners)
    totals = total(read.ledger)
    balanced = all(row.balanced for row in read.ledger)
    return Report(
        title=f"Week {week.number}, {short_day(week.first)} to {day_of_year(week.last)}",
        business=business,
        verdict=_verdict(read, worse, late, balanced=balanced),
        figures=_figures(read),
        days=tuple(_chart_day(each) for each in read.days),
        days_named=tuple((place, short_day(each.day)) for place, each in enumerate(read.days) if each.day.weekday() == 0),
        hairlines=_hairlines(max((max(each.complaints, each.usual.high if each.usual else 0) for each in read.days), default=0)),
        finding=verdict.unusual(read.days[-DAYS:], WEEKS_SHOWN * DAYS),
        moved=lead(worse, better),
        worse=lines_of(worse, words),
        better=lines_of(better, words),
        late_lead=_late_lead(late, len(read.now.due_first)),
        late=tuple(_late(read.now)),
        praise_lead=_praise_lead(read.then.praise_count),
        praise=tuple(_praise(read.then)),
        received=count(totals["received"]),
        places=tuple(Place(name, count(totals[name])) for name in (*PLACES, *(["waiting"] if totals["waiting"] else []))),
        ledger_lead=_ledger_lead(totals, balanced=balanced),
        balanced=balanced,
        shares=_shares(read.sample),
        foot=f"Made on {today(now, zone)}. Days are those of {zone.key}.{_hidden()}",
    )


def read_week(store: Reads, week: Week, now: datetime, zone: ZoneInfo) -> WeekRead:
    """What the store says of a week."""
    back = MOST_WEEKS + WEEKS_SHOWN - 1
    bounds = week.bounds(zone, back=back)
    counted = store.trends(Split.TOPIC, bounds, Only())
    dates = [bound.date() for bound in bounds]
    daily = [DayCount(dates[each.step], "", 0, 0, 0, 0, each.counts.complaints) for each in counted]
    usual = complaints_by_day(daily, dates[(back + 1 - WEEKS_SHOWN) * DAYS], dates[-1])[:-1]
    steps = back * DAYS
    return WeekRead(
        week,
        then=store.overview(bounds[-1].astimezone(UTC), DAYS, zone.key),
        now=store.overview(now, DAYS, zone.key),
        days=tuple(usual),
        topics=TopicCounts.of([(each.step - steps, each.key, each.counts) for each in counted]),
        ledger=tuple(row for row in store.ledger(week.first, zone.key) if row.day <= week.last),
        sample=store.weekly_sample(week.first, zone.key, 0),
    )


def _verdict(read: WeekRead, worse: Sequence[TopicCounts], late: int, *, balanced: bool) -> str:
    complaints, before = _complaints(read)
    parts = [f"{_so_many(complaints)}, {_compared(complaints, before)}."]
    clear = [each.topic for each in worse if each.beyond_chance]
    if clear:
        named = verdict.listed(clear)
        parts.append(f"{named[:1].upper()}{named[1:]} got worse.")
    parts.append({0: "No promise is late.", 1: "1 promise is late."}.get(late, f"{count(late)}\N{NO-BREAK SPACE}promises are late."))
    if not balanced:
        parts.append("The ledger does not balance.")
    return " ".join(parts)


def _so_many(complaints: int) -> str:
    return {0: "No complaint", 1: "1 complaint"}.get(complaints, f"{count(complaints)} complaints")


def _compared(now: int, before: int) -> str:
    difference = abs(now - before)
    if not now and not before:
        return "and none the week before"
    if not difference or (before >= FEWEST_FOR_PERCENT and difference / before < STEADY):
        return "about as many as the week before" if difference else "as many as the week before"
    by = percent(difference / before) if before >= FEWEST_FOR_PERCENT else count(difference)
    return f"{by} {'more' if now > before else 'fewer'} than the week before"


def _complaints(read: WeekRead) -> tuple[int, int]:
    """In the week, and in the week before."""
    return sum(each.complaints for each in read.days[-DAYS:]), sum(each.complaints for each in read.days[-2 * DAYS : -DAYS])


def _figures(read: WeekRead) -> tuple[FigureLine, ...]:
    complaints, before = _complaints(read)
    now, then = read.then.figures, read.then.figures_before
    messages = sum(each.now.messages for each in read.topics)
    first = (
        FigureLine("Complaints", count(complaints), f"of {count(messages)} messages", change(complaints, before), f"was {count(before)}"),
        FigureLine("Late", count(now.late), "when the week ended", signed(now.late - then.late), f"was {count(then.late)}", now.late > 0),
    )
    others = headline_figures(read.then)[1:]
    return (*first, *(FigureLine(each.label, each.value, each.base, each.change or "", each.was or "") for each in others))


def _chart_day(each: Day) -> ChartDay:
    usual = each.usual
    outside = usual is not None and (each.is_high or each.is_low)
    note = (
        f"{count(each.complaints)} on {day(each.day)}, usual {decimal(usual.low, 0)}–{decimal(usual.high, 0)}" if usual and outside else ""
    )
    return ChartDay(short_day(each.day), each.complaints, usual.low if usual else None, usual.high if usual else None, note)


def _hairlines(most: float) -> tuple[tuple[int, str], ...]:
    """Round numbers from zero to a little below the most, at most four of them, as they are written."""
    power = 10 ** (len(str(round(most))) - 1)
    steps = (max(1, power * tenths // 10) for tenths in (1, 2, 5, 10, 20, 50))
    step = next((step for step in steps if most / step < MOST_HAIRLINES), 10 * power)
    return tuple((value, count(value)) for value in range(0, round(most) + 1, step))


def _late(now: Overview) -> list[LateLine]:
    lines = [line for line in now.due_first if line.case.next_date < now.now][:MOST_LATE]
    return [
        LateLine(
            customer=masking.who(line.customer, line.case.owner),
            owner=line.case.owner,
            words=excerpt(masking.words(line.words, line.customer, owner=line.case.owner), MOST_WORDS),
            late=f"{age(line.case.next_date, now.now)} late",
        )
        for line in lines
    ]


def _late_lead(late: int, named: int) -> str:
    if not late:
        return "No promise is late: every customer who was to hear by now has heard."
    if late > named:
        return f"The {count(named)} that have been late longest, of {count(late)}."
    return "This customer was to hear from a person by now." if late == 1 else "These customers were to hear from a person by now."


def _praise(then: Overview) -> list[Quote]:
    lines = sorted(then.praise, key=lambda line: not line.praised)[:MOST_PRAISE]
    return [
        Quote(
            words=excerpt(masking.words(line.item.item.text[:1000], line.item.item.author, line.item.item.contact), MOST_WORDS),
            who=f"{masking.who(line.item.item.author or line.item.item.contact or 'Anonymous')}, {line.item.item.channel}",
            owner=verdict.listed(line.praised) if line.praised else "",
            sentiment=Sentiment.POSITIVE.value,
            language=language_of(line.item),
        )
        for line in lines
    ]


def _praise_lead(number: int) -> str:
    return {0: "Nobody wrote praise this week.", 1: "One message of praise."}.get(number, f"{count(number)} messages of praise.")


def _ledger_lead(totals: dict[str, int], *, balanced: bool) -> str:
    if not balanced:
        return "The ledger does not balance: the Ledger page shows for which source and day."
    held = totals["quarantined"]
    return "Every message received is accounted for." + (f" {count(held)} could not be read and can be retried." if held else "")


def _shares(sample: WeeklySample) -> str:
    """What people's judgements of messages drawn by lot make of the model's shares; nothing where nobody judged any."""
    found = [(each, each.people) for each in shares(sample, list(Sentiment)) if each.people] if sample.read else []
    parts = [
        f"{each.label.value} {percent(people.share)} ({percent(people.low)} to {percent(people.high)}; the model: {percent(each.model)})"
        for each, people in found
    ]
    read = f"People read {count(sample.read)} of {count(sample.messages)} messages, drawn by lot. By their word "
    return f"{read}{verdict.listed(parts)}." if parts else ""


def _hidden() -> str:
    return " Customers’ names and personal data are hidden, as far as rules find them." if masking.hides() else ""
