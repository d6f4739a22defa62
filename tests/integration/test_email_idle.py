"""Mail that is heard of at once: Dovecot's IDLE, what breaks and comes back, and the tick that is woken."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from allears.settings import load
from connectors.email.connector import MOST_EARS, EmailConnector
from connectors.email.idle import FolderEar
from connectors.listening import Bell, Ear, Listening
from flows.listening import GATHERED, MOST_CONNECTIONS, Patience, listening, listening_at
from flows.waking import Waker
from tests.integration.broken_imap import PASSWORD, BrokenImap, broken
from tests.integration.dovecot import DovecotMailbox
from tests.integration.imap_source import StoppedClock, client, connector, mail
from tests.integration.test_email_imap_folders import put
from tests.prefect_api import run_of, running_prefect_api

pytestmark = [pytest.mark.dovecot, pytest.mark.quiet]
QUICK = Patience(first=0.05, longest=0.4, steady=0.2, refused=30.0)
SILENCE = 0.5
"""Seconds after which nothing more is expected."""


@dataclass
class Wakes:
    """The sources for which a tick was wanted, in order."""

    sources: list[str] = field(default_factory=list)
    _came: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, sources: Sequence[str]) -> None:
        with self._came:
            self.sources += sources
            self._came.notify_all()

    def wait_for(self, count: int) -> None:
        with self._came:
            assert self._came.wait_for(lambda: len(self.sources) >= count, 10), f"{len(self.sources)} of {count} wakes"

    def stay_at(self, count: int) -> None:
        time.sleep(SILENCE)
        assert len(self.sources) == count


@dataclass
class ToldEar:
    """An ear that tells when it listens."""

    ear: Ear
    listens: threading.Semaphore

    @property
    def what(self) -> str:
        return self.ear.what

    def listen(self, bell: Bell) -> Iterator[bool]:
        for heard in self.ear.listen(bell):
            if not heard:
                self.listens.release()
            yield heard


@pytest.fixture
def wakes() -> Wakes:
    return Wakes()


@contextmanager
def listening_to(source: EmailConnector, wake: Callable[[Sequence[str]], None], renew_after: float | None = None) -> Iterator[None]:
    """Listen at a source, once all of its ears do."""
    assert isinstance(source, Listening)
    ears = source.ears()
    if renew_after is not None:
        ears = [FolderEar(ear._account, ear.what, renew_after) for ear in ears]
    listens = threading.Semaphore(0)
    with listening_at([("support", ToldEar(ear, listens)) for ear in ears], wake, QUICK):
        for _ in ears:
            assert listens.acquire(timeout=10)
        yield


def ears(imap: BrokenImap, *folders: str, renew_after: float = 600.0, password: str = PASSWORD) -> list[tuple[str, Ear]]:
    """The ears of one source, which share its account."""
    account = imap.account(password=password)
    return [("support", FolderEar(account, folder, renew_after)) for folder in folders or ("INBOX",)]


@pytest.mark.parametrize("kind", ["url", "tls_url", "starttls_url"])
def test_mail_that_arrives_wakes_a_tick_of_its_source(dovecot: DovecotMailbox, wakes: Wakes, kind: str):
    source = connector(dovecot, url=getattr(dovecot, kind), **({} if kind == "url" else {"ca_file": dovecot.certificate}))
    with listening_to(source, wakes):
        wakes.stay_at(0)
        for count in (1, 2):
            dovecot.deliver(mail(count))
            wakes.wait_for(count)
    assert set(wakes.sources) == {"support"}


def test_each_folder_is_heard(dovecot: DovecotMailbox, wakes: Wakes):
    folders = ("INBOX", "Shop/Complaints", "Büro")
    with client(dovecot) as server:
        for folder in folders:
            put(server, folder)
        with listening_to(connector(dovecot, url=dovecot.account_url, folders=folders), wakes):
            for count, folder in enumerate(folders, start=1):
                put(server, folder, mail(count))
                wakes.wait_for(count)
            wakes.stay_at(len(folders))


def test_a_burst_of_mail_wakes_one_tick(dovecot: DovecotMailbox):
    with running_prefect_api() as prefect, listening_to(connector(dovecot), Waker(prefect.url, GATHERED).wake):
        for number in range(10):
            dovecot.deliver(mail(number))
        prefect.wait_for(1)
        time.sleep(1.5)
        assert prefect.asked == [run_of("support")]


def test_what_people_do_in_the_mailbox_and_what_the_server_says_in_between_wakes_nobody(dovecot: DovecotMailbox, wakes: Wakes):
    """Dovecot says "Still here" every second in these tests."""
    for number in range(3):
        dovecot.deliver(mail(number))
    with listening_to(connector(dovecot), wakes), client(dovecot) as server:
        server.store("1:2", "+FLAGS", r"(\Seen)")
        server.store("1", "+FLAGS", r"(\Deleted)")
        server.expunge()
        time.sleep(1.2)
        wakes.stay_at(0)
        dovecot.deliver(mail(4))
        wakes.wait_for(1)


def test_idle_is_renewed_and_nothing_is_missed_meanwhile(dovecot: DovecotMailbox, wakes: Wakes):
    with listening_to(connector(dovecot), wakes, renew_after=0.02):
        for count in range(1, 21):
            dovecot.deliver(mail(count))
            wakes.wait_for(count)


def test_an_idle_ends_before_the_server_ends_it(wakes: Wakes):
    with broken(BrokenImap({1: mail(1)})) as imap, listening_at(ears(imap, renew_after=0.1), wakes, QUICK):
        time.sleep(1.0)
        assert imap.renewals > 4
        assert imap.logins == 1


def test_counts_that_do_not_grow_wake_nobody(wakes: Wakes):
    with broken(BrokenImap({1: mail(1), 2: mail(2)})) as imap, listening_at(ears(imap), wakes, QUICK):
        imap.await_idling(1)
        imap.say(b"* OK Still here", b"* 2 EXISTS", b"* 0 RECENT", b"* 1 EXPUNGE", b"* 1 EXISTS", b"* 1 FETCH (FLAGS ())")
        wakes.stay_at(0)
        imap.say(b"* 2 EXISTS")
        wakes.wait_for(1)


def test_a_line_that_comes_in_pieces_is_one_line(wakes: Wakes):
    with broken(BrokenImap({1: mail(1)})) as imap, listening_at(ears(imap), wakes, QUICK):
        imap.await_idling(1)
        for part in (b"* 2 EXIST", b"S\r", b"\n* OK Still"):
            imap.idling[0].wfile.write(part)
            time.sleep(0.05)
        wakes.wait_for(1)
        wakes.stay_at(1)


def test_mail_that_came_just_before_idling_wakes(wakes: Wakes):
    with broken(BrokenImap({1: mail(1)}, before_idling=b"* 2 EXISTS")) as imap, listening_at(ears(imap), wakes, QUICK):
        wakes.wait_for(1)


def test_a_connection_that_breaks_is_made_again_and_mail_of_the_meantime_wakes(wakes: Wakes, caplog: pytest.LogCaptureFixture):
    with broken(BrokenImap({1: mail(1)})) as imap, listening_at(ears(imap), wakes, QUICK):
        imap.await_idling(1)
        imap.hang_up()
        waited(lambda: imap.logins == 2, "another connection")
        imap.await_idling(1)
        wakes.stay_at(0)
        imap.messages[2] = mail(2)
        imap.hang_up()
        wakes.wait_for(1)
    assert caplog.records == []


def test_a_server_that_does_not_answer_any_more_is_left(wakes: Wakes):
    with broken(BrokenImap({1: mail(1)}, deaf=True)) as imap, listening_at(ears(imap, renew_after=0.1), wakes, QUICK):
        waited(lambda: imap.logins >= 2, "another connection")


def test_a_server_that_keeps_breaking_off_is_tried_less_and_less_often_and_told_of_once(wakes: Wakes, caplog: pytest.LogCaptureFixture):
    with broken(BrokenImap(at_command={"IDLE": "drop"})) as imap, listening_at(ears(imap), wakes, Patience(first=0.1)):
        time.sleep(1.3)
        assert 2 <= imap.logins <= 4, "at 0, 0.1, 0.3 and 0.7 seconds"
    (told,) = caplog.messages
    assert "the schedule goes on" in told


def test_a_refused_account_is_tried_once_however_many_folders_it_has_and_the_mend_is_told(wakes: Wakes, caplog: pytest.LogCaptureFixture):
    with broken(BrokenImap()) as imap, listening_at(ears(imap, "A", "B", "C", password="hunter2"), wakes, QUICK):
        time.sleep(1.0)
        assert imap.logins == 1
    (told,) = caplog.messages
    assert "app password" in told
    assert "hunter2" not in told


def test_a_refused_account_is_tried_again_much_later(wakes: Wakes):
    with broken(BrokenImap()) as imap, listening_at(ears(imap, "A", "B", password="wrong"), wakes, Patience(refused=0.4)):
        time.sleep(1.0)
        assert 2 <= imap.logins <= 3, "at 0, 0.4 and 0.8 seconds, whichever folder's turn it is"


def test_a_missing_folder_is_told_of_and_the_others_are_heard(dovecot: DovecotMailbox, wakes: Wakes, caplog: pytest.LogCaptureFixture):
    source = connector(dovecot, url=dovecot.account_url, folders=["Gone", "INBOX"])
    with listening_at([("support", ear) for ear in source.ears()], wakes, QUICK):
        waited(lambda: "'Gone'" in caplog.text, "a word on the folder")
        time.sleep(0.3)
        dovecot.deliver(mail(1))
        wakes.wait_for(1)
    assert len(caplog.messages) == 1


def test_a_server_that_offers_no_idle_is_asked_once(wakes: Wakes, caplog: pytest.LogCaptureFixture):
    with broken(BrokenImap(capabilities="IMAP4rev1 XIDLER")) as imap, listening_at(ears(imap), wakes, QUICK):
        time.sleep(SILENCE)
        assert imap.logins == 1
    assert caplog.messages == []


@pytest.mark.parametrize("trouble", [{}, {"GREETING": "hang"}])
def test_it_ends_at_once(wakes: Wakes, trouble: dict[str, str]):
    with broken(BrokenImap(at_command=trouble)) as imap:
        with listening_at(ears(imap, "A", "B", "C"), wakes, QUICK):
            if trouble:
                time.sleep(0.1)
            else:
                imap.await_idling(3)
            began = time.monotonic()
        assert time.monotonic() - began < 5.0
        imap.await_idling(0)


def test_sources_that_are_not_asked_to_listen_do_not(dovecot: DovecotMailbox):
    assert connector(dovecot, idle=False).ears() == ()
    assert connector(dovecot, url="maildir:inbox").ears() == ()
    assert len(connector(dovecot, url=dovecot.account_url, folders=list("ABCDEFGH")).ears()) == MOST_EARS


def test_connections_are_bounded_and_every_source_has_one(tmp_path: Path, wakes: Wakes, caplog: pytest.LogCaptureFixture):
    with broken(BrokenImap()) as imap:
        source = '[[source]]\nname = "s{number}"\nchannel = "email"\nurl = "imap://jo:{password}@127.0.0.1:{port}"\nfolders = ["A", "B"]\n'
        text = "".join(source.format(number=number, password=PASSWORD, port=imap.port) for number in range(MOST_CONNECTIONS - 2))
        (tmp_path / "allears.toml").write_text(
            f'[business]\nname = "N"\n{text}[[source]]\nname = "web"\nchannel = "form"\n'
            '[[person]]\nname = "Cara"\nemail = "cara@northwind.example"\n[routing]\ndefault = "person:Cara"\n'
        )
        with listening(load(tmp_path / "allears.toml"), wakes, StoppedClock()):
            imap.await_idling(MOST_CONNECTIONS)
            time.sleep(SILENCE)
            assert imap.logins == MOST_CONNECTIONS
    assert len(caplog.messages) == MOST_CONNECTIONS - 4
    assert all(": B is seen on schedule only" in told for told in caplog.messages)


def waited(happened: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < ends, f"{what} did not come"
        time.sleep(0.02)
