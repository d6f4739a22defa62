"""`allears up` for real: four processes, a schedule that fires, messages that become mails in a mail server's hands."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from tests.integration.dovecot import Dovecot, DovecotMailbox
from tests.integration.smtp_sink import SmtpSink, running_sink

pytestmark = [pytest.mark.dovecot, pytest.mark.quiet]
POLLING = 10.0
"""Seconds between two looks into the mailbox."""
STARTING = 120.0
COMPLAINT = "This is unacceptable and I want my money back"
CONFIGURATION = """\
[business]
name = "Northwind Coffee"
[mail]
url = "{smtp}"
sender = "AllEars <allears@northwind.example>"
[service]
port = {service}
[dashboard]
port = {dashboard}
[prefect]
port = {prefect}
[[source]]
name = "support"
channel = "email"
url = "{imap}"
password = "{password}"
every = "10 seconds"
idle = false
[[source]]
name = "shop"
channel = "email"
url = "{shop}"
password = "{password}"
every = "1 day"
[[source]]
name = "hangs"
channel = "email"
url = "imap://nobody@127.0.0.1:{hanging}/INBOX"
password = "irrelevant"
every = "10 seconds"
[[source]]
name = "web"
channel = "form"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""


@dataclass(frozen=True)
class Up:
    """A running `allears up` and what it talks to."""

    folder: Path
    service: str
    prefect: str
    mailbox: DovecotMailbox
    shop: DovecotMailbox
    sink: SmtpSink

    def alert(self, words: str, timeout_seconds: float) -> float:
        """Seconds until an alert with these words is in the mail server's hands; fails the test if it does not come."""
        return waited(lambda: any(words in str(got.message) for got in self.sink.received), timeout_seconds, f"an alert with {words!r}")

    def send_form(self, words: str) -> None:
        """A customer fills in the form."""
        sent = httpx.post(
            f"{self.service}/api/v1/forms/web", json={"message": f"{COMPLAINT}, {words}.", "contact": "jo@customers.example"}, timeout=10
        )
        assert sent.status_code == 201, sent.text


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory, dovecot_server: Dovecot) -> Iterator[Up]:
    """One `allears up` for the module; its mailboxes are Dovecot's, `shop` is listened to and not polled; one more source never answers."""
    folder = tmp_path_factory.mktemp("up")
    mailbox, shop = (DovecotMailbox(dovecot_server, f"{name}@northwind.example") for name in ("up", "shop"))
    with running_sink() as sink, hanging_server() as hanging:
        ports = write_configuration(folder, sink, mailbox, shop, hanging)
        service, dashboard, prefect = (f"http://127.0.0.1:{ports[name]}" for name in ("service", "dashboard", "prefect"))
        with started(folder, f"{dashboard}/_stcore/health"):
            yield Up(folder, service, f"{prefect}/api", mailbox, shop, sink)


def test_a_scheduled_tick_fires(up: Up):
    wanted = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "sort": "EXPECTED_START_TIME_DESC"}

    def scheduled() -> bool:
        runs = httpx.post(f"{up.prefect}/flow_runs/filter", json=wanted, timeout=10).raise_for_status().json()
        return any(run["auto_scheduled"] and run["deployment_id"] and run["state_name"] == "Completed" for run in runs)

    waited(scheduled, 60, "a scheduled run of the tick that completed")


def test_a_mail_becomes_an_alert(up: Up):
    words = "order 1001 arrived broken"
    up.mailbox.deliver(mail(words))
    seconds = up.alert(words, POLLING + 15)
    print(f"mail to alert: {seconds:.1f} s with a look every {POLLING:.0f} s")


def test_a_mail_that_is_heard_of_becomes_an_alert_at_once(up: Up):
    """Its source is asked once a day: only IDLE can have told of it."""
    up.shop.deliver(mail("order 1000 arrived broken"))
    up.alert("order 1000 arrived broken", 60)  # the first of all: the look at the start of the day may bring it too
    words = "order 1006 arrived broken"
    up.shop.deliver(mail(words))
    print(f"mail to alert, heard of: {up.alert(words, 60):.1f} s")


def test_a_form_becomes_an_alert_at_once(up: Up):
    words = "order 1002 arrived broken"
    up.send_form(words)
    print(f"form to alert: {up.alert(words, 10):.1f} s")


def test_the_store_service_comes_back_after_a_kill(up: Up):
    before = service_pid(up.folder)
    os.kill(before, signal.SIGKILL)
    waited(lambda: answers(f"{up.service}/healthz") and service_pid(up.folder) != before, 30, "another store service")
    words = "order 1003 arrived broken"
    up.send_form(words)
    up.alert(words, 30)


def test_a_source_that_hangs_does_not_hold_up_others(up: Up):
    words = "order 1004 arrived broken"
    up.send_form(words)
    up.alert(words, POLLING + 15)
    words = "order 1005 arrived broken"
    up.mailbox.deliver(mail(words))
    up.alert(words, POLLING + 15)


def test_killing_the_supervisor_takes_all_along(tmp_path: Path, dovecot: DovecotMailbox):
    with running_sink() as sink, hanging_server() as hanging:
        write_configuration(tmp_path, sink, dovecot, dovecot, hanging)
        with session(tmp_path) as supervisor:
            waited(lambda: len(members(supervisor.pid)) >= 3, STARTING, "the first children")
            supervisor.kill()
            supervisor.wait()
            waited(lambda: not members(supervisor.pid), 15, "the end of all children")


@contextmanager
def started(folder: Path, ready: str) -> Iterator[subprocess.Popen[bytes]]:
    """`allears up`, once all of it answers. It ends as by Ctrl-C in a terminal, and must leave nobody behind."""
    with session(folder) as supervisor:
        waited(lambda: supervisor.poll() is not None or answers(ready), STARTING, "the dashboard")
        assert supervisor.poll() is None, logs(folder)
        yield supervisor
        os.killpg(supervisor.pid, signal.SIGINT)
        assert supervisor.wait(30) == 0
        waited(lambda: not members(supervisor.pid), 5, "the end of all children")


@contextmanager
def session(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`allears up` as the first process of a session, which is killed whatever a test did."""
    command = [str(Path(sys.executable).with_name("allears")), "up"]
    with (folder / "up.log").open("wb") as log:
        supervisor = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        yield supervisor
    finally:
        for pid in members(supervisor.pid):
            os.kill(pid, signal.SIGKILL)
        supervisor.wait()


def write_configuration(folder: Path, sink: SmtpSink, mailbox: DovecotMailbox, shop: DovecotMailbox, hanging: int) -> dict[str, int]:
    """The ports of the three servers."""
    ports = dict(zip(("service", "dashboard", "prefect"), free_ports(3), strict=True))
    text = CONFIGURATION.format(smtp=sink.url, imap=mailbox.url, shop=shop.url, password=mailbox.password, hanging=hanging, **ports)
    (folder / "allears.toml").write_text(text)
    return ports


@contextmanager
def hanging_server() -> Iterator[int]:
    """The port of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        taken: list[socket.socket] = []

        def take() -> None:
            try:
                while True:
                    taken.append(listening.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in taken:
                each.close()


def mail(words: str) -> bytes:
    """A customer's mail."""
    return (
        "From: Jo Marsh <jo@customers.example>\r\nTo: support@northwind.example\r\nSubject: My order\r\n"
        f"Date: {format_datetime(datetime.now(UTC))}\r\nMessage-ID: <{time.monotonic_ns()}@customers.example>\r\n\r\n"
        f"{COMPLAINT}, {words}.\r\n"
    ).encode()


def waited(happened: Callable[[], bool], timeout_seconds: float, what: str) -> float:
    """Seconds until it happened; fails the test if it does not."""
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < timeout_seconds, f"{what} did not come within {timeout_seconds:.0f} s"
        time.sleep(0.1)
    return time.monotonic() - began


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def members(session_id: int) -> list[int]:
    """Living processes of a session."""
    states = {int(entry.name): state_of(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit()}
    return [pid for pid, fields in states.items() if fields and fields[0] != "Z" and int(fields[3]) == session_id]


def state_of(process: Path) -> list[str]:
    """Fields of /proc/PID/stat from the state on; none if the process is gone."""
    try:
        return (process / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def service_pid(folder: Path) -> int:
    note: dict[str, int] = json.loads((folder / ".allears" / "service.json").read_text())
    return note["pid"]


def free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


def logs(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace")[-2000:] for path in (folder / "up.log", *(folder / ".allears" / "logs").glob("*")))
