"""How long until the owner's mail server has the alert: from a form, from a mailbox that is listened to, from a folder that is polled.

A form wakes the runner, and so does a mail in the mailbox (IDLE; it is asked once a day); the folder is asked each minute.

Run: python benchmarks/alerting.py [MESSAGES]   (of each sort; a message every ten seconds). Needs a Dovecot.
"""

from __future__ import annotations

import random
import re
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import quantiles

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from at_work import free_ports, up

from tests.integration.dovecot import DovecotMailbox, running_dovecot

MESSAGES = 30
EVERY = 10.0
"""Seconds between two messages of a sort."""
PUSHED_P95, POLLED_P95 = 10.0, 75.0
SETTLING = 20.0
"""Seconds in which the first tick of all reads what is there already."""
OWNERS = 12
CONFIGURATION = """\
[business]
name = "Northwind Coffee"
[mail]
url = "smtp://127.0.0.1:{smtp}"
sender = "AllEars <allears@northwind.example>"
[service]
port = {service}
[dashboard]
port = {dashboard}
[prefect]
port = {prefect}
[[source]]
name = "web"
channel = "form"
[[source]]
name = "support"
channel = "email"
url = "eml:mails"
every = "1 minute"
[[source]]
name = "listened"
channel = "email"
url = "{imap}"
password = "{password}"
every = "1 day"
[[route]]
topic = "orders"
about = "order broken, money back"
to = "team:orders"
[routing]
default = "person:Owner A"
"""
PERSON = '[[person]]\nname = "Owner {letter}"\nemail = "{letter}@northwind.example"\nteams = ["orders"]\n'
MAIL = "From: c{number}@customers.example\nMessage-ID: <{number}@customers.example>\nSubject: Broken\n\n{words}\n"


class Sink:
    """An SMTP server that notes when it took which order number."""

    def __init__(self) -> None:
        self.taken: dict[str, float] = {}

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the moment."""
        for number in re.findall(rb"order (\d{4})", bytes(envelope.content or b"").replace(b"=\r\n", b"")):
            self.taken.setdefault(number.decode(), time.monotonic())
        return "250 OK"


def main(messages: int) -> int:
    """Measure once and print a table; 1 if a bar is missed."""
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_ports(1)[0])
    server.start()
    with tempfile.TemporaryDirectory(prefix="allears-alerting-") as name, running_dovecot() as dovecot:
        folder = Path(name)
        mailbox = DovecotMailbox(dovecot, "support")
        service, dashboard, prefect = free_ports(3)
        people = "".join(PERSON.format(letter=chr(ord("A") + index)) for index in range(OWNERS))
        ports = {"smtp": server.port, "service": service, "dashboard": dashboard, "prefect": prefect}
        text = CONFIGURATION.format(imap=mailbox.url, password=mailbox.password, **ports)
        (folder / "allears.toml").write_text(text + people)
        (folder / "mails").mkdir()
        try:
            with up(folder, dashboard):
                time.sleep(SETTLING)
                sent = send(messages, f"http://127.0.0.1:{service}", mailbox, folder / "mails")
                wait_for(sink, set().union(*sent))
        finally:
            server.stop()
    forms, heard, polled = sent
    missed = report("form to alert", forms, sink, PUSHED_P95) + report("mail, heard of by IDLE, to alert", heard, sink, PUSHED_P95)
    missed += report("mail, polled each minute, to alert", polled, sink, POLLED_P95)
    return int(missed > 0)


def send(messages: int, service: str, mailbox: DovecotMailbox, mails: Path) -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """A form and two mails every ten seconds, the mails at random moments of them; when each was sent, by its number."""
    chance = random.Random(1)
    forms: dict[str, float] = {}
    heard: dict[str, float] = {}
    polled: dict[str, float] = {}
    for index in range(messages):
        began = time.monotonic()
        later = [
            threading.Timer(chance.random() * EVERY, put_mail, (mails, 2000 + index, polled)),
            threading.Timer(chance.random() * EVERY, deliver_mail, (mailbox, 3000 + index, heard)),
        ]
        for each in later:
            each.start()
        number = str(1000 + index)
        forms[number] = time.monotonic()
        form = {"message": f"My order {number} came broken, I want my money back.", "contact": f"f{number}@customers.example"}
        httpx.post(f"{service}/api/v1/forms/web", json=form, timeout=10).raise_for_status()
        time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
        for each in later:
            each.join()
    return forms, heard, polled


def put_mail(mails: Path, number: int, sent: dict[str, float]) -> None:
    """Deliver one mail into the folder, whole or not at all."""
    draft = mails.parent / f"{number}.draft"
    draft.write_text(mail(number))
    sent[str(number)] = time.monotonic()
    draft.rename(mails / f"{number}.eml")


def deliver_mail(mailbox: DovecotMailbox, number: int, sent: dict[str, float]) -> None:
    """Hand one mail to the mailbox's server."""
    sent[str(number)] = time.monotonic()
    mailbox.deliver(mail(number).encode())


def mail(number: int) -> str:
    """A customer's mail about their order."""
    return MAIL.format(number=number, words=f"My order {number} came broken, I want my money back.")


def wait_for(sink: Sink, numbers: set[str]) -> None:
    """Until each has its alert, or three minutes have passed."""
    deadline = time.monotonic() + 180
    while not numbers <= sink.taken.keys() and time.monotonic() < deadline:
        time.sleep(1)


def report(what: str, sent: dict[str, float], sink: Sink, bar: float) -> int:
    """One line; 1 if the bar is missed or an alert did not come."""
    seconds = [sink.taken[number] - at for number, at in sent.items() if number in sink.taken]
    cuts = quantiles(seconds, n=20, method="inclusive")
    print(f"{what:<40}p50 {cuts[9]:5.1f} s   p95 {cuts[18]:5.1f} s   max {max(seconds):5.1f} s   p95 < {bar:.0f} s", end="   ")
    print(f"{len(seconds)} of {len(sent)} came")
    return int(cuts[18] >= bar or len(seconds) < len(sent))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
