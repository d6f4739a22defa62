"""Quality: what people find when they read for themselves, whether the model drifts, and what to read next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.feedback import FeedbackItem, ItemId, Kind, Sentiment, Status
from allears.domain.quality import Basis, Judged, Quality, Unsure, WeekRead, is_unlike, last_week, spread_out
from allears.domain.records import Routed
from allears.store.duckdb_store import DuckDBStore
from app.dashboard.connection import Desk
from app.dashboard.figures.agreement import drift, finding, headline, moved
from app.dashboard.figures.weekly_sample import weekly_line
from tests.builders import NOW, SUPPORT, StandingClock, a_page, a_store, an_item, said, understanding_of
from tests.unit.dashboard.northwind import FakeStore, make_desk
from tests.unit.dashboard.pages import page, press, ran, shown

NEGATIVE, NEUTRAL, POSITIVE, MIXED = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.MIXED
LAST = date(2026, 11, 9)
TUESDAY = datetime(2026, 11, 10, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
SAMPLE = "Read the sample"
NEXT = "What to label next"


def message(number: int, weeks_before: int = 0, text: str = "") -> FeedbackItem:
    at = TUESDAY - weeks_before * WEEK + timedelta(minutes=number)
    return an_item(f"m-{weeks_before}-{number}", text=text or f"Parcel number {number} is late <b>again</b>.", received_at=at)


def take_in(store: DuckDBStore, *items: FeedbackItem, **labels: object) -> None:
    store.record_page(SUPPORT, a_page(items), NOW)
    store.record_understanding([understanding_of(item, said(**labels)) for item in items])
    store.record_routing([Routed(item.id, Status.OTHER, "a reason") for item in items])


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[DuckDBStore]:
    store = a_store(tmp_path / "quality.duckdb", StandingClock())
    yield store
    store.close()


@pytest.fixture
def quality_desk(kept: DuckDBStore, tmp_path: Path) -> Desk:
    """A desk over a real store, beside which the side bar's figures are made by hand."""

    class Both(FakeStore):
        _real = kept
        items = staticmethod(kept.items)
        record_correction = staticmethod(kept.record_correction)

    return make_desk(Both(tmp_path))


@pytest.fixture
def opened(quality_desk: Desk) -> Callable[..., AppTest]:
    def run(**query: str) -> AppTest:
        test = AppTest.from_function(page, args=("quality", quality_desk), default_timeout=20)
        for key, value in {"me": "Cara Diaz", **query}.items():
            test.query_params[key] = value
        return ran(test)

    return run


def judge_all(store: DuckDBStore, number: int, sentiment: Sentiment = NEGATIVE, kind: Kind = Kind.COMPLAINT) -> None:
    for item_id in store.weekly_sample(LAST, "Europe/London", 500).waiting[:number]:
        assert store.record_judgement(item_id, LAST, sentiment, kind, "Cara Diaz", NOW)


class TestTheWeek:
    def test_nothing_is_claimed_before_anybody_looked(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, *(message(number) for number in range(40)))
        html = shown(opened())
        assert "<h1>Nobody has checked the model yet.</h1>" in html
        assert "30 of last week’s 40 messages, drawn by lot, wait for people to read them" in html
        assert "fake-1" in html

    def test_few_are_counted_and_give_no_share(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, *(message(number) for number in range(40)))
        judge_all(kept, 12)
        html = shown(opened())
        assert "<h1>People agree with the model on 12 of 12 sentiments and 12 of 12 kinds so far.</h1>" in html
        assert "People read 12 of last week’s 40 messages. From 20 on, shares can be told." in html
        assert "ae-shares" not in html

    def test_shares_wear_their_range_beside_what_the_model_says(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, *(message(number) for number in range(1204)))
        judge_all(kept, 20)
        judge_all(kept, 10, NEUTRAL, Kind.QUESTION)
        html = shown(opened())
        assert "People read 30 of last week’s 1,204 messages: 67% complaints, between 49% and 80%; the model says 100%." in html
        assert "<h1>People agree with the model on 67% of sentiments and 67% of kinds.</h1>" in html
        assert "67% (49% to 81%)" in html

    def test_a_week_of_the_past_stands_in_the_address(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, *(message(number, weeks_before=1) for number in range(3)))
        assert "3 of the week of Mon 2 Nov’s 3 messages" in shown(opened(week="Week of 2026-11-02"))
        assert "No message came in last week." in shown(opened())

    def test_the_overview_says_it_in_a_line_that_leads_to_the_sample(self, quality_desk: Desk, kept: DuckDBStore):
        take_in(kept, *(message(number) for number in range(40)))
        html = shown(ran(AppTest.from_function(page, args=("overview", quality_desk), default_timeout=20)))
        assert "30 of last week’s 40 messages, drawn by lot, wait" in html
        assert 'href="/quality?part=Read+the+sample&amp;week=Week+of+2026-11-09"' in html

    def test_an_overview_without_messages_says_nothing_of_it(self, quality_desk: Desk):
        assert "ae-weekly" not in shown(ran(AppTest.from_function(page, args=("overview", quality_desk), default_timeout=20)))


class TestReadingTheSample:
    def test_it_shows_the_words_and_not_what_the_model_said(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1))
        test = opened(part=SAMPLE)
        html = shown(test)
        assert "Parcel number 1 is late &lt;b&gt;again&lt;/b&gt;." in html
        assert "0 of 1 read" in html
        assert "negative" not in html.lower().partition("message to read")[2]
        assert [button.label for button in test.button] == [
            *("Negative", "Mixed", "Neutral", "Positive"),
            *("Complaint", "Praise", "Question", "Suggestion", "Other"),
            "Skip",
        ]

    def test_sentiment_and_kind_are_kept_in_either_order_and_the_next_one_comes(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1), message(2))
        first, second = kept.weekly_sample(LAST, "Europe/London", 30).waiting
        test = press(press(opened(part=SAMPLE), "Neutral"), "Question")
        assert "1 of 2 read" in shown(test)
        assert kept.weekly_sample(LAST, "Europe/London", 30).waiting == (second,)
        (stored,) = kept.items([first])
        assert [(each.corrected_to, each.by) for each in stored.corrections] == [("neutral question", "Cara Diaz")]
        test = press(press(test, "Complaint"), "Negative")
        assert "All 2 messages drawn from last week are read." in shown(test)

    def test_the_last_word_counts_until_both_are_said(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1))
        test = press(press(opened(part=SAMPLE), "Positive"), "Negative")
        assert '<span class="ae-hidden">: negative</span>' in shown(test)
        assert kept.weekly_sample(LAST, "Europe/London", 30).read == 0
        press(test, "Complaint")
        assert kept.weekly_sample(LAST, "Europe/London", 30).judged[0].given == (NEGATIVE, Kind.COMPLAINT)

    def test_a_button_speaks_of_its_own_message_only(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        """A digit typed before the next message is drawn is not said of it."""
        take_in(kept, message(1), message(2))
        test = opened(part=SAMPLE)
        before = {button.key for button in test.button}
        after = {button.key for button in press(press(test, "Neutral"), "Question").button}
        assert not before & after

    def test_a_skipped_one_waits_for_somebody_else(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1), message(2))
        test = press(opened(part=SAMPLE), "Skip")
        assert "One is skipped." in shown(test)
        test = press(press(test, "Skip"), "Show the skipped ones again")
        assert "skipped" not in shown(test)
        assert len(kept.weekly_sample(LAST, "Europe/London", 30).waiting) == 2

    def test_who_was_slower_is_told(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1), message(2))
        test = press(opened(part=SAMPLE), "Neutral")
        judge_all(kept, 1)
        assert "Somebody was faster" in shown(press(test, "Question"))
        assert kept.weekly_sample(LAST, "Europe/London", 30).judged[0].given == (NEGATIVE, Kind.COMPLAINT)

    def test_nobody_judges_without_a_name(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1))
        test = opened(part=SAMPLE, me="")
        assert "Choose your name" in shown(test)
        assert not test.button


class TestWhatToLabelNext:
    def test_one_click_says_that_it_is_right(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1), confidence=0.4)
        test = opened(part=NEXT)
        assert "40% sure" in shown(test)
        assert "Negative complaint" in shown(test)
        html = shown(press(test, "That is right"))
        assert "Kept: negative complaint is right, says Cara Diaz." in html
        assert "The model is sure of everything it read in the last 28 days" in html
        assert kept.items([message(1).id])[0].corrections == ()

    def test_what_it_is_sure_of_is_not_offered(self, opened: Callable[..., AppTest], kept: DuckDBStore):
        take_in(kept, message(1), confidence=0.9)
        assert not opened(part=NEXT).button

    def test_messages_are_spread_over_labels_and_languages_and_no_two_alike(self):
        late = "the parcel is late and nobody answers me"
        offered = [
            Unsure(ItemId("a"), NEGATIVE, "en", 0.30, late),
            Unsure(ItemId("b"), NEGATIVE, "en", 0.31, f"{late} !"),
            Unsure(ItemId("c"), NEGATIVE, "en", 0.32, "charged twice for one bag"),
            Unsure(ItemId("d"), NEGATIVE, "fr", 0.50, "le colis est perdu"),
            Unsure(ItemId("e"), POSITIVE, "en", 0.45, "well thank you very much indeed"),
        ]
        assert [each.item_id for each in spread_out(offered, 4)] == ["a", "e", "d", "c"]
        assert [each.item_id for each in spread_out(offered, 2)] == ["a", "e"]
        assert spread_out([], 4) == []


def week_read(before: int, messages: int = 400, unsure: float = 0.1, negative: float = 0.5) -> WeekRead:
    bad = round(messages * negative)
    labels = {NEGATIVE: bad, POSITIVE: messages - bad}
    return WeekRead(LAST - before * WEEK, messages, round(messages * unsure), 0, 0.83, labels, {Kind.COMPLAINT: messages})


class TestDrift:
    def test_a_week_like_the_others_is_not_marked(self):
        weeks = [week_read(before, unsure=0.10 + before % 3 / 100) for before in range(8, -1, -1)]
        assert finding(drift(weeks), LAST) == "Last week was read like the weeks before it."

    def test_what_moved_is_named_with_what_was_usual(self):
        rows = drift([*(week_read(before) for before in range(8, 0, -1)), week_read(0, unsure=0.2)])
        assert moved(rows, LAST) == ["unsure 20%, usual 10%"]
        assert finding(rows, LAST) == "The week of Mon 9 Nov: unsure 20%, usual 10%."
        assert [cell.was for row in rows[1:] for cell in row.cells if cell.was] == []

    def test_chance_in_a_small_week_is_no_drift(self):
        rows = drift([*(week_read(before, 40) for before in range(8, 0, -1)), week_read(0, 40, unsure=0.2)])
        assert moved(rows, LAST) == []

    def test_few_earlier_weeks_tell_nothing(self):
        rows = drift([week_read(2), week_read(1), week_read(0, unsure=0.9)])
        assert finding(rows, LAST) == "What is usual is known after three earlier weeks with 20 messages each."
        assert not is_unlike(0.9, 400, [0.1, 0.1])

    def test_the_headline_counts_what_moved(self):
        weeks = (*(week_read(before) for before in range(8, 0, -1)), week_read(0, unsure=0.2, negative=0.9))
        judged = (
            Judged(Basis.LOT, "email", "en", NEGATIVE, Kind.COMPLAINT, NEGATIVE, Kind.COMPLAINT, 16),
            Judged(Basis.LOT, "email", "en", NEGATIVE, Kind.COMPLAINT, MIXED, Kind.COMPLAINT, 4),
        )
        assert headline(Quality(judged, weeks, ()), 400, LAST) == (
            "People agree with the model on 80% of sentiments and 100% of kinds. 3 figures moved last week."
        )


@pytest.mark.parametrize(
    ("now", "week"),
    [
        (datetime(2026, 11, 15, 23, 59, tzinfo=UTC), date(2026, 11, 2)),
        (datetime(2026, 11, 16, 0, 1, tzinfo=UTC), date(2026, 11, 9)),
        (datetime(2026, 6, 7, 23, 30, tzinfo=UTC), date(2026, 6, 1)),  # half past midnight on Monday in London
    ],
)
def test_a_week_is_over_on_monday_in_the_business_time_zone(quality_desk: Desk, now: datetime, week: date):
    assert last_week(now, quality_desk.timezone) == week


def test_a_line_needs_nobody_on_the_page(kept: DuckDBStore):
    take_in(kept, *(message(number) for number in range(5)))
    sample = kept.weekly_sample(LAST, "Europe/London", 3)
    assert weekly_line(sample, "last week").startswith("3 of last week’s 5 messages")
    assert weekly_line(replace(sample, waiting=()), "last week").startswith("0 of last week’s 5")
