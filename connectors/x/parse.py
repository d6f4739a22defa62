"""From a post of X's API v2 to a feedback item: pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import blake2b
from html import unescape
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from allears.domain.feedback import Channel, FeedbackItem, Original, SourceName
from allears.errors import RecordRejected

_EPOCH_MS = 1_288_834_974_657
"""The moment X's ids count from, in milliseconds since 1970; an id holds its post's time above 22 lower bits."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Metrics(_Wire):
    followers_count: int | None = None


class _User(_Wire):
    username: str = Field(pattern=r"^\w{1,15}$")
    name: str
    public_metrics: _Metrics = _Metrics()


class _Reference(_Wire):
    type: str
    id: str


class _Note(_Wire):
    text: str


class _Tweet(_Wire):
    id: str = Field(pattern=r"^\d{1,19}$")
    text: str = Field(min_length=1)
    created_at: AwareDatetime | None = None
    conversation_id: str | None = None
    lang: str | None = None
    note_tweet: _Note | None = None
    referenced_tweets: tuple[_Reference, ...] = ()


class Post(_Wire):
    """A post beside its author, None where X no longer shows who it was."""

    post: _Tweet
    author: _User | None = None

    @property
    def is_retweet(self) -> bool:
        """Someone else's words, passed on."""
        return self.post.text.startswith("RT @") or any(each.type == "retweeted" for each in self.post.referenced_tweets)

    @property
    def handle(self) -> str | None:
        """The author's handle in lower case, as X compares them."""
        return self.author.username.lower() if self.author else None


def originals_of(answer: dict[str, Any]) -> list[Original]:
    """The posts of one answer as they came, each with its author from the answer's includes."""
    includes = answer.get("includes")
    users = includes.get("users") if isinstance(includes, dict) else None
    authors = {user.get("id"): user for user in users or () if isinstance(user, dict)}
    return [_original(raw, authors) for raw in answer.get("data") or ()]


def _original(raw: object, authors: dict[Any, Any]) -> Original:
    author_id = raw.get("author_id") if isinstance(raw, dict) else None
    body = json.dumps(
        {"post": raw, "author": authors.get(author_id) if isinstance(author_id, str) else None}, separators=(",", ":")
    ).encode()
    own = raw.get("id") if isinstance(raw, dict) else None
    return Original(own if isinstance(own, str) and own else blake2b(body, digest_size=12).hexdigest(), body, "application/json")


def post_of(original: Original) -> Post:
    """The post in an original. Raises RecordRejected."""
    try:
        return Post.model_validate_json(original.body)
    except ValidationError as error:
        fault = error.errors()[0]
        raise RecordRejected(f"is no post of X: {'.'.join(map(str, fault['loc']))} {fault['msg']}") from error


def item_of(source: SourceName, post: Post) -> FeedbackItem:
    """The post as an item; `reach` is the number of the author's followers."""
    tweet, author = post.post, post.author
    return FeedbackItem(
        source=source,
        channel=Channel.X,
        external_id=tweet.id,
        received_at=(tweet.created_at or _time_of(tweet.id)).astimezone(UTC),
        text=unescape(tweet.note_tweet.text if tweet.note_tweet else tweet.text),  # X sends &, < and > as HTML entities
        author=f"{author.name} (@{author.username})" if author else None,
        contact=f"x:@{post.handle}" if author else None,
        thread_id=tweet.conversation_id,
        references=tuple(each.id for each in tweet.referenced_tweets if each.type == "replied_to"),
        language=tweet.lang if tweet.lang and len(tweet.lang) == len("en") else None,
        reach=author.public_metrics.followers_count if author else None,
        url=f"https://x.com/{author.username if author else 'i'}/status/{tweet.id}",
    )


def _time_of(post_id: str) -> datetime:
    return datetime.fromtimestamp(((int(post_id) >> 22) + _EPOCH_MS) / 1000, UTC)
