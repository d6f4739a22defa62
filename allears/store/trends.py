"""Messages over time, and what changed how they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from allears.domain.corrections import Reclassification
from allears.domain.feedback import Sentiment
from allears.domain.shift import LabelMove
from allears.domain.trends import Changes, ComplaintsOf, Counts, Only, Part, RuleChange, Split, Taught, TrendCount
from allears.ports import Clock
from allears.store import rows
from allears.store.database import Database, Row
from allears.store.keeping import Keeping, kept

QUARTER = 900
"""Seconds: days begin on a quarter of an hour in every time zone."""
_RULES = pa.schema([(name, pa.string()) for name in ("part", "name", "fingerprint")])
_MOMENT = pa.timestamp("us", tz="UTC")
_DAYS = pa.schema([("day", pa.date32()), ("since", _MOMENT), ("until", _MOMENT)])
_QUARTERS = pa.schema([("quarter", pa.int64()), ("step", pa.int32())])
OF_CASES = frozenset({"owner", "tag"})
"""What only messages of cases have."""


class TrendMethods:
    """The part of the store that tells what changes over time."""

    _db: Database
    _clock: Clock
    _keeping: Keeping

    @kept
    def trends(self, split: Split, bounds: Sequence[datetime], only: Only) -> list[TrendCount]:
        """See the port."""
        of_cases = split in OF_CASES or not OF_CASES.isdisjoint(only.given)
        narrowed = {each.name: getattr(only, each.name) for each in fields(only) if of_cases or each.name not in OF_CASES}
        with self._db.reading() as session, session.given(quarters=quarters(bounds)):
            name = "trends_of_cases" if of_cases else "trends"
            return [_count(row) for row in session.rows(name, split=split.value, since=bounds[0], until=bounds[-1], **narrowed)]

    @kept
    def complaints_of(self, days: Sequence[date], timezone: str) -> list[ComplaintsOf]:
        """See the port."""
        if not days:
            return []
        asked = _days(days, ZoneInfo(timezone))
        since, until = min(each[1] for each in asked), max(each[2] for each in asked)
        with self._db.reading() as session, session.given(days=rows.table(_DAYS, asked)):
            found = session.rows("trends_complaints", since=since, until=until)
        return [ComplaintsOf(**(row | {"split": Split(row["split"])})) for row in found]

    @kept
    def what_changed(self, since: datetime, until: datetime) -> Changes:
        """See the port."""
        with self._db.reading() as session:
            changed = [RuleChange(**(row | {"part": Part(row["part"])})) for row in session.rows("changes", since=since, until=until)]
            taught = [Taught(**row) for row in session.rows("changes_taught", since=since, until=until)]
            again = session.rows("changes_of_readings", since=since, until=until)
        read_again = (Reclassification(**(row | {"from_versions": tuple(row["from_versions"])})) for row in again)
        return Changes(tuple(changed), tuple(read_again), tuple(taught))

    def record_rules(self, standing: Mapping[Part, Mapping[str, str]], at: datetime) -> None:
        """See the port."""
        found = ((part.value, rows.clean(name), fingerprint) for part, rules in standing.items() for name, fingerprint in rules.items())
        with self._db.writing() as session, session.given(standing=rows.table(_RULES, found)):
            session.run("changes_add", at=at)

    def judged_moves(self, since: datetime) -> list[LabelMove]:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows("trends_judged", since=since)
        return [LabelMove(Sentiment(row["said"]), Sentiment(row["true"]), row["items"]) for row in found]


def quarters(bounds: Sequence[datetime]) -> pa.Table:
    """Which step each quarter of an hour belongs to."""
    starts = [int(bound.timestamp()) // QUARTER for bound in bounds[:-1]]
    ends = [*starts[1:], int(bounds[-1].timestamp()) // QUARTER + 1]
    steps = enumerate(zip(starts, ends, strict=True))
    return rows.table(_QUARTERS, ((quarter, step) for step, (start, end) in steps for quarter in range(start, end)))


def _days(days: Sequence[date], zone: ZoneInfo) -> list[tuple[date, datetime, datetime]]:
    """The days with their first moments and those of the days after."""
    return [(day, datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)) for day in days]


def _count(row: Row) -> TrendCount:
    counts = {name: value for name, value in row.items() if name not in ("step", "key")}
    return TrendCount(row["step"], row["key"], Counts(**counts))
