"""Which customers' words stand for a topic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pyarrow as pa

from allears.domain.feedback import ItemId
from allears.domain.verbatims import TopicWords, Verbatim
from allears.ports import Clock
from allears.store import rows, schemas
from allears.store.database import Database
from allears.store.keeping import Keeping, kept
from allears.store.versions import read_items

_TOPICS = pa.schema([("topic", pa.string())])


class VerbatimMethods:
    """The part of the store that quotes customers."""

    _db: Database
    _clock: Clock
    _keeping: Keeping

    @kept
    def verbatims(self, topics: Sequence[str], since: datetime, until: datetime) -> dict[str, TopicWords]:
        """See the port."""
        with self._db.reading() as session:
            with session.given(topics=rows.table(_TOPICS, ((topic,) for topic in topics))):
                chosen = session.rows("verbatims", since=since, until=until)
            ids = [row[side] for row in chosen for side in ("bad", "good") if row[side]]
            items = {stored.item.id: stored for stored in read_items(session, ids)}
            with session.given(wanted=rows.ids((each.case_id for each in items.values() if each.case_id), schemas.CASE_IDS)):
                owners = {row["id"]: row["owner"] for row in session.rows("cases")}

        def verbatim(topic: str, item_id: str | None) -> Verbatim | None:
            stored = items.get(ItemId(item_id)) if item_id else None
            return Verbatim(topic, stored, owners.get(stored.case_id)) if stored else None

        return {row["topic"]: TopicWords(verbatim(row["topic"], row["bad"]), verbatim(row["topic"], row["good"])) for row in chosen}
