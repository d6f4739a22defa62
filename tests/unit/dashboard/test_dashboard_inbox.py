"""The inbox: both lists, what narrows them, how far one has read, and steps on several cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.case import CaseId
from allears.domain.inbox import CaseCounts, CasePage, Show
from allears.errors import CaseConflict, NotAllowed, StoreError
from app.dashboard.components.caselist import grouped
from app.dashboard.steps.bulk import Outcome, one_by_one
from tests.unit.dashboard.northwind import NOW, FakeStore, lines
from tests.unit.dashboard.pages import press, shown

Opened = Callable[..., AppTest]
DAY = timedelta(days=1)


def named(html: str, store: FakeStore) -> set[str]:
    return {line.customer for line in store.lines if f"<bdi>{line.customer}</bdi>" in html}


class TestLists:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"kind": "question"}, {"Ines Caldeira", "Aisha Rahman", "Grace Whitmore"}),
            ({"sentiment": "mixed"}, {"@saltmarsh_ed", "Marcus Thiele"}),
            ({"urgency": "critical"}, {"u/kettle_and_crow", "Peter Vance"}),
            ({"source": "support", "channel": "reddit"}, {"u/kettle_and_crow"}),
            ({"from": "2026-11-19", "topic": "billing"}, {"u/kettle_and_crow", "Hélène Marchand"}),
            ({"to": "2026-11-12"}, {"Sofia Petrakis", "Grace Whitmore"}),
            ({"period": "7 days", "topic": "repairs"}, {"Peter Vance"}),
            ({"topic": "a topic of long ago"}, set()),
        ],
    )
    def test_cases_are_narrowed_by_the_address(self, opened: Opened, store: FakeStore, query: dict[str, str], found: set[str]):
        assert named(shown(opened("inbox", **query)), store) == found

    @pytest.mark.parametrize("listed", ["Cases", "Messages"])
    def test_a_tag_narrows_also_one_that_the_configuration_has_no_more(self, opened: Opened, listed: str):
        html = shown(opened("inbox", list=listed, tag="roasters"))
        assert "Only <b>roasters</b>." in html
        assert "matches these filters" in html

    def test_messages_are_every_one_the_newest_first(self, opened: Opened, store: FakeStore):
        html = shown(opened("inbox", list="Messages"))
        assert "15 messages." in html
        assert "in the last 90 days" in html
        assert named(html, store) == {line.customer for line in store.lines}
        assert html.index("Hélène Marchand") < html.index("Peter Vance") < html.index("Grace Whitmore")

    def test_a_message_that_is_gone_or_was_never_like_another_is_told(self, opened: Opened):
        html = shown(opened("inbox", list="Messages", like="nothing"))
        assert "No other message means the like of this one." in html
        assert "period=All+time" in html

    def test_words_are_searched_in_the_last_days_unless_dates_are_chosen(self, opened: Opened):
        assert "Search all time" in shown(opened("inbox", q="parcel"))
        assert "Search all time" not in shown(opened("inbox", q="parcel", period="All time"))
        assert "Search all time" not in shown(opened("inbox"))

    def test_filters_that_are_folded_away_are_named_and_cleared(self, opened: Opened):
        html = shown(opened("inbox", kind="complaint", owner="Ada Brook", **{"from": "2026-11-10"}))
        assert "Only <b>complaint, from 10 Nov</b>." in html
        assert 'href="?owner=Ada+Brook"' in html

    def test_resolved_cases_are_listed_by_themselves(self, opened: Opened):
        html = shown(opened("inbox", show="Resolved"))
        assert "No resolved case matches these filters." in html
        assert "15 open." in html

    def test_where_no_case_matches_other_lists_are_a_click_away(self, opened: Opened):
        html = shown(opened("inbox", q="teapot", owner="Ada Brook"))
        assert 'href="?q=teapot&amp;owner=Ada+Brook&amp;show=Resolved"' in html
        assert 'href="?q=teapot&amp;owner=Ada+Brook&amp;list=Messages"' in html


class TestPaging:
    @pytest.fixture
    def many(self, store: FakeStore) -> FakeStore:
        """Sixty cases, one due after the other."""
        (first,) = lines()[:1]
        store.lines = [
            replace(
                first,
                customer=f"Number {number:02}",
                case=replace(first.case, id=CaseId(f"C-{2000 + number}"), next_date=NOW + DAY * (number + 1)),
            )
            for number in range(60)
        ]
        return store

    def test_fifty_are_shown_and_the_rest_is_a_click_away_in_the_address(self, opened: Opened, many: FakeStore):
        page = opened("inbox")
        assert len(named(shown(page), many)) == 50
        page = press(page, "Show 10 more")
        assert len(named(shown(page), many)) == 60
        assert page.query_params["rows"] == "100"

    @pytest.mark.parametrize("rows", ["", "-5", "9" * 400, "٣", "abc"])
    def test_a_number_of_rows_that_cannot_be_is_the_usual_one(self, opened: Opened, many: FakeStore, rows: str):
        assert len(named(shown(opened("inbox", rows=rows)), many)) == 50

    def test_a_page_begins_after_the_line_that_the_address_names(self, opened: Opened, many: FakeStore):
        case = many.lines[54].case
        page = opened("inbox", after=f"{case.next_date.isoformat()}~{case.id}")
        assert named(shown(page), many) == {f"Number {number}" for number in range(55, 60)}
        assert len(named(shown(press(page, "Back to the first")), many)) == 50

    @pytest.mark.parametrize("after", ["nonsense", "2026-11-19T10:00:00~C-1", "2026-11-19T10:00:00+00:00~"])
    def test_a_place_that_cannot_be_read_is_the_front(self, opened: Opened, many: FakeStore, after: str):
        assert many.lines[0].customer in shown(opened("inbox", after=after))


def test_groups_count_all_that_match_and_list_those_of_the_page():
    page = CasePage(tuple(lines()[:3]), 15, 2, 7, CaseCounts(15, 2, 7, 3))
    groups = grouped(page, Show.OPEN, NOW, NOW + DAY)
    assert [(group.name, group.found, len(group.lines), group.is_late) for group in groups] == [
        ("Late", 2, 2, True),
        ("Due today", 7, 1, False),
    ]


class TestOneByOne:
    def test_what_is_refused_of_one_stops_no_other(self):
        taken: list[str] = []

        def step(case_id: CaseId) -> None:
            if case_id == "C-2":
                raise CaseConflict("Ben Hall has C-2.")
            if case_id == "C-3":
                raise NotAllowed("Managers only.")
            taken.append(case_id)

        outcome = one_by_one("Acknowledged", ["C-1", "C-2", "C-3", "C-4"], step)
        assert outcome == Outcome("Acknowledged", 2, (("C-2", "Ben Hall has C-2."), ("C-3", "Managers only.")))
        assert taken == ["C-1", "C-4"]

    def test_a_store_that_fails_leaves_the_rest_undone_and_says_so(self):
        tried: list[str] = []

        def step(case_id: CaseId) -> None:
            tried.append(case_id)
            if case_id == "C-2":
                raise StoreError("The disk is full.")

        outcome = one_by_one("Acknowledged", ["C-1", "C-2", "C-3"], step)
        assert (outcome.done, [case_id for case_id, _ in outcome.refused]) == (1, ["C-2", "C-3"])
        assert tried == ["C-1", "C-2"]
