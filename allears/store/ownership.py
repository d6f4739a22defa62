"""What the store keeps about who can be reached, what stands as an alarm, and what people taught about topics."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import pyarrow as pa

from allears.domain.case import Case
from allears.domain.feedback import ItemId
from allears.domain.records import Load, TopicExample
from allears.domain.watch import Alarm, Unreachable, WatchBook, WatchQuestion
from allears.store import rows
from allears.store.database import Database, Session
from allears.store.keeping import Keeping

_STANDING = pa.schema({"key": pa.string(), "text": pa.string()})


class OwnershipMethods:
    """The part of the store that the watch works with, and what people taught about topics."""

    _db: Database
    _keeping: Keeping

    def watch_book(self, now: datetime) -> WatchBook:
        """See the port."""
        with self._db.reading() as session:
            return WatchBook(
                piles=tuple(rows.pile(row) for row in session.rows("watch_piles")),
                unreachable=tuple(Unreachable(**row) for row in session.rows("unreachable")),
                unsent_since=session.rows("unsent_since", now=now)[0]["since"],
            )

    def cases_to_watch(self, question: WatchQuestion) -> list[Case]:
        """See the port."""
        with self._db.reading() as session:
            return [rows.case(row) for row in session.rows("cases_to_watch", **asdict(question))]

    def record_unreachable(self, unreachable: Unreachable) -> None:
        """See the port."""
        with self._db.writing() as session:
            add_unreachable(session, unreachable)

    def record_reachable(self, email: str) -> None:
        """See the port."""
        with self._db.writing() as session:
            session.run("drop_unreachable", email=email)

    def record_alarms(self, standing: dict[str, str], at: datetime) -> None:
        """See the port."""
        told = rows.table(_STANDING, ((key, rows.clean(text)) for key, text in standing.items()))
        with self._db.writing() as session, session.given(standing=told):
            session.run("end_alarms", at=at)
            session.run("update_alarms")
            session.run("begin_alarms", at=at)

    def alarms(self) -> list[Alarm]:
        """See the port."""
        with self._db.reading() as session:
            return [Alarm(**row) for row in session.rows("alarms")]

    def record_example(self, topic: str, item_id: ItemId, by: str, at: datetime) -> None:
        """See the port."""
        with self._db.writing() as session:
            session.rows("remove_example", id=None, item_id=item_id, by=by, at=at)
            session.run("add_example", topic=topic, item_id=item_id, by=by, at=at)
        self._keeping.forget()

    def remove_example(self, example_id: int, by: str, at: datetime) -> bool:
        """See the port."""
        with self._db.writing() as session:
            removed = session.rows("remove_example", id=example_id, item_id=None, by=by, at=at)
        self._keeping.forget()
        return bool(removed)

    def examples(self) -> list[TopicExample]:
        """See the port."""
        with self._db.reading() as session:
            return [TopicExample(**(row | {"item_id": ItemId(row["item_id"])})) for row in session.rows("examples")]


def desks(session: Session, now: datetime) -> tuple[dict[str, Load], dict[str, datetime], dict[str, str]]:
    """What everyone has on their desk, when each was last given a case, and which addresses bounce."""
    owners = session.rows("owner_load", now=now)
    return (
        {row["owner"]: Load(row["open"], row["weight"]) for row in owners},
        {row["owner"]: row["last_assigned"] for row in owners if row["last_assigned"]},
        {row["email"]: row["why"] for row in session.rows("unreachable")},
    )


def add_unreachable(session: Session, unreachable: Unreachable) -> None:
    """Note that an address bounces, if it is not noted yet."""
    session.run(
        "add_unreachable",
        person=unreachable.person,
        email=unreachable.email,
        why=rows.clean(unreachable.why),
        since=unreachable.since,
    )
