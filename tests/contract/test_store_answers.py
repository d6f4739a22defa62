"""What the store keeps of what our people write: replies to customers, and their own answers, which are nobody's feedback."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from allears.domain.case import CaseChange, CaseId, EventType, Reply
from allears.domain.changes import acknowledge, answer
from allears.domain.feedback import Automated, Channel, FeedbackItem, Kind, SourceName, Status
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.domain.records import CaseView, ExportName, Routed
from allears.errors import CaseConflict
from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, TOKENS, StandingClock, a_case, a_page, an_item, understanding_of
from tests.contract.store_steps import LONDON, alert, status_of, take_in, the_case, told, understand, with_case

C1 = CaseId("C-1001")
HOUR = timedelta(hours=1)
JO, ADA = "email:jo@x.org", "email:ada@northwind.example"
Step = tuple[CaseChange, OutboxMessage]


def a_letter(store: Store, item: FeedbackItem, text: str = "I am sorry about that.", number: int = 1001) -> Step:
    """The step by which Ada answers this message, as the case stands, and what waits in the outbox by it."""
    case = the_case(store, number)
    key = outbox_key(MessageKind.REPLY, JO, case.id, str(case.version))
    reply = Reply(key, case.id, item.id, "Ada Brook", JO, text, NOW + HOUR)
    change = answer(case, reply, to="Jo Lind", next_date=NOW + 24 * HOUR)
    return change, OutboxMessage(key, MessageKind.REPLY, JO, item.id, case.id, NOW + HOUR, NOW + HOUR)


def written(store: Store, text: str = "I am sorry about that.") -> OutboxMessage:
    """A case of one message, answered."""
    change, message = a_letter(store, with_case(store), text)
    store.record_change(change, [message])
    return message


def view_of(store: Store, case_id: CaseId = C1) -> CaseView:
    view = store.case_view(case_id)
    assert view is not None
    return view


def our_answer(external_id: str = "a-1", text: str = "ack", **changes: object) -> FeedbackItem:
    fields = {"contact": ADA, "author": None, "references": (f"{TOKENS.of(alert(an_item()).key)}@northwind.example",)} | changes
    return an_item(external_id, text, **fields)


def route(store: Store, item: FeedbackItem, status: Status = Status.OTHER, **changes: object) -> None:
    store.record_routing([replace(Routed(item.id, status, "a reason"), **changes)])  # type: ignore[arg-type] # fields of a decision


class TestReplies:
    def test_are_written_with_the_change_that_makes_them(self, store: Store):
        item = with_case(store)
        change, message = a_letter(store, item)
        store.record_change(change, [message])
        view = view_of(store)
        assert view.case == change.case
        assert view.replies == (change.reply,)
        assert view.events[-1].type is EventType.ANSWERED
        assert message in store.outbox_due(NOW + HOUR, 10)

    def test_and_with_the_routing_that_makes_them(self, store: Store):
        item, ours = with_case(store), our_answer()
        understand(store, ours)
        change, message = a_letter(store, item)
        route(store, ours, case_id=C1, change=change, outbox=(message,), ours=True)
        assert view_of(store).replies == (change.reply,)
        assert message in store.outbox_due(NOW + HOUR, 10)

    def test_not_without_it(self, store: Store):
        change, message = a_letter(store, with_case(store))
        told(store)
        with pytest.raises(CaseConflict):
            store.record_change(change, [message])
        assert view_of(store).replies == ()
        assert message not in store.outbox_due(NOW + HOUR, 10)

    def test_nor_if_another_decision_of_the_batch_is_refused(self, store: Store):
        item, ours, other = with_case(store), our_answer(), an_item("m-2", "Where is my other parcel now?")
        understand(store, ours)
        take_in(store, other)
        change, message = a_letter(store, item)
        done = Routed(ours.id, Status.OTHER, "done", C1, change=change, outbox=(message,), ours=True)
        with pytest.raises(CaseConflict):
            store.record_routing([done, Routed(other.id, Status.OTHER, "not understood yet")])
        assert view_of(store).replies == ()
        assert status_of(store, ours) is Status.UNDERSTOOD
        assert message not in store.outbox_due(NOW + HOUR, 10)

    def test_once(self, store: Store):
        written(store)
        (reply,) = view_of(store).replies
        again = replace(the_case(store), version=the_case(store).version + 1)
        store.record_change(CaseChange(again, (), reply), ())
        assert view_of(store).replies == (reply,)

    def test_come_in_their_order_and_in_their_own_case(self, store: Store):
        item = with_case(store)
        for text in ("The first letter.", "The second letter."):
            change, message = a_letter(store, item, text)
            store.record_change(change, [message])
        other = with_case(store, an_item("m-2", "Something else.", contact="email:else@x.org"), 1002)
        change, message = a_letter(store, other, "A letter of another case.", number=1002)
        store.record_change(change, [message])
        assert sorted(reply.text for reply in view_of(store).replies) == ["The first letter.", "The second letter."]
        assert [reply.text for reply in view_of(store, CaseId("C-1002")).replies] == ["A letter of another case."]

    @pytest.mark.parametrize("text", ["zero \x00 byte", "half a pair \ud800!", "l" * 100_000, "'); DROP TABLE replies; --", "\u202eevil"])
    def test_odd_words_are_kept_as_far_as_they_are_words(self, store: Store, text: str):
        written(store, text)
        assert [reply.text for reply in view_of(store).replies] == [text.replace("\ud800", "?")]


class TestWhetherAReplyArrived:
    def test_is_known_once_it_was_handed_over(self, store: Store):
        message = written(store)
        assert (view_of(store).replies[0].sent_at, view_of(store).replies[0].failed) == (None, None)
        store.record_sent(message.key, NOW + 2 * HOUR)
        assert (view_of(store).replies[0].sent_at, view_of(store).replies[0].failed) == (NOW + 2 * HOUR, None)
        assert EventType.ALERTED not in {event.type for event in view_of(store).events}

    def test_or_refused_for_good(self, store: Store):
        message = written(store)
        store.record_send_failure(message.key, "451 busy", NOW + 2 * HOUR)
        assert view_of(store).replies[0].failed is None
        store.record_send_failure(message.key, "550 no such user", None)
        assert (view_of(store).replies[0].sent_at, view_of(store).replies[0].failed) == (None, "550 no such user")
        assert EventType.ALERT_FAILED not in {event.type for event in view_of(store).events}

    def bounce(self, number: int = 1) -> FeedbackItem:
        return an_item(f"bounce-{number}", "It could not be delivered.", automated=Automated.BOUNCE, contact=None)

    def test_or_when_it_comes_back_later_and_why_at_first(self, store: Store):
        message = written(store)
        store.record_sent(message.key, NOW + 2 * HOUR)
        for number, why in ((1, "came back, status 5.1.1"), (2, "came back again")):
            understand(store, self.bounce(number))
            route(store, self.bounce(number), Status.AUTOMATED, returned=(message.key, why))
        (reply,) = view_of(store).replies
        assert (reply.sent_at, reply.failed) == (NOW + 2 * HOUR, "came back, status 5.1.1")
        assert store.outbox_due(NOW + 999 * HOUR, 10) == [alert(an_item())]

    def test_and_is_not_said_by_a_batch_that_is_refused(self, store: Store):
        message = written(store)
        understand(store, self.bounce())
        take_in(store, an_item("m-2"))
        with pytest.raises(CaseConflict):
            store.record_routing(
                [
                    Routed(self.bounce().id, Status.AUTOMATED, "bounce", returned=(message.key, "came back")),
                    Routed(an_item("m-2").id, Status.OTHER, "not understood yet"),
                ]
            )
        assert view_of(store).replies[0].failed is None

    def test_a_key_of_no_mail_marks_nothing(self, store: Store):
        written(store)
        understand(store, self.bounce())
        route(store, self.bounce(), Status.AUTOMATED, returned=("0" * 24, "came back \x00"))
        assert view_of(store).replies[0].failed is None
        assert status_of(store, self.bounce()) is Status.AUTOMATED


class TestWhatOurPeopleWrite:
    @pytest.fixture
    def ours(self, store: Store) -> FeedbackItem:
        """A case of Jo's with Ada's answer to its alert, of the same topic, in as many words."""
        with_case(store)
        item = our_answer(text="The parcel is late and nobody answers.", title="Re: my parcel")
        understand(store, item)
        route(store, item, case_id=C1, ours=True)
        return item

    def test_is_no_message_of_the_customer(self, store: Store, ours: FeedbackItem):
        assert [stored.item.external_id for stored in view_of(store).items] == ["m-1"]
        (kept,) = store.items([ours.id])
        assert (kept.status, kept.case_id, kept.why) == (Status.OTHER, C1, "a reason")

    def test_makes_them_no_participant_and_gives_the_case_no_subject(self, store: Store, ours: FeedbackItem):
        later = an_item("m-2", "Any news?", references=(ours.external_id, "m-1"))
        understand(store, later)
        book = store.routing_book([later.id])
        assert book.participants == {C1: (JO,)}
        assert book.subjects == {}

    @pytest.mark.usefixtures("ours")
    def test_is_in_no_figure_but_the_ledger(self, store: Store):
        overview = store.overview(NOW, 7, LONDON)
        assert sum(day.negative + day.mixed + day.neutral + day.positive for day in overview.daily) == 1
        assert [(topic.topic, topic.messages) for topic in overview.topics] == [("delivery", 1)]
        (row,) = store.ledger(None, LONDON)
        assert (row.received, row.case, row.other, row.balanced) == (2, 1, 1, True)
        assert store.export(ExportName.ITEMS).read_all().num_rows == 2

    @pytest.mark.usefixtures("ours")
    def test_teaches_nothing(self, store: Store):
        assert sum(move.items for move in store.label_moves("fake-1", NOW - HOUR)) == 1
        assert store.item_ids_since(NOW - HOUR) == [an_item().id]

    def test_is_not_routed_again_by_a_correction(self, store: Store, ours: FeedbackItem):
        store.record_correction(ours.id, None, Kind.QUESTION, "Cara Diaz", "to see what happens", NOW)
        assert store.items_to_route(10) == []
        assert status_of(store, ours) is Status.OTHER

    def test_is_not_what_a_customer_says_again_in_the_same_words(self, store: Store):
        ours = our_answer(text="We will be with you on Monday.")
        understand(store, ours)
        route(store, ours, ours=True)
        same = an_item("m-2", ours.text, channel=Channel.FORM)
        understand(store, same)
        assert store.routing_book([same.id]).earlier == ()

    def test_is_known_again_in_another_mailbox(self, store: Store, ours: FeedbackItem):
        again = replace(ours, source=SourceName("sales"))
        store.record_page(again.source, a_page([again]), NOW)
        store.record_understanding([understanding_of(again)])
        (twin,) = (each for each in store.routing_book([again.id]).earlier if each.item_id == ours.id)
        assert (twin.item_id, twin.external_id, twin.contact, twin.fingerprint) == (ours.id, "a-1", ADA, None)


class TestTheBook:
    def named(self, store: Store, text: str) -> set[str]:
        """The cases that the book holds for an answer with these words; there are C-1001 and C-1002, of other people."""
        for number in (1001, 1002):
            with_case(store, an_item(f"m-{number}", f"Case number {number}.", contact=f"email:{number}@x.org"), number)
        ours = our_answer(text=text, references=())
        understand(store, ours)
        return {case.id for case in store.routing_book([ours.id]).cases}

    @pytest.mark.parametrize("text", ["C-1002: ack", "c-1002 ack", "[C-1002] ack", "#C-1002\nack", "  [#c-1002]: ack"])
    def test_holds_the_case_that_the_first_words_name(self, store: Store, text: str):
        assert self.named(store, text) == {"C-1002"}

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("ack C-1002", set()),
            ("Dear Jo,\nC-1002: ack", set()),
            ("C-1002' OR 1=1; --", {"C-1002"}),
            ("C-100[12]: ack", set()),
            ("C-.*", set()),
            (r"C-\d+", set()),
            ("C-%", set()),
            ("C-\x001002", set()),
            ("C-\udcff1002", set()),
            ("C-١٠٠٢: ack", set()),
            ("C-" + "1" * 100_000, set()),
            ("[" * 100_000 + "C-1002", set()),
            ("", set()),
        ],
    )
    def test_and_no_other_whatever_is_written(self, store: Store, text: str, found: set[str]):
        assert self.named(store, text) == found

    def test_holds_the_case_of_a_mail_of_ours_that_is_answered_with_its_newest_message(self, store: Store):
        first, ours = with_case(store), our_answer()
        second = an_item("m-2", "And another thing.", title="My parcel")
        understand(store, second, ours)
        case = the_case(store)
        grown = replace(case, item_ids=(first.id, second.id), version=case.version + 1)
        route(store, second, Status.CASE, case_id=C1, change=CaseChange(grown, ()))
        book = store.routing_book([ours.id])
        assert book.cases == (grown,)
        assert book.sent == {alert(first).key: alert(first)}
        assert {item: book.items[item] for item in (first.id, second.id)} == {first.id: first, second.id: second}
        assert book.subjects == {C1: ("My parcel",)}

    def test_holds_a_case_that_is_over(self, store: Store):
        with_case(store)
        case = the_case(store)
        store.record_change(acknowledge(case, actor="Ada Brook", at=NOW), ())
        over = replace(the_case(store), resolved_at=NOW, version=3)
        store.record_change(CaseChange(over, ()), ())
        ours = our_answer()
        understand(store, ours)
        assert [each.id for each in store.routing_book([ours.id]).cases] == [C1]

    @pytest.mark.parametrize("reference", ["0" * 24, "f" * 100_000, "%", "x'y\x00z\udcff", "g" * 24, ""])
    def test_names_no_mail_of_ours_by_whatever_a_stranger_refers_to(self, store: Store, reference: str):
        with_case(store)
        stranger = an_item("m-2", "Hello", contact="email:x@y.org", references=(reference,), extra={"sent_to": reference})
        understand(store, stranger)
        book = store.routing_book([stranger.id])
        assert (book.sent, book.items, book.cases) == ({}, {}, ())


def test_a_store_from_before_answers_acted_keeps_its_cases_and_takes_replies(tmp_path: Path, clock: StandingClock):
    file, item = tmp_path / "old.duckdb", an_item()
    migrations = Path(__file__).parents[2] / "allears" / "store" / "migrations"
    with duckdb.connect(str(file)) as old:
        old.execute("SET TimeZone = 'UTC'; CREATE TABLE migrations (name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")
        for migration in sorted(migrations.iterdir())[:3]:
            old.execute(migration.read_text("utf-8"))
            old.execute("INSERT INTO migrations VALUES (?, now())", [migration.name])
        old.execute(
            "INSERT INTO items BY NAME SELECT ? AS item_id, 'support' AS source, 'email' AS channel, 'm-1' AS external_id, "
            "[] AS \"references\", ?::TIMESTAMPTZ AS received_at, ?::TIMESTAMPTZ AS ingested_at, 'Jo Lind' AS author, "
            "'email:jo@x.org' AS contact, ? AS text, false AS spam, '{}' AS extra, 'case' AS status, 'C-1001' AS case_id",
            [item.id, NOW, NOW, item.text],
        )
        old.execute(
            "INSERT INTO cases BY NAME SELECT 'C-1001' AS id, 'open' AS status, 'Ada Brook' AS owner, 'Ada Brook is the billing team.' "
            "AS why_owner, 'c-jo' AS customer_id, 'complaint' AS kind, 'billing' AS topic, 'normal' AS urgency, [] AS urgency_reasons, "
            "[?] AS item_ids, ?::TIMESTAMPTZ AS opened_at, ?::TIMESTAMPTZ AS next_date, 0 AS hops, 1 AS version, "
            "['Ada Brook'] AS owners, [] AS passed_by, [] AS tags",
            [item.id, NOW, NOW + 8 * HOUR],
        )
    store = DuckDBStore(file, clock)
    try:
        assert the_case(store) == a_case(item_ids=(item.id,), owners=("Ada Brook",))
        assert [stored.item for stored in view_of(store).items] == [item]
        assert view_of(store).replies == ()
        later = an_item("m-2", "Any news?", references=("m-1",))
        understand(store, later)
        assert store.routing_book([later.id]).participants == {C1: (JO,)}
        change, message = a_letter(store, item)
        store.record_change(change, [message])
        store.record_sent(message.key, NOW)
        assert [reply.sent_at for reply in view_of(store).replies] == [NOW]
        ours = our_answer()
        understand(store, ours)
        route(store, ours, case_id=C1, ours=True)
        assert [stored.item.id for stored in view_of(store).items] == [item.id]
    finally:
        store.close()
