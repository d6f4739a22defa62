"""Praise from routing to the mail of whoever can pass it on: through the real store, gathered in the morning, into a real mailbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from allears.caring import acknowledge, resolve
from allears.correcting import correct
from allears.domain.case import CaseId
from allears.domain.feedback import FeedbackItem, Kind, Prediction, Sentiment, Understanding
from allears.notifying import Delivered
from allears.routing import route_waiting
from allears.settings import load
from flows.round import notify
from flows.wiring import Wiring
from tests.builders import SUPPORT, TOKENS, StandingClock, a_page, a_store, an_item, said, understanding_of
from tests.letters import flat, page_of, text_of

BUSINESS = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"

[mail]
url = "maildir:outbox"
sender = "AllEars <allears@northwind.example>"

[[source]]
name = "support"
channel = "form"

[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
hours = "Mon-Fri 09:00-18:00"
alerts = { quiet = "20:00-08:00" }

[[person]]
name = "Tom Okafor"
email = "tom.okafor@northwind.example"
manager = "Cara Diaz"

[[person]]
name = "Tom Reid"
email = "tom.reid@northwind.example"
manager = "Cara Diaz"

[[person]]
name = "Priya Nair"
email = "priya@northwind.example"
teams = ["delivery"]
manager = "Cara Diaz"
hours = "Mon-Fri 08:00-16:00"

[[route]]
topic = "delivery"
about = "parcel late"
to = "team:delivery"

[routing]
default = "person:Cara Diaz"
"""
GOOD = said(Kind.PRAISE, Sentiment.POSITIVE)
MORNING = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""Of the day after NOW."""


class Desk:
    """A business whose customers write and whose mails leave for a folder."""

    def __init__(self, folder: Path, clock: StandingClock) -> None:
        config = folder / "allears.toml"
        config.write_text(BUSINESS, "utf-8")
        self.settings = load(config, {})
        self.store = a_store(self.settings.store_path, clock)
        self.wired = Wiring(self.settings, self.store, clock)
        self.clock = clock
        self.seen: set[Path] = set()

    def writes(
        self, number: int, text: str, *topics: str, prediction: Prediction = GOOD, praised: tuple[str, ...] = (), answers: str = ""
    ) -> FeedbackItem:
        """A customer writes, and the message is routed."""
        at, references = self.clock.now(), (answers,) if answers else ()
        contact = f"email:{answers or f'm-{number}'}@x.org"
        item = an_item(f"m-{number}", text, contact=contact, received_at=at, references=references)
        self.come((item, understanding_of(item, prediction, topics, praised)))
        return item

    def come(self, *messages: tuple[FeedbackItem, Understanding]) -> None:
        """Messages come together, and are routed."""
        self.store.record_page(SUPPORT, a_page(item for item, _ in messages), self.clock.now())
        self.store.record_understanding([understanding for _, understanding in messages])
        route_waiting(self.store, self.wired.plan, self.clock, TOKENS)

    def delivered(self) -> list[EmailMessage]:
        """The mails that leave now."""
        notify(self.wired)
        new = set((self.settings.base / "outbox" / "new").glob("*")) - self.seen
        self.seen |= new
        return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(new)]


@pytest.fixture
def desk(tmp_path: Path, clock: StandingClock) -> Iterator[Desk]:
    desk = Desk(tmp_path, clock)
    yield desk
    desk.store.close()


def words(mail: EmailMessage) -> str:
    return flat(text_of(mail))


def test_a_certain_name_is_told_at_once_and_a_doubtful_one_in_the_morning(desk: Desk):
    desk.writes(1, "Tom Reid was kind.", praised=("Tom Reid",))
    desk.writes(2, "Tom was kind.")
    (mail,) = desk.delivered()
    assert (mail["To"], mail["Cc"]) == ("Tom Reid <tom.reid@northwind.example>", "Cara Diaz <cara@northwind.example>")
    desk.clock.at = MORNING - timedelta(seconds=1)
    assert desk.delivered() == []
    desk.clock.at = MORNING
    (mail,) = desk.delivered()
    assert (mail["To"], mail["Subject"]) == ("Cara Diaz <cara@northwind.example>", "Praise to pass on: Tom was kind")
    assert "> Tom was kind." in text_of(mail)
    assert "It may be about Tom Okafor or Tom Reid." in words(mail)
    assert desk.delivered() == []


def test_what_is_due_for_one_person_goes_in_one_mail(desk: Desk):
    first = desk.clock.now() - timedelta(hours=1)
    visits = [an_item(f"v-{n}", f"Tom was kind, visit {n}.", received_at=first + timedelta(minutes=n)) for n in range(30)]
    desk.come(*((visit, understanding_of(visit, GOOD, topics=())) for visit in visits))
    desk.writes(40, "It came so fast.", "delivery")
    desk.writes(41, "I like the colours.")
    assert desk.delivered() == []
    desk.clock.at = MORNING
    mails = {mail["To"].addresses[0].display_name: mail for mail in desk.delivered()}
    assert set(mails) == {"Cara Diaz", "Priya Nair"}
    assert mails["Cara Diaz"]["Subject"] == "30 messages of praise to pass on"
    assert text_of(mails["Cara Diaz"]).count("It may be about Tom Okafor or Tom Reid.") == 20
    assert "visit 0." in text_of(mails["Cara Diaz"])
    assert "and 10 more." in text_of(mails["Cara Diaz"])
    assert "Nobody is named; it is about delivery, which is yours." in words(mails["Priya Nair"])
    assert "colours" not in "".join(map(words, mails.values()))
    desk.clock.move(days=9)
    assert desk.delivered() == []


def test_over_the_weekend_and_at_night_it_waits(desk: Desk):
    desk.clock.at = datetime(2026, 11, 20, 23, tzinfo=UTC)
    desk.writes(1, "Tom was kind.")
    for at in (datetime(2026, 11, 21, 9, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC), datetime(2026, 11, 23, 8, 59, tzinfo=UTC)):
        desk.clock.at = at
        assert desk.delivered() == []
    desk.clock.move(minutes=1)
    assert len(desk.delivered()) == 1


def test_what_was_not_sent_in_the_morning_waits_for_the_end_of_quiet_hours_and_goes_with_what_came(desk: Desk):
    desk.writes(1, "Tom was kind.")
    desk.writes(2, "Tom was kind again.")
    desk.clock.at = MORNING.replace(hour=21)
    assert desk.delivered() == []
    desk.clock.at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    (mail,) = desk.delivered()
    assert mail["Subject"] == "2 messages of praise to pass on"


def test_a_mail_that_was_gathered_but_not_sent_is_gathered_again_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.writes(1, "Tom was kind.")
    desk.writes(2, "Tom was kind again.")
    desk.clock.at = MORNING
    outbox = desk.settings.base / "outbox"
    outbox.write_text("in the way", "utf-8")  # nothing can be delivered there
    assert notify(desk.wired) == Delivered(postponed=1)
    desk.writes(3, "Tom was kind a third time.")
    outbox.unlink()
    desk.clock.at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    (mail,) = desk.delivered()
    assert mail["Subject"] == "3 messages of praise to pass on"
    assert text_of(mail).count("It may be about Tom Okafor or Tom Reid.") == 3
    desk.clock.move(days=9)
    assert desk.delivered() == []


def test_thanks_for_a_case_reach_who_had_it(desk: Desk):
    desk.writes(1, "Where is my parcel?", "delivery", prediction=said(Kind.QUESTION, Sentiment.NEUTRAL))
    acknowledge(desk.store, desk.clock, CaseId("C-1001"), "Priya Nair")
    resolve(desk.store, desk.clock, desk.wired.plan.directory, CaseId("C-1001"), "It came.", "Priya Nair")
    desk.delivered()
    desk.writes(2, "You are a star.", answers="m-1")
    desk.clock.at = MORNING
    (mail,) = desk.delivered()
    assert mail["To"].addresses[0].display_name == "Priya Nair"
    assert "Nobody is named; it belongs to your case C-1001." in words(mail)
    assert [link.rpartition("/")[2] for link in page_of(mail).links()] == ["case?id=C-1001"]


class TestCorrections:
    def test_what_is_no_praise_after_all_is_not_passed_on(self, desk: Desk):
        first, second = desk.writes(1, "Tom was oh so kind."), desk.writes(2, "Tom was kind.")
        correct(desk.store, desk.clock, first.id, kind=Kind.OTHER, by="Cara Diaz", why="Ironic")
        desk.clock.at = MORNING
        (mail,) = desk.delivered()
        assert mail["Subject"] == "Praise to pass on: Tom was kind"
        assert desk.delivered() == []
        assert [each.status for each in desk.store.items([first.id, second.id])] == ["understood", "praise"]

    def test_if_nothing_is_left_no_mail_is_sent(self, desk: Desk):
        item = desk.writes(1, "So fast, oh yes.", "delivery")
        correct(desk.store, desk.clock, item.id, kind=Kind.COMPLAINT, by="Cara Diaz", why="Ironic")
        desk.clock.at = MORNING
        assert notify(desk.wired) == Delivered(failed=1)

    def test_certain_praise_that_still_waits_is_cancelled_too(self, desk: Desk):
        item = desk.writes(1, "Tom Reid, what a hero.", praised=("Tom Reid",))
        correct(desk.store, desk.clock, item.id, kind=Kind.COMPLAINT, by="Cara Diaz", why="Ironic")
        assert notify(desk.wired) == Delivered(failed=1)

    def test_kind_words_within_a_complaint_end_with_its_tone(self, desk: Desk):
        mixed = said(Kind.COMPLAINT, Sentiment.MIXED)
        item = desk.writes(1, "Cold. Tom Reid was kind.", prediction=mixed, praised=("Tom Reid",))
        other = desk.writes(2, "Late. Tom Reid was kind.", prediction=mixed, praised=("Tom Reid",))
        correct(desk.store, desk.clock, item.id, sentiment=Sentiment.NEGATIVE, by="Cara Diaz", why="Ironic")
        correct(desk.store, desk.clock, other.id, kind=Kind.SUGGESTION, by="Cara Diaz", why="She proposes something")
        told = [mail["Subject"] for mail in desk.delivered() if mail["To"].addresses[0].display_name == "Tom Reid"]
        assert told == ["Jo Lind wrote about you: Late"]

    def test_what_is_praise_after_all_reaches_those_it_names(self, desk: Desk):
        item = desk.writes(1, "Tom Reid was here.", prediction=said(Kind.OTHER, Sentiment.NEUTRAL))
        assert desk.delivered() == []
        correct(desk.store, desk.clock, item.id, kind=Kind.PRAISE, by="Cara Diaz", why="She thanks him")
        route_waiting(desk.store, desk.wired.plan, desk.clock, TOKENS)
        (mail,) = desk.delivered()
        assert mail["To"] == "Tom Reid <tom.reid@northwind.example>"


def test_it_tells_what_the_directory_knows_when_it_leaves(desk: Desk):
    desk.writes(1, "Tom was kind.")
    config = desk.settings.path
    config.write_text(BUSINESS.replace("Tom Okafor", "Kim Okafor"), "utf-8")
    desk.wired = Wiring(load(config, {}), desk.store, desk.clock)
    desk.clock.at = MORNING
    (mail,) = desk.delivered()
    assert "It may be about Tom Reid." in words(mail)
