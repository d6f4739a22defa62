"""How far a folder is read: whatever arrives, goes and is stopped, everything is read once it can be, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Cursor
from connectors.email.imap_cursor import MOST_STRETCHES, WINDOW, Place, newest_first, read_places, write_places
from connectors.email.letters import PAGE_MESSAGES


class Folder:
    """A folder as IMAP counts: UIDs only grow, with gaps, and are gone once deleted."""

    def __init__(self) -> None:
        self.there: set[int] = set()
        self.uidnext = 1
        self.read: list[int] = []
        self.place = Place(7)
        self.searched = 0

    def arrive(self, count: int, gap: int) -> None:
        for _ in range(count):
            self.there.add(self.uidnext + gap)
            self.uidnext += gap + 1

    def delete(self, share: int) -> None:
        self.there -= set(sorted(self.there)[::share])

    def search(self, low: int, high: int) -> Sequence[int]:
        self.searched = max(self.searched, high - low + 1)
        return sorted((uid for uid in self.there if low <= uid <= high), reverse=True)

    def fetch(self, pages: int) -> list[int]:
        """Read so many pages, and stop as a killed process does: only what was stored with its cursor counts."""
        came: list[int] = []
        start = read_places(write_places({"INBOX": self.place}), "INBOX")["INBOX"]
        for number, (uids, place) in enumerate(newest_first(start.grown(self.uidnext), self.search)):
            if number == pages:
                break
            assert len(uids) <= PAGE_MESSAGES
            came += uids
            self.place = place
        self.read += came
        return came


steps = st.one_of(
    st.tuples(st.just("arrive"), st.integers(1, 130), st.sampled_from([0, 0, 0, 3, WINDOW // 2])),
    st.tuples(st.just("delete"), st.integers(1, 7), st.just(0)),
    st.tuples(st.just("fetch"), st.integers(0, 4), st.just(0)),
)


@given(st.lists(steps, max_size=2 * MOST_STRETCHES - 2))
def test_whatever_happens_every_message_is_read_and_each_fetch_reads_the_newest_first(happening: list[tuple[str, int, int]]):
    folder = Folder()
    for what, number, gap in happening:
        if what == "arrive":
            folder.arrive(number, gap)
        elif what == "delete":
            folder.delete(number)
        else:
            unread = folder.there - set(folder.read)
            came = folder.fetch(number)
            assert all(newer > older for newer, older in pairwise(came))
            assert not came or came[0] == max(unread)
    folder.fetch(10_000)
    assert folder.there <= set(folder.read)
    assert folder.place == Place(7, folder.uidnext - 1)
    assert folder.fetch(10_000) == []


@given(st.lists(st.tuples(st.integers(51, 200), st.integers(1, 3)), max_size=MOST_STRETCHES - 1))
def test_nothing_is_read_twice(fetches: list[tuple[int, int]]):
    folder = Folder()
    for arrivals, pages in fetches:
        folder.arrive(arrivals, 0)
        folder.fetch(pages)
    folder.fetch(10_000)
    assert sorted(folder.read) == sorted(folder.there)


def test_mail_that_comes_while_old_mail_is_read_is_read_first():
    folder = Folder()
    folder.arrive(500, 0)
    assert folder.fetch(2) == list(range(500, 400, -1))
    folder.arrive(3, 0)
    assert folder.fetch(2) == [503, 502, 501, *range(400, 350, -1)]


def test_a_cursor_stays_short_however_often_a_fetch_is_stopped():
    folder = Folder()
    for _ in range(200):
        folder.arrive(51, 0)
        folder.fetch(1)
        assert len(folder.place.unread) <= MOST_STRETCHES
    folder.fetch(10_000)
    assert set(folder.read) == folder.there


def test_a_huge_gap_takes_few_searches_and_none_is_repeated():
    folder = Folder()
    folder.arrive(1, 0)
    folder.arrive(1, 10_000_000)
    asked: list[tuple[int, int]] = []

    def search(low: int, high: int) -> Sequence[int]:
        asked.append((low, high))
        return folder.search(low, high)

    assert [uid for uids, _ in newest_first(Place(7).grown(folder.uidnext), search) for uid in uids] == [10_000_002, 1]
    assert len(asked) < 20


def test_an_empty_stretch_is_searched_once_and_never_again():
    """As where all older mail is from before `since`: the place says so although no message came."""
    (step,) = newest_first(Place(7).grown(5_000), lambda _low, _high: [])
    assert step == ((), Place(7, 4_999))
    assert list(newest_first(step[1].grown(5_000), lambda _low, _high: [])) == []


@given(st.dictionaries(st.text(min_size=1), st.integers(1, 99), max_size=5), st.lists(st.integers(1, 500), max_size=9, unique=True))
def test_places_survive_being_written(folders: dict[str, int], bounds: list[int]):
    edges = sorted(bounds, reverse=True)
    stretches = tuple((low, high) for high, low in zip(edges[::2], edges[1::2], strict=False))
    places = {folder: Place(validity, 600, stretches) for folder, validity in folders.items()}
    assert read_places(write_places(places), "INBOX") == places


def test_a_cursor_of_one_folder_as_it_was_written_before_is_that_of_the_first():
    assert read_places(Cursor("1700000000:523"), "Shop") == {"Shop": Place(1_700_000_000, 523)}


@pytest.mark.parametrize("value", ["", "12", "null", "[1]", "{", '{"INBOX": "x"}', '{"INBOX": {"a": 1}}', "1700000000:"])
def test_a_cursor_that_says_nothing_is_none(value: str):
    assert read_places(Cursor(value), "INBOX") == {}
