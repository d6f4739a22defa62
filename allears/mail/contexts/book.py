"""What else a customer wrote, in three lines."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from allears.domain.feedback import Sentiment, Status
from allears.domain.records import CaseView, StoredItem
from allears.mail import times
from allears.mail.contexts.parts import language
from allears.mail.words import author_of, called, isolated, matter_of

_LINES = 3
_NOT_THEIR_WORDS = frozenset({Status.AUTOMATED, Status.SPAM, Status.DUPLICATE})
_GLYPHS = {Sentiment.NEGATIVE: "▼", Sentiment.MIXED: "◆", Sentiment.NEUTRAL: "●", Sentiment.POSITIVE: "▲"}


@dataclass(frozen=True, slots=True)
class BookLine:
    """One earlier message: its day, tone (empty where nobody judged it), first words, language and channel."""

    day: str
    sentiment: str
    glyph: str
    words: str
    language: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class Book:
    """What else this customer wrote; `since` and `lines` are empty where this is their first message."""

    title: str
    since: str
    lines: tuple[BookLine, ...]


def book(view: CaseView, zone: ZoneInfo) -> Book | None:
    """The customer's other messages; None where we cannot know them, since nobody signed."""
    if view.case.customer_id is None:
        return None
    theirs = [stored for stored in (*view.items, *view.book) if stored.status not in _NOT_THEIR_WORDS]
    theirs.sort(key=lambda stored: stored.item.received_at, reverse=True)
    earlier = [stored for stored in theirs if stored.item.id != view.items[-1].item.id]
    name = called(author_of(view.items[-1].item))
    return Book(
        title=f"{isolated(name[0].upper() + name[1:])}’s book",
        since=_since(theirs, zone) if earlier else "",
        lines=tuple(_book_line(stored, zone) for stored in earlier[:_LINES]),
    )


def _since(theirs: list[StoredItem], zone: ZoneInfo) -> str:
    """The month of the oldest, which stands last, and how many there are."""
    channels = len({stored.item.channel for stored in theirs})
    month = times.month(theirs[-1].item.received_at, zone)
    return f"{month}. {len(theirs)} messages on {channels} {'channel' if channels == 1 else 'channels'}"


def _book_line(stored: StoredItem, zone: ZoneInfo) -> BookLine:
    sentiment = stored.understanding.prediction.sentiment if stored.understanding else None
    return BookLine(
        day=times.day(stored.item.received_at, zone),
        sentiment=sentiment.value if sentiment else "",
        glyph=_GLYPHS[sentiment] if sentiment else "",
        words=isolated(matter_of(stored.item, 80)) or "no words",
        language=language(stored),
        channel=stored.item.channel.value,
    )
