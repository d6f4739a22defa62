"""The messages of a week that people read by lot: what they found, beside what the model says, with how far the lot may lead astray."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from allears.domain.feedback import Kind, Sentiment
from allears.domain.quality import LabelShare, WeeklySample, last_week, shares
from app.dashboard.connection import Desk
from app.dashboard.formats import FEWEST_FOR_PERCENT, count, day, percent
from app.dashboard.render import draw, href

SENTIMENTS = (Sentiment.NEGATIVE, Sentiment.MIXED, Sentiment.NEUTRAL, Sentiment.POSITIVE)
READ_PART = "Read the sample"
"""The part of the Quality page on which the sample is read."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """A label's share in words, and where it lies on a scale of 0 to 100: the people's with its interval, and the model's."""

    label: str
    people: str
    between: str
    model: str
    share: float
    low: float
    high: float
    said: float


def draw_weekly_line(desk: Desk) -> None:
    """One line for pages with figures: what people found in last week's sample, and where to read it; nothing without messages."""
    week = last_week(desk.clock.now(), desk.timezone)
    sample = read_sample(desk, week)
    if sample.messages:
        draw("weekly_line.html", text=weekly_line(sample, "last week"), link=sample_link(sample))


def read_sample(desk: Desk, week: date) -> WeeklySample:
    """The sample of a week, as large as the configuration says."""
    return desk.store.weekly_sample(week, desk.timezone.key, desk.dashboard.weekly_sample)


def sample_link(sample: WeeklySample) -> tuple[str, str]:
    """Where to go on, and what stands on it."""
    if sample.waiting:
        more = f"Read {count(len(sample.waiting))} more" if sample.read else "Read them"
        return href("quality", part=READ_PART, week=week_option(sample.week)), more
    return href("quality", week=week_option(sample.week)), "How it was read"


def weekly_line(sample: WeeklySample, week: str) -> str:
    """What people found: "People read 30 of last week's 1,204 messages: 41% complaints, between 33% and 50%; the model says 38%."."""
    whole = f"{week}’s {count(sample.messages)} messages"
    if not sample.read:
        return f"{count(len(sample.waiting))} of {whole}, drawn by lot, wait for people to read them, to tell how far the model is right."
    read = f"People read {count(sample.read)} of {whole}"
    if sample.read < FEWEST_FOR_PERCENT:
        return f"{read}. From {FEWEST_FOR_PERCENT} on, shares can be told."
    complaints = shares(sample, list(Kind))[0]
    if complaints.people is None:
        return f"{read}."
    found = complaints.people
    return (
        f"{read}: {percent(found.share)} complaints, between {percent(found.low)} and {percent(found.high)}; "
        f"the model says {percent(complaints.model)}."
    )


def draw_result(sample: WeeklySample, week: str) -> None:
    """The shares of a week as people see them: of sentiments and of kinds; counts only, where few were read."""
    lead = weekly_line(sample, week) if sample.messages else f"No message came in {week}."
    draw("section.html", title="The week, as people read it", lead=lead[:1].upper() + lead[1:])
    if sample.read >= FEWEST_FOR_PERCENT:
        kinds = [_row(each) for each in shares(sample, list(Kind))]
        sentiments = [_row(each) for each in shares(sample, SENTIMENTS)]
        draw("weekly_shares.html", groups=(("Kind", kinds), ("Sentiment", sentiments)), read=sample.read)


def week_option(week: date) -> str:
    """A week as it stands in the address, the same for every reader: "Week of 2026-11-09"."""
    return f"Week of {week}"


def week_name(week: date, last: date) -> str:
    """A week as one says it: "last week", "the week of Mon 2 Nov"."""
    return "last week" if week == last else f"the week of {day(week)}"


def _row(each: LabelShare) -> ShareRow:
    found = each.people
    if found is None:
        return ShareRow(each.label.value, "–", "–", percent(each.model), 0, 0, 100, 100 * each.model)
    between = f"{percent(found.low)} to {percent(found.high)}"
    place = (100 * found.share, 100 * found.low, 100 * found.high)
    return ShareRow(each.label.value, percent(found.share), between, percent(each.model), *place, 100 * each.model)
