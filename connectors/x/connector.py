"""Asks X's recent search for what is new, within a budget, and leaves no gap behind."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from requests.adapters import BaseAdapter

from allears.domain.feedback import Cursor, FeedbackItem, Original, Page, Rejected, SourceName
from allears.errors import RecordRejected, TransientError
from connectors.context import SourceContext
from connectors.x.client import OutOfWindow, Search, connect
from connectors.x.parse import item_of, originals_of, post_of
from connectors.x.settings import XSettings

_ID = re.compile(r"[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Position:
    """Everything up to `since` was read. While a search is under way, so was all from `newest` down to `until`."""

    since: str | None = None
    newest: str | None = None
    until: str | None = None

    def below(self, ids: list[int]) -> Position:
        """After one more page, with more to come."""
        if not ids:
            return self
        return replace(self, newest=self.newest or str(max(ids)), until=str(min(ids)))

    def finished(self) -> Position:
        """After the last page: now, and not before, `since` moves."""
        return Position(since=self.newest or self.since)


@dataclass(slots=True)
class _Run:
    """What one fetch has read and may still read."""

    left: int
    read: int = 0
    left_out: int = 0
    tokens: set[str] = field(default_factory=set)
    notices: list[str] = field(default_factory=list)


class XConnector:
    """A source of posts found by a search. `adapter` carries the requests in place of the network."""

    def __init__(self, context: SourceContext, settings: XSettings, adapter: BaseAdapter | None = None) -> None:
        self._context = context
        self._settings = settings
        self._adapter = adapter

    @property
    def name(self) -> SourceName:
        """The source's name in the configuration."""
        return self._context.name

    def check(self) -> str:
        """Count the matching posts, reading none. Raises AuthenticationError, ConfigurationError or TransientError."""
        with connect(self._context, self._settings, self._adapter) as search:
            return f"X answers: {search.count()} posts of the last seven days for {self._settings.query!r}"

    def fetch(self, since: Cursor | None) -> Iterator[Page]:
        """Pages from the newest post back to what is known; first the rest of a search that was cut short."""
        position = _position(since)
        run = _Run(self._settings.max_posts)
        with connect(self._context, self._settings, self._adapter) as search:
            if position.until:
                position = yield from self._span(search, position, run)
            if run.left > 0:
                yield from self._span(search, position, run)

    def read(self, original: Original) -> FeedbackItem:
        """Read one post again. Raises RecordRejected."""
        return item_of(self.name, post_of(original))

    def _span(self, search: Search, start: Position, run: _Run) -> Generator[Page, None, Position]:
        """Pages of one search until it ends or the budget is spent; where it stands then."""
        position, token = start, None
        while True:
            try:
                answer = search.page(run.left, start.since, start.until, token)
            except OutOfWindow as error:
                start = position = _into_window(error, start, run)
                token = None
                continue
            originals = originals_of(answer)
            run.read += len(originals)
            run.left -= len(originals)
            token = _next(answer, run)
            position = position.below([int(each.external_id) for each in originals if _ID.fullmatch(each.external_id)])
            if token is None:
                position = position.finished()
            yield self._page(originals, position, run, is_last=token is None or run.left <= 0)
            if token is None or run.left <= 0:
                return position

    def _page(self, originals: list[Original], position: Position, run: _Run, *, is_last: bool) -> Page:
        items, rejected, kept = [], [], []
        for original in originals:
            try:
                post = post_of(original)
            except RecordRejected as error:
                rejected.append(Rejected(original.external_id, str(error)))
                kept.append(original)
                continue
            if post.is_retweet or post.handle in self._settings.own_accounts:
                run.left_out += 1
                continue
            items.append(item_of(self.name, post))
            kept.append(original)
        notices = self._notices(run, position) if is_last else ()
        return Page(tuple(items), tuple(rejected), tuple(kept), _cursor(position), notices)

    def _notices(self, run: _Run, position: Position) -> tuple[str, ...]:
        notices, run.notices = list(run.notices), []
        if run.read and self._settings.recording is None:
            notices.append(f"{run.read} posts read, about ${run.read * self._settings.price_per_post:.2f}")
        if run.left_out:
            notices.append(f"left out: {run.left_out} retweets or posts of our own")
        if position.until:
            notices.append(f"max_posts = {self._settings.max_posts} is reached; the next run reads on from there")
        run.read = run.left_out = 0
        return tuple(notices)


def _into_window(error: OutOfWindow, start: Position, run: _Run) -> Position:
    """X searches seven days back only: what lies behind is out of reach, and the notice says so."""
    if getattr(start, error.bound) is None:
        raise TransientError(f"X calls {error.bound!r} too old, which it was not asked for") from error
    run.notices.append("X searches seven days back only; older posts since the last run can no longer be read")
    return replace(start, since=None) if error.bound == "since" else start.finished()


def _next(answer: dict[str, Any], run: _Run) -> str | None:
    token = (answer.get("meta") or {}).get("next_token")
    if token in run.tokens:
        raise TransientError(f"X gave the page {token} twice")
    if token:
        run.tokens.add(token)
    return token or None


def _cursor(position: Position) -> Cursor | None:
    return None if position == Position() else Cursor(json.dumps(asdict(position), separators=(",", ":")))


def _position(cursor: Cursor | None) -> Position:
    """A cursor that is not ours means all over again: the store knows what it has."""
    try:
        return Position(**json.loads(cursor.value)) if cursor else Position()
    except (ValueError, TypeError):
        return Position()
