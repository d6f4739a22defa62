"""What a person says of an item after the model, and how a change of the model is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allears.domain.feedback import FeedbackItem, ItemId, Kind, Sentiment


@dataclass(frozen=True, slots=True)
class Correction:
    """A label that a person put right: only ever added, never overwritten. None where they left the label alone.

    `said_sentiment` and `said_kind` are the model's own word at that moment, `model_version` that model.
    """

    item_id: ItemId
    at: datetime
    by: str
    why: str
    sentiment: Sentiment | None
    kind: Kind | None
    model_version: str
    said_sentiment: Sentiment
    said_kind: Kind

    @property
    def said(self) -> str:
        """The model's word for what was corrected: "negative praise"."""
        return " ".join([*([self.said_sentiment] if self.sentiment else []), *([self.said_kind] if self.kind else [])])

    @property
    def corrected_to(self) -> str:
        """The person's word: "neutral complaint"."""
        return " ".join(label for label in (self.sentiment, self.kind) if label)


@dataclass(frozen=True, slots=True)
class OlderReading:
    """An item that another version of the model read: that model's own word, and whether a person corrected it."""

    item: FeedbackItem
    said_sentiment: Sentiment
    said_kind: Kind
    model_version: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Reclassification:
    """A change of the model over items it had read before: `changed` of `items` got another sentiment or kind.

    It runs until `finished`; `last_at` is when its last batch was written.
    """

    began_at: datetime
    last_at: datetime
    finished: bool
    from_versions: tuple[str, ...]
    to_version: str
    items: int
    changed: int
