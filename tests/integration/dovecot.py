"""A real Dovecot, private to the test run, on free loopback ports; started without privileges, as root as `nobody`.

Ask for the fixture `dovecot`: an empty mailbox of a user nobody else has, with its urls, its password and `deliver(bytes)`.
One that takes access tokens in place of passwords: `with running_dovecot(introspection_url) as server:`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from urllib.parse import quote

import pytest

_PROGRAM = shutil.which("dovecot") or "/usr/sbin/dovecot"
_NEEDED = (_PROGRAM, "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp")
_PASSWORD = "correct-horse"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Dovecot:
    """A running Dovecot: its ports, its certificate, and the folder in which each user's mail lies."""

    folder: Path
    imap_port: int
    imaps_port: int
    lmtp_port: int
    certificate: Path


@dataclass(frozen=True)
class DovecotMailbox:
    """A fresh user of the running Dovecot. `url` is plain IMAP on loopback; `tls_url` and `starttls_url` need `certificate`."""

    server: Dovecot
    user: str
    password: str = field(default=_PASSWORD, repr=False)

    @property
    def url(self) -> str:
        return f"imap://{quote(self.user)}@127.0.0.1:{self.server.imap_port}/INBOX"

    @property
    def account_url(self) -> str:
        """The same without a folder."""
        return self.url.removesuffix("/INBOX")

    @property
    def starttls_url(self) -> str:
        return f"imap+starttls://{quote(self.user)}@localhost:{self.server.imap_port}/INBOX"

    @property
    def tls_url(self) -> str:
        return f"imaps://{quote(self.user)}@localhost:{self.server.imaps_port}/INBOX"

    @property
    def certificate(self) -> Path:
        return self.server.certificate

    @property
    def home(self) -> Path:
        """The user's folder on disk; its INBOX is the Maildir `home / "mail"`."""
        return self.server.folder / "users" / self.user

    def deliver(self, message: bytes) -> None:
        """Hand one message over by LMTP; it is in the INBOX when this returns."""
        with smtplib.LMTP("127.0.0.1", self.server.lmtp_port) as lmtp:
            lmtp.sendmail("sender@customers.example", [self.user], message)


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    """One Dovecot for the whole run."""
    with running_dovecot() as server:
        yield server


@contextmanager
def running_dovecot(introspection_url: str | None = None) -> Iterator[Dovecot]:
    """A Dovecot of its own; with an `introspection_url` it takes XOAUTH2 only, and asks there whose a token is (RFC 7662)."""
    missing = [path for path in _NEEDED if not Path(path).exists()]
    if missing or sys.platform != "linux":
        pytest.skip(f"needs a Dovecot ({', '.join(missing)} missing): apt-get install dovecot-imapd dovecot-lmtpd")
    folder = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))  # a socket's path has 107 bytes at most
    try:
        server = Dovecot(folder, *_free_ports(3), folder / "certificate.pem")
        process = _start(server, introspection_url)
        try:
            yield server
        finally:
            process.terminate()
            process.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> DovecotMailbox:
    """An empty mailbox of a user nobody else has."""
    return DovecotMailbox(dovecot_server, f"customer{next(_NUMBERS)}@northwind.example")


def _start(server: Dovecot, introspection_url: str | None) -> subprocess.Popen[bytes]:
    _write_certificate(server)
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    configuration = server.folder / "dovecot.conf"
    configuration.write_text(_configuration(server, account, introspection_url))
    if os.geteuid() == 0:
        for path in (server.folder, *server.folder.iterdir()):
            os.chown(path, account.pw_uid, account.pw_gid)
    process = subprocess.Popen(
        [_PROGRAM, "-F", "-c", str(configuration)],
        **({"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 10
    while not all(_answers(port) for port in (server.imap_port, server.imaps_port, server.lmtp_port)):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            log = server.folder / "log"
            pytest.fail(f"Dovecot did not start: {log.read_text() if log.exists() else 'it left no log'}")
        time.sleep(0.02)
    return process


def _write_certificate(server: Dovecot) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl to make a certificate: apt-get install openssl")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(server.folder / "key.pem"), "-out", str(server.certificate)),
        ],
        check=True,
        capture_output=True,
    )


def _configuration(server: Dovecot, account: pwd.struct_passwd, introspection_url: str | None) -> str:
    group = subprocess.run(["id", "-gn", account.pw_name], check=True, capture_output=True, text=True).stdout.strip()  # noqa: S607 - coreutils
    unprivileged = "".join(
        f"service {name} {{\n  chroot =\n  user = {account.pw_name}\n}}\n"
        for name in ("anvil", "stats", "imap-login", "auth", "auth-worker")
    )
    return (
        dedent(f"""\
        base_dir = {server.folder}/run
        state_dir = {server.folder}/state
        log_path = {server.folder}/log
        protocols = imap lmtp
        listen = 127.0.0.1
        default_internal_user = {account.pw_name}
        default_internal_group = {group}
        default_login_user = {account.pw_name}
        first_valid_uid = 1
        disable_plaintext_auth = no
        auth_mechanisms = {"xoauth2" if introspection_url else "plain login"}
        auth_failure_delay = 0
        mail_fsync = never
        imap_idle_notify_interval = 1 secs
        ssl = yes
        ssl_cert = <{server.certificate}
        ssl_key = <{server.folder}/key.pem
        mail_location = maildir:~/mail
        namespace inbox {{
          inbox = yes
          separator = /
        }}
        postmaster_address = postmaster@northwind.example
        passdb {{
          {_passdb(server, introspection_url)}
        }}
        userdb {{
          driver = static
          args = uid={account.pw_uid} gid={account.pw_gid} home={server.folder}/users/%u allow_all_users=yes
        }}
        service imap-login {{
          inet_listener imap {{
            port = {server.imap_port}
          }}
          inet_listener imaps {{
            port = {server.imaps_port}
            ssl = yes
          }}
        }}
        service lmtp {{
          inet_listener lmtp {{
            port = {server.lmtp_port}
          }}
        }}
        """)
        + unprivileged
    )


def _passdb(server: Dovecot, introspection_url: str | None) -> str:
    if introspection_url is None:
        return f"driver = static\n          args = password={_PASSWORD}"
    asking = server.folder / "oauth2.conf"
    asking.write_text(
        f"introspection_mode = post\nintrospection_url = {introspection_url}\nusername_attribute = username\n"
        "active_attribute = active\nactive_value = true\n"
    )
    return f"driver = oauth2\n          mechanisms = xoauth2\n          args = {asking}"


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False
