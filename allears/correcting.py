"""A person puts right what was read in a message: a new word beside the model's, which everything sees from then on."""

from __future__ import annotations

from allears.domain.feedback import ItemId, Kind, Sentiment
from allears.domain.records import StoredItem
from allears.errors import CorrectionRefused
from allears.ports import Clock, Store


def correct(
    store: Store, clock: Clock, item_id: ItemId, *, sentiment: Sentiment | None = None, kind: Kind | None = None, by: str, why: str
) -> StoredItem:
    """Say what a message's sentiment or kind really is, and why; the message as it stands then.

    A message without a case whose kind was corrected is routed again in the next round. Raises CorrectionRefused.
    """
    if not by.strip():
        raise CorrectionRefused("A correction needs the name of whoever makes it.")
    if not why.strip():
        raise CorrectionRefused("Say why: the reason stays with the message.")
    stored = next(iter(store.items([item_id])), None)
    if stored and stored.understanding:
        said = stored.understanding.prediction
        sentiment = None if sentiment is said.sentiment else sentiment
        kind = None if kind is said.kind else kind
    if sentiment is None and kind is None:
        raise CorrectionRefused("This changes nothing: choose another sentiment or kind.")
    store.record_correction(item_id, sentiment, kind, by.strip(), why.strip(), clock.now())
    return store.items([item_id])[0]
