"""A desk with a hand-made store: four weeks of a coffee business, on 19 November 2026, 10:42."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, reduce
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from allears.assigning import Plan
from allears.domain.case import Case, CaseChange, CaseId, CaseStatus, CustomerId, Event, EventType
from allears.domain.corrections import Correction, Reclassification
from allears.domain.desks import Desks, OnDesk, Passage
from allears.domain.feedback import (
    Channel,
    FeedbackItem,
    ItemId,
    Kind,
    Prediction,
    Sentiment,
    SourceName,
    Status,
    TopicMatch,
    Understanding,
    Urgency,
)
from allears.domain.ledger import LedgerRow
from allears.domain.outbox import OutboxMessage
from allears.domain.overview import DayCount, Figures, Overview, OwnerLoad, PraiseLine, Timing, TopicCount
from allears.domain.people import Directory, Person
from allears.domain.records import WEIGHT, CaseLine, CaseView, Load, Routed, StoredItem, TopicExample
from allears.domain.shift import LabelMove
from allears.domain.sources import Quarantined, SourceHealth
from allears.domain.targets import USUAL, Targets
from allears.domain.trends import Changes, ComplaintsOf, Counts, Only, RuleChange, Split, TrendCount
from allears.domain.watch import Alarm, Unreachable
from allears.errors import CaseConflict, StoreError
from allears.settings import RouteSettings, SourceSettings
from allears.store import wire
from allears.store.duckdb_store import DuckDBStore
from allears.store.rows import customer_of
from app.dashboard.connection import Desk
from tests.builders import SUPPORT, a_page, a_store, an_item, said, understanding_of

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 19, 10, 42, tzinfo=LONDON).astimezone(UTC)


class FixedClock:
    def now(self) -> datetime:
        return NOW


def person(name: str, team: str, *, deputy: str | None = None, authority: str | None = None) -> Person:
    mail = f"{name.split(maxsplit=1)[0].lower()}@northwind.example"
    return Person(name, mail, teams=(team,), manager="Cara Diaz", deputy=deputy, timezone=LONDON, authority=authority)


PEOPLE = (
    person("Ada Brook", "billing", deputy="Ben Hall", authority="refund up to 100 GBP"),
    person("Ben Hall", "billing", deputy="Ada Brook", authority="refund up to 100 GBP"),
    replace(person("Cara Diaz", "care"), manager=None),
    person("Priya Nair", "delivery", deputy="Jonas Weber", authority="resend any parcel"),
    person("Jonas Weber", "subscriptions"),
    person("Tom Okafor", "shops"),
    person("Ruth Adeyemi", "repairs"),
)

ROUTES = (
    RouteSettings(topic="billing", about="charged twice, refund missing", to="team:billing"),
    RouteSettings(topic="delivery", about="parcel late", to="person:Priya Nair"),
    RouteSettings(topic="repairs", about="machine broken", to="person:Ruth Adeyemi"),
)

OPEN = (
    ("Daniel Osei", "Third bag in a row that arrived open, beans all over the box", "Priya Nair", -27, "delivery", "negative", "email", 3),
    ("Mara Lindqvist", "You have charged me twice for November and nobody answers", "Ada Brook", -2.7, "billing", "negative", "email", 2),
    (
        "u/kettle_and_crow",
        "Northwind took 54 pounds out of my account twice. Bank says it is on them",
        "Ada Brook",
        0.8,
        "billing",
        "negative",
        "reddit",
        0.3,
    ),
    (
        "Hélène Marchand",
        "Deux prélèvements pour la même commande, merci de rembourser",
        "Ben Hall",
        1.5,
        "billing",
        "negative",
        "form",
        0.2,
    ),
    ("Oluwaseun Bello", "I was charged for a subscription I paused in October", "Ben Hall", 2.3, "billing", "negative", "email", 0.5),
    ("@saltmarsh_ed", "Lovely flat white at Leith, but the card machine took it twice", "Tom Okafor", 3.3, "shops", "mixed", "x", 0.4),
    ("Ines Caldeira", "Can I move my delivery to Fridays from now on?", "Jonas Weber", 4.8, "subscriptions", "neutral", "form", 0.6),
    ("Peter Vance", "Grinder repaired twice, still sparks when I switch it on", "Ruth Adeyemi", 5.3, "repairs", "negative", "email", 1),
    ("Joanna Kowalczyk", "Parcel says delivered. It was not delivered", "Priya Nair", 6.3, "delivery", "negative", "email", 1),
    ("Marcus Thiele", "Die Bohnen schmecken diesmal verbrannt, schade", "Tom Okafor", 24, "taste", "mixed", "email", 1.5),
    ("Aisha Rahman", "Please add oat milk discount for students", "Tom Okafor", 25, "shops", "neutral", "form", 1.2),
    ("Liam Gallacher", "Refund promised on Tuesday has not come through", "Ada Brook", 26, "billing", "negative", "form", 4),
    ("@beanbarrow", "Why is shipping to Shetland 9.80 when it was free last year", "Priya Nair", 95, "delivery", "negative", "x", 2),
    ("Sofia Petrakis", "Machine descaler leaks through the lid", "Ruth Adeyemi", 96, "repairs", "negative", "email", 8),
    ("Grace Whitmore", "Which decaf is Swiss Water? The label does not say", "Tom Okafor", 120, "taste", "neutral", "form", 9),
)


def lines() -> list[CaseLine]:
    return [CaseLine(make_case(1001 + number, *row), row[0], row[1], row[5], row[6]) for number, row in enumerate(OPEN)]


def make_case(
    number: int, customer: str, words: str, owner: str, due_hours: float, topic: str, tone: str, _channel: str, days_open: float
) -> Case:
    critical = customer in ("u/kettle_and_crow", "Peter Vance")
    taken = due_hours < 0 or days_open >= 0.5
    opened = NOW - timedelta(days=days_open)
    return Case(
        id=CaseId(f"C-{number}"),
        status=CaseStatus.ACKNOWLEDGED if taken else CaseStatus.OPEN,
        owner=owner,
        why_owner=f"“{words.split(maxsplit=1)[0]} {words.split()[1]}” is about {topic} (0.94). {owner} had the fewest open cases.",
        customer_id=CustomerId(f"customer-{number}"),
        kind=Kind.COMPLAINT if tone in ("negative", "mixed") else Kind.QUESTION,
        topic=topic,
        urgency=Urgency.CRITICAL if critical else Urgency.NORMAL,
        urgency_reasons=("public, 2,140 readers",) if critical else (),
        item_ids=(ItemId(f"item-{number}"),),
        opened_at=opened,
        owners=(owner,),
        alerted_at=opened + timedelta(seconds=6),
        acknowledged_at=opened + timedelta(minutes=9) if taken else None,
        next_date=NOW + timedelta(hours=due_hours),
    )


def stored(
    number: str,
    text: str,
    author: str,
    *,
    tone: Sentiment,
    at: datetime,
    channel: Channel = Channel.EMAIL,
    case_id: CaseId | None = None,
    title: str | None = None,
):
    item = FeedbackItem(
        SourceName("support"), channel, number, at, text, author=author, contact="email:x@example.org", title=title, language="en"
    )
    said = Prediction(tone, -0.8, 0.96, 0.9, 0.06, 0.04, Kind.COMPLAINT, "en", Urgency.NORMAL)
    topics = (TopicMatch("billing", 0.96, "charged me twice"),)
    return StoredItem(item, Understanding(item.id, said, topics, (), "lexicon"), Status.CASE, CustomerId("customer"), case_id, None, at)


MARA = (
    "Hello. My bank shows two payments of £27 to you on 16 November. I have one subscription. I wrote in the form yesterday and "
    "nothing came back.\n\nYou have charged me twice for November and nobody answers. Please put it right."
)


class FakeStore:
    """Answers what the pages ask; `changed` is what was recorded. `trouble` is raised by every read.

    What is not made by hand here a real store answers, which holds the same open cases.

    `came_with` is what came with every message beside its words, `letters_are` what became of every letter, `contact` whom it is from.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.lines = lines()
        self.changed: list[CaseChange] = []
        self.told: list[OutboxMessage] = []
        self.trouble: StoreError | None = None
        self.text = MARA
        self.health_error: str | None = "The mailbox refused the password. Set ALLEARS_SUPPORT_PASSWORD anew."
        self.astray = 0
        self.extra_events: tuple[Event, ...] = ()
        self.corrections: list[Correction] = []
        self.reclassified: Reclassification | None = None
        self.standing: tuple[Alarm, ...] = ()
        self.bouncing: tuple[Unreachable, ...] = ()
        self.changed_rules: list[RuleChange] = []
        self.judged: list[LabelMove] = []
        self.taught: list[TopicExample] = []
        self.forgotten: list[tuple[int, str]] = []
        self.came_with: dict[str, str] = {}
        self.letters_are: dict[str, object] = {}
        self.contact = "email:x@example.org"

    def _answer(self) -> None:
        if self.trouble:
            raise self.trouble

    def __getattr__(self, name: str) -> Any:
        """A method of the port that is not made by hand."""
        if name not in wire.methods():
            raise AttributeError(name)
        self._answer()
        return getattr(self._real, name)

    def close(self) -> None:
        """Let go of the real store; the next question makes another, of the cases as they are then."""
        if real := vars(self).pop("_real", None):
            real.close()
            (self._folder / "northwind.duckdb").unlink()

    @cached_property
    def _real(self) -> DuckDBStore:
        store = a_store(self._folder / "northwind.duckdb", FixedClock())
        items, readings, routed = [], [], []
        for line in self.lines:
            fields = {"author": line.customer, "title": line.words, "channel": Channel(line.channel), "received_at": line.case.opened_at}
            item = an_item(f"item-{line.case.id}", self.text, contact=f"{line.channel}:{line.case.id}@example.org", **fields)
            case = replace(self.case(line.case.id) or line.case, item_ids=(item.id,), customer_id=customer_of(item.contact or ""))
            items.append(item)
            readings.append(understanding_of(item, said(case.kind, Sentiment(line.sentiment)), topics=(case.topic or "other",)))
            routed.append(Routed(item.id, Status.CASE, "a reason", case.id, change=CaseChange(replace(case, version=1), ())))
        store.record_page(SUPPORT, a_page(items), NOW)
        store.record_understanding(readings)
        store.record_routing(routed)
        return store

    def case(self, case_id: CaseId) -> Case | None:
        changed = [change.case for change in self.changed if change.case.id == case_id]
        found = [line.case for line in self.lines if line.case.id == case_id]
        return (changed or found or [None])[-1]

    def record_change(self, change: CaseChange, outbox: Sequence[OutboxMessage]) -> None:
        present = self.case(change.case.id)
        if present is None or present.version != change.case.version - 1:
            raise CaseConflict(f"Case {change.case.id} was changed meanwhile.")
        self.changed.append(change)
        self.told.extend(outbox)
        self.close()

    def items(self, ids: Sequence[ItemId]) -> list[StoredItem]:
        """Any id is praise of which only the corrections matter."""
        known = stored("p", "Tom is a star.", "Jo", tone=Sentiment.POSITIVE, at=NOW)
        said = tuple(each for each in self.corrections if each.item_id == ids[0])
        return [replace(known, corrections=said, status=Status.UNDERSTOOD if any(each.kind for each in said) else Status.PRAISE)]

    def record_correction(
        self, item_id: ItemId, sentiment: Sentiment | None, kind: Kind | None, by: str, why: str, at: datetime
    ) -> Correction:
        given = Correction(item_id, at, by, why, sentiment, kind, "lexicon", Sentiment.NEGATIVE, Kind.COMPLAINT)
        self.corrections.append(given)
        return given

    def open_cases(self) -> list[Case]:
        return [case for line in self.lines if (case := self.case(line.case.id)) and case.status.is_open]

    def unreachable(self) -> list[Unreachable]:
        self._answer()
        return list(self.bouncing)

    def desks(self, now: datetime) -> Desks:
        self._answer()
        cases = self.open_cases()
        owners = sorted({case.owner for case in cases})
        return Desks(
            tuple(_on_desk(owner, [case for case in cases if case.owner == owner], now) for owner in owners), self._passages(cases)
        )

    def _passages(self, cases: Sequence[Case]) -> tuple[Passage, ...]:
        customers = {line.case.id: line.customer for line in self.lines}
        ways: dict[tuple[str, str], Passage] = {}
        for case in sorted(cases, key=lambda case: case.owner_since or case.opened_at):
            for way in pairwise(case.owners):
                known = ways.get(way, Passage(*way, 0, None, None))
                ways[way] = replace(known, hops=known.hops + 1)
            if len(case.owners) > 1:
                way = (case.owners[-2], case.owners[-1])
                ways[way] = replace(ways[way], reason=case.why_owner, customer=customers[case.id])
        return tuple(sorted(ways.values(), key=lambda each: (-each.hops, each.origin, each.to)))

    def alarms(self) -> list[Alarm]:
        return list(self.standing)

    def examples(self) -> list[TopicExample]:
        return list(self.taught)

    def record_example(self, topic: str, item_id: ItemId, by: str, at: datetime) -> None:
        self.taught.append(TopicExample(len(self.taught) + 1, topic, self.text, item_id, by, at))

    def remove_example(self, example_id: int, by: str, at: datetime) -> bool:  # noqa: ARG002 - the port names it
        found = [each for each in self.taught if each.id == example_id]
        self.taught = [each for each in self.taught if each.id != example_id]
        self.forgotten += [(example_id, by)] * len(found)
        return bool(found)

    def case_view(self, case_id: CaseId) -> CaseView | None:
        self._answer()
        case = self.case(case_id)
        if case is None:
            return None
        line = next(each for each in self.lines if each.case.id == case_id)
        at = case.opened_at
        items = (
            stored("a", self.text, line.customer, tone=Sentiment.NEGATIVE, at=at, title=line.words, case_id=case_id),
            stored(
                "b",
                "Dear Ada, you wrote by 8. It is past 9 and my account is the same. I do like your coffee.",
                line.customer,
                tone=Sentiment.MIXED,
                at=NOW - timedelta(minutes=86),
                case_id=case_id,
            ),
        )
        items = tuple(
            replace(
                each,
                item=replace(each.item, contact=self.contact, extra=self.came_with),
                corrections=tuple(c for c in self.corrections if c.item_id == each.item.id),
            )
            for each in items
        )
        events = [
            Event(case_id, at + timedelta(seconds=2), "AllEars", EventType.OPENED, f"{line.case.owner} made owner. {line.case.why_owner}"),
            Event(case_id, at + timedelta(seconds=6), "AllEars", EventType.ALERTED, f"Alert handed over for {line.case.owner}"),
            Event(case_id, at + timedelta(minutes=9), line.case.owner, EventType.ACKNOWLEDGED, f"{line.case.owner} has it"),
        ]
        events += [event for change in self.changed for event in change.events if event.case_id == case_id]
        book = (
            stored(
                "c",
                "Two payments of £27",
                line.customer,
                tone=Sentiment.NEGATIVE,
                at=datetime(2026, 11, 16, 9, tzinfo=UTC),
                channel=Channel.FORM,
            ),
            stored(
                "d",
                "Late parcel, kind courier",
                line.customer,
                tone=Sentiment.MIXED,
                at=datetime(2025, 8, 9, 9, tzinfo=UTC),
                case_id=CaseId("C-1003"),
            ),
            stored(
                "e",
                "Best gift I gave this year",
                line.customer,
                tone=Sentiment.POSITIVE,
                at=datetime(2024, 12, 20, tzinfo=UTC),
                channel=Channel.REDDIT,
            ),
        )
        replies = tuple(change.reply for change in self.changed if change.reply and change.case.id == case_id)
        replies = tuple(replace(each, **self.letters_are) for each in replies)
        return CaseView(case, items, (*events, *self.extra_events), book, replies)

    def overview(self, now: datetime, days: int, timezone: str) -> Overview:
        self._answer()
        shown = [replace(line, case=case) for line in self.lines if (case := self.case(line.case.id)) and case.status.is_open]
        owners = dict.fromkeys(line.case.owner for line in shown)
        return Overview(
            now=now,
            days=days,
            figures=Figures(
                102,
                98,
                89,
                11,
                sum(line.case.next_date < now for line in shown),
                Timing(102, 6.2, 9.1),
                Timing(96, 9660, 40000),
                Timing(98, 1140, 9800),
            ),
            figures_before=Figures(94, 91, 81, 14, 1, Timing(94, 7.1, 12.0), Timing(88, 11940, 52000), Timing(90, 1560, 12000)),
            due_first=tuple(sorted(shown, key=lambda line: line.case.next_date)[:5]),
            owners=tuple(_owner_load(owner, [line.case for line in shown if line.case.owner == owner]) for owner in owners),
            daily=tuple(daily(3 * days)),
            topics=(
                TopicCount("billing", 132, 14, 16, 2, 71),
                TopicCount("delivery", 98, 20, 21, 2, 143),
                TopicCount("subscriptions", 27, 18, 47, 4, 104),
                TopicCount("taste", 17, 21, 18, 36, 80),
                TopicCount("shops", 12, 9, 10, 57, 90),
                TopicCount("repairs", 33, 9, 17, 2, 58),
                TopicCount("packaging", 15, 6, 11, 6, 49),
            ),
            praise=praise(),
            praise_count=203,
            ledger=tuple(self.ledger(None, timezone)),
            last_item_at=NOW - timedelta(seconds=14),
            reclassified=self.reclassified,
        )

    def trends(self, split: Split, bounds: Sequence[datetime], only: Only) -> list[TrendCount]:
        """Four channels, of which the web form's complaints doubled in the last four weeks; every topic is delivery."""
        self._answer()
        found = []
        for each in daily(800):
            at = datetime.combine(each.day, time(10), LONDON)
            key = each.channel if split is Split.CHANNEL else "delivery"
            if bounds[0] <= at < bounds[-1] and only.channel in (None, each.channel) and only.topic in (None, "delivery"):
                complaints = each.complaints * (2 if each.channel == "form" and at > NOW - timedelta(days=28) else 1)
                messages = complaints + each.mixed + each.neutral + each.positive
                step = sum(at >= bound for bound in bounds) - 1
                found.append((step, key, Counts(messages, complaints, each.positive, complaints, each.positive)))
        return [
            TrendCount(step, key, reduce(Counts.plus, (counts for *_, counts in group)))
            for (step, key), group in groupby(sorted(found, key=lambda each: each[:2]), key=lambda each: each[:2])
        ]

    def complaints_of(self, days: Sequence[date], timezone: str) -> list[ComplaintsOf]:  # noqa: ARG002 - the port names it
        """On 16 November 40 complaints more than usual came in, all of them about billing."""
        return [ComplaintsOf(on, Split.TOPIC, "billing", 45 if on == date(2026, 11, 16) else 5) for on in days]

    def what_changed(self, since: datetime, until: datetime) -> Changes:
        return Changes(tuple(each for each in self.changed_rules if since < each.at <= until))

    def judged_moves(self, since: datetime) -> list[LabelMove]:  # noqa: ARG002 - the port names it
        return list(self.judged)

    def ledger(self, since: date | None, timezone: str) -> list[LedgerRow]:  # noqa: ARG002 - the port names them
        self._answer()
        today = NOW.date()
        return [
            row
            for back in range(14)
            for row in (
                LedgerRow("support", today - timedelta(days=back), 40 + self.astray, 18, 6, 10, 4, 1, 1, 0, 0),
                LedgerRow("web", today - timedelta(days=back), 21, 9, 5, 6, 0, 1, 0, 0, 0),
                LedgerRow("reddit", today - timedelta(days=back), 12 + int(back == 3), 3, 2, 6, 0, 0, 1, int(back == 3), 0),
            )
        ]

    def quarantine(self) -> list[Quarantined]:
        self._answer()
        error = "The header says charset=x-unknown and no text could be read from it."
        return [Quarantined(ItemId("q1"), SourceName("support"), "<20261116.4711@mailer.example>", NOW - timedelta(days=3), error)]

    def source_health(self) -> list[SourceHealth]:
        self._answer()
        return [
            SourceHealth(
                SourceName("support"), NOW - timedelta(seconds=40), NOW - timedelta(hours=3), NOW - timedelta(hours=3), self.health_error
            ),
            SourceHealth(
                SourceName("reddit"),
                NOW - timedelta(seconds=70),
                NOW - timedelta(seconds=70),
                NOW - timedelta(seconds=14),
                None,
                ("The listing was cut off at its 1,000 newest posts.",),
            ),
        ]


def _on_desk(owner: str, cases: Sequence[Case], now: datetime) -> OnDesk:
    late, untaken = sum(case.next_date < now for case in cases), sum(case.status is CaseStatus.OPEN for case in cases)
    return OnDesk(owner, Load(len(cases), sum(WEIGHT[case.urgency] for case in cases)), late, untaken, Timing(98, 1140, 9800))


def _owner_load(owner: str, cases: Sequence[Case]) -> OwnerLoad:
    late, untaken = sum(case.next_date < NOW for case in cases), sum(case.status is CaseStatus.OPEN for case in cases)
    return OwnerLoad(owner, len(cases), late, untaken, min(case.opened_at for case in cases), (0, len(cases), 0, 0))


def daily(days: int) -> list[DayCount]:
    chance = random.Random(7)
    today = NOW.astimezone(LONDON).date()
    counts = []
    for back in range(days, -1, -1):
        on = today - timedelta(days=back)
        base = 14 if on.weekday() >= 5 else 27
        whole = {3: 61, 2: 47, 0: 11}.get(back, max(2, round(chance.gauss(base, 4))))
        for channel, part in (("email", 0.55), ("form", 0.25), ("reddit", 0.12), ("x", 0.08)):
            bad = round(whole * part)
            counts.append(
                DayCount(on, channel, bad, round(bad * 0.2), round(bad * 0.6), round(bad * (0.3 if channel != "form" else 0.9)), bad)
            )
    return counts


def praise() -> tuple[PraiseLine, ...]:
    words = (
        (
            "Tom remembered my name and that I take it without sugar. Best start to a grim Monday.",
            "Eilidh Fraser",
            Channel.FORM,
            "Tom Okafor",
        ),
        ("Priya rang the courier herself while I was on the line. Parcel came that night.", "@northshore_jen", Channel.X, "Priya Nair"),
        ("Jonas sorted my pause in one email. One.", "Callum Reid", Channel.EMAIL, "Jonas Weber"),
    )
    return tuple(
        PraiseLine(stored(f"p{number}", text, author, tone=Sentiment.POSITIVE, at=NOW, channel=channel), (praised,))
        for number, (text, author, channel, praised) in enumerate(words)
    )


def make_desk(store: FakeStore) -> Desk:
    sources = tuple(
        SourceSettings(name=name, channel=channel) for name, channel in (("support", "email"), ("web", "form"), ("reddit", "reddit"))
    )
    people = {each.name: each for each in PEOPLE}
    plan = Plan(ROUTES, Directory(people, "Cara Diaz"), Targets(USUAL), (), timezone=LONDON)
    return Desk(store, plan, LONDON, "Northwind Coffee", sources, FixedClock())
