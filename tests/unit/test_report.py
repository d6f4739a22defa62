"""The weekly report: what it says of a week, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.feedback import FeedbackItem, Kind, Sentiment, Status
from allears.domain.records import Routed
from allears.domain.trends import Counts
from allears.errors import ConfigurationError
from app.dashboard.masking import OWN_NAMES
from app.dashboard.reader import known, read_by
from app.dashboard.session import known_as
from app.reporting import printing
from app.reporting.building import _hairlines, weekly_report
from app.reporting.content import ChartDay, FigureLine, LateLine, Place, Quote, Report, TopicLine
from app.reporting.moving import TopicCounts, lead, moved_topics
from app.reporting.printing import pdf
from app.reporting.weeks import Week, last_finished, week_named
from tests.builders import StandingClock, a_page, a_store, an_item, said, understanding_of
from tests.contract.store_steps import opened

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 19, 10, 42, tzinfo=UTC)
MONDAY = datetime(2026, 11, 9, 12, tzinfo=UTC)
WEEK = Week(date(2026, 11, 9))


def pages(report: Report, dots: float = 72) -> list[bytes]:
    """What the report looks like: its pages as PNG, at so many dots an inch."""
    made = typst.compile(printing.TEMPLATE, format="png", ppi=dots, **printing.given(report))
    return made if isinstance(made, list) else [made]


class Shop:
    """A store that is filled message by message."""

    def __init__(self, path: Path) -> None:
        self.store = a_store(path, StandingClock(NOW))
        self.items: list[tuple[FeedbackItem, Any]] = []

    def heard(self, number: int, topic: str, at: datetime, **changes: Any) -> None:
        """So many complaints about a topic."""
        for each in range(number):
            item = an_item(f"{topic}-{at:%j}-{each}", f"Complaint {each} about {topic}, and nobody answers.", received_at=at, **changes)
            self.items.append((item, understanding_of(item, topics=[topic])))

    def praised(self, name: str, at: datetime) -> FeedbackItem:
        item = an_item("praise", f"{name} rang the courier herself. Parcel came that night.", received_at=at, author="Eilidh Fraser")
        liked = said(Kind.PRAISE, Sentiment.POSITIVE)
        self.items.append((item, understanding_of(item, liked, ["delivery"], praised=[name])))
        return item

    def store_all(self, *routed: Routed) -> None:
        items = [item for item, _ in self.items]
        self.store.record_page(items[0].source, a_page(items), MONDAY)
        self.store.record_understanding([known for _, known in self.items])
        decided = {each.item_id for each in routed}
        others = [Routed(item.id, Status.OTHER, "a reason") for item in items if item.id not in decided]
        self.store.record_routing([*routed, *others])

    def report(self, *, masked: bool = False, locale: str = "en-GB") -> Report:
        with known_as({OWN_NAMES: ("Priya Nair", "Ada Brook") if masked else None}), read_by(known(locale, "")):
            return weekly_report(self.store, WEEK, NOW, LONDON, "Northwind Coffee")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    shop = Shop(tmp_path / "allears.duckdb")
    yield shop
    shop.store.close()


def test_a_week_is_told_with_what_moved_who_has_it_and_what_is_late(shop: Shop):
    shop.heard(40, "billing", MONDAY)
    shop.heard(10, "billing", MONDAY - timedelta(days=7))
    shop.heard(3, "delivery", MONDAY)
    shop.heard(21, "delivery", MONDAY - timedelta(days=7))
    worst = an_item(
        "worst", "Charged twice, and the bank says it is on you. Call 020 7946 0958.", received_at=MONDAY, author="Mara Lindqvist"
    )
    shop.items.append((worst, understanding_of(worst, said(confidence=0.99), ["billing"])))
    praise = shop.praised("Priya Nair", MONDAY)
    case = opened(worst, owner="Ada Brook", opened_at=MONDAY, next_date=NOW - timedelta(hours=2))
    shop.store_all(case, Routed(praise.id, Status.PRAISE, "a reason"))
    report = shop.report()
    assert report.title == "Week 46, 9 Nov to 15 Nov 2026"
    assert report.verdict == "44 complaints, 42% more than the week before. Billing got worse. 1 promise is late."
    assert [(each.topic, each.moved) for each in report.worse] == [("Billing", "41 complaints, was 10")]
    assert [(each.topic, each.moved) for each in report.better] == [("Delivery", "3 complaints, was 21 (−86%)")]
    (bad,) = report.worse[0].quotes
    assert (bad.who, bad.owner) == ("Mara Lindqvist, email", "Ada Brook")
    assert [quote.sentiment for quote in report.better[0].quotes] == ["negative", "positive"]
    assert [(line.customer, line.owner, line.late) for line in report.late] == [("Mara Lindqvist", "Ada Brook", "2 h late")]
    assert [(quote.who, quote.owner) for quote in report.praise] == [("Eilidh Fraser, email", "Priya Nair")]
    assert report.received == "76"
    assert {each.name: each.number for each in report.places}["praise"] == "1"
    assert report.balanced
    figure = report.figures[0]
    assert (figure.value, figure.base, figure.change, figure.was) == ("44", "of 45 messages", "+42%", "was 31")
    assert [each.complaints for each in report.days[-7:]] == [44, 0, 0, 0, 0, 0, 0]
    assert len(report.days) == 28


def test_a_masked_report_hides_customers_and_keeps_our_people(shop: Shop):
    worst = an_item("worst", "I am Mara Lindqvist. Call 020 7946 0958, or Priya Nair.", received_at=MONDAY, author="Mara Lindqvist")
    shop.items.append((worst, understanding_of(worst, topics=["billing"])))
    shop.store_all(opened(worst, owner="Ada Brook", opened_at=MONDAY, next_date=NOW - timedelta(hours=2)))
    report = shop.report(masked=True)
    told = repr(report)
    assert "Lindqvist" not in told
    assert "7946" not in told
    assert "Priya Nair" in told
    assert "are hidden" in report.foot
    assert "are hidden" not in shop.report().foot


def test_a_week_in_which_nothing_came_is_good_news(shop: Shop):
    report = shop.report()
    assert report.verdict == "No complaint, and none the week before. No promise is late."
    assert report.moved == "No topic brought more or fewer complaints than the week before."
    assert report.praise_lead == "Nobody wrote praise this week."
    assert len(pages(report)) == 1


def test_the_week_begins_at_midnight_where_the_business_is(shop: Shop):
    midnight = datetime(2026, 11, 9, tzinfo=LONDON).astimezone(UTC)
    shop.heard(1, "first", midnight)
    shop.heard(1, "before", midnight - timedelta(seconds=1))
    shop.heard(1, "last", midnight + timedelta(days=7) - timedelta(seconds=1))
    shop.heard(1, "after", midnight + timedelta(days=7))
    shop.store_all()
    report = shop.report()
    assert {each.topic for each in report.worse} == {"First", "Last"}
    assert {each.topic for each in report.better} == {"Before"}
    assert [each.complaints for each in report.days[-8:]] == [1, 1, 0, 0, 0, 0, 0, 1]


def test_figures_are_written_as_the_reader_writes_them(shop: Shop):
    shop.heard(1284, "billing", MONDAY)
    shop.store_all()
    report = shop.report(locale="de-DE")
    assert report.figures[0].value == "1.284"
    assert shop.report(locale="en-US").title == "Week 46, Nov 9 to Nov 15, 2026"
    with read_by(known("en-US", "")):
        letter = pages(report, dots=72)[0]
    a4 = pages(report, dots=72)[0]
    assert [int.from_bytes(page[16:20]) for page in (letter, a4)] == [612, 595]


def counts(topic: str, now: int, before: int) -> TopicCounts:
    return TopicCounts(topic, Counts(complaints=now), Counts(complaints=before))


def test_what_chance_explains_is_told_only_where_nothing_else_moved():
    clear, chance, fewer = counts("billing", 60, 20), counts("taste", 12, 10), counts("delivery", 10, 50)
    assert moved_topics([chance, clear, fewer]) == ([clear], [fewer])
    assert lead([clear], [fewer]).startswith("Topics whose complaints changed by more than chance")
    assert moved_topics([chance]) == ([chance], [])
    assert lead([chance], []).startswith("No topic changed by more than chance")


def test_a_little_more_of_very_much_is_no_news():
    assert not counts("billing", 50_900, 50_000).beyond_chance


@given(st.floats(0, 1e7))
def test_hairlines_are_few_and_round(most: float):
    lines = [value for value, _ in _hairlines(most)]
    assert lines[0] == 0
    assert len(lines) <= 5
    assert all(value <= most + 1 for value in lines)


@pytest.mark.parametrize(
    ("written", "first"),
    [("2026-W46", date(2026, 11, 9)), ("2026W46", date(2026, 11, 9)), (" 2026-w01 ", date(2025, 12, 29)), ("2020-W53", date(2020, 12, 28))],
)
def test_weeks_are_those_of_iso_8601(written: str, first: date):
    assert week_named(written, NOW.date()).first == first


@pytest.mark.parametrize("written", ["2026-W47", "2027-W01", "2026-W54", "2026-W00", "last", "", "0000-W01"])
def test_what_is_no_week_or_not_over_says_how_weeks_are_written(written: str):
    with pytest.raises(ConfigurationError, match="2026-W46"):
        week_named(written, NOW.date())


def test_the_last_week_is_over_on_a_monday():
    assert last_finished(date(2026, 11, 15)).name == "2026-W45"
    assert last_finished(date(2026, 11, 16)).name == "2026-W46"


def rich(words: str = "You have charged me twice.", language: str = "en") -> Report:
    """A report with something in every place."""
    quote = Quote(words, words, words, "negative", language)
    days = tuple(ChartDay(f"{day}", day % 9, 1.0, 6.0, words if day == 26 else "") for day in range(28))
    lines = (TopicLine(words, words, (quote, replace(quote, sentiment="positive"))),) * 2
    return Report(
        title="Week 46",
        business=words,
        verdict=words,
        figures=(FigureLine(words, "2", words, "+1", "was 1", late=True),) * 6,
        days=days,
        days_named=((0, "19 Oct"), (7, words)),
        hairlines=((0, "0"), (5, "5")),
        finding=words,
        moved=words,
        worse=lines,
        better=lines,
        late_lead=words,
        late=(LateLine(words, words, words, words),) * 5,
        praise_lead=words,
        praise=(quote,) * 3,
        received="3",
        places=(Place(words, "3"),),
        ledger_lead=words,
        balanced=False,
        shares=words,
        foot=words,
    )


def test_a_full_report_is_two_pages_of_a_tagged_pdf_with_title_and_language():
    assert len(pages(rich(), dots=40)) == 2
    file = pdf(rich())
    assert file.startswith(b"%PDF-")
    for part in (b"/StructTreeRoot", b"/Lang(en)", b"/Marked true"):
        assert part in file.replace(b" (", b"("), part


@pytest.mark.parametrize(
    "words",
    [
        '#panic() $x$ *bold* `raw` @label <label> \\ // no comment /* */ #import "/etc/passwd"',
        "إصلاح المطحنة مرتين وما زالت تطلق الشرر",
        "グラインダーが新品のように戻ってきました。",
        "👩‍👩‍👧‍👦🎉 é̷̛̳ क्षि ไม่ \u202eevil\u202c",
        "x" * 400,
        "\x00\x07\ud800\u2028\ufffe",
        "",
        " ",
        '“” \u2018\u2019 "quoted" {curly} [square] 100 % of 5 € → ½',
    ],
)
@pytest.mark.parametrize("language", ["en", "ar", "und", "x-klingon", "#evil", ""])
def test_customers_words_are_text_in_any_script_and_never_markup(words: str, language: str):
    assert len(pages(rich(words[:180], language), dots=20)) >= 1


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(), max_size=180))
def test_whatever_customers_write_the_report_is_printed(words: str):
    assert pdf(rich(words)).startswith(b"%PDF-")
