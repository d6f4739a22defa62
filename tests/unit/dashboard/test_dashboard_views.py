"""Every page over a hand-made store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from allears import caring
from allears.domain.case import CaseId, CaseStatus
from allears.domain.corrections import Reclassification
from allears.domain.feedback import Kind, Sentiment
from allears.errors import StoreError
from app.dashboard.connection import Desk
from tests.unit.dashboard.northwind import NOW, FakeStore, praise, stored
from tests.unit.dashboard.pages import press, shown

Opened = Callable[..., AppTest]


def test_overview_gives_a_verdict_and_the_figures_with_base_and_former_value(opened: Opened):
    html = shown(opened("overview"))
    assert "<h1>15 cases open, each with an owner. 2 are late.</h1>" in html
    assert "2 of 15 open cases" in html
    assert "was 7.1 s" in html
    assert "89 of 98; 0.11 hops a case" in html
    assert html.index("Daniel Osei") < html.index("Mara Lindqvist") < html.index("u/kettle_and_crow")
    assert "1,023" in html
    assert "Tom remembered my name" in html


@pytest.mark.parametrize("period", ["7 days", "28 days", "90 days"])
def test_overview_takes_its_period_from_the_address(opened: Opened, period: str):
    test = opened("overview", period=period)
    assert f"Every message of the last {period} is accounted for." in shown(test)


def test_overview_of_a_day_without_cases_is_good_news(opened: Opened, store: FakeStore):
    store.lines = []
    html = shown(opened("overview"))
    assert "No case is open. No promise is late." in html
    assert "is-late" not in html


def test_an_owner_who_left_is_told_in_the_headline(opened: Opened, store: FakeStore, desk: Desk):
    del desk.directory.people["Ruth Adeyemi"]
    assert "2 with an owner who is no longer in the directory" in shown(opened("overview"))


def test_an_unbalanced_ledger_is_an_alarm_everywhere(opened: Opened, store: FakeStore):
    store.astray = 1
    assert "Ledger does not balance" in shown(opened("overview"))
    assert "14 not accounted for." in shown(opened("ledger"))


def test_inbox_groups_by_deadline(opened: Opened):
    html = shown(opened("inbox"))
    assert "15 open. 2 late, 3 not yet acknowledged." in html
    late, today, later = (html.index(f">{name} <span>") for name in ("Late", "Due today", "Later"))
    assert late < html.index("Daniel Osei") < today < html.index("Peter Vance") < later < html.index("Marcus Thiele")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"owner": "Ruth Adeyemi"}, {"Peter Vance", "Sofia Petrakis"}),
        ({"topic": "taste"}, {"Marcus Thiele", "Grace Whitmore"}),
        ({"channel": "reddit"}, {"u/kettle_and_crow"}),
        ({"show": "Late", "owner": "Ada Brook"}, {"Mara Lindqvist"}),
        ({"q": "c-1008"}, {"Peter Vance"}),
    ],
)
def test_inbox_filters_by_the_address(opened: Opened, store: FakeStore, query: dict[str, str], found: set[str]):
    html = shown(opened("inbox", **query))
    assert {line.customer for line in store.lines if f"<bdi>{line.customer}</bdi>" in html} == found


def test_inbox_says_when_no_case_matches_and_shows_the_way_out(opened: Opened):
    html = shown(opened("inbox", q="teapot"))
    assert "No open case matches these filters." in html
    assert 'href="/inbox"' in html


def test_case_shows_words_owner_why_authority_and_book(opened: Opened):
    html = shown(opened("case", id="C-1002"))
    assert "“You have charged me twice for November and nobody answers”" in html
    assert "2 h late." in html
    assert "Refund up to 100 GBP without asking" in html
    assert "Ben Hall, then Cara Diaz" in html
    assert "Best gift I gave this year" in html


@pytest.mark.parametrize("query", [{}, {"id": "C-9"}, {"id": "<script>alert(1)</script>"}])
def test_an_unknown_case_is_met_kindly(opened: Opened, query: dict[str, str]):
    html = shown(opened("case", **query))
    assert "inbox</a> lists every open case" in html
    assert "<script" not in html


def test_nobody_acts_without_a_name(opened: Opened):
    test = opened("case", id="C-1003")
    assert all(button.disabled for button in test.button)
    assert "Choose your name" in shown(test)


def test_nobody_acts_on_anothers_case_but_to_take_it_over(opened: Opened):
    test = opened("case", id="C-1003", me="Ben Hall")
    assert {button.label: button.disabled for button in test.button} == {
        "Acknowledge": True,
        "Reply": True,
        "Promise": True,
        "Hand over": False,
        "Resolve": True,
        "Merge with another case": False,
        "Split": False,
        "Link to an incident": False,
        "Leave a note": False,
    }
    assert "Ada Brook has this case." in shown(test)


def test_a_case_is_acknowledged(opened: Opened, store: FakeStore):
    test = press(opened("case", id="C-1003", me="Ada Brook"), "Acknowledge")
    assert store.case(CaseId("C-1003")).status is CaseStatus.ACKNOWLEDGED
    assert store.changed[-1].events[0].actor == "Ada Brook"
    assert "Acknowledged by Ada Brook." in shown(test)
    assert "Acknowledge" not in [button.label for button in test.button]


def test_a_case_changed_meanwhile_tells_the_conflict_and_shows_it_as_it_stands(opened: Opened, store: FakeStore):
    test = opened("case", id="C-1003", me="Ada Brook")
    press(opened("case", id="C-1003", me="Ada Brook"), "Acknowledge")
    press(test, "Acknowledge")
    assert "is already acknowledged" in shown(test)
    assert len(store.changed) == 1


def test_a_hand_over_offers_the_deputy_first_and_never_the_owner(opened: Opened):
    test = press(opened("case", id="C-1002", me="Ada Brook"), "Hand over")
    assert list(test.radio[0].options)[:2] == ["Ben Hall", "Cara Diaz"]
    assert "Ada Brook" not in test.radio[0].options
    assert "Billing, at work, 2 open (weight 2), deputy of Ada" in test.radio[0].proto.captions


def test_a_resolved_case_offers_no_step_but_a_note(opened: Opened, store: FakeStore, desk: Desk):
    caring.resolve(store, desk.clock, desk.directory, CaseId("C-1002"), "Refunded 27 GBP", "Ada Brook")
    test = opened("case", id="C-1002", me="Ada Brook")
    assert [button.label for button in test.button] == ["Leave a note"]
    assert "Refunded 27 GBP" in shown(test)
    assert "late." not in shown(test)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> ![](http://evil.example/x.png) \u202e\x00\ud83d" + "x" * 100_000


@pytest.mark.parametrize(("view", "query"), [("case", {"id": "C-1001"}), ("inbox", {}), ("overview", {})])
def test_hostile_words_are_text_and_nothing_else(opened: Opened, store: FakeStore, view: str, query: dict[str, str]):
    store.text = HOSTILE
    store.lines = [replace(line, customer=HOSTILE, words=HOSTILE) for line in store.lines]
    html = shown(opened(view, **query))
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "\x00" not in html


def test_ledger_lists_sources_days_and_quarantine(opened: Opened):
    html = shown(opened("ledger"))
    assert "1,023 received, all accounted for." in html
    assert "charset=x-unknown" in html
    assert "&lt;20261116.4711@mailer.example&gt;" in html


def test_sources_put_the_failing_one_first_with_what_to_do(opened: Opened):
    html = shown(opened("sources"))
    assert "3 sources set up. 1 is failing." in html
    assert "Set ALLEARS_SUPPORT_PASSWORD anew." in html
    assert html.index("<td>support</td>") < html.index("<td>reddit</td>")


@pytest.mark.parametrize("view", ["overview", "inbox", "case", "people", "ledger", "sources"])
def test_a_silent_store_is_told_with_what_still_holds(opened: Opened, store: FakeStore, view: str):
    store.trouble = StoreError("The store service did not answer within 10 seconds.")
    test = opened(view, id="C-1001") if view == "case" else opened(view)
    html = shown(test)
    assert "The store could not be read just now." in html
    assert "did not answer within 10 seconds" in html
    store.trouble = None
    press(test, "Try now")
    assert "The store could not be read" not in shown(test)


MESSAGE = stored("a", "", "", tone=Sentiment.NEGATIVE, at=NOW).item.id
"""The first message of every case."""
TOM = praise()[0].item.item.id


def open_correction(test: AppTest, item: str) -> AppTest:
    """What a click on "Correct" does: the control says that it is open."""
    test.session_state[f"correct-{item}"] = True
    return test.run()


def keep(test: AppTest, item: str, sentiment: str, kind: str, why: str) -> AppTest:
    test.button_group(f"correct-{item}-sentiment").set_value(sentiment)
    test.button_group(f"correct-{item}-kind").set_value(kind)
    test.text_area(f"correct-{item}-why").set_value(why)
    return press(test, "Keep the correction")


def test_each_message_says_how_it_was_read(opened: Opened):
    html = shown(opened("case", id="C-1003"))
    assert [tone in html for tone in ("Negative complaint", "Mixed complaint")] == [True, True]


def test_a_message_is_corrected_with_a_reason_and_the_models_word_stays(opened: Opened, store: FakeStore):
    test = open_correction(opened("case", id="C-1003", me="Priya Nair"), MESSAGE)
    keep(test, MESSAGE, "neutral", "question", "She only asks")
    (given,) = store.corrections
    assert (given.by, given.why, given.sentiment, given.kind) == ("Priya Nair", "She only asks", Sentiment.NEUTRAL, Kind.QUESTION)
    html = shown(test)
    assert "Corrected to neutral question by Priya Nair." in html
    assert "The model said negative complaint; corrected to <b>neutral question</b> by Priya Nair, today, 10:42" in html
    assert "She only asks" in html
    assert not test.session_state[f"correct-{MESSAGE}"]


@pytest.mark.parametrize(
    ("sentiment", "kind", "why", "told"),
    [("neutral", "complaint", " ", "Say why"), ("positive", "complaint", "why", "changes nothing")],
)
def test_a_correction_that_says_too_little_is_told(opened: Opened, store: FakeStore, sentiment: str, kind: str, why: str, told: str):
    test = open_correction(opened("case", id="C-1003", me="Priya Nair"), MESSAGE)
    assert told in shown(keep(test, MESSAGE, sentiment, kind, why))
    assert store.corrections == []


def test_nobody_corrects_without_a_name(opened: Opened):
    test = open_correction(opened("case", id="C-1003"), MESSAGE)
    assert not test.text_area


def test_praise_is_corrected_on_the_overview(opened: Opened, store: FakeStore):
    test = open_correction(opened("overview", me="Priya Nair"), TOM)
    keep(test, TOM, "negative", "question", "Ironic")
    assert [(each.item_id, each.kind) for each in store.corrections] == [(TOM, Kind.QUESTION)]
    assert "by Priya Nair. The next round routes it again." in shown(test)


def test_a_change_of_the_model_is_one_line(opened: Opened, store: FakeStore):
    assert "the model changed" not in shown(opened("overview"))
    at = NOW - timedelta(days=2)
    store.reclassified = Reclassification(at, at, finished=True, from_versions=("a",), to_version="b-2", items=171, changed=14)
    assert "On Tue 17 Nov the model changed to b-2: 14 of 171 labels differ." in shown(opened("overview"))
    store.reclassified = replace(store.reclassified, finished=False)
    assert "14 of 171 labels differ so far." in shown(opened("overview"))
