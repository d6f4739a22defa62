"""The command line in this process, and a small shop to use it on."""

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from allears.clock import SystemClock
from allears.domain.feedback import Original, Page, Rejected, SourceName
from allears.settings import load
from allears.store import connect
from app.cli.main import run_command_line
from tests.builders import an_item

CONFIGURATION = """\
[business]
name = "Northwind Coffee"
[[source]]
name = "support"
channel = "email"
url = "eml:inbox"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    status: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def allears(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs `allears ARGUMENTS` as its entry point does; `given` is its standard input."""

    def run(*arguments: str, given: str = "") -> Answer:
        monkeypatch.setattr(sys, "argv", ["allears", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            run_command_line()
        said = capsys.readouterr()
        return Answer(ended.value.code if isinstance(ended.value.code, int) else 0, said.out, said.err)

    return run


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a configuration, which is the working folder."""
    folder = tmp_path / "shop"
    (folder / "inbox").mkdir(parents=True)
    (folder / "allears.toml").write_text(CONFIGURATION)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("ALLEARS_CONFIG", raising=False)
    return folder


@pytest.fixture
def stocked(shop: Path) -> Path:
    """The shop with two messages, one of them hostile to spreadsheets, and one in quarantine that can be read by now."""
    store = connect(load(shop / "allears.toml"))
    readable = b"From: Jo <jo@customers.example>\r\nMessage-ID: <q@customers.example>\r\nSubject: Late\r\n\r\nThe parcel is late.\r\n"
    try:
        page = Page(
            items=(an_item("m-1"), an_item("m-2", '=HYPERLINK("http://evil.example")', author="+cmd|' /C calc'!A0")),
            rejected=(Rejected("q@customers.example", "could not be read"), Rejected("lost", "could not be read")),
            originals=(
                Original("m-1", b"1", "text/plain"),
                Original("m-2", b"2", "text/plain"),
                Original("q@customers.example", readable, "message/rfc822"),
                Original("lost", b"", "message/rfc822"),
            ),
            cursor=None,
        )
        store.record_page(SourceName("support"), page, SystemClock().now())
    finally:
        store.close()
    return shop
