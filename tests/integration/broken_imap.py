"""A small IMAP server that misbehaves as it is told, where a real one cannot be made to."""

# ruff: noqa: N802 - commands are called as IMAP calls them
from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from connectors.email.imap_session import Account
from connectors.email.settings import ImapAddress

PASSWORD = "correct-horse"
EVERY = 0
"""In the place of a UID: any message."""
_COMMAND = re.compile(rb"(\S+) (UID )?(\w+) ?(.*?)\r?\n", re.DOTALL)


@dataclass
class BrokenImap:
    """One account with one folder. `at_uid` says how the server fails at a message, `at_command` how at a command.

    Ways to fail: "drop" (hangs up), "half" (hangs up within the message), "no", "bye", "hang" (says nothing more), "nothing"
    (answers OK without the message), "busy" (refuses for now), "gone" and "gone no" (it was deleted just now; OK or NO).
    `only` names a part of a FETCH that it fails at; `failures` is how often it fails before all is well. `before_idling` is said
    before an IDLE is granted; who is `deaf` hears no end of it.
    """

    messages: dict[int, bytes] = field(default_factory=dict)
    at_uid: dict[int, str] = field(default_factory=dict)
    at_command: dict[str, str] = field(default_factory=dict)
    only: str = ""
    failures: int = 1_000_000
    capabilities: str = "IMAP4rev1 IDLE"
    before_idling: bytes = b""
    deaf: bool = False
    logins: int = 0
    port: int = 0
    idling: list[_Session] = field(default_factory=list)
    idled: threading.Condition = field(default_factory=threading.Condition)
    renewals: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def account(self, timeout: float = 0.4, password: str = PASSWORD) -> Account:
        """How it is reached."""
        address = ImapAddress("imap", "127.0.0.1", self.port, "jo", None, None)
        return Account(address, SecretStr(password), timeout=timeout)

    def fails(self, way: str | None) -> str | None:
        """How it fails now, if it still does."""
        if way is None or self.failures == 0:
            return None
        self.failures -= 1
        return way

    def await_idling(self, count: int) -> None:
        """Until so many connections idle."""
        with self.idled:
            assert self.idled.wait_for(lambda: len(self.idling) == count, 20), f"{len(self.idling)} of {count} idle"

    def say(self, *lines: bytes) -> None:
        """To everyone who idles."""
        for session in list(self.idling):
            session.say(*lines)

    def hang_up(self) -> None:
        """On everyone who idles."""
        for session in list(self.idling):
            session.connection.shutdown(2)


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    server: _Server
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.imap = self.server.imap
        self.tag, self.by_uid = b"*", False
        if self.failed(self.imap.fails(self.imap.at_command.get("GREETING"))):
            return
        self.say(b"* OK here")
        while line := self.rfile.readline():
            match = _COMMAND.fullmatch(line)
            assert match, line
            self.tag, self.by_uid = match[1], bool(match[2])
            command = match[3].decode().upper()
            way = self.imap.fails(self.imap.at_command.get(command))
            if self.failed(way):
                return
            if way is None and not getattr(self, f"do_{command}", self.do_anything)(match[4]):
                return

    def say(self, *lines: bytes) -> None:
        self.wfile.write(b"".join(line + b"\r\n" for line in lines))

    def done(self, *lines: bytes) -> bool:
        self.say(*lines, self.tag + b" OK done")
        return True

    def failed(self, way: str | None) -> bool:
        """Fail in this way; whether the connection is over."""
        if way == "hang":
            self.imap.over.wait(30)
        if way == "bye":
            self.say(b"* BYE Too much")
        if way in ("no", "busy"):
            self.say(self.tag + (b" NO [UNAVAILABLE] Later" if way == "busy" else b" NO [SERVERBUG] Internal error"))
        return way in ("hang", "bye", "drop")

    def do_anything(self, _rest: bytes) -> bool:
        return self.done()

    def do_CAPABILITY(self, _rest: bytes) -> bool:
        return self.done(f"* CAPABILITY {self.imap.capabilities}".encode())

    def do_LOGIN(self, rest: bytes) -> bool:
        self.imap.logins += 1
        if PASSWORD.encode() in rest:
            return self.done()
        self.say(self.tag + b" NO [AUTHENTICATIONFAILED] Wrong: " + rest)
        return True

    def do_EXAMINE(self, _rest: bytes) -> bool:
        count, last = len(self.imap.messages), max(self.imap.messages, default=0)
        return self.done(f"* {count} EXISTS".encode(), b"* OK [UIDVALIDITY 9] yes", f"* OK [UIDNEXT {last + 1}] yes".encode())

    def do_LIST(self, _rest: bytes) -> bool:
        return self.done(b'* LIST () "/" "INBOX"')

    def do_LOGOUT(self, _rest: bytes) -> bool:
        self.done(b"* BYE Until then")
        return False

    def do_SEARCH(self, rest: bytes) -> bool:
        uids = self.named(rest.partition(b"UID ")[2].split()[0])
        return self.done(b"* SEARCH " + b" ".join(str(uid).encode() for uid in uids))

    def do_FETCH(self, rest: bytes) -> bool:
        which, _, what = rest.partition(b" ")
        for uid in self.named(which) if self.by_uid else [sorted(self.imap.messages)[int(which) - 1]]:
            planned = self.imap.at_uid.get(uid) or self.imap.at_uid.get(EVERY)
            way = self.imap.fails(planned) if self.imap.only.encode() in what else None
            if way == "half":
                self.say(f"* 1 FETCH (UID {uid} BODY[] {{{len(self.imap.messages[uid])}}}".encode(), b"From: J")
                return False
            if way in ("gone", "gone no"):
                del self.imap.messages[uid]
            if way in ("gone", "nothing"):
                continue
            if way is not None:
                return not self.failed(way.removeprefix("gone "))
            self.say(self.fetched(uid, what))
        return self.done()

    def do_IDLE(self, _rest: bytes) -> bool:
        self.say(*([self.imap.before_idling] if self.imap.before_idling else []), b"+ idling")
        with self.imap.idled:
            self.imap.idling.append(self)
            self.imap.renewals += 1
            self.imap.idled.notify_all()
        line = self.rfile.readline()
        with self.imap.idled:
            self.imap.idling.remove(self)
            self.imap.idled.notify_all()
        if self.imap.deaf:
            self.imap.over.wait(30)
        return line.startswith(b"DONE") and self.done()

    def fetched(self, uid: int, what: bytes) -> bytes:
        number, message = sorted(self.imap.messages).index(uid) + 1, self.imap.messages[uid]
        if b"RFC822.SIZE" in what:
            told = f'RFC822.SIZE {len(message)} INTERNALDATE "01-Feb-2026 10:00:00 +0000"'.encode()
        else:
            body = message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if b"HEADER" in what else message
            told = f"BODY[] {{{len(body)}}}\r\n".encode() + body
        return f"* {number} FETCH (UID {uid} ".encode() + told + b")"

    def named(self, uids: bytes) -> list[int]:
        """Those of a set of UIDs that are there."""
        bounds = [tuple(map(int, part.split(b":"))) for part in uids.split(b",")]
        return [uid for uid in sorted(self.imap.messages) if any(each[0] <= uid <= each[-1] for each in bounds)]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, imap: BrokenImap) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.imap = imap

    def handle_error(self, *_: object) -> None:
        """A client that is gone is what these tests are about."""


@contextmanager
def broken(imap: BrokenImap) -> Iterator[BrokenImap]:
    """The server, listening on a port of its own."""
    with _Server(imap) as server:
        imap.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield imap
        finally:
            imap.over.set()
            server.shutdown()
            thread.join()
