"""The IMAP server, the SMTP server or AllEars itself is killed in the middle of runs: nothing lost, nothing acted on or sent twice.

Six times as it stands; as often as ALLEARS_PLUGS says, as in `ALLEARS_PLUGS=100 pytest -s tests/integration/test_pull_the_plug.py`.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import quote

import pytest

from allears.domain.case import EventType
from allears.domain.records import ExportName
from allears.settings import load
from allears.store import connect
from tests.integration import dovecot
from tests.integration.dovecot import Dovecot, DovecotMailbox
from tests.integration.smtp_sink import SmtpSink, running_sink

ALLEARS = Path(sys.executable).with_name("allears")
PLUGS = int(os.environ.get("ALLEARS_PLUGS", "6"))
SUPPORT, ADA = "support@northwind.example", "ada@northwind.example"
CONFIGURATION = """
[business]
name = "Northwind Coffee"
own_addresses = ["support@northwind.example"]

[model]
name = "lexicon"

[mail]
url = "{smtp}"
sender = "AllEars <allears@northwind.example>"
replies = "support+{{token}}@northwind.example"

[[source]]
name = "support"
channel = "email"
url = "{imap}"
password = "{password}"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"

[routing]
default = "person:Ada Brook"
"""


class Servers:
    """A real Dovecot and a real SMTP server that die without a word and come back on the same ports."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self.imap = Dovecot(self.folder, *dovecot._free_ports(3), self.folder / "certificate.pem")
        self.mailbox = DovecotMailbox(self.imap, SUPPORT)
        self.received: list[EmailMessage] = []
        self._stack, self._port = ExitStack(), 0
        self.sink: SmtpSink | None = None
        self.process: subprocess.Popen[bytes] | None = None

    def up(self) -> None:
        """Whichever is down comes back."""
        if self.process is None:
            self.process = dovecot._start(self.imap, None)
        if self.sink is None:
            self.sink = self._stack.enter_context(running_sink(port=self._port))
            self._port = self.sink.port

    def kill_imap(self) -> None:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in (self.process.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def kill_smtp(self) -> None:
        assert self.sink is not None
        self._stack.close()
        self.received += [mail.message for mail in self.sink.received]
        self.sink = None

    def down(self) -> None:
        if self.sink is not None:
            self.kill_smtp()
        if self.process is not None:
            self.kill_imap()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def delivered(self) -> list[EmailMessage]:
        """Every mail the SMTP server took, in every one of its lives."""
        return [*self.received, *(mail.message for mail in (self.sink.received if self.sink else ()))]


class Shop:
    """A business whose customers write, and whose Ada answers each alert once from her mail client."""

    def __init__(self, folder: Path, servers: Servers) -> None:
        self.folder, self.servers, self.written, self.answered = folder, servers, list[str](), dict[str, str]()
        servers.up()
        assert servers.sink is not None
        url = f"imap://{quote(SUPPORT)}@127.0.0.1:{servers.imap.imap_port}/INBOX"
        text = CONFIGURATION.format(smtp=servers.sink.url, imap=url, password=servers.mailbox.password)
        (folder / "allears.toml").write_text(text, "utf-8")

    def customers_write(self, count: int) -> None:
        for _ in range(count):
            number = len(self.written)
            self._arrives(
                f"jo{number}@x.example", SUPPORT, f"Order {number}", f"Order {number} is broken and nobody answers. Refund me.", {}
            )

    def ada_answers(self, chance: random.Random) -> None:
        """Every alert about a single case that she has not answered yet: she takes it, or writes to the customer."""
        for mail in self.servers.delivered:
            about, subject = str(mail["Message-ID"]), str(mail["Subject"])
            if str(mail["To"]).endswith(f"<{ADA}>") and ": Order" in subject and about not in self.answered and "cases are" not in subject:
                words = chance.choice(["ack", "Dear customer, a new one leaves today, and I am sorry for the trouble."])
                self.answered[about] = words
                self._arrives(ADA, parseaddr(str(mail["Reply-To"]))[1], f"Re: {subject}", words, {"In-Reply-To": about})

    def _arrives(self, sender: str, to: str, subject: str, text: str, headers: dict[str, str]) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        name = f"m{len(self.written)}@client.example"
        mail["Message-ID"] = f"<{name}>"
        for header, value in headers.items():
            mail[header] = value
        mail.set_content(text)
        self.servers.up()
        self.servers.mailbox.deliver(mail.as_bytes())
        self.written.append(name)

    def run(self, plug: Callable[[], None] | None = None, after: float = 0.0) -> int:
        """One `allears run`; what `plug` pulls dies after so many seconds of it."""
        self.servers.up()
        run = subprocess.Popen(
            [ALLEARS, "run", "--config", self.folder / "allears.toml"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "ALLEARS_CONFIG": str(self.folder / "allears.toml")},
        )
        if plug is not None:
            time.sleep(after)
            if plug is self.kill_us:
                run.kill()
            else:
                plug()
        _, said = run.communicate(timeout=120)
        assert b"Traceback" not in said, said.decode()
        return run.returncode

    def kill_us(self) -> None:
        """Stands for a SIGKILL of the run."""

    def go_on_until_quiet(self) -> None:
        """Runs that nobody disturbs, until nothing waits; what was put off is due at once."""
        for _ in range(20):
            if self.run() == 0 and not self._hurry():
                return
        pytest.fail("it never came to rest")

    def _hurry(self) -> int:
        """Mails that wait for a server that was dead are due now; how many there were."""
        store = connect(load(self.folder / "allears.toml", {}))
        try:
            now = datetime.now(UTC)
            waiting = [message.key for message in store.outbox_due(now + timedelta(days=1), 1_000)]
            store.postpone(waiting, now)
        finally:
            store.close()
        return len(waiting)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    missing = [path for path in dovecot._NEEDED if not Path(path).exists()]
    if missing:
        pytest.skip("needs a Dovecot: apt-get install dovecot-imapd dovecot-lmtpd")
    servers = Servers()
    try:
        yield Shop(tmp_path, servers)
    finally:
        servers.down()


def test_pulled_plugs(shop: Shop):
    chance = random.Random(os.environ.get("ALLEARS_SEED", "plug"))
    began = time.monotonic()
    shop.run()
    usual = time.monotonic() - began
    for number in range(PLUGS):
        shop.customers_write(chance.randint(1, 4))
        shop.ada_answers(chance)
        plugs = [shop.servers.kill_imap, shop.servers.kill_smtp, shop.kill_us]
        shop.run(plugs[number % len(plugs)], chance.uniform(0.1, 1.1) * usual)
    shop.go_on_until_quiet()
    shop.ada_answers(chance)
    shop.go_on_until_quiet()

    store = connect(load(shop.folder / "allears.toml", {}))
    try:
        items = store.export(ExportName.ITEMS).read_all().to_pylist()
        events = store.export(ExportName.EVENTS).read_all().to_pylist()
        ledger = store.ledger(None, "UTC")
    finally:
        store.close()
    assert Counter(item["external_id"] for item in items) == Counter(shop.written)
    assert all(row.balanced for row in ledger)

    sent = Counter(str(mail["Message-ID"]) for mail in shop.servers.delivered)
    assert [name for name, times in sent.items() if times > 1] == []
    letters = Counter(str(mail["To"]) for mail in shop.servers.delivered if "x.example" in str(mail["To"]))
    wrote = [words for words in shop.answered.values() if words != "ack"]
    assert sum(letters.values()) == len(wrote)
    happened = Counter(event["type"] for event in events)
    assert happened[EventType.ANSWERED] == len(wrote)
    receipts = [mail for mail in shop.servers.delivered if str(mail["Subject"]).startswith(("Done:", "Not done:"))]
    assert len(receipts) == len(shop.answered)
