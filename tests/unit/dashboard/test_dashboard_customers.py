"""Customers: the list of them, and one over the years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.case import CaseId, CustomerId, Reply
from allears.domain.customers import First, Mark
from allears.domain.feedback import ItemId
from allears.domain.inbox import Messages
from app.dashboard.components.history import axis, had_by, thread
from tests.unit.dashboard.northwind import LONDON, NOW, FakeStore, lines
from tests.unit.dashboard.pages import shown

Opened = Callable[..., AppTest]
DAY = timedelta(days=1)


@pytest.fixture
def mara(store: FakeStore) -> str:
    (line,) = store.customers("lindqvist", First.CASES, NOW - 28 * DAY, NOW, 5).lines
    return line.id


class TestPages:
    def test_those_who_wait_come_first_and_lead_to_their_page(self, opened: Opened, mara: str):
        html = shown(opened("customers"))
        assert "15 customers wrote in the last 28 days or have an open case." in html
        assert f'href="/customer?id={mara}"' in html
        assert html.index("Mara Lindqvist") < html.index("Peter Vance")

    def test_they_are_found_by_name(self, opened: Opened, store: FakeStore):
        html = shown(opened("customers", q="vance"))
        assert "One customer matches." in html
        assert [line.customer for line in store.lines if f"<bdi>{line.customer}</bdi>" in html] == ["Peter Vance"]

    def test_whom_nobody_finds_may_be_looked_for_elsewhere(self, opened: Opened):
        html = shown(opened("customers", q="nobody at all"))
        assert "No customer has that name or contact." in html
        assert 'href="/inbox?list=Messages"' in html

    def test_one_customer_with_messages_cases_and_who_has_them(self, opened: Opened, mara: str):
        html = shown(opened("customer", id=mara))
        assert "<bdi>Mara Lindqvist</bdi>: one message, one case is open, 1 late." in html
        assert 'href="/case?id=C-1002"' in html
        assert "You have charged me twice for November" in html
        assert "C-1002@example.org" in html
        assert "<b>Ada Brook</b>" in html

    @pytest.mark.parametrize("query", [{}, {"id": "<script>alert(1)</script>"}])
    def test_an_unknown_customer_is_met_kindly(self, opened: Opened, query: dict[str, str]):
        html = shown(opened("customer", **query))
        assert "No customer is known by this address." in html
        assert "<script" not in html

    def test_the_case_leads_to_its_customer(self, opened: Opened):
        assert 'href="/customer?id=customer-1002"' in shown(opened("case", id="C-1002"))


class TestAxis:
    def test_years_are_marked_and_what_falls_together_is_one_mark(self):
        first = NOW - 1000 * DAY
        marks = [Mark(first, "positive"), Mark(NOW - DAY, "negative"), Mark(NOW - DAY / 2, "negative"), Mark(NOW - DAY / 3, "mixed")]
        shown = axis(marks, NOW, LONDON)
        assert [(round(dot.left), dot.tone, dot.messages) for dot in shown.dots] == [
            (0, "positive", 1),
            (100, "negative", 2),
            (100, "mixed", 1),
        ]
        assert [text for _, text in shown.ticks] == ["2024", "2025", "2026"]
        assert [left for left, _ in shown.ticks] == sorted(left for left, _ in shown.ticks)

    def test_a_short_history_says_when_it_began(self):
        shown = axis([Mark(NOW - 3 * DAY, None)], NOW, LONDON)
        assert shown.ticks == ((0.0, "16 Nov 2026"), (100.0, "now"))

    def test_no_message_is_no_axis(self):
        assert axis([], NOW, LONDON).dots == ()


def test_letters_stand_between_messages_and_old_ones_not_before_the_first_shown(store: FakeStore, mara: str):

    (message,) = store.messages(Messages(customer=CustomerId(mara)), None, 5).lines
    letters = [
        Reply(key, CaseId("C-1002"), ItemId("i"), "Ada Brook", "email:x", key, message.received_at + days * DAY)
        for key, days in (("before", -9), ("after", 1))
    ]
    assert [word.letter and word.letter.key for word in thread([message], letters, whole=True)] == ["before", None, "after"]
    assert [word.letter and word.letter.key for word in thread([message], letters, whole=False)] == [None, "after"]


def test_who_has_had_most_cases_comes_first():
    assert had_by([line.case for line in lines()])[0] == ("Tom Okafor", 4)
