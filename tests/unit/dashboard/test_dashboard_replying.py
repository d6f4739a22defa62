"""Writing to a customer from a case's page, notes beside it, and the thread as the customer lived it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from allears import caring
from allears.domain.case import SYSTEM, CaseChange, CaseId, CaseStatus, Event, EventType
from allears.domain.changes import hand_over
from allears.domain.feedback import Channel, ItemId
from allears.domain.outbox import MessageKind, OutboxMessage
from app.dashboard.components.facts import attached_text, facts
from app.dashboard.connection import Desk
from tests.unit.dashboard.northwind import LONDON, NOW, FakeStore, make_desk
from tests.unit.dashboard.pages import drawer, press, ran, shown

Opened = Callable[..., AppTest]
MARA = CaseId("C-1002")
CAME_WITH = {
    "attachments": "bill <img src=x>.pdf (application/pdf, 240 kB)\nphoto.jpg (image/jpeg, 1.2 MB)",
    "attached_text": "letter.txt:\nI was charged twice.",
    "encrypted": "pgp",
    "calendar": "Invitation: a call",
    "form": "Order number: NW-4711",
    "note": "Files of this mail came as winmail.dat.",
    "sent_to": "support@northwind.example",
}
LETTER = "Dear Mara,\n\nI am sorry. <b>The second payment</b> goes back today."


class HastyStore(FakeStore):
    """Somebody hands each case on as soon as a letter was written in it."""

    def record_change(self, change: CaseChange, outbox: Sequence[OutboxMessage]) -> None:
        super().record_change(change, outbox)
        if change.reply:
            super().record_change(hand_over(change.case, to="Cara Diaz", reason="why", actor="Cara Diaz", at=NOW, next_date=NOW), ())


def replying_at(desk: Desk) -> AppTest:
    """The drawer, over the case as it is now."""
    return ran(AppTest.from_function(drawer, args=("replying", "reply_form", desk, desk.store.case_view(MARA), "Ada Brook")))


def send(test: AppTest, letter: str = LETTER) -> AppTest:
    test.text_area[0].set_value(letter)
    return press(test, "Send")


def promise(test: AppTest, day: date) -> None:
    test.checkbox[0].check().run()
    test.date_input[0].set_value(day)
    test.time_input[0].set_value(time(9, 30))


def letters(store: FakeStore) -> list[OutboxMessage]:
    return [each for each in store.told if each.kind is MessageKind.REPLY]


def write(store: FakeStore, desk: Desk, letter: str = LETTER) -> None:
    caring.write(store, desk.clock, desk.plan, MARA, store.case_view(MARA).items[-1].item.id, letter, "Ada Brook")


def buttons(test: AppTest) -> dict[str, bool]:
    return {button.label: not button.disabled for button in test.button}


@pytest.fixture
def replying(desk: Desk) -> AppTest:
    return replying_at(desk)


class TestLetter:
    def test_the_drawer_shows_their_newest_words_and_what_they_will_see(self, replying: AppTest):
        html = shown(replying)
        assert "“Dear Ada, you wrote by 8. It is past 9" in html
        assert "Ada Brook, Northwind Coffee" in html
        assert "x@example.org" in html
        assert "Re: You have charged me twice for November and nobody answers" in html
        assert "It leaves within a minute." in html

    def test_a_letter_is_written_and_waits_to_be_sent(self, replying: AppTest, store: FakeStore):
        send(replying)
        ((told,), (change,)) = letters(store), store.changed
        assert told.to == "email:x@example.org"
        assert change.reply.text == LETTER
        assert (change.case.first_response_at, change.case.promised_for) == (NOW, None)
        assert replying.session_state["action_done"] == "Your letter is written. It leaves within a minute."

    def test_a_second_click_sends_nothing_more(self, replying: AppTest, store: FakeStore):
        send(replying)
        send(replying)
        assert len(letters(store)) == len(store.changed) == 1

    def test_sending_nothing_sends_nothing(self, replying: AppTest, store: FakeStore):
        replying.text_area[0].set_value(LETTER)
        press(replying, "Send nothing")
        assert store.changed == []

    def test_a_date_is_promised_with_it(self, replying: AppTest, store: FakeStore, opened: Opened):
        promise(replying, date(2026, 11, 20))
        send(replying)
        case = store.case(MARA)
        assert case.status is CaseStatus.PROMISED
        assert case.promised_for == case.next_date == datetime(2026, 11, 20, 9, 30, tzinfo=LONDON)
        html = shown(opened("case", id=MARA))
        assert html.index("The second payment") < html.index("By Fri 20 Nov, 09:30 GMT: as the letter says")

    def test_a_date_that_has_passed_keeps_the_letter_back(self, replying: AppTest, store: FakeStore):
        promise(replying, date(2026, 11, 19))
        assert "Promise a moment to come" in shown(send(replying))
        assert store.changed == []

    def test_a_letter_without_words_is_not_sent(self, replying: AppTest, store: FakeStore):
        assert "Write the letter first." in shown(send(replying, "  \n"))
        assert store.changed == []

    def test_what_the_heart_refuses_is_told_and_the_letter_kept(self, replying: AppTest, store: FakeStore):
        case = store.case(MARA)
        store.record_change(hand_over(case, to="Ben Hall", reason="why", actor="Cara Diaz", at=NOW, next_date=NOW), ())
        test = send(replying)
        assert "Ben Hall has C-1002." in shown(test)
        assert test.text_area[0].value == LETTER
        assert letters(store) == []

    def test_a_promise_that_comes_too_late_is_told_though_the_letter_is_written(self, tmp_path: Path):
        store = HastyStore(tmp_path)
        test = replying_at(make_desk(store))
        promise(test, date(2026, 11, 20))
        send(test)
        assert len(letters(store)) == 1
        assert test.session_state["action_done"] == "Your letter is written. It leaves within a minute."
        assert "The promise is not on record: Cara Diaz has C-1002." in test.session_state["action_refused"]


class TestWhoMayWrite:
    @pytest.mark.parametrize(
        ("me", "contact", "why"),
        [
            ("", "email:x@example.org", "Choose your name under “You are” first."),
            ("Ben Hall", "email:x@example.org", "Ada Brook has this case. Hand it over to yourself first."),
            ("Ada Brook", "reddit:u/mara", "Their newest message came without a mail address. “Reach” says how they wrote."),
            ("Ada Brook", "", "Their newest message came without a mail address. “Reach” says how they wrote."),
        ],
    )
    def test_whoever_cannot_is_told_why(self, opened: Opened, store: FakeStore, me: str, contact: str, why: str):
        store.contact = contact
        reply = next(button for button in opened("case", id=MARA, me=me).button if button.label == "Reply")
        assert reply.disabled
        assert reply.help == why

    def test_the_owner_can(self, opened: Opened):
        assert buttons(opened("case", id=MARA, me="Ada Brook"))["Reply"]


class TestThread:
    def test_a_letter_stands_whole_between_their_messages_in_place_of_its_event(self, opened: Opened, store: FakeStore, desk: Desk):
        write(store, desk, f"{LETTER} {'And so on. ' * 50}The end.")
        html = shown(opened("case", id=MARA))
        assert '<li class="ae-message ours"><header><b>Ada Brook</b> <span>to <bdi>x@example.org</bdi></span>' in html
        assert "&lt;b&gt;The second payment&lt;/b&gt;" in html
        assert "The end." in html
        assert "Wrote to" not in html
        assert html.index("Dear Ada, you wrote by 8") < html.index("The second payment")

    def test_an_event_without_its_letter_stays(self, opened: Opened, store: FakeStore, desk: Desk):
        write(store, desk)
        store.changed = [replace(change, reply=None) for change in store.changed]
        assert "Wrote to Jo: Dear Mara, I am sorry." in shown(opened("case", id=MARA))

    @pytest.mark.parametrize(
        ("became", "said"),
        [
            ({}, "<footer>Waits to be sent</footer>"),
            ({"sent_at": NOW + timedelta(minutes=1)}, "<footer>Sent 10:43</footer>"),
            ({"sent_at": NOW + timedelta(days=1)}, "<footer>Sent Fri 20 Nov, 10:42</footer>"),
            ({"sent_at": NOW, "failed": "550 <no> user"}, '<b>Came back:</b> <bdi dir="auto">550 &lt;no&gt; user</bdi>'),
            ({"failed": "no address"}, '<b>Was not sent:</b> <bdi dir="auto">no address</bdi>'),
        ],
    )
    def test_a_letter_says_what_became_of_it(self, opened: Opened, store: FakeStore, desk: Desk, became: dict[str, object], said: str):
        store.letters_are = became
        write(store, desk)
        assert said in shown(opened("case", id=MARA))

    def test_a_letter_that_did_not_arrive_is_a_broken_promise(self, opened: Opened, store: FakeStore):
        store.extra_events = (Event(MARA, NOW, SYSTEM, EventType.RETURNED, "A mail to x@example.org came back for good."),)
        html = shown(opened("case", id=MARA))
        assert '<li class="event broken"><span class="said"><b>A letter did not arrive.</b> <bdi dir="auto">A mail to x@example.org' in html

    def test_a_case_that_began_in_another_leads_there(self, opened: Opened, store: FakeStore):
        assert "Began as" not in shown(opened("case", id=MARA))
        store.lines = [replace(line, case=replace(line.case, continues=CaseId("C-1001"))) for line in store.lines]
        assert '<a class="ae-tag" href="/case?id=C-1001">Began in C-1001</a>' in shown(opened("case", id=MARA))


class TestNotes:
    def test_anybody_leaves_a_note_once(self, drawn: Opened, opened: Opened, store: FakeStore):
        test = drawn("noting", "note_form", MARA, actor="Tom Okafor")
        for _ in range(2):
            test.text_area[0].set_value("Rang her <i>twice</i>")
            press(test, "Keep the note")
        (said,) = [event for change in store.changed for event in change.events]
        assert (said.type, said.actor, said.detail) == (EventType.NOTED, "Tom Okafor", "Rang her <i>twice</i>")
        html = shown(opened("case", id=MARA))
        assert '<b>Note.</b> <bdi dir="auto">Rang her &lt;i&gt;twice&lt;/i&gt;</bdi> <span class="by">(Tom Okafor)</span>' in html

    def test_a_note_needs_words(self, drawn: Opened, store: FakeStore):
        assert "Write the note first." in shown(press(drawn("noting", "note_form", MARA), "Keep the note"))
        press(drawn("noting", "note_form", MARA), "Note nothing")
        assert store.changed == []

    def test_only_who_has_chosen_a_name_leaves_one(self, opened: Opened):
        assert not buttons(opened("case", id=MARA))["Leave a note"]
        assert "Keep the note" in buttons(press(opened("case", id=MARA, me="Tom Okafor"), "Leave a note"))


class TestWhatCameWithAMail:
    def test_it_stands_below_the_words_a_line_each(self, opened: Opened, store: FakeStore):
        store.came_with = CAME_WITH
        html = shown(opened("case", id=MARA))
        lines = ("bill &lt;img src=x&gt;.pdf (application/pdf, 240 kB)", "photo.jpg (image/jpeg, 1.2 MB)", "PGP", "Invitation: a call")
        assert [line for line in (*lines, "Order number: NW-4711") if f'<dd><bdi dir="auto">{line}</bdi></dd>' not in html] == []
        assert "I was charged twice." in html
        assert "winmail.dat" in html
        assert "support@northwind.example" not in html

    def test_a_mail_without_any_of_it_shows_no_list(self, opened: Opened):
        assert "ae-facts" not in shown(opened("case", id=MARA))

    def test_what_a_table_calls_so_is_something_else(self, store: FakeStore):
        (known,) = store.items([ItemId("any")])
        row = replace(known.item, channel=Channel.FILE, extra=CAME_WITH)
        assert (facts(row), attached_text(row)) == ([], "")
