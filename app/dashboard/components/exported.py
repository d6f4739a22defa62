"""The rows of what pages show, as files have them: numbers and moments as they are, customers' words and names masked as on the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date

from allears.domain.case import Case
from allears.domain.desks import Passage
from allears.domain.ledger import PLACES, LedgerRow
from allears.domain.overview import DayCount, OwnerLoad, TopicCount
from allears.domain.records import CaseLine
from allears.domain.sources import Quarantined, SourceHealth
from allears.settings import SourceSettings
from app.dashboard import masking
from app.dashboard.components.desks import DeskRow
from app.dashboard.components.hands import people_so_far
from app.dashboard.figures.breakdowns import AGES, SENTIMENTS
from app.dashboard.figures.usual import Day
from app.dashboard.saving import Row

_AGES = tuple(f"open {age}" for age in AGES)


def day_rows(days: Iterable[Day]) -> list[Row]:
    """Complaints a day, and what is usual."""
    return [
        {
            "day": each.day,
            "complaints": each.complaints,
            "usual_low": each.usual.low if each.usual else None,
            "usual_high": each.usual.high if each.usual else None,
            "complete": each.complete,
        }
        for each in days
    ]


def channel_day_rows(counts: Iterable[DayCount], first: date) -> list[Row]:
    """Messages a day by channel, from the first day of the period on."""
    return [{field.name: getattr(each, field.name) for field in fields(each)} for each in counts if each.day >= first]


def topic_rows(topics: Iterable[TopicCount]) -> list[Row]:
    """Topics, with the period before."""
    return [
        {"topic": each.topic, "messages": each.messages, "before": each.before, **{name: getattr(each, name) for name in SENTIMENTS}}
        for each in topics
    ]


def owner_rows(owners: Iterable[OwnerLoad]) -> list[Row]:
    """Who has the open cases, and for how long they have been open."""
    return [
        {
            "owner": each.owner,
            "open": each.open,
            "late": each.late,
            "not_taken": each.unacknowledged,
            **dict(zip(_AGES, each.ages, strict=True)),
        }
        for each in owners
    ]


def case_rows(lines: Iterable[CaseLine]) -> Iterator[Row]:
    """Cases as the inbox lists them."""
    for line in lines:
        yield {
            **_case(line.case),
            "customer": masking.who(line.customer, line.case.owner),
            "words": masking.words(line.words, line.customer, owner=line.case.owner),
            "sentiment": line.sentiment,
            "channel": line.channel,
        }


def desk_rows(rows: Iterable[DeskRow]) -> list[Row]:
    """Everyone, by team and name."""
    return [
        {
            "person": row.name,
            "team": row.teams,
            "now": row.presence,
            "stands_in": row.stands_in,
            "open": row.load.open,
            "weight": row.load.weight,
            "late": row.late,
            "not_taken": row.untaken,
            "hops_to": row.hops_to,
            "hops_from": row.hops_from,
            "away_from": row.next_absence.first if row.next_absence else None,
            "away_until": row.next_absence.last if row.next_absence else None,
        }
        for row in rows
    ]


def passage_rows(passages: Iterable[Passage]) -> Iterator[Row]:
    """Between whom open cases went."""
    for way in passages:
        reason = way.reason and masking.words(way.reason, way.customer)
        yield {"from": way.origin, "to": way.to, "hops": way.hops, "reason": reason}


def ledger_rows(rows: Iterable[LedgerRow]) -> list[Row]:
    """The ledger by day and source."""
    columns = ("day", "source", "received", *PLACES, "waiting", "balanced")
    return [{column: getattr(row, column) for column in columns} for row in rows]


def quarantine_rows(entries: Iterable[Quarantined]) -> Iterator[Row]:
    """What could not be read."""
    for entry in entries:
        yield {
            "id": entry.item_id,
            "source": entry.source,
            "external_id": masking.words(entry.external_id),
            "at": entry.at,
            "error": masking.words(entry.error),
        }


def source_rows(sources: Sequence[tuple[SourceSettings, SourceHealth | None]]) -> list[Row]:
    """The sources, and how they do."""
    return [
        {
            "source": source.name,
            "channel": source.channel,
            "last_asked": health.last_run_at if health else None,
            "last_worked": health.last_ok_at if health else None,
            "last_message": health.last_item_at if health else None,
            "error": health.error if health else None,
            "notices": health.notices if health else (),
        }
        for source, health in sources
    ]


def _case(case: Case) -> Row:
    return {
        "case": case.id,
        "status": case.status,
        "owner": case.owner,
        "people_so_far": people_so_far(case),
        "topic": case.topic,
        "kind": case.kind,
        "urgency": case.urgency,
        "tags": case.tags,
        "opened_at": case.opened_at,
        "next_date": case.next_date,
    }
