"""How far the model can be trusted, and what people say of messages that they were shown for it."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from allears.domain.feedback import ItemId, Kind, Sentiment
from allears.domain.quality import (
    NO_LANGUAGE,
    UNSURE,
    WEEK,
    WHY_SAMPLED,
    Basis,
    Judged,
    ModelVersion,
    Quality,
    Reading,
    Unsure,
    WeeklySample,
    WeekRead,
    bounds,
)
from allears.ports import Clock
from allears.store import rows
from allears.store.database import Database, Row, Session
from allears.store.keeping import Keeping, kept
from allears.store.trends import quarters
from allears.store.versions import add_correction


class QualityMethods:
    """The part of the store that tells how far the model can be trusted."""

    _db: Database
    _clock: Clock
    _keeping: Keeping

    @kept
    def quality(self, last: date, weeks: int, timezone: str, judged_since: datetime) -> Quality:
        """See the port."""
        zone = ZoneInfo(timezone)
        first = last - (weeks - 1) * WEEK
        starts = [bounds(first + step * WEEK, zone)[0] for step in range(weeks + 1)]
        with self._db.reading() as session:
            with session.given(quarters=quarters(starts)):
                read = session.rows("quality_weeks", since=starts[0], until=starts[-1], unsure=UNSURE, no_language=NO_LANGUAGE)
            return Quality(
                judged=tuple(_judged(row) for row in session.rows("quality_judged", since=judged_since)),
                weeks=tuple(_week(first + step * WEEK, [row for row in read if row["step"] == step]) for step in range(weeks)),
                versions=tuple(ModelVersion(**row) for row in session.rows("quality_versions")),
            )

    @kept
    def unsure(self, since: datetime, each: int) -> list[Unsure]:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("quality_unsure", since=since, each=each, unsure=UNSURE)
        return [Unsure(**(row | {"sentiment": Sentiment(row["sentiment"])})) for row in found]

    @kept
    def weekly_sample(self, week: date, timezone: str, size: int) -> WeeklySample:
        """See the port."""
        start, until = bounds(week, ZoneInfo(timezone))
        with self._db.reading() as session:
            drawn = session.rows("sample_drawn", week=week, start=start, until=until, size=size)
            return WeeklySample(
                week=week,
                all_read=tuple(_reading(row) for row in session.rows("sample_week", start=start, until=until)),
                judged=tuple(_reading(row) for row in session.rows("sample_judged", week=week, start=start, until=until)),
                waiting=tuple(ItemId(row["item_id"]) for row in drawn if not row["judged"]),
            )

    def record_judgement(self, item_id: ItemId, week: date | None, sentiment: Sentiment, kind: Kind, by: str, at: datetime) -> bool:
        """See the port."""
        with self._db.writing() as session:
            if week is not None:
                session.run("sample_drop_unsure", item_id=item_id)
            given = {"sentiment": sentiment.value, "kind": kind.value, "by": rows.clean(by)}
            added = session.rows("sample_add", item_id=item_id, week=week, at=at, **given)
            if added:
                _correct(session, item_id, added[0], (sentiment, kind), by, at)
        self._keeping.forget()
        return bool(added)


def _correct(session: Session, item_id: ItemId, said: Row, given: tuple[Sentiment, Kind], by: str, at: datetime) -> None:
    """What differs from what AllEars said is a correction of it, unless somebody corrected that label before, with a reason."""
    with session.given(wanted=rows.ids([item_id])):
        before = session.rows("corrections_of")
    sentiment = given[0] if given[0] != said["said_sentiment"] and not any(each["sentiment"] for each in before) else None
    kind = given[1] if given[1] != said["said_kind"] and not any(each["kind"] for each in before) else None
    if sentiment or kind:
        add_correction(session, item_id, sentiment, kind, by, WHY_SAMPLED, at)


def _labels(row: Row) -> dict[str, Sentiment | Kind]:
    names = ("said_sentiment", "said_kind", "sentiment", "kind")
    return {name: (Kind if name.endswith("kind") else Sentiment)(row[name]) for name in names}


def _judged(row: Row) -> Judged:
    return Judged(**(row | _labels(row) | {"basis": Basis(row["basis"])}))


def _reading(row: Row) -> Reading:
    given = (Sentiment(row["sentiment"]), Kind(row["kind"])) if "sentiment" in row else None
    return Reading(Sentiment(row["said_sentiment"]), Kind(row["said_kind"]), row["messages"], given)


def _week(week: date, found: list[Row]) -> WeekRead:
    sentiments, kinds = Counter[Sentiment](), Counter[Kind]()
    for row in found:
        sentiments[Sentiment(row["sentiment"])] += row["messages"]
        kinds[Kind(row["kind"])] += row["messages"]
    messages = sentiments.total()
    return WeekRead(
        week=week,
        messages=messages,
        unsure=sum(row["unsure"] for row in found),
        unreadable=sum(row["unreadable"] for row in found),
        confidence=sum(row["confidence"] for row in found) / messages if messages else 0.0,
        sentiments=dict(sentiments),
        kinds=dict(kinds),
    )
