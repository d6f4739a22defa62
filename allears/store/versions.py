"""What was understood, version by version, and what people said of it: nothing here is ever overwritten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa

from allears.domain.corrections import Correction, OlderReading, Reclassification
from allears.domain.feedback import ItemId, Kind, Sentiment, Understanding
from allears.domain.records import StoredItem
from allears.errors import CorrectionRefused
from allears.store import rows
from allears.store.database import Row, Session
from allears.store.inbox import add_meanings


def add_correction(
    session: Session, item_id: ItemId, sentiment: Sentiment | None, kind: Kind | None, by: str, why: str, at: datetime
) -> Correction:
    """Add a correction; a corrected kind sends an item without a case back to be routed. Raises CorrectionRefused."""
    given = {"by": rows.clean(by), "why": rows.clean(why), "sentiment": sentiment and sentiment.value, "kind": kind and kind.value}
    added = session.rows("add_correction", item_id=item_id, at=at, **given)
    if not added:
        raise CorrectionRefused(f"No message {item_id} was read yet. Ids stand in `allears export items`.")
    with session.given(understood=rows.ids([item_id])):
        session.run("relabel")
    if kind is not None:
        session.run("route_again", item_id=item_id)
    return _correction(added[0])


def read_items(session: Session, ids: Sequence[str]) -> list[StoredItem]:
    """Items with all that is known of them, those received first at the front."""
    with session.given(wanted=rows.ids(ids)):
        return items_at(session, session.arrow("places"))


def items_at(session: Session, places: pa.Table) -> list[StoredItem]:
    """The items that lie at places (`place`, `key`, `item_id`) found in this transaction, those received first at the front."""
    with session.given(lying=places):
        return _with_corrections(session, [rows.stored_item(row) for row in session.rows("items")])


def _with_corrections(session: Session, items: list[StoredItem]) -> list[StoredItem]:
    """The items with what people said of each."""
    said: defaultdict[str, list[Correction]] = defaultdict(list)
    with session.given(wanted=rows.ids(stored.item.id for stored in items)):
        for row in session.rows("corrections_of"):
            said[row["item_id"]].append(_correction(row))
    return [replace(stored, corrections=tuple(said[stored.item.id])) if stored.item.id in said else stored for stored in items]


def add_versions(session: Session, model_version: str, understood: Sequence[Understanding], at: datetime, *, finished: bool) -> None:
    """Put new versions in the place of old ones, and count them in the reclassification that runs, or begins."""
    with session.given(understood=rows.understood(understood, at)):
        (counted,) = session.rows("differing")
        session.run("add_versions")
        session.run("supersede", model_version=model_version, at=at)
        session.run("relabel")
    add_meanings(session, understood, again=True)
    session.run("end_other_reclassifications", model_version=model_version)
    if counted["items"] and not session.rows("reclassification_running", model_version=model_version):
        session.run("begin_reclassification", model_version=model_version, at=at)
    session.run("go_on_with_reclassification", model_version=model_version, at=at, finished=finished, **counted)


def last_reclassification(session: Session, start: datetime, until: datetime) -> Reclassification | None:
    """The last change of the model over old items in a period."""
    for row in session.rows("last_reclassification", start=start, until=until):
        return Reclassification(**(row | {"from_versions": tuple(row["from_versions"])}))
    return None


def _correction(row: Row) -> Correction:
    """A correction from its row."""
    labels = {
        "sentiment": Sentiment(row["sentiment"]) if row["sentiment"] else None,
        "kind": Kind(row["kind"]) if row["kind"] else None,
        "said_sentiment": Sentiment(row["said_sentiment"]),
        "said_kind": Kind(row["said_kind"]),
    }
    return Correction(**(row | labels))


def older_reading(row: Row) -> OlderReading:
    """An item as another model read it, from its joined row."""
    return OlderReading(rows.item(row), Sentiment(row["said_sentiment"]), Kind(row["said_kind"]), row["model_version"], row["corrected"])
