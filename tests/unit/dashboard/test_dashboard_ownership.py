"""What the pages say of who has a case, and the drawers in which an owner acts on one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from allears import caring
from allears.domain.case import SYSTEM, CaseId, CaseStatus, Event, EventType, Remedy, RemedyKind
from allears.domain.changes import hand_over
from allears.domain.people import Absence
from allears.domain.watch import Alarm, Unreachable
from app.dashboard.connection import Desk
from tests.unit.dashboard.northwind import LONDON, NOW, FakeStore
from tests.unit.dashboard.pages import press, shown

Opened = Callable[..., AppTest]
MARA, KETTLE = CaseId("C-1002"), CaseId("C-1003")
"""One that Ada Brook has taken, and one that she has not."""


def change(store: FakeStore, case_id: CaseId, **changes: object) -> None:
    """The case as it is, but for what is given."""
    store.lines = [replace(line, case=replace(line.case, **changes)) if line.case.id == case_id else line for line in store.lines]


def pass_on(store: FakeStore, to: str, reason: str, actor: str = SYSTEM) -> None:
    case = store.case(MARA)
    store.record_change(hand_over(case, to=to, reason=reason, actor=actor, at=NOW, next_date=NOW + timedelta(hours=2)), ())


def away(desk: Desk, name: str) -> None:
    """From now on somebody is away until tomorrow."""
    desk.directory.people[name] = replace(desk.directory[name], away=(Absence(NOW.date(), NOW.date() + timedelta(days=1)),))


def test_a_case_says_on_whose_desk_it_was_and_why_it_moved(opened: Opened, store: FakeStore):
    pass_on(store, "Ben Hall", "Ada Brook did not take it by Thu 19 Nov, 08:00")
    pass_on(store, "Cara Diaz", "beyond <my> authority", "Ben Hall")
    html = shown(opened("case", id=MARA))
    assert "On its 3rd person" in html
    assert "Moved on: Ada Brook did not take it by Thu 19 Nov, 08:00" in html
    assert "Ben Hall said “" in html
    assert "beyond &lt;my&gt; authority" in html
    assert html.index('<ol class="ae-hands">') < html.rindex("Ada Brook</b>") < html.rindex("Ben Hall</b>") < html.rindex("Cara Diaz</b>")


def test_a_case_with_its_first_owner_lists_no_hands(opened: Opened):
    html = shown(opened("case", id=MARA))
    assert "No hops." in html
    assert "ae-hands" not in html


def test_an_untaken_case_says_by_when_and_who_is_next(opened: Opened, store: FakeStore, desk: Desk):
    change(store, KETTLE, alerted_at=NOW)
    html = shown(opened("case", id=KETTLE))
    assert "Ada has until 10:57 to take it; then it goes to Ben Hall." in html
    away(desk, "Ben Hall")
    assert "then it goes to Cara Diaz." in shown(opened("case", id=KETTLE))
    store.bouncing = (Unreachable("Cara Diaz", desk.directory["Cara Diaz"].email, "550 no such user", NOW),)
    assert "nobody comes next, so a leader is told." in shown(opened("case", id=KETTLE))
    caring.acknowledge(store, desk.clock, KETTLE, "Ada Brook")
    assert "to take it" not in shown(opened("case", id=KETTLE))


def test_a_case_says_who_gets_it_back_when_it_is_due_and_the_customers_tags(opened: Opened, store: FakeStore):
    change(store, MARA, stands_in_for="Ben Hall", resolve_by=NOW + timedelta(hours=3), tags=("vip",))
    html = shown(opened("case", id=MARA))
    assert "For Ben Hall, who gets it back once they return" in html
    assert "Due by today, 13:42" in html
    assert "Customer: vip" in html
    change(store, MARA, resolve_by=NOW - timedelta(hours=3))
    assert '<span class="ae-late">3 h late.</span> It was due by today, 07:42' in shown(opened("case", id=MARA))


def test_dates_that_near_and_pass_stand_in_the_timeline(opened: Opened, store: FakeStore):
    said = (
        (EventType.DUE_SOON, "A first answer to the customer is due Thu 19 Nov, 08:00"),
        (EventType.OVERDUE, "A first answer to the customer was due Thu 19 Nov, 08:00"),
        (EventType.DATE_CHANGED, "The rules changed: due Fri 20 Nov, 09:00, was Thu 19 Nov, 08:00"),
        (EventType.PROMISED, "the second payment is on its way"),
    )
    store.extra_events = tuple(Event(MARA, NOW, SYSTEM, kind, detail) for kind, detail in said)
    html = shown(opened("case", id=MARA))
    assert '<li class="event"><span class="said"><b>Due soon.</b>' in html
    assert '<li class="event broken"><span class="said"><b>Overdue.</b>' in html
    assert "The rules changed: due Fri 20 Nov, 09:00" in html
    assert "<b>Promised.</b>" in html


def test_lists_mark_what_is_not_taken_and_how_many_had_it(opened: Opened, store: FakeStore):
    assert "people so far" not in shown(opened("inbox"))
    assert shown(opened("inbox")).count(", not taken yet") == 3
    pass_on(store, "Ben Hall", "why")
    pass_on(store, "Cara Diaz", "why")
    assert "3 people so far" in shown(opened("inbox"))
    assert "3 people so far" in shown(opened("overview"))


def test_alarms_come_first_with_what_to_do_and_lead_to_their_case(opened: Opened, store: FakeStore):
    assert "Needs a leader now" not in shown(opened("overview"))
    store.standing = (
        Alarm("untaken C-1003", "Nobody has taken C-1003. Alerted were Ada Brook. Speak to one of them.", NOW - timedelta(hours=1)),
        Alarm("bouncing b@x", 'Mails come back: <b>550</b>. Say `allears people reachable "Ben Hall"`.', NOW),
    )
    html = shown(opened("overview"))
    assert "2 are late. 2 alarms need a leader.</h1>" in html
    assert html.index("Needs a leader now") < html.index('data-testid="figures"')
    assert "since today, 09:42" in html
    assert '<a href="/case?id=C-1003">Open C-1003</a>' in html
    assert "&lt;b&gt;550&lt;/b&gt;" in html
    assert "<code>allears people reachable &#34;Ben Hall&#34;</code>" in html


def test_an_alarm_is_told_even_when_no_case_is_open(opened: Opened, store: FakeStore):
    store.lines, store.standing = [], (Alarm("mail", "Alerts wait.", NOW),)
    assert "No promise is late. 1 alarm needs a leader.</h1>" in shown(opened("overview"))


@pytest.fixture
def promising(drawn: Opened) -> AppTest:
    return drawn("promising", "promise_form", MARA)


def test_a_date_is_promised_in_the_owners_time(promising: AppTest, store: FakeStore, desk: Desk):
    promising.date_input[0].set_value(date(2026, 11, 20))
    promising.time_input[0].set_value(time(12, 30))
    promising.text_area[0].set_value("The money is on its way")
    press(promising, "Keep the promise on record")
    case = store.case(MARA)
    assert case.promised_for == case.next_date == datetime(2026, 11, 20, 12, 30, tzinfo=LONDON)
    assert case.status is CaseStatus.PROMISED
    (said,) = store.changed[-1].events
    assert (said.actor, said.type) == ("Ada Brook", EventType.PROMISED)
    assert "The money is on its way" in said.detail


def test_another_time_zone_is_named_beside_ours(drawn: Opened, desk: Desk):
    desk.directory.people["Ada Brook"] = replace(desk.directory["Ada Brook"], timezone=type(LONDON)("America/New_York"))
    test = drawn("promising", "promise_form", MARA)
    test.date_input[0].set_value(date(2026, 11, 20))
    test.time_input[0].set_value(time(9, 0))
    assert "Fri 20 Nov, 09:00 in your time (America/New_York), Fri 20 Nov, 14:00 in Europe/London" in shown(test.run())


def test_a_promise_says_something_of_a_moment_to_come(promising: AppTest, store: FakeStore):
    assert "Say what you told" in shown(press(promising, "Keep the promise on record"))
    promising.text_area[0].set_value("Soon")
    promising.date_input[0].set_value(date(2026, 11, 19))
    promising.time_input[0].set_value(time(9, 0))
    assert "can only be promised for a moment to come" in shown(press(promising, "Keep the promise on record"))
    assert store.changed == []


@pytest.fixture
def resolving(drawn: Opened) -> AppTest:
    return drawn("resolving", "resolve_form", MARA)


def give(test: AppTest, kind: RemedyKind, amount: float | None = None, outcome: str = "Sent it back") -> AppTest:
    test.text_area[0].set_value(outcome)
    test.button_group[0].set_value(kind)
    test.run()
    if amount is not None:
        test.number_input[0].set_value(amount)
    return press(test, "Resolve the case")


def test_a_case_is_resolved_with_what_was_given(resolving: AppTest, opened: Opened, store: FakeStore):
    give(resolving, RemedyKind.REFUND, 27.5)
    case = store.case(MARA)
    assert case.status is CaseStatus.RESOLVED
    assert case.remedy == Remedy(RemedyKind.REFUND, Decimal("27.50"), "GBP")
    assert "<dt>Given</dt><dd>Refund of 27.50 GBP</dd>" in shown(opened("case", id=MARA))


def test_nothing_need_be_given(resolving: AppTest, opened: Opened, store: FakeStore):
    press(resolving, "Resolve the case")
    assert "Say what was done" in shown(resolving)
    give(resolving, RemedyKind.NOTHING)
    assert store.case(MARA).remedy == Remedy(RemedyKind.NOTHING)
    assert "<dt>Given</dt>" not in shown(opened("case", id=MARA))


def test_only_what_has_a_worth_asks_for_it_and_shows_the_authority(resolving: AppTest, store: FakeStore):
    assert not resolving.number_input
    assert "refund up to 100 GBP" not in shown(resolving)
    give(resolving, RemedyKind.REFUND)
    assert "Without asking you may: <b>refund up to 100 GBP</b>." in shown(resolving)
    assert "Say how much it was worth" in shown(resolving)
    give(resolving, RemedyKind.REPLACEMENT)
    assert store.case(MARA).remedy == Remedy(RemedyKind.REPLACEMENT)


def test_beyond_the_authority_the_case_goes_to_the_manager(resolving: AppTest, store: FakeStore):
    give(resolving, RemedyKind.REFUND, 270, "Two orders never came")
    assert "A refund of 270.00 GBP is more than Ada Brook can give alone" in shown(resolving)
    assert store.changed == []
    press(resolving, "Hand over to Cara Diaz")
    case = store.case(MARA)
    assert (case.owner, case.hops) == ("Cara Diaz", 1)
    assert case.why_owner == "Ada Brook handed it over: A refund of 270.00 GBP is beyond my authority. Two orders never came"


def test_a_refusal_stands_only_for_what_was_refused(resolving: AppTest):
    give(resolving, RemedyKind.REFUND, 270)
    resolving.number_input[0].set_value(90)
    resolving.run()
    assert "more than Ada Brook can give alone" not in shown(resolving)
    assert [button.label for button in resolving.button] == ["Resolve the case", "Keep it open"]


def test_what_is_refused_for_another_reason_is_not_offered_to_the_manager(resolving: AppTest, store: FakeStore, desk: Desk):
    caring.resolve(store, desk.clock, desk.directory, MARA, "Rang her", "Ada Brook")
    give(resolving, RemedyKind.REFUND, 27)
    assert "Case C-1002 is already resolved." in shown(resolving)
    assert [button.label for button in resolving.button] == ["Resolve the case", "Keep it open"]


def test_a_smaller_gift_takes_the_refusal_back(resolving: AppTest, store: FakeStore):
    give(resolving, RemedyKind.REFUND, 270)
    give(resolving, RemedyKind.REFUND, 100)
    assert store.case(MARA).status is CaseStatus.RESOLVED


def test_without_authority_and_manager_nothing_of_worth_is_given(drawn: Opened, store: FakeStore):
    change(store, MARA, owner="Cara Diaz")
    test = give(drawn("resolving", "resolve_form", MARA, "Cara Diaz"), RemedyKind.GIFT, 5)
    assert "gives you no authority" in shown(test)
    assert "has no authority to give anything of worth" in shown(test)
    assert [button.label for button in test.button] == ["Resolve the case", "Keep it open"]


@pytest.fixture
def handing_over(drawn: Opened, desk: Desk, store: FakeStore) -> AppTest:
    away(desk, "Ben Hall")
    store.bouncing = (Unreachable("Tom Okafor", desk.directory["Tom Okafor"].email, "550 no such user", NOW),)
    return drawn("handing_over", "hand_over_form", MARA)


def test_who_cannot_take_a_case_is_shown_with_the_reason_and_cannot_be_chosen(handing_over: AppTest):
    assert handing_over.radio[0].options[0] == "Cara Diaz"
    assert not {"Ben Hall", "Tom Okafor", "Ada Brook"} & set(handing_over.radio[0].options)
    html = shown(handing_over)
    assert "<li>Ben Hall<br><span>Away until Fri 20 Nov</span></li>" in html
    assert "<li>Tom Okafor<br><span>Mails to them come back</span></li>" in html


def test_what_it_was_really_about_is_an_example_from_now_on(handing_over: AppTest, store: FakeStore):
    assert handing_over.selectbox[0].options == ["delivery", "repairs"]
    handing_over.selectbox[0].set_value("delivery").run()
    assert "count as delivery and go to Priya Nair" in shown(handing_over)
    handing_over.radio[0].set_value("Priya Nair")
    handing_over.text_area[0].set_value("The parcel, not the bill")
    press(handing_over, "Hand over")
    case = store.case(MARA)
    assert (case.owner, case.topic) == ("Priya Nair", "delivery")
    assert [(each.topic, each.item_id, each.by) for each in store.taught] == [("delivery", case.item_ids[0], "Ada Brook")]


def test_a_hand_over_that_says_too_little_is_told(handing_over: AppTest, store: FakeStore):
    assert "Choose the new owner." in shown(press(handing_over, "Hand over"))
    handing_over.radio[0].set_value("Priya Nair")
    assert "Say why" in shown(press(handing_over, "Hand over"))
    assert store.changed == []


def test_what_happened_meanwhile_is_told_in_the_drawer(handing_over: AppTest, store: FakeStore, desk: Desk):
    caring.resolve(store, desk.clock, desk.directory, MARA, "Rang her", "Ada Brook")
    handing_over.radio[0].set_value("Priya Nair")
    handing_over.text_area[0].set_value("why")
    assert "Case C-1002 is no longer open." in shown(press(handing_over, "Hand over"))
    assert len(store.changed) == 1


def test_examples_are_listed_and_forgotten(opened: Opened, store: FakeStore):
    assert "Nothing yet." in shown(opened("sources"))
    store.record_example("delivery", store.case(MARA).item_ids[0], "Ada Brook", NOW)
    store.record_example("tea", store.case(MARA).item_ids[0], "Ben Hall", NOW)
    html = shown(opened("sources"))
    assert "2 messages were handed over" in html
    assert html.index("<b>Tea</b>") < html.index("<b>Delivery</b>")
    assert html.count("no topic any more") == 1
    assert all(button.disabled for button in opened("sources").button)
    test = press(opened("sources", me="Priya Nair"), "Forget this example")
    assert store.forgotten == [(2, "Priya Nair")]
    assert "Forgotten: an example of tea." in shown(test)
    assert "<b>Tea</b>" not in shown(test)


def test_an_example_that_somebody_else_forgot_is_told(opened: Opened, store: FakeStore):
    store.record_example("delivery", store.case(MARA).item_ids[0], "Ada Brook", NOW)
    test = opened("sources", me="Priya Nair")
    store.taught = []
    assert "was forgotten already" in shown(press(test, "Forget this example"))
