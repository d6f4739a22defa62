"""Asks Reddit's search for what is new: newest first, until what is known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from requests.adapters import BaseAdapter

from allears.domain.feedback import Cursor, FeedbackItem, Original, Page, Rejected, SourceName
from allears.errors import RecordRejected, TransientError
from connectors.context import SourceContext
from connectors.reddit.client import PAGE, Listing, connect
from connectors.reddit.parse import Entry, entry_of, item_of, original_of
from connectors.reddit.settings import LISTING_CAP, RedditSettings

_NEAR_CAP = LISTING_CAP * 9 // 10


@dataclass(slots=True)
class _Run:
    """What one fetch has seen; `known` and `newest` are seconds since 1970."""

    known: float | None
    newest: float
    oldest: float | None = None
    names: set[str] = field(default_factory=set)
    tokens: set[str] = field(default_factory=set)
    read: int = 0
    own: int = 0
    gone: int = 0


class RedditConnector:
    """A source of posts and comments found by a search. `adapter` carries the requests in place of the network."""

    def __init__(self, context: SourceContext, settings: RedditSettings, adapter: BaseAdapter | None = None) -> None:
        self._context = context
        self._settings = settings
        self._adapter = adapter

    @property
    def name(self) -> SourceName:
        """The source's name in the configuration."""
        return self._context.name

    def check(self) -> str:
        """Log in and search for one post. Raises AuthenticationError, ConfigurationError or TransientError."""
        with connect(self._context, self._settings, self._adapter) as search:
            found = search.page(None, 1).entries
        return f"Reddit answers: {'posts' if found else 'no posts yet'} for {self._settings.query!r}"

    def fetch(self, since: Cursor | None) -> Iterator[Page]:
        """Pages from the newest post back to `since` and its overlap; only the last one moves the cursor."""
        known = _seconds(since)
        run = _Run(known, known or 0.0)
        with connect(self._context, self._settings, self._adapter) as search:
            after: str | None = None
            while True:
                listing = search.page(after, self._settings.limit - run.read)
                items, rejected, originals = self._messages(listing, run)
                after = _next(listing, run)
                if after and not self._is_reached(run) and run.read < self._settings.limit:
                    yield Page(items, rejected, originals, since)
                    continue
                yield Page(items, rejected, originals, self._cursor(run), self._notices(run, after))
                return

    def read(self, original: Original) -> FeedbackItem:
        """Read one entry again. Raises RecordRejected."""
        return item_of(self.name, entry_of(json.loads(original.body)))

    def _messages(self, listing: Listing, run: _Run) -> tuple[tuple[FeedbackItem, ...], tuple[Rejected, ...], tuple[Original, ...]]:
        items, rejected, originals = [], [], []
        run.read += len(listing.entries)
        for raw in listing.entries:
            original = original_of(raw)
            if original.external_id in run.names:  # new posts push older ones onto the next page
                continue
            run.names.add(original.external_id)
            try:
                entry = entry_of(raw)
                if self._is_wanted(entry, run):
                    items.append(item_of(self.name, entry))
                    originals.append(original)
            except RecordRejected as error:
                rejected.append(Rejected(original.external_id, str(error)))
                originals.append(original)
        return tuple(items), tuple(rejected), tuple(originals)

    def _is_wanted(self, entry: Entry, run: _Run) -> bool:
        run.newest = max(run.newest, entry.created_utc)
        run.oldest = entry.created_utc
        own = (entry.writer or "").lower() in self._settings.own_accounts
        run.own += own
        run.gone += entry.is_gone and not own
        return not own and not entry.is_gone

    def _is_reached(self, run: _Run) -> bool:
        return run.known is not None and run.oldest is not None and run.oldest < run.known - self._settings.overlap.total_seconds()

    def _cursor(self, run: _Run) -> Cursor | None:
        """The newest post's time, never one in the future: it would hide what comes before it."""
        newest = min(run.newest, self._context.clock.now().timestamp())
        return Cursor(str(max(newest, run.known or 0.0))) if run.newest else None

    def _notices(self, run: _Run, after: str | None) -> tuple[str, ...]:
        notices = []
        if run.own or run.gone:
            notices.append(f"left out: {run.own} of our own accounts, {run.gone} deleted or removed")
        enough = PAGE if run.known is not None else _NEAR_CAP
        if run.oldest and not self._is_reached(run) and (after or run.read >= enough):
            notices.append(
                f"Reddit's search ended after {run.read} posts, at {datetime.fromtimestamp(run.oldest, UTC):%Y-%m-%d %H:%M} UTC; "
                "older ones may be missing: poll more often, or narrow the query"
            )
        return tuple(notices)


def _next(listing: Listing, run: _Run) -> str | None:
    if listing.after in run.tokens:
        raise TransientError(f"Reddit gave the page {listing.after} twice")
    if listing.after:
        run.tokens.add(listing.after)
    return listing.after


def _seconds(cursor: Cursor | None) -> float | None:
    """A cursor that is not ours means all over again: the store knows what it has."""
    try:
        return float(cursor.value) if cursor else None
    except ValueError:
        return None
