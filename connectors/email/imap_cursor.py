"""How far the folders of an IMAP account are read, newest first, and how that is written into one cursor.

A folder's place is its UIDVALIDITY, the highest UID that was there, and the stretches below it that are still unread. A fetch
takes the newest unread stretch from its top downwards, so a fetch that is stopped leaves the rest of its stretch, and mail that
came meanwhile is a stretch of its own above it. All that is claimed to be read was stored with a page; what is not claimed is
asked for again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from allears.domain.feedback import Cursor
from connectors.email.letters import PAGE_MESSAGES

WINDOW = 2_000
"""UIDs searched at once, so that an answer stays small however large the folder is."""
MOST_STRETCHES = 16
"""More unread stretches than this and the oldest two are joined: what lies between is read again, and merged by the store."""

_PLACE = re.compile(r"(\d+):(\d+)(?::(\d+-\d+(?:,\d+-\d+)*))?")

Stretch = tuple[int, int]
"""UIDs from the first to the last, both included."""
Search = Callable[[int, int], Sequence[int]]
"""The UIDs that are there within a closed range, the highest first."""


@dataclass(frozen=True, slots=True)
class Place:
    """All up to the UID `top` is read, but for the `unread` stretches, of which the newest stands first."""

    validity: int
    top: int = 0
    unread: tuple[Stretch, ...] = ()

    def grown(self, uidnext: int) -> Place:
        """With everything that came since: UIDs below `uidnext`."""
        if uidnext - 1 <= self.top:
            return self
        unread = ((self.top + 1, uidnext - 1), *self.unread)
        while len(unread) > MOST_STRETCHES:
            (_, last), (first, _) = unread[-2:]
            unread = (*unread[:-2], (first, last))
        return replace(self, top=uidnext - 1, unread=unread)

    def read_down_to(self, uid: int) -> Place:
        """Once everything from `uid` upwards is read."""
        return replace(self, unread=tuple((first, min(last, uid - 1)) for first, last in self.unread if first < uid))

    def __str__(self) -> str:
        """As a cursor holds it: `validity:top`, and `:first-last,…` where something is unread."""
        unread = ",".join(f"{first}-{last}" for first, last in self.unread)
        return f"{self.validity}:{self.top}{f':{unread}' if unread else ''}"


def newest_first(place: Place, search: Search) -> Iterator[tuple[Sequence[int], Place]]:
    """What is unread there, the highest UIDs first: at most a page's worth of UIDs, and the place once they are read.

    Windows grow over gaps: UIDs need not be dense. The last step may have no UIDs: nothing was left there.
    """
    told, width = place, WINDOW
    while place.unread:
        first, last = place.unread[0]
        low = max(first, last - width + 1)
        uids = [uid for uid in search(low, last) if low <= uid <= last]
        width = WINDOW if uids else width * 2
        for start in range(0, len(uids), PAGE_MESSAGES):
            page = uids[start : start + PAGE_MESSAGES]
            told = place.read_down_to(page[-1] if start + PAGE_MESSAGES < len(uids) else low)
            yield page, told
        place = place.read_down_to(low)
    if told != place:
        yield (), place


def read_places(cursor: Cursor | None, first_folder: str) -> dict[str, Place]:
    """Each folder's place. A cursor of old, which named no folder, is that of the first one; what cannot be read is no place."""
    if cursor is None:
        return {}
    if old := _place(cursor.value):
        return {first_folder: old}
    try:
        written = json.loads(cursor.value)
    except ValueError:
        return {}
    pairs = written.items() if isinstance(written, dict) else ()
    return {folder: place for folder, text in pairs if (place := _place(str(text)))}


def write_places(places: Mapping[str, Place]) -> Cursor:
    """One cursor of all folders."""
    return Cursor(json.dumps({folder: str(place) for folder, place in sorted(places.items())}, ensure_ascii=False))


def _place(text: str) -> Place | None:
    match = _PLACE.fullmatch(text)
    if match is None:
        return None
    stretches = [tuple(map(int, stretch.split("-"))) for stretch in (match[3] or "").split(",") if stretch]
    return Place(int(match[1]), int(match[2]), tuple((first, last) for first, last in stretches))
