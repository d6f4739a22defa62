"""Another model reads again what an earlier one has read: shown before it is done, kept version by version, never a case touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from allears.domain.feedback import Kind, Sentiment
from allears.ports import Clock, Store
from allears.understanding import BATCH, Reader


@dataclass(slots=True)
class Comparison:
    """What two models say of the same items, the older word first; `corrected` items keep the person's word whatever a model says."""

    items: int = 0
    changed: int = 0
    corrected: int = 0
    from_versions: set[str] = field(default_factory=set)
    sentiments: Counter[tuple[Sentiment, Sentiment]] = field(default_factory=Counter)
    kinds: Counter[tuple[Kind, Kind]] = field(default_factory=Counter)


def reclassify(
    store: Store, reader: Reader, clock: Clock, since: datetime | None, *, apply: bool, progress: Callable[[int], None] = lambda _: None
) -> Comparison:
    """Read every item that another model understood, received from `since` on; only `apply` keeps what comes out.

    Each batch is kept before the next is read, so a run that was killed goes on where it was. The reader must have no label
    shift: the models' own words are compared.
    """
    version = reader.classifier.version
    found, after = Comparison(), None
    while True:
        older = store.items_to_reclassify(version, since, after, BATCH)
        anew = reader.understand([each.item for each in older])
        for was, now in zip(older, anew, strict=True):
            said = now.prediction
            found.sentiments[was.said_sentiment, said.sentiment] += 1
            found.kinds[was.said_kind, said.kind] += 1
            found.changed += (was.said_sentiment, was.said_kind) != (said.sentiment, said.kind)
            found.corrected += was.corrected
            found.from_versions.add(was.model_version)
        found.items += len(older)
        last = len(older) < BATCH
        if apply:
            store.record_reclassification(version, anew, clock.now(), finished=last)
        progress(len(older))
        if last:
            return found
        after = older[-1].item.id
