"""An alert is only told when somebody received it: addresses that refuse, mails that come back later, and kills in between."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from allears.clock import SystemClock
from allears.domain.case import CaseId
from allears.domain.feedback import Status, Urgency
from allears.domain.records import ExportName
from allears.routing import route_waiting
from allears.settings import load
from allears.store import connect
from flows.round import Report, Stage, run_round
from flows.wiring import Wiring
from tests.builders import NOW, SUPPORT, TOKENS, StandingClock, a_page, a_store, an_item, said, understanding_of
from tests.integration.smtp_sink import SmtpSink, smtp_sink

__all__ = ["smtp_sink"]
SPECIMENS = Path(__file__).parent.parent / "specimens" / "email"
CONFIGURATION = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"
own_addresses = ["*@northwind.example"]

[model]
name = "lexicon"

[mail]
url = "{mail}"
sender = "AllEars <allears@northwind.example>"

[[source]]
name = "support"
channel = "email"
url = "maildir:mail"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
deputy = "Ben Hall"

[[person]]
name = "Ben Hall"
email = "ben@northwind.example"

[routing]
default = "person:Ada Brook"
"""
COMPLAINT = b"""From: Jo Lind <jo@x.example>
To: support@northwind.example
Subject: Charged twice
Date: Thu, 19 Nov 2026 10:00:00 +0000
Message-ID: <jo-1@x.example>

You have charged me twice for November and nobody answers. I want my money back.
"""
TOLD_TWICE, CRITICAL = 3, 0
MESSAGE_ID_OF_SPECIMENS = b"3a7c4e0f5b1d92a86c7e4f10@northwind.example"


class Desk:
    """A business that reads its mail from a folder, and whose rounds run in this process."""

    def __init__(self, folder: Path, mail: str, clock: StandingClock) -> None:
        self.folder, self.clock = folder, clock
        (folder / "mail" / "new").mkdir(parents=True)
        (folder / "mail" / "cur").mkdir()
        settings_path = folder / "allears.toml"
        settings_path.write_text(CONFIGURATION.format(mail=mail), "utf-8")
        settings = load(settings_path, {})
        self.store = a_store(settings.store_path, clock)
        self.wired = Wiring(settings, self.store, clock)

    def arrives(self, raw: bytes) -> None:
        (self.folder / "mail" / "new" / f"{len(list((self.folder / 'mail' / 'new').iterdir()))}.eml").write_bytes(raw)

    def round(self) -> Report:
        report = run_round(self.wired, ["support"], Stage.NOTIFY)
        assert report.errors == {}
        return report

    def owner(self) -> str:
        case = self.store.case(CaseId("C-1001"))
        assert case is not None
        return case.owner

    def bouncing(self) -> list[tuple[str, str]]:
        return [(each.person, each.email) for each in self.store.watch_book(self.clock.now()).unreachable]


@pytest.fixture
def desk(tmp_path: Path, clock: StandingClock, smtp_sink: SmtpSink) -> Iterator[Desk]:
    desk = Desk(tmp_path, smtp_sink.url, clock)
    yield desk
    desk.store.close()


def recipients(sink: SmtpSink) -> list[str]:
    return [recipient for mail in sink.received for recipient in mail.recipients]


def test_a_refused_alert_reaches_the_deputy_in_the_same_round(desk: Desk, smtp_sink: SmtpSink):
    smtp_sink.answers_to_recipient["ada@northwind.example"].append("550 5.1.1 no such user")
    desk.arrives(COMPLAINT)
    desk.round()
    assert desk.bouncing() == [("Ada Brook", "ada@northwind.example")]
    assert desk.owner() == "Ben Hall"
    assert recipients(smtp_sink) == ["ben@northwind.example"]
    view = desk.store.case_view(CaseId("C-1001"))
    assert view is not None
    assert view.case.alerted_at == NOW
    assert "Mails to Ada Brook come back" in view.case.why_owner


def test_a_server_that_is_busy_moves_nothing(desk: Desk, smtp_sink: SmtpSink):
    smtp_sink.answers_to_recipient["ada@northwind.example"].append("451 try again later")
    desk.arrives(COMPLAINT)
    desk.round()
    assert (desk.bouncing(), desk.owner(), recipients(smtp_sink)) == ([], "Ada Brook", [])
    desk.clock.move(minutes=1)
    desk.round()
    assert recipients(smtp_sink) == ["ada@northwind.example"]


class TestAMailThatComesBackLater:
    @pytest.mark.parametrize("specimen", ["bounce_of_our_mail", "bounce_passed_on"])
    def test_moves_the_case_to_the_deputy_and_is_counted_as_a_machines(self, desk: Desk, smtp_sink: SmtpSink, specimen: str):
        self.alerted(desk, smtp_sink)
        self.comes_back(desk, smtp_sink, specimen)
        report = desk.round()
        assert report.places == {Status.AUTOMATED: 1}
        assert desk.bouncing() == [("Ada Brook", "ada@northwind.example")]
        assert desk.owner() == "Ben Hall"
        assert recipients(smtp_sink) == ["ada@northwind.example", "ben@northwind.example"]
        (alarm,) = (alarm for alarm in desk.store.alarms() if alarm.key.startswith("bouncing"))
        assert "came back for good, with status 5.1.1. Mend the address" in alarm.text

    def test_with_its_own_address_it_needs_no_word_of_ours(self, desk: Desk):
        desk.arrives((SPECIMENS / "bounce_of_our_mail.eml").read_bytes())
        desk.round()
        assert desk.bouncing() == [("Ada Brook", "ada@northwind.example")]

    def test_a_delay_moves_nothing(self, desk: Desk, smtp_sink: SmtpSink):
        self.alerted(desk, smtp_sink)
        self.comes_back(desk, smtp_sink, "bounce_of_a_full_mailbox")
        assert desk.round().places == {Status.AUTOMATED: 1}
        assert (desk.bouncing(), desk.owner()) == ([], "Ada Brook")

    @pytest.mark.parametrize("specimen", ["bounce", "bounce_passed_on"])
    def test_what_others_wrote_says_nothing_of_our_people(self, desk: Desk, smtp_sink: SmtpSink, specimen: str):
        self.alerted(desk, smtp_sink)
        desk.arrives((SPECIMENS / f"{specimen}.eml").read_bytes())
        assert desk.round().places == {Status.AUTOMATED: 1}
        assert (desk.bouncing(), desk.owner()) == ([], "Ada Brook")

    def alerted(self, desk: Desk, sink: SmtpSink) -> None:
        desk.arrives(COMPLAINT)
        desk.round()
        assert recipients(sink) == ["ada@northwind.example"]

    def comes_back(self, desk: Desk, sink: SmtpSink, specimen: str) -> None:
        """The specimen, as if it were about the alert that Ada was just sent."""
        message_id = sink.received[-1].message["Message-ID"].strip("<>").encode()
        raw = (SPECIMENS / f"{specimen}.eml").read_bytes()
        assert MESSAGE_ID_OF_SPECIMENS in raw
        desk.arrives(raw.replace(MESSAGE_ID_OF_SPECIMENS, message_id))


NOTIFY_AND_DIE = """
import os, signal, sys
from pathlib import Path
import flows.round
from allears.clock import SystemClock
from allears.mail.maildir import MaildirMailer
from allears.settings import load
from allears.store import connect
from flows.wiring import Wiring

folder, moment = Path(sys.argv[1]), sys.argv[2]
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
settings = load(folder / "allears.toml")

class Dying(MaildirMailer):
    def send(self, message):
        if moment == "before the first mail":
            die()
        super().send(message)
        if moment == "after the first mail" or (moment == "after the second mail" and len(list((folder / "outbox/new").iterdir())) == 2):
            die()

class Mortal(Wiring):
    def mailer(self):
        return Dying(folder / "outbox")

flows.round.notify(Mortal(settings, connect(settings), SystemClock()))
"""


@pytest.mark.parametrize("moment", ["before the first mail", "after the first mail", "after the second mail"])
def test_a_kill_between_gathering_and_sending_loses_and_doubles_nothing(tmp_path: Path, moment: str):
    """Ada has a critical case and nine others, one of them told twice; Ben is told of nothing."""
    (tmp_path / "allears.toml").write_text(CONFIGURATION.format(mail="maildir:outbox"), "utf-8")
    settings = load(tmp_path / "allears.toml", {})
    clock = SystemClock()
    store = connect(settings)
    for number in range(10):
        now, contact = clock.now(), f"email:{number}@x.org"
        items = [an_item(f"m-{number}", f"The kettle number {number} is broken.", contact=contact, received_at=now)]
        if number == TOLD_TWICE:
            items.append(an_item("again", "And it still smokes, please.", contact=contact, received_at=clock.now(), references=("m-3",)))
        store.record_page(SUPPORT, a_page(items), now)
        urgency = Urgency.CRITICAL if number == CRITICAL else Urgency.NORMAL
        store.record_understanding([understanding_of(each, said(urgency=urgency), topics=()) for each in items])
    route_waiting(store, Wiring(settings, store, clock).plan, clock, TOKENS)
    store.close()

    died = subprocess.run([sys.executable, "-c", NOTIFY_AND_DIE, tmp_path, moment], cwd=Path.cwd(), check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL

    store = connect(settings)
    try:
        run_round(Wiring(settings, store, clock), [], Stage.NOTIFY)
        cases = store.export(ExportName.CASES).read_all().to_pylist()
        events = store.export(ExportName.EVENTS).read_all().to_pylist()
        assert store.outbox_due(clock.now(), 100) == []
    finally:
        store.close()
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (tmp_path / "outbox" / "new").iterdir()]
    assert len(mails) == 2
    assert len(cases) == 10
    told = Counter(case["id"] for mail in mails for case in cases if case["id"] in text_of(mail))
    assert told == Counter(case["id"] for case in cases)
    assert Counter(event["case_id"] for event in events if event["type"] == "alerted") == Counter(case["id"] for case in cases)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
