"""The Overview's charts: what they show, what they say in words, and what they cost while nobody looks."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.feedback import Sentiment
from allears.domain.overview import DayCount
from allears.domain.shift import LabelMove
from allears.domain.trends import Part, RuleChange
from app.dashboard.charts.base import across, hairlines, line, up
from app.dashboard.charts.daily import daily_chart
from app.dashboard.charts.palette import LIGHT, PAGE
from app.dashboard.connection import Desk
from app.dashboard.figures.changes import Marker
from app.dashboard.figures.feeling import tone_period
from app.dashboard.figures.likely import net, share
from app.dashboard.figures.tone import NEGATIVE, NET, tone_of
from app.dashboard.figures.usual import Day, Range
from app.dashboard.periods import Step, last_days
from tests.unit.dashboard.northwind import LONDON, NOW, FakeStore
from tests.unit.dashboard.pages import shown

Opened = Callable[..., AppTest]
TODAY = date(2026, 11, 19)
USUAL = Range(18, 38, 28)


def a_month(**complaints: int) -> list[Day]:
    """Four weeks of 27 complaints a day; `d3=61` says what came three days ago."""
    numbers = {int(name.removeprefix("d")): number for name, number in complaints.items()}
    return [Day(TODAY - timedelta(days=back), numbers.get(back, 27), USUAL, complete=back > 0) for back in range(27, -1, -1)]


def spec(days: list[Day], *markers: Marker, palette=PAGE) -> dict[str, Any]:
    return daily_chart(days, "A finding.", markers, lambda day: f"/inbox?from={day}", palette).to_dict()


def words(chart: dict[str, Any]) -> set[str]:
    rows = [row for layer in chart["layer"] for row in rows_of(chart, layer)]
    return {row["note"] for row in rows if "note" in row}


def rows_of(chart: dict[str, Any], layer: dict[str, Any]) -> list[dict[str, Any]]:
    data = layer.get("data", {})
    return chart["datasets"][data["name"]] if "name" in data else data.get("values", [])


class TestDailyChart:
    def test_the_highest_day_outside_its_range_is_named_and_every_one_marked(self):
        chart = spec(a_month(d3=61, d2=47, d9=10, d0=11))
        assert words(chart) == {"61 on Mon 16 Nov, usual 18–38", "11 so far today", "usual range"}
        dots = [rows_of(chart, layer) for layer in chart["layer"] if layer["mark"].get("type") == "circle"]
        assert [[row["complaints"] for row in rows] for rows in dots] == [[61, 47], [10]]

    def test_today_is_dashed_and_all_before_it_is_not(self):
        lines = [layer for layer in spec(a_month(d0=11))["layer"] if layer["mark"].get("type") == "line"]
        assert [("strokeDash" in line["mark"]) for line in lines] == [False, True]

    def test_counts_begin_at_zero_with_four_hairlines_at_the_most_and_no_legend(self):
        chart = spec(a_month(d3=61))
        y = next(layer["encoding"]["y"] for layer in chart["layer"] if "y" in layer["encoding"] and "axis" in layer["encoding"]["y"])
        assert y["scale"]["domain"] == [0, 61]
        assert y["axis"]["values"] == [0, 20, 40, 60]
        assert "legend" not in json.dumps(chart)

    @pytest.mark.parametrize("most", [0, 1, 3, 4, 7, 9, 10, 61, 99, 100, 1_234, 54_321, 9_999_999])
    def test_hairlines_are_round_and_few_whatever_the_scale(self, most: int):
        values = hairlines(most, 3, 1)
        assert values[0] == 0
        assert 1 <= len(values) <= 4
        assert max(values) <= most
        assert most == 0 or len(values) > 1

    def test_each_day_opens_its_messages_and_says_what_it_is(self):
        chart = spec(a_month(d3=61, d0=11))
        ways = next(rows_of(chart, layer) for layer in chart["layer"] if "href" in layer["encoding"])
        assert (len(ways), ways[-4]["href"], ways[-4]["says"]) == (28, "/inbox?from=2026-11-16", "61 on Mon 16 Nov, usual 18–38")
        assert ways[-1]["says"] == "11 so far today, Thu 19 Nov, usual 18–38"

    def test_a_change_is_an_upright_line_with_a_word_even_on_the_last_day(self):
        at = NOW.replace(tzinfo=None)
        chart = spec(a_month(), Marker(at - timedelta(days=14), "model"), Marker(at, "rules"))
        rules = next(rows_of(chart, layer) for layer in chart["layer"] if layer["mark"].get("type") == "rule")
        end = next(layer["encoding"]["x"]["scale"]["domain"][1] for layer in chart["layer"] if "scale" in layer["encoding"].get("x", {}))
        assert [row["word"] for row in rules] == ["model", "rules"]
        assert max(row["at"] for row in rules) == end

    def test_the_finding_is_read_out_and_the_picture_is_svg_without_a_menu(self):
        chart = spec(a_month())
        assert chart["description"] == "Complaints a day. A finding."
        assert chart["usermeta"]["embedOptions"] == {"renderer": "svg", "actions": False}

    def test_a_page_has_variables_and_a_file_has_colours(self):
        page, file = json.dumps(spec(a_month(d3=61))), json.dumps(spec(a_month(d3=61), palette=LIGHT))
        assert "var(--ink)" in page
        assert "#" not in page
        assert "var(" not in file


@pytest.mark.parametrize(
    ("values", "dots"),
    [
        ((None, None, None, 0.5), [3]),
        ((0.5, None, 0.6, None), [0, 2]),
        ((0.5, 0.6, None, 0.4), [3]),
        ((0.1, 0.2, 0.3, 0.4), []),
        ((None,) * 4, []),
    ],
)
def test_a_step_whose_neighbours_have_no_value_is_a_dot(values: tuple[float | None, ...], dots: list[int]):
    x, y = across([TODAY], {}, PAGE), up("value", 1.0, PAGE, share=True)
    drawn = [layer.to_dict() for layer in line(range(4), values, [True] * 4, x, y, PAGE)]
    points = [
        layer["data"]["values"] if "values" in layer["data"] else next(iter(layer["datasets"].values()))
        for layer in drawn
        if layer["mark"]["type"] == "point"
    ]
    assert [row["at"] for rows in points for row in rows] == dots


class TestOverview:
    def test_an_unusual_day_is_explained_and_leads_to_the_messages(self, opened: Opened):
        text = shown(opened("overview"))
        there = "/inbox?list=Messages&amp;from=2026-11-16&amp;to=2026-11-16&amp;kind=complaint&amp;topic=billing&amp;status=counted"
        assert f'<b><a href="{there}">Billing</a></b>' in text
        assert "accounts for" in text

    def test_rules_that_changed_are_told_below_the_complaints(self, opened: Opened, store: FakeStore):
        store.changed_rules = [RuleChange(NOW - timedelta(days=5), Part.ROUTE, "billing", "a", "b")]
        assert "The route for billing changed." in shown(opened("overview"))

    def test_how_customers_feel_has_its_interval_and_says_what_it_allows_for(self, opened: Opened, store: FakeStore):
        text = shown(opened("overview"))
        assert "messages were read as negative" in text
        assert "how often the model errs is not known yet" in text
        store.judged = [LabelMove(Sentiment.NEGATIVE, Sentiment.NEGATIVE, 90), LabelMove(Sentiment.NEGATIVE, Sentiment.NEUTRAL, 10)]
        assert "what judged messages tell of the model’s errors" in shown(opened("overview"))

    def test_the_net_of_positive_and_negative_is_one_click_away_and_in_the_address(self, opened: Opened):
        assert "Positive less negative makes" in shown(opened("overview", tone="Net"))

    def test_a_quiet_business_is_shown_by_weeks(self, desk: Desk, store: FakeStore):
        busy = store.overview(NOW, 28, "Europe/London")
        quiet = replace(busy, daily=tuple(replace(each, negative=1, mixed=0, neutral=0, positive=1) for each in busy.daily))
        assert [tone_period(desk, each).step for each in (busy, quiet)] == [Step.DAY, Step.WEEK]
        assert tone_period(desk, quiet).first == tone_period(desk, busy).first


class TestTone:
    def test_a_step_counts_its_own_days_and_one_without_messages_has_no_figure(self):
        week = last_days(7, NOW, LONDON)
        daily = [DayCount(TODAY - timedelta(days=back), "email", 3, 1, 4, 2, 3) for back in (0, 2, 8)]
        tone = tone_of(daily, week, NEGATIVE, [], lambda first, last: f"{first} {last}")
        assert [each.value is not None for each in tone.points] == [False, False, False, False, True, False, True]
        assert tone.whole == share(6, 20)
        assert tone.before == share(3, 10)
        assert (tone.points[4].href, tone.points[4].says[:34]) == ("2026-11-17 2026-11-17", "Tue 17 Nov: 30% negative (11% to 6")

    def test_the_net_is_positive_less_negative(self):
        daily = [DayCount(TODAY, "email", 3, 1, 4, 2, 3)]
        tone = tone_of(daily, last_days(7, NOW, LONDON), NET, [], lambda *_: "")
        assert tone.whole == net(2, 3, 10)


def test_a_dashboard_that_nobody_looks_at_has_no_altair_and_no_pandas():
    script = """
import sys
from app.dashboard.views import overview, trends
print(sorted({"altair", "pandas", "pyarrow"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
