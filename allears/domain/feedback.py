"""One utterance of one customer, and what a source hands over when it is asked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

ItemId = NewType("ItemId", str)
SourceName = NewType("SourceName", str)


class Channel(StrEnum):
    """How customers reach the business."""

    EMAIL = "email"
    FORM = "form"
    FILE = "file"
    REDDIT = "reddit"
    X = "x"


class Kind(StrEnum):
    """What a feedback item is about doing."""

    COMPLAINT = "complaint"
    PRAISE = "praise"
    QUESTION = "question"
    SUGGESTION = "suggestion"
    OTHER = "other"


class Sentiment(StrEnum):
    """The tone of a feedback item; `mixed` where its sentences disagree."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"
    MIXED = "mixed"


class Urgency(StrEnum):
    """How soon a person must look."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 (low) to 3 (critical)."""
        return list(Urgency).index(self)


class Automated(StrEnum):
    """Machine mail: kept and counted, never answered, never a complaint."""

    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    AUTO_GENERATED = "auto-generated"
    LIST = "list"
    FEEDBACK_REPORT = "feedback-report"


class Status(StrEnum):
    """Where an item stands: first the two stages of work, then the places of the ledger."""

    NEW = "new"
    UNDERSTOOD = "understood"
    CASE = "case"
    PRAISE = "praise"
    OTHER = "other"
    AUTOMATED = "automated"
    DUPLICATE = "duplicate"
    SPAM = "spam"


WAITING = frozenset({Status.NEW, Status.UNDERSTOOD})
"""Statuses of items still on their way; everything else is a place in the ledger."""


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """One message as its customer wrote it.

    `received_at` is when it reached the business (aware, UTC). `contact` is one address or handle
    (`email:jo@x.org`, `reddit:u/jo`), None where the writer stayed anonymous. `text` holds only
    new words: quotes are in `quoted`. `references` are ids of earlier messages this one answers.
    """

    source: SourceName
    channel: Channel
    external_id: str
    received_at: datetime
    text: str
    author: str | None = None
    contact: str | None = None
    title: str | None = None
    quoted: str | None = None
    thread_id: str | None = None
    references: tuple[str, ...] = ()
    language: str | None = None
    rating: float | None = None
    reach: int | None = None
    url: str | None = None
    automated: Automated | None = None
    spam: bool = False
    source_person: str | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> ItemId:
        """The same message from the same source always has the same id."""
        return item_id(self.source, self.external_id)

    @property
    def words(self) -> str:
        """Title and text, as one reads them; of an answer the text alone, for its title repeats what was written before."""
        repeated = self.references and self.text and REPLY_MARK.match(self.title or "")
        return f"{self.title}\n{self.text}" if self.title and not repeated else self.text

    @property
    def text_begins(self) -> int:
        """At which character of `words` the text begins: 0 where they are without the title."""
        return len(self.words) - len(self.text)

    @property
    def left_as_contact(self) -> str:
        """The mail address or number at which the customer said to be reached, a number as they typed it; "" where they left none."""
        if typed := self.extra.get("contact"):
            return typed
        contact = self.contact or ""
        return contact.partition(":")[2] if contact.startswith((BY_MAIL, BY_PHONE)) else ""


@dataclass(frozen=True, slots=True)
class Original:
    """A message exactly as it came, kept beside what was read from it."""

    external_id: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A message that could not be read: it goes to quarantine with its error, and can be retried."""

    external_id: str
    error: str


@dataclass(frozen=True, slots=True)
class Cursor:
    """A resume point of a source, opaque to everyone but its connector."""

    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """What one step of a fetch brought. `cursor` is a safe resume point once the page is stored.

    Every item and every rejected message has its original in `originals` (same `external_id`).
    Cursors are inclusive: the store merges what it already has by (source, external_id).
    """

    items: tuple[FeedbackItem, ...]
    rejected: tuple[Rejected, ...]
    originals: tuple[Original, ...]
    cursor: Cursor | None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words, or a whole sentence, that carry the sentiment of a text: characters `start` to `end` of it.

    `share` is how much of its side's tone they carry: in (0, 1] for the positive side, in [-1, 0) for the negative.
    """

    start: int
    end: int
    share: float
    sentence: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier says of one text.

    The three probabilities sum to 1; `score` is in [-1, 1]; `confidence` in [0, 1] is that of the
    sentiment label. `language` is an ISO 639-1 code, "und" where it cannot be told. `evidence` is what carries the
    sentiment, where the model can say.
    """

    sentiment: Sentiment
    score: float
    confidence: float
    p_negative: float
    p_neutral: float
    p_positive: float
    kind: Kind
    language: str
    urgency: Urgency
    urgency_reasons: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicMatch:
    """A topic an item is about, how surely ([0, 1]), and the words that say so."""

    topic: str
    score: float
    evidence: str


@dataclass(frozen=True, slots=True)
class Understanding:
    """What is known of an item once it was read: the model's word, topics, and who is praised.

    Read back from the store, a person's correction stands in the prediction in place of the model's label.
    `unshifted` is the sentiment the model gave where the label shift made it another; None where it did not. `meaning` is where the
    message lies by its meaning (`allears.domain.meaning`), where the model places texts; it is not read back.
    """

    item_id: ItemId
    prediction: Prediction
    topics: tuple[TopicMatch, ...]
    praised: tuple[str, ...]
    model_version: str
    unshifted: Sentiment | None = None
    meaning: bytes | None = None


@dataclass(frozen=True, slots=True)
class UnderstoodItem:
    """An item together with its understanding: what routing works on.

    `routed_before` tells an item that a corrected kind brought back.
    """

    item: FeedbackItem
    understanding: Understanding
    ingested_at: datetime
    routed_before: bool = False


def item_id(source: str, external_id: str) -> ItemId:
    """Deterministic id of (source, external_id): 24 hex digits. Lone surrogates count as "?", as the store keeps them."""
    return ItemId(hashlib.blake2b(f"{source}\x00{external_id}".encode("utf-8", "replace"), digest_size=12).hexdigest())


BY_MAIL, BY_PHONE = "email:", "phone:"
"""How contacts begin that are mail addresses, and telephone numbers."""

REPLY_MARK = re.compile(r"(?:(?:re|aw|sv|antw|odp|vs|rif|fwd?|wg|tr|rv|enc|doorst)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
"""What mail programs put before the subject of an answer or a forward."""
_TAG = re.compile(r"\s*\[[^\]]{1,40}\]\s*")


def bare_subject(subject: str) -> str:
    """A subject without what answers, forwards and help desks add to it, as it can be compared."""
    bare = _TAG.sub(" ", subject).strip()
    mark = REPLY_MARK.match(bare)
    return " ".join((bare[mark.end() :] if mark else bare).split()).casefold()


TELLING_WORDS = 4
"""Shorter texts ("great coffee") are written by many people alike."""


def fingerprint(text: str) -> str | None:
    """Hash of a text without case, accents of layout, or punctuation; None where it has too few words to tell."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    if len(words) < TELLING_WORDS:
        return None
    return hashlib.blake2b(" ".join(words).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
