"""The trends: what moved, against which period, by what; and the pages that show it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from allears.domain.corrections import Reclassification
from allears.domain.trends import Changes, Counts, Part, RuleChange, Taught, TrendCount
from allears.errors import StoreError
from allears.settings import TagSettings
from app.dashboard.connection import Desk
from app.dashboard.figures.changes import change_days
from app.dashboard.figures.trending import FIGURES, Trend, changed, movers, trends_of, with_others
from app.dashboard.periods import OWN_DATES, YEAR, Step, period
from tests.unit.dashboard.northwind import LONDON, NOW, FakeStore
from tests.unit.dashboard.pages import page, ran, shown

COMPLAINTS, SHARE = FIGURES["Complaints"], FIGURES["Share of complaints"]
Opened = Callable[..., AppTest]


def charts(page: AppTest) -> list[dict]:
    """The charts of a page, which are what Vega-Lite's schema asks for."""
    drawn = [json.loads(each.proto.spec) for each in page.get("vega_lite_chart")]
    for each in drawn:
        alt.LayerChart.from_dict(each)
    return drawn


class TestPeriods:
    @pytest.mark.parametrize(
        ("chosen", "step", "first", "steps"),
        [
            ("7 days", Step.DAY, date(2026, 11, 13), 7),
            ("28 days", Step.DAY, date(2026, 10, 23), 28),
            ("90 days", Step.WEEK, date(2026, 8, 22), 14),
            (YEAR, Step.MONTH, date(2025, 12, 1), 12),
        ],
    )
    def test_a_period_is_cut_by_its_length_and_ends_now(self, chosen: str, step: Step, first: date, steps: int):
        shown = period(chosen, None, NOW, LONDON)
        assert (shown.step, shown.first, len(shown.starts), shown.until) == (step, first, steps, NOW)
        assert shown.whole[1:] == [True] * (steps - 2) + [False]

    def test_a_week_that_the_period_cuts_at_its_beginning_is_not_whole(self):
        weeks = period("90 days", None, NOW, LONDON)
        assert weeks.whole[0] is False
        assert (weeks.days_of(0), weeks.days_of(1)) == (
            (date(2026, 8, 22), date(2026, 8, 23)),
            (date(2026, 8, 24), date(2026, 8, 30)),
        )

    def test_the_period_before_ends_where_this_one_begins_as_late_in_the_day_as_now(self):
        before = period("28 days", None, NOW, LONDON).before()
        assert (before.first, before.last, before.until) == (
            date(2026, 9, 25),
            date(2026, 10, 22),
            datetime(2026, 10, 22, 10, 42, tzinfo=LONDON),
        )

    def test_months_are_compared_with_months_and_days_with_the_same_weekdays(self):
        year, month = period(YEAR, None, NOW, LONDON), period("28 days", None, NOW, LONDON)
        assert (year.before().first, year.year_before().until.date()) == (date(2024, 12, 1), date(2025, 11, 19))
        assert month.year_before().first == date(2026, 10, 23) - timedelta(weeks=52)

    def test_own_dates_in_the_past_are_whole_whatever_their_order(self):
        shown = period(OWN_DATES, (date(2026, 3, 31), date(2026, 3, 5)), NOW, LONDON)
        assert (shown.first, shown.last, all(shown.whole)) == (date(2026, 3, 5), date(2026, 3, 31), True)
        assert shown.bounds[-1] == datetime(2026, 4, 1, tzinfo=LONDON)

    @given(
        st.dates(date(2001, 1, 1), date(2026, 11, 19)),
        st.dates(date(2001, 1, 1), date(2026, 11, 19)),
        st.sampled_from(["UTC", "Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]),
    )
    def test_steps_follow_each_other_and_no_day_is_in_two_or_none(self, one: date, other: date, zone: str):
        shown = period(OWN_DATES, (one, other), NOW, ZoneInfo(zone))
        for each in (shown, shown.before(), shown.year_before()):
            assert each.bounds == sorted(set(each.bounds))
        days = [shown.days_of(number) for number in range(len(shown.starts))]
        assert days[0][0] == min(one, other)
        assert all(after[0] - before[1] == timedelta(days=1) for before, after in pairwise(days))
        assert shown.before().last < shown.first


def a_trend(key: str | None, now: Counts, before: Counts) -> Trend:
    return Trend(key, (now,), (before,))


class TestMovers:
    def test_who_moved_most_comes_first_whether_up_or_down(self):
        trends = [
            a_trend("steady", Counts(900, 500), Counts(900, 499)),
            a_trend("up", Counts(30, 30), Counts(10, 10)),
            a_trend("down", Counts(5, 5), Counts(40, 40)),
        ]
        assert [each.key for each in movers(trends, COMPLAINTS)] == ["down", "up", "steady"]

    def test_a_share_moves_by_the_messages_that_its_former_share_does_not_explain(self):
        tiny, large = a_trend("tiny", Counts(2, 2), Counts(2, 0)), a_trend("large", Counts(1000, 400), Counts(1000, 350))
        assert [each.key for each in movers([tiny, large], SHARE)] == ["large", "tiny"]
        assert (changed(large, SHARE), changed(tiny, SHARE)) == ("+5 pts", "–")

    def test_more_than_twelve_are_shown_as_eleven_and_the_others_together(self):
        counts = [TrendCount(0, f"topic {number}", Counts(number, number)) for number in range(1, 15)]
        kept, others = with_others(movers(trends_of(counts, [], 1), COMPLAINTS), 1)
        assert ([each.key for each in kept][:2], len(kept)) == (["topic 14", "topic 13"], 11)
        assert others is not None
        assert (others.stands_for, others.total.messages) == (3, 1 + 2 + 3)

    def test_a_key_that_fell_silent_is_still_there(self):
        (silent,) = trends_of([], [TrendCount(1, "x", Counts(7, 7))], 2)
        assert (silent.total.messages, silent.total_before.messages, changed(silent, COMPLAINTS)) == (0, 7, "−7")


class TestChangesInWords:
    def test_a_day_says_what_changed_and_marks_it(self):
        at = NOW - timedelta(days=3)
        rules = (
            RuleChange(at, Part.TOPIC, "refunds", None, "a"),
            RuleChange(at, Part.MODEL, "model", "builtin-1", "builtin-2"),
            RuleChange(at, Part.ROUTE, "billing", "a", "b"),
            RuleChange(at, Part.PERSON, "Ada Brook", "a", None),
        )
        (day,) = change_days(Changes(rules), LONDON)
        assert day.sentences == (
            "The model changed from builtin-1 to builtin-2.",
            "The topic refunds was added.",
            "The route for billing changed.",
            "Ada Brook was taken out.",
        )
        assert day.marker.word == "model, rules"

    def test_many_of_a_kind_are_counted(self):
        people = tuple(RuleChange(NOW, Part.PERSON, f"Person {number}", "a", "b") for number in range(5))
        (day,) = change_days(Changes(people), LONDON)
        assert (day.sentences, day.marker.word) == (("5 people changed.",), "rules")

    def test_what_a_topic_was_taught_is_one_mark_a_day_with_how_many(self):
        early, later = NOW - timedelta(days=2, hours=3), NOW - timedelta(days=2)
        taught = (Taught(early, "billing"), Taught(later, "billing"), Taught(later, "taste", forgotten=True), Taught(NOW, "taste"))
        first, second = change_days(Changes((), (), taught), LONDON)
        assert first.sentences == ("The topic billing was taught 2 examples.", "1 example of taste was taken back.")
        assert (first.marker.word, first.marker.at) == ("rules", early.astimezone(LONDON).replace(tzinfo=None))
        assert second.sentences == ("The topic taste was taught 1 example.",)
        corrected = change_days(Changes((), (), (Taught(NOW, "shops"), Taught(NOW, "shops", forgotten=True))), LONDON)
        assert corrected[0].sentences == ("The topic shops was taught 1 example, and 1 taken back.",)

    def test_of_many_topics_examples_are_counted(self):
        taught = [Taught(NOW, f"topic {number}") for number in range(5)]
        (day,) = change_days(Changes((), (), (*taught, Taught(NOW, "topic 1", forgotten=True))), LONDON)
        assert day.sentences == ("5 examples were taught and 1 taken back, of 5 topics.",)

    def test_a_model_that_read_old_messages_again_is_told_on_its_day(self):
        again = Reclassification(NOW, NOW, finished=True, from_versions=("a",), to_version="b", items=1200, changed=31)
        (day,) = change_days(Changes((), (again,)), LONDON)
        assert day.sentences == ("b read old messages again: 31 of 1,200 labels differ.",)
        assert day.marker.word == "model"


class TestTrendsPage:
    def test_it_says_what_moved_and_by_whom_most(self, opened: Opened):
        page = opened("trends", by="Channel")
        assert "complaints in the last 28 days, +" in shown(page)
        assert "Form moved most: +" in shown(page)
        large, *small = charts(page)
        assert large["description"].startswith("Complaints a day. ")
        assert [each["description"].split(":")[0] for each in small] == ["Form", "Email", "X", "Reddit"]

    def test_small_charts_share_one_scale(self, opened: Opened):
        _, *small = charts(opened("trends", by="Channel"))
        scales = [layer["encoding"]["y"]["scale"]["domain"] for chart in small for layer in chart["layer"] if "y" in layer["encoding"]]
        assert len({tuple(scale) for scale in scales}) == 1
        assert scales[0][0] == 0

    def test_each_figure_leads_to_its_messages_and_each_name_into_it(self, opened: Opened):
        text = shown(opened("trends", by="Channel", period="7 days"))
        assert "/inbox?list=Messages&amp;from=2026-11-13&amp;to=2026-11-19&amp;channel=form&amp;kind=complaint&amp;status=counted" in text
        assert "/inbox?list=Messages&amp;from=2026-11-06&amp;to=2026-11-12&amp;channel=form&amp;kind=complaint&amp;status=counted" in text
        assert "/trends?period=7+days&amp;channel=form" in text

    def test_a_filter_of_the_address_narrows_and_a_former_topic_is_one_too(self, opened: Opened):
        assert "By topic, the biggest movers first" not in shown(opened("trends", channel="form"))  # one alone is the whole
        page = opened("trends", topic="a topic of last year")
        assert "No message matches these filters in the last 28 days." in shown(page)
        assert next(each for each in page.selectbox if each.label == "Topic").value == "a topic of last year"

    def test_rules_that_changed_are_marked_in_every_chart_and_told_in_words(self, opened: Opened, store: FakeStore):
        store.changed_rules = [
            RuleChange(NOW - timedelta(days=5), Part.TOPIC, "billing", "a", "b"),
            RuleChange(NOW - timedelta(days=40), Part.PERSON, "Ada Brook", "a", "b"),
        ]
        page = opened("trends", by="Channel")
        assert "The topic billing changed." in shown(page)
        assert "Ada Brook changed." in shown(page)
        for chart in charts(page):
            assert sum(layer["mark"].get("type") == "rule" for layer in chart["layer"]) == 1

    def test_own_dates_stand_in_the_address(self, opened: Opened):
        page = opened("trends", period="Dates", **{"from": "2026-10-01", "to": "2026-10-14"})
        assert "1 Oct to 14 Oct, against the 14 days before" in shown(page)

    def test_shares_are_compared_in_points(self, opened: Opened):
        text = shown(opened("trends", figure="Share of complaints", by="Channel"))
        assert "messages in the last 28 days were complaints" in text
        assert " pts" in text

    def test_owners_have_cases_only_and_the_page_says_so(self, opened: Opened):
        only = "Only messages of cases count here: others have no owner and no tag."
        assert only in shown(opened("trends", by="Owner"))
        assert only in shown(opened("trends", owner="Ada Brook"))
        assert only not in shown(opened("trends"))
        assert "status=case" in shown(opened("trends", by="Owner"))

    def test_a_tags_figures_lead_to_its_messages(self, desk: Desk):
        tagged = replace(desk, plan=replace(desk.plan, tags=(TagSettings(name="delivery", customers=("*@hotel.example",)),)))
        test = AppTest.from_function(page, args=("trends", tagged), default_timeout=20)
        test.query_params["by"] = "Tag"
        assert "&amp;tag=delivery&amp;kind=complaint&amp;status=case" in shown(ran(test))

    def test_a_silent_store_is_told(self, opened: Opened, store: FakeStore):
        store.trouble = StoreError("The store service is not running.")
        assert "The store could not be read just now." in shown(opened("trends"))


FIRST_CHARTS = """
import sys, threading
from datetime import datetime
from app.dashboard.charts import page
wrong = []
def look():
    try:
        page.load()
        import altair as alt
        for _ in range(20):
            days = alt.Scale(domain=[datetime(2026, 1, 1), datetime(2026, 2, 1)])
            alt.Chart(alt.Data(values=[{"a": 1}])).mark_line().encode(x=alt.X("a:T", scale=days)).to_dict()
            import pandas
    except Exception as error:
        wrong.append(error)
sys.setswitchinterval(1e-6)
people = [threading.Thread(target=look) for _ in range(8)]
for each in people: each.start()
for each in people: each.join()
assert not wrong, wrong
"""


def test_the_first_charts_of_all_are_drawn_for_several_people_at_once():
    done = subprocess.run([sys.executable, "-c", FIRST_CHARTS], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
