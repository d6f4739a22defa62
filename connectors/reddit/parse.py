"""From an entry of a Reddit listing to a feedback item: pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from allears.domain.feedback import Channel, FeedbackItem, Original, SourceName
from allears.errors import RecordRejected

SITE = "https://www.reddit.com"
_GONE = frozenset({"[deleted]", "[removed]", "[ Removed by Reddit ]"})


class Entry(BaseModel):
    """What we read of a submission (t3) or a comment (t1), as the API sends it."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(pattern=r"^t[13]_[0-9a-z]+$")
    created_utc: float = Field(gt=0, lt=1e11)
    author: str | None = None
    subreddit: str | None = None
    title: str = ""
    selftext: str = ""
    body: str = ""
    link_id: str | None = None
    link_title: str | None = None
    parent_id: str | None = None
    permalink: str | None = Field(default=None, pattern=r"^/[^/]")
    subreddit_subscribers: int | None = None
    score: int | None = None

    @property
    def is_gone(self) -> bool:
        """Deleted by its writer or removed by a moderator: the words are no longer there."""
        return (self.body or self.selftext) in _GONE

    @property
    def writer(self) -> str | None:
        """The account's name, None once it was deleted."""
        return None if self.author in {None, "", "[deleted]"} else self.author


def entry_of(raw: object) -> Entry:
    """The entry in its envelope of kind and data. Raises RecordRejected."""
    data = raw.get("data") if isinstance(raw, dict) else None
    try:
        return Entry.model_validate(data)
    except ValidationError as error:
        fault = error.errors()[0]
        raise RecordRejected(f"is no post or comment of Reddit: {'.'.join(map(str, fault['loc']))} {fault['msg']}") from error


def original_of(raw: object) -> Original:
    """An entry as it came; its id is the fullname, or a digest where it has none."""
    body = json.dumps(raw, separators=(",", ":")).encode()
    data: Any = raw.get("data") if isinstance(raw, dict) else None
    name = data.get("name") if isinstance(data, dict) else None
    return Original(name if isinstance(name, str) and name else blake2b(body, digest_size=12).hexdigest(), body, "application/json")


def item_of(source: SourceName, entry: Entry) -> FeedbackItem:
    """The entry as an item. Raises RecordRejected where it has no words.

    `reach` is the number of subscribers of the subreddit; where Reddit does not say it (comments), the score.
    """
    text = entry.body or entry.selftext or entry.title
    if not text.strip():
        raise RecordRejected("has no text")
    post = entry.link_id or entry.name
    return FeedbackItem(
        source=source,
        channel=Channel.REDDIT,
        external_id=entry.name,
        received_at=datetime.fromtimestamp(entry.created_utc, UTC),
        text=text,
        author=f"u/{entry.writer}" if entry.writer else None,
        contact=f"reddit:u/{entry.writer}" if entry.writer else None,
        title=entry.title if entry.selftext and entry.title else None,
        thread_id=post,
        references=(entry.parent_id,) if entry.parent_id else (),
        reach=entry.subreddit_subscribers if entry.subreddit_subscribers is not None else _positive(entry.score),
        url=SITE + (entry.permalink or f"/comments/{post.removeprefix('t3_')}/_/{entry.name.removeprefix('t1_')}"),
        extra={name: value for name, value in (("subreddit", entry.subreddit), ("link_title", entry.link_title)) if value},
    )


def _positive(score: int | None) -> int | None:
    return score if score and score > 0 else None
