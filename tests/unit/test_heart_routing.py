"""Where a message goes: machine mail, our own words, duplicates, threads, cases, praise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from allears.domain.case import CaseId, CaseStatus, CustomerId, EventType
from allears.domain.feedback import Automated, Channel, FeedbackItem, ItemId, Kind, Sentiment, SourceName, Status, UnderstoodItem, Urgency
from allears.domain.outbox import MessageKind
from allears.domain.records import Load, Routed, RoutingBook
from allears.domain.targets import USUAL, Goal, Targets
from allears.errors import CaseConflict
from allears.routing import Router, route_waiting
from allears.settings import RouteSettings, TagSettings
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, TOKENS, StandingClock, a_case, a_directory, a_page, a_plan, an_item, said, understanding_of, understood

PLAN = a_plan(
    routes=(
        RouteSettings(topic="delivery", about="parcel late", to="person:Priya Nair"),
        RouteSettings(topic="billing", about="charged twice", to="person:Ada Brook"),
    ),
)
EMPTY = RoutingBook(1001, (), {}, {}, {}, (), {}, {})
CARE, WEB = SourceName("care"), SourceName("web")
LONG = "Your courier left the parcel in the rain and the whole kilo of Sidama is soaked through, box and all."


def routed(*each: UnderstoodItem, book: RoutingBook = EMPTY) -> list[Routed]:
    """The decisions on one batch in its order; a contact is one customer."""
    customers = {one.item.id: CustomerId(f"c-{one.item.contact}") for one in each if one.item.contact}
    router = Router(PLAN, replace(book, customers=book.customers | customers), NOW)
    return [router.route(one) for one in each]


def route(item: FeedbackItem, book: RoutingBook = EMPTY, **what: object) -> Routed:
    (decision,) = routed(understood(item, **what), book=book)  # type: ignore[arg-type]
    return decision


def statuses(items: Iterable[FeedbackItem]) -> list[Status]:
    return [decision.status for decision in routed(*(understood(item) for item in items))]


def with_case(**changes: object) -> RoutingBook:
    """A book in which Jo has the case C-1001 about a parcel, opened by the message m-0."""
    case = a_case(customer_id=CustomerId("c-email:jo@x.org"), topic="delivery", owner="Priya Nair", **changes)
    return replace(EMPTY, next_number=1002, cases=(case,), threads={"m-0": case.id}, participants={case.id: ("email:jo@x.org",)})


class TestWhatNobodyMustSee:
    def test_spam(self):
        assert route(an_item(spam=True)).status is Status.SPAM

    @pytest.mark.parametrize("automated", Automated)
    def test_machine_mail_opens_no_case_and_tells_nobody(self, automated: Automated):
        decision = route(an_item(automated=automated))
        assert (decision.status, decision.change, decision.outbox) == (Status.AUTOMATED, None, ())

    @pytest.mark.parametrize("contact", ["email:ada@northwind.example", "email:Ada@Northwind.example".casefold()])
    def test_our_own_words(self, contact: str):
        assert route(an_item(contact=contact)).status is Status.OTHER

    @pytest.mark.parametrize("contact", ["email:jo@x.org", "email:northwind.example@x.org", None])
    def test_a_customers_words_are_not_ours(self, contact: str | None):
        assert route(an_item(contact=contact)).status is Status.CASE

    def test_small_talk(self):
        decision = route(an_item(), prediction=said(Kind.OTHER, Sentiment.NEUTRAL))
        assert (decision.status, decision.change, decision.outbox) == (Status.OTHER, None, ())

    @pytest.mark.parametrize("beside", [{"encrypted": "pgp"}, {"invited": "yes"}])
    def test_what_only_a_person_can_read_or_answer_has_one(self, beside: dict[str, str]):
        decision = route(an_item(extra=beside), prediction=said(Kind.OTHER, Sentiment.NEUTRAL))
        assert decision.status is Status.CASE


class TestDuplicates:
    def test_one_mail_in_two_mailboxes(self):
        first, copy = routed(understood(an_item()), understood(an_item(source=CARE)))
        assert (copy.status, copy.duplicate_of, copy.case_id, copy.change, copy.outbox) == (
            Status.DUPLICATE,
            first.item_id,
            "C-1001",
            None,
            (),
        )

    def test_the_same_id_of_another_sender_is_another_mail(self):
        assert statuses([an_item(), an_item(source=CARE, contact="email:eve@x.org", text="Something else entirely, by me.")]) == [
            Status.CASE,
            Status.CASE,
        ]

    def test_two_files_may_both_have_a_row_one(self):
        rows = [
            an_item("1", "Cold coffee again today, sadly.", channel=Channel.FILE),
            an_item("1", "The queue was very long.", channel=Channel.FILE),
        ]
        assert statuses([rows[0], replace(rows[1], source=CARE)]) == [Status.CASE, Status.CASE]

    def test_the_same_words_within_two_days(self):
        again = an_item("m-2", received_at=NOW + timedelta(hours=47))
        assert statuses([an_item(), again]) == [Status.CASE, Status.DUPLICATE]

    def test_the_same_words_days_later_are_a_repeat(self):
        again = an_item("m-2", received_at=NOW + timedelta(hours=49))
        first, second = routed(understood(an_item()), understood(again))
        assert (second.status, second.case_id) == (Status.CASE, first.case_id)

    def test_the_same_words_by_someone_else_are_theirs(self):
        assert statuses([an_item(), an_item("m-2", contact="email:eve@x.org")]) == [Status.CASE, Status.CASE]

    def test_the_same_person_on_another_channel(self):
        form = an_item("f-1", source=WEB, channel=Channel.FORM, received_at=NOW + timedelta(days=5))
        assert statuses([an_item(), form]) == [Status.CASE, Status.DUPLICATE]

    def test_long_words_verbatim_in_another_place_are_one_persons(self):
        post = an_item("t3_1", LONG.upper(), source=SourceName("reddit"), channel=Channel.REDDIT, contact="reddit:u/jo")
        assert statuses([an_item(text=LONG), post]) == [Status.CASE, Status.DUPLICATE]

    def test_short_words_in_another_place_are_not(self):
        post = an_item("t3_1", source=SourceName("reddit"), channel=Channel.REDDIT, contact="reddit:u/jo")
        assert statuses([an_item(), post]) == [Status.CASE, Status.CASE]

    def test_two_addresses_are_two_people_whatever_they_write(self):
        form = an_item("f-1", LONG, source=WEB, channel=Channel.FORM, contact="email:eve@x.org")
        assert statuses([an_item(text=LONG), form]) == [Status.CASE, Status.CASE]

    def test_words_too_few_to_tell_are_never_the_same(self):
        assert statuses([an_item(text="Too late"), an_item("m-2", "Too late")]) == [Status.CASE, Status.CASE]

    def test_a_copy_of_spam_is_read(self):
        assert statuses([an_item(spam=True), an_item(source=CARE)]) == [Status.SPAM, Status.CASE]


class TestThreads:
    def test_a_known_participant_joins_by_reference(self):
        decision = route(an_item(references=("m-0",)), with_case(), topics=())
        assert decision.change is not None
        assert (decision.case_id, decision.change.case.item_ids[1:], decision.change.case.version) == ("C-1001", (an_item().id,), 2)
        assert [message.to for message in decision.outbox] == ["Priya Nair"]

    def test_the_thread_of_a_channel_counts_like_a_reference(self):
        assert route(an_item(thread_id="m-0"), with_case(), topics=()).case_id == "C-1001"

    @pytest.mark.parametrize("contact", ["email:eve@x.org", None])
    def test_a_stranger_who_quotes_a_message_id_opens_a_case_of_their_own(self, contact: str | None):
        decision = route(an_item(references=("m-0",), contact=contact), with_case())
        assert (decision.status, decision.case_id) == (Status.CASE, "C-1002")

    def test_an_answer_reopens_what_was_resolved(self):
        decision = route(an_item(references=("m-0",)), with_case(status=CaseStatus.RESOLVED, resolved_at=NOW))
        assert decision.change is not None
        assert decision.change.case.status is CaseStatus.OPEN
        assert EventType.REOPENED in {event.type for event in decision.change.events}

    def test_an_answer_to_a_mail_we_do_not_know_joins_the_customers_only_open_case(self):
        assert route(an_item(references=("written-by-hand",)), with_case(), topics=()).case_id == "C-1001"

    def test_a_new_matter_that_answers_nothing_opens_a_case_of_its_own(self):
        assert route(an_item(), with_case(), topics=()).case_id == "C-1002"

    def test_thanks_in_a_thread_belong_to_its_case_and_change_nothing(self):
        decision = route(an_item(references=("m-0",)), with_case(), prediction=said(Kind.OTHER, Sentiment.POSITIVE))
        assert (decision.status, decision.case_id, decision.change) == (Status.OTHER, "C-1001", None)

    def test_a_thread_begun_in_the_same_batch(self):
        opening, answer = routed(
            understood(an_item("m-1")), understood(an_item("m-2", "And nobody called me back.", references=("m-1",)), topics=())
        )
        assert opening.case_id == answer.case_id == "C-1001"
        assert answer.change is not None
        assert answer.change.case.version == 2


class TestCases:
    def test_a_new_matter_opens_a_case_with_an_owner_and_a_date(self):
        decision = route(an_item())
        assert decision.change is not None
        case = decision.change.case
        assert (case.id, case.owner, case.topic, case.version, case.hops) == ("C-1001", "Priya Nair", "delivery", 1, 0)
        assert (case.next_date, case.resolve_by) == (NOW + timedelta(hours=8), NOW + timedelta(hours=40))
        assert (case.owners, case.owner_since) == (("Priya Nair",), NOW)
        assert case.rules == PLAN.rules(PLAN.directory["Priya Nair"], Urgency.NORMAL, ())
        assert [event.type for event in decision.change.events] == [EventType.OPENED]
        assert [(message.kind, message.to, message.case_id) for message in decision.outbox] == [(MessageKind.ALERT, "Priya Nair", "C-1001")]

    def test_the_same_customer_and_topic_is_the_same_matter(self):
        assert route(an_item(), with_case()).case_id == "C-1001"

    def test_another_topic_is_another_matter(self):
        assert route(an_item(), with_case(), topics=("billing",)).case_id == "C-1002"

    def test_another_customer_is_another_matter(self):
        assert route(an_item(contact="email:eve@x.org"), with_case()).case_id == "C-1002"

    def test_a_resolved_matter_is_over_for_a_new_message(self):
        assert route(an_item(), with_case(status=CaseStatus.RESOLVED)).case_id == "C-1002"

    def test_without_a_topic_nothing_is_the_same_matter(self):
        book = with_case()
        assert route(an_item(), replace(book, cases=(replace(book.cases[0], topic=None),)), topics=()).case_id == "C-1002"

    def test_two_of_one_batch_share_a_case_and_two_strangers_do_not(self):
        batch = [an_item("1"), an_item("2", "It is still not here, day nine."), an_item("3", contact="email:eve@x.org")]
        assert [decision.case_id for decision in routed(*map(understood, batch))] == ["C-1001", "C-1001", "C-1002"]

    @pytest.mark.parametrize("kind", [Kind.QUESTION, Kind.SUGGESTION, Kind.COMPLAINT])
    def test_whoever_asks_gets_a_person(self, kind: Kind):
        assert route(an_item(), prediction=said(kind)).status is Status.CASE

    @pytest.mark.parametrize("kind", [Kind.PRAISE, Kind.OTHER])
    def test_what_is_urgent_gets_a_person_whatever_it_looks_like(self, kind: Kind):
        assert route(an_item(), prediction=said(kind, urgency=Urgency.HIGH)).status is Status.CASE


class TestUrgency:
    def urgency(self, item: FeedbackItem, book: RoutingBook = EMPTY, **what: object) -> tuple[Urgency, tuple[str, ...]]:
        change = route(item, book, **what).change
        assert change is not None
        return change.case.urgency, change.case.urgency_reasons

    def test_a_complaint_while_a_case_is_open(self):
        assert self.urgency(an_item(), with_case()) == (Urgency.HIGH, ("wrote again while a case is open",))

    def test_a_complaint_after_it_was_resolved(self):
        resolved = with_case(status=CaseStatus.RESOLVED)
        assert self.urgency(an_item(references=("m-0",)), resolved) == (Urgency.HIGH, ("wrote again after it was resolved",))

    def test_a_question_while_a_case_is_open_presses_nobody(self):
        assert self.urgency(an_item(), with_case(), prediction=said(Kind.QUESTION)) == (Urgency.NORMAL, ())

    @pytest.mark.parametrize(
        ("channel", "reach", "urgency"),
        [
            (Channel.X, 5_000, Urgency.HIGH),
            (Channel.X, 4_999, Urgency.NORMAL),
            (Channel.REDDIT, 12_000, Urgency.HIGH),
            (Channel.X, None, Urgency.NORMAL),
            (Channel.EMAIL, 50_000, Urgency.NORMAL),
        ],
    )
    def test_public_complaints_weigh_by_their_reach(self, channel: Channel, reach: int | None, urgency: Urgency):
        assert self.urgency(an_item(channel=channel, reach=reach))[0] is urgency

    def test_nothing_lowers_what_the_model_saw(self):
        critical = said(urgency=Urgency.CRITICAL, urgency_reasons=("safety",))
        assert self.urgency(an_item(), with_case(), prediction=critical) == (
            Urgency.CRITICAL,
            ("safety", "wrote again while a case is open"),
        )

    def test_what_is_critical_is_due_in_an_hour(self):
        change = route(an_item(), prediction=said(urgency=Urgency.CRITICAL)).change
        assert change is not None
        assert change.case.next_date == NOW + timedelta(hours=1)


class TestPraise:
    def test_praise_reaches_whom_it_names(self):
        decision = route(an_item(), prediction=said(Kind.PRAISE, Sentiment.POSITIVE), praised=("Ada Brook", "Priya Nair"))
        assert (decision.status, decision.change) == (Status.PRAISE, None)
        assert [(message.kind, message.to) for message in decision.outbox] == [
            (MessageKind.PRAISE, "Ada Brook"),
            (MessageKind.PRAISE, "Priya Nair"),
        ]

    def test_praise_within_a_complaint_is_told_too(self):
        decision = route(an_item(), prediction=said(sentiment=Sentiment.MIXED), praised=("Ada Brook",))
        assert [(message.kind, message.to) for message in decision.outbox] == [
            (MessageKind.ALERT, "Priya Nair"),
            (MessageKind.PRAISE, "Ada Brook"),
        ]

    def test_the_same_step_has_the_same_key_however_often_it_is_decided(self):
        first, again = (route(an_item(), praised=("Ada Brook",)) for _ in range(2))
        keys = [message.key for message in first.outbox]
        assert keys == [message.key for message in again.outbox]
        assert len(set(keys)) == 2


class TestTags:
    PLAN = replace(
        PLAN,
        tags=(TagSettings(name="key account", customers=("*@hotel.example", "reddit:u/jo")),),
        targets=Targets(USUAL, {"key account": {Goal.ANSWER: {Urgency.NORMAL: timedelta(minutes=30), Urgency.LOW: timedelta(days=9)}}}),
    )

    @pytest.mark.parametrize(
        ("contact", "tags"),
        [
            ("email:chef@hotel.example", ("key account",)),
            ("email:Chef@Hotel.example", ("key account",)),
            ("reddit:u/jo", ("key account",)),
            ("email:jo@x.org", ()),
            ("email:hotel.example@x.org", ()),
            (None, ()),
        ],
    )
    def test_a_customer_has_those_whose_patterns_their_contact_matches(self, contact: str | None, tags: tuple[str, ...]):
        decision = Router(self.PLAN, EMPTY, NOW).route(understood(an_item(contact=contact)))
        assert decision.change is not None
        assert decision.change.case.tags == tags
        assert decision.change.case.next_date == NOW + timedelta(minutes=30 if tags else 480)

    def test_they_never_make_anything_later(self):
        decision = Router(self.PLAN, EMPTY, NOW).route(understood(an_item(contact="reddit:u/jo"), said(urgency=Urgency.LOW)))
        assert decision.change is not None
        assert decision.change.case.next_date == NOW + timedelta(hours=16)


def owners(*each: UnderstoodItem, book: RoutingBook) -> list[str]:
    """To whom of a team of three a batch goes."""
    directory = a_directory(*(replace(person, teams=("all",)) for person in a_directory()))
    plan = replace(PLAN, routes=(RouteSettings(topic="delivery", about="parcel late", to="team:all"),), directory=directory)
    router = Router(plan, book, NOW)
    return [decision.change.case.owner for one in each if (decision := router.route(one)).change]


def test_a_batch_shares_out_among_a_team():
    items = [understood(an_item(str(n), contact=f"email:{n}@x.org")) for n in range(3)]
    assert owners(*items, book=replace(EMPTY, load={"Cara Diaz": Load(5, 5.0)})) == ["Ada Brook", "Priya Nair", "Ada Brook"]


def test_what_a_batch_brings_weighs_by_its_urgency():
    urgencies = (Urgency.CRITICAL, Urgency.NORMAL, Urgency.NORMAL, Urgency.NORMAL)
    items = [understood(an_item(str(n), contact=f"email:{n}@x.org"), said(urgency=urgency)) for n, urgency in enumerate(urgencies)]
    busy = replace(EMPTY, load={"Cara Diaz": Load(5, 5.0)})
    assert owners(*items, book=busy) == ["Ada Brook", "Priya Nair", "Priya Nair", "Priya Nair"]


def test_nobody_whose_address_bounces_is_given_a_case():
    assert owners(understood(an_item()), book=replace(EMPTY, bouncing={"cara@northwind.example": "550"})) == ["Ada Brook"]


class SomeoneFaster(DuckDBStore):
    """A store in which somebody else acts between reading the book and writing the decisions, a few times."""

    conflicts = 0

    def record_routing(self, decisions: Sequence[Routed]) -> None:
        if self.conflicts:
            self.conflicts -= 1
            raise CaseConflict("Case C-1001 changed meanwhile.")
        super().record_routing(decisions)


@pytest.fixture
def store(tmp_path: Path, clock: StandingClock):
    store = SomeoneFaster(tmp_path / "store.duckdb", clock)
    items = [an_item(str(n), received_at=NOW - timedelta(hours=n), contact=f"email:{n}@x.org") for n in range(5)]
    store.record_page(items[0].source, a_page([*items, an_item("s", spam=True)]), NOW)
    store.record_understanding([understanding_of(item) for item in [*items, an_item("s")]])
    yield store
    store.close()


class TestTheWholeQueue:
    def test_everything_waiting_is_routed_and_counted(self, store: SomeoneFaster, clock: StandingClock):
        seen: list[int] = []
        assert route_waiting(store, PLAN, clock, TOKENS, seen.append) == {Status.CASE: 5, Status.SPAM: 1}
        assert seen == [6]
        assert store.items_to_route(10) == []

    def test_numbers_follow_the_order_of_arrival(self, store: SomeoneFaster, clock: StandingClock):
        route_waiting(store, PLAN, clock, TOKENS)
        by_number = sorted(store.open_cases(), key=lambda case: case.id)
        assert [case.item_ids[0] for case in by_number] == [ItemId(an_item(str(n)).id) for n in (4, 3, 2, 1, 0)]
        assert by_number[0].id == CaseId("C-1001")

    def test_a_lost_race_is_run_again(self, store: SomeoneFaster, clock: StandingClock):
        store.conflicts = 3
        assert route_waiting(store, PLAN, clock, TOKENS)[Status.CASE] == 5

    def test_a_race_that_is_always_lost_ends(self, store: SomeoneFaster, clock: StandingClock):
        store.conflicts = 100
        with pytest.raises(CaseConflict):
            route_waiting(store, PLAN, clock, TOKENS)
