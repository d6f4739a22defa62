"""What every connector promises. A new one adopts the suite with one line in CASES."""

import json
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from allears.domain.feedback import Cursor, Page, SourceName
from allears.ports import Connector
from connectors.context import SourceContext
from connectors.email.connector import EmailConnector
from connectors.email.settings import EmailSettings
from connectors.file.connector import PAGE_ROWS, FileConnector
from connectors.file.settings import FileSettings
from connectors.reddit.connector import RedditConnector
from connectors.reddit.settings import RedditSettings
from connectors.x.connector import XConnector
from connectors.x.settings import XSettings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


def context(folder: Path) -> SourceContext:
    return SourceContext(SourceName("source"), folder, FixedClock())


def some_files(folder: Path) -> Connector:
    rows = [f"{n},2026-11-01T09:00:00Z,Cold coffee number {n}" for n in range(PAGE_ROWS + 3)]
    (folder / "a.csv").write_text("\n".join(["id,date,text", *rows, "x,someday,An unreadable date"]))
    (folder / "b.jsonl").write_text('{"date": "2026-11-02", "text": "Lovely"}\n{"date": "2026-11-02", "text": "Lovely"}\nno json\n')
    return FileConnector(context(folder), FileSettings(path="*.*"))


def a_reddit_search(folder: Path) -> Connector:
    posts = [
        {
            "name": f"t3_{n}",
            "created_utc": (NOW - timedelta(hours=n)).timestamp(),
            "author": f"jo{n}",
            "title": "Beans",
            "selftext": "Stale.",
        }
        for n in range(5)
    ]
    children = [*({"kind": "t3", "data": post} for post in posts), {"kind": "t3", "data": {"name": "t3_odd", "title": "No date"}}]
    (folder / "reddit.json").write_text(json.dumps({"kind": "Listing", "data": {"children": children, "after": None}}))
    return RedditConnector(context(folder), RedditSettings(query="beans", recording=Path("reddit.json")))


def an_x_search(folder: Path) -> Connector:
    posts = [{"id": str(2_123_000_000_000_000_000 + n), "text": "Stale beans", "author_id": "7"} for n in range(5)]
    users = [{"id": "7", "username": "Jo", "name": "Jo Lind", "public_metrics": {"followers_count": 12}}]
    answer = {"data": [*posts, {"id": "9", "text": ""}], "includes": {"users": users}, "meta": {}}
    (folder / "x.json").write_text(json.dumps(answer))
    return XConnector(context(folder), XSettings(query="beans", recording=Path("x.json")))


def a_folder_of_mail(folder: Path) -> Connector:
    (folder / "mail").mkdir()
    for n in range(3):
        mail = (
            f"From: Jo <jo{n}@x.example>\nMessage-ID: <{n}@x.example>\nDate: Fri, 20 Nov 2026 0{n}:00:00 +0000\nSubject: Beans\n\nStale.\n"
        )
        (folder / "mail" / f"{n}.eml").write_text(mail)
    (folder / "mail" / "damaged.eml").write_bytes(b"\x1f\x8b\x08\x00" + bytes(range(256)))
    return EmailConnector(context(folder), EmailSettings(url="eml:mail"))


@dataclass(frozen=True)
class Case:
    """`build` makes, in an empty folder, a connector that has messages waiting; `rejected` of them cannot be read."""

    build: Callable[[Path], Connector]
    rejected: int = 0


CASES = {
    "email": Case(a_folder_of_mail, rejected=1),
    "file": Case(some_files, rejected=2),
    "reddit": Case(a_reddit_search, rejected=1),
    "x": Case(an_x_search, rejected=1),
}


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture
def connector(case: Case, tmp_path: Path) -> Connector:
    return case.build(tmp_path)


def fetched(connector: Connector, since: Cursor | None = None) -> list[Page]:
    return list(connector.fetch(since))


def ids(pages: list[Page]) -> list[str]:
    return [message.external_id for page in pages for message in (*page.items, *page.rejected)]


def test_check_says_one_line(connector: Connector):
    line = connector.check()
    assert line
    assert "\n" not in line


def test_a_page_is_frozen(connector: Connector):
    page = fetched(connector)[0]
    with pytest.raises(FrozenInstanceError):
        page.cursor = None
    assert isinstance(hash(page.rejected), int)
    assert isinstance(page.items, tuple)


def test_there_are_messages_to_judge_by(case: Case, connector: Connector):
    pages = fetched(connector)
    assert any(page.items for page in pages)
    assert sum(len(page.rejected) for page in pages) == case.rejected


def test_every_message_comes_with_its_original(connector: Connector):
    for page in fetched(connector):
        originals = [original.external_id for original in page.originals]
        assert sorted(ids([page])) == sorted(originals)
        assert all(original.body and original.media_type for original in page.originals)


def test_items_belong_to_the_source_and_are_dated_in_utc(connector: Connector):
    for page in fetched(connector):
        for item in page.items:
            assert item.source == connector.name
            assert item.received_at.utcoffset() == timedelta(0)
            assert item.words.strip()


def test_ids_are_unique_and_stable(connector: Connector):
    first, second = ids(fetched(connector)), ids(fetched(connector))
    assert len(first) == len(set(first))
    assert first == second


def test_after_the_last_cursor_nothing_unknown_comes(connector: Connector):
    pages = fetched(connector)
    assert pages[-1].cursor is not None
    assert set(ids(fetched(connector, pages[-1].cursor))) <= set(ids(pages))


def test_resuming_after_any_page_misses_nothing(connector: Connector):
    pages = fetched(connector)
    for stored in range(1, len(pages)):
        resumed = fetched(connector, pages[stored - 1].cursor)
        assert set(ids(pages[:stored])) | set(ids(resumed)) == set(ids(pages))


def test_reading_an_original_gives_its_item_again(connector: Connector):
    for page in fetched(connector):
        originals = {original.external_id: original for original in page.originals}
        for item in page.items:
            assert connector.read(originals[item.external_id]) == item
