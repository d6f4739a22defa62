"""What the store promises of who has a case and can be reached: desks, addresses that bounce, alarms, taught topics."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from allears.domain.case import Case, CaseChange, CaseId, CaseStatus, Remedy, RemedyKind
from allears.domain.changes import resolve
from allears.domain.feedback import FeedbackItem, ItemId, Urgency
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.records import ExportName, Load
from allears.domain.watch import Pile, Unreachable, WatchQuestion
from allears.ports import Store
from allears.store.duckdb_store import DuckDBStore
from tests.builders import NOW, StandingClock, a_case, an_item
from tests.contract.store_steps import alert, take_in, the_case, told, understand, with_case

CASE = CaseId("C-1001")
HOUR = timedelta(hours=1)
ADA = Unreachable("Ada Brook", "ada@northwind.example", "550 no such user", NOW)


def changed(store: Store, **changes: object) -> Case:
    """The case after a change of these fields."""
    case = replace(the_case(store), version=the_case(store).version + 1, **changes)
    store.record_change(CaseChange(case, ()), ())
    return case


def numbers(store: Store, question: WatchQuestion) -> list[int]:
    """The cases asked for, by what stands behind their C."""
    return [int(case.id.removeprefix("C-")) for case in store.cases_to_watch(question)]


class TestEveryFieldOfACase:
    FULL = a_case(
        status=CaseStatus.PROMISED,
        urgency=Urgency.HIGH,
        urgency_reasons=("safety", "public, reach 9,000"),
        hops=2,
        alerted_at=NOW,
        acknowledged_at=NOW + HOUR,
        first_response_at=NOW + 2 * HOUR,
        promised_for=NOW + 9 * HOUR,
        resolved_at=NOW + 3 * HOUR,
        closed_at=NOW + 4 * HOUR,
        incident_id="I-7",
        owner_since=NOW + 5 * HOUR,
        owners=("Cara Diaz", "Ben Hall", "Ada Brook"),
        passed_by=("Ben Hall",),
        stands_in_for="Mei Lin",
        resolve_by=NOW + 40 * HOUR,
        reopened_at=NOW + 8 * HOUR,
        warned_for=NOW + 6 * HOUR,
        late_for=NOW + 7 * HOUR,
        rules="0123456789abcdef",
        tags=("vip", "hotel, large"),
        remedy=Remedy(RemedyKind.REFUND, Decimal("1234567.89"), "GBP"),
        continues=CaseId("C-1000"),
        merged_into=CaseId("C-1009"),
    )

    def test_this_test_names_them_all(self):
        plain = a_case()
        left_out = {each.name for each in fields(Case) if getattr(self.FULL, each.name) == getattr(plain, each.name)}
        assert left_out == {"id", "owner", "why_owner", "customer_id", "kind", "topic", "item_ids", "opened_at", "next_date", "version"}

    def test_is_kept_when_the_case_is_opened(self, store: Store):
        item = with_case(
            store, **{each.name: getattr(self.FULL, each.name) for each in fields(Case) if each.name not in ("id", "item_ids")}
        )
        assert the_case(store) == replace(self.FULL, item_ids=(item.id,))
        (row,) = store.export(ExportName.CASES).read_all().to_pylist()
        assert (row["remedy"], row["remedy_amount"], row["remedy_currency"]) == ("refund", Decimal("1234567.89"), "GBP")
        assert (row["owners"], row["tags"], row["resolve_by"]) == (list(self.FULL.owners), list(self.FULL.tags), self.FULL.resolve_by)

    def test_is_kept_when_the_case_changes(self, store: Store):
        item = with_case(store)
        full = replace(self.FULL, item_ids=(item.id,), version=2)
        store.record_change(CaseChange(full, ()), ())
        assert the_case(store) == full
        assert store.open_cases() == [full]
        plain = replace(a_case(item_ids=(item.id,)), version=3)
        store.record_change(CaseChange(plain, ()), ())
        assert the_case(store) == plain

    @pytest.mark.parametrize(
        "remedy",
        [
            Remedy(RemedyKind.NOTHING),
            Remedy(RemedyKind.REPLACEMENT),
            Remedy(RemedyKind.VOUCHER, Decimal("0.10"), "EUR"),
            Remedy(RemedyKind.DISCOUNT, Decimal(5), "JPY"),
        ],
    )
    def test_a_remedy_is_given_back_as_it_was(self, store: Store, remedy: Remedy):
        with_case(store)
        store.record_change(resolve(the_case(store), outcome="Done.", actor="Ada Brook", at=NOW, remedy=remedy), ())
        assert the_case(store).remedy == remedy


class TestDesks:
    def test_open_cases_weigh_by_their_urgency(self, store: Store):
        for number, urgency in enumerate((Urgency.CRITICAL, Urgency.HIGH, Urgency.NORMAL, Urgency.LOW, Urgency.LOW), 1001):
            with_case(store, an_item(str(number)), number, urgency=urgency)
        with_case(store, an_item("1006"), 1006, owner="Ben Hall", urgency=Urgency.HIGH)
        over = resolve(the_case(store, 1006), outcome="Done.", actor="Ben Hall", at=NOW)
        store.record_change(over, ())
        book = store.routing_book([])
        assert book.load == {"Ada Brook": Load(5, 8.0), "Ben Hall": Load(0, 0.0)}

    def test_whoever_was_given_a_case_by_a_hop_got_it_then(self, store: Store):
        with_case(store)
        assert store.routing_book([]).last_assigned == {"Ada Brook": NOW}
        changed(store, owner="Ben Hall", owner_since=NOW + HOUR)
        assert store.routing_book([]).last_assigned == {"Ben Hall": NOW + HOUR}


class TestAddressesThatBounce:
    def test_the_first_word_of_it_stands_until_it_takes_mails_again(self, store: Store):
        ben = Unreachable("Ben Hall", "ben@northwind.example", "mailbox full \udcff", NOW - HOUR)
        store.record_unreachable(ADA)
        store.record_unreachable(replace(ADA, why="another word", since=NOW + HOUR))
        store.record_unreachable(ben)
        assert store.watch_book(NOW).unreachable == (replace(ben, why="mailbox full ?"), ADA)
        assert store.routing_book([]).bouncing == {"ada@northwind.example": "550 no such user", "ben@northwind.example": "mailbox full ?"}
        store.record_reachable("ada@northwind.example")
        store.record_reachable("nobody@northwind.example")
        assert [each.person for each in store.watch_book(NOW).unreachable] == ["Ben Hall"]
        store.record_unreachable(replace(ADA, since=NOW + HOUR))
        assert store.watch_book(NOW).unreachable[-1].since == NOW + HOUR


class TestTheWatch:
    def test_it_sees_open_cases_in_piles_that_differ_by_their_dates_only(self, store: Store):
        same: dict[str, object] = {"stands_in_for": "Mei Lin", "tags": ("vip", "hotel, large"), "rules": "0123456789abcdef"}
        alerted = {"status": CaseStatus.ACKNOWLEDGED, "alerted_at": NOW - 9 * HOUR, "acknowledged_at": NOW}, {"alerted_at": NOW + HOUR}
        for number, of_case in enumerate((*alerted, {"alerted_at": NOW}, {}), 1001):
            with_case(store, an_item(str(number)), number, **same, **of_case, next_date=NOW + number * HOUR)
        with_case(store, an_item("1005"), 1005)
        with_case(store, an_item("1006"), 1006, owner="Ben Hall")
        store.record_change(resolve(the_case(store, 1006), outcome="Done.", actor="Ben Hall", at=NOW), ())
        piles = sorted(store.watch_book(NOW).piles, key=lambda pile: pile.tags)
        assert [replace(pile, number=0) for pile in piles] == [
            Pile(0, "Ada Brook", None, Urgency.NORMAL, (), None, None),
            Pile(0, "Ada Brook", "Mei Lin", Urgency.NORMAL, ("vip", "hotel, large"), "0123456789abcdef", NOW),
        ]
        ask = WatchQuestion(NOW, NOW)
        assert numbers(store, replace(ask, whole=(piles[1].number,))) == [1001, 1002, 1003, 1004]
        assert numbers(store, replace(ask, untaken=(piles[1].number,))) == [1002, 1003]
        assert numbers(store, replace(ask, whole=(piles[0].number,), untaken=(piles[0].number,))) == [1005]
        assert numbers(store, ask) == []

    @pytest.mark.parametrize("change", ["owner", "stands_in_for", "rules", "tags", "urgency"])
    def test_another_pile_is_another_number(self, store: Store, change: str):
        other = {"tags": ("vip",), "urgency": Urgency.LOW}.get(change, "another")
        with_case(store)
        with_case(store, an_item("2"), 1002, **{change: other})
        first, second = store.watch_book(NOW).piles
        assert first.number != second.number
        assert getattr(second, change) == other or getattr(first, change) == other

    @pytest.mark.parametrize("date", ["next_date", "resolve_by"])
    def test_a_date_is_asked_for_from_when_it_is_near_until_it_was_said_to_have_passed(self, store: Store, date: str):
        soon, moment = NOW + HOUR, timedelta(microseconds=1)
        far = {"next_date": NOW + 99 * HOUR, "resolve_by": None}
        cases = [
            (soon + moment, {}, False),
            (soon, {}, True),
            (soon, {"warned_for": soon - moment}, True),
            (soon, {"warned_for": soon}, False),
            (NOW, {}, True),
            (NOW, {"warned_for": NOW}, False),
            (NOW, {"late_for": NOW, "warned_for": NOW - HOUR}, True),
            (NOW - moment, {"warned_for": NOW}, True),
            (NOW - moment, {"late_for": NOW - HOUR}, True),
            (NOW - moment, {"late_for": NOW - moment}, False),
        ]
        for number, (at, said, _) in enumerate(cases, 1001):
            with_case(store, an_item(str(number)), number, **(far | {date: at} | said))
        wanted = [number for number, (_, _, asked) in enumerate(cases, 1001) if asked]
        assert sorted(numbers(store, WatchQuestion(NOW, soon))) == wanted
        for number in wanted:
            store.record_change(resolve(the_case(store, number), outcome="Done.", actor="Ada Brook", at=NOW), ())
        assert numbers(store, WatchQuestion(NOW, soon)) == []

    def test_it_sees_since_when_an_alert_waits(self, store: Store):
        item = with_case(store)
        assert store.watch_book(NOW).unsent_since == NOW
        assert store.watch_book(NOW - HOUR).unsent_since is None
        earlier = replace(alert(item, to="Ben Hall"), created_at=NOW - 2 * HOUR, due_at=NOW - HOUR)
        praise = replace(alert(item), key="p", kind=MessageKind.PRAISE, created_at=NOW - 9 * HOUR, due_at=NOW - 9 * HOUR)
        told(store, earlier, praise)
        assert store.watch_book(NOW).unsent_since == NOW - HOUR  # until then it was to wait
        store.record_send_failure(earlier.key, "451 busy", NOW)
        assert store.watch_book(NOW).unsent_since == NOW - 2 * HOUR
        store.record_sent(earlier.key, NOW)
        store.record_send_failure(alert(item).key, "451 busy", NOW + HOUR)
        assert store.watch_book(NOW).unsent_since is None
        assert store.watch_book(NOW + HOUR).unsent_since == NOW
        store.record_send_failure(alert(item).key, "550 no such user", None)
        assert store.watch_book(NOW + HOUR).unsent_since is None


class TestAlarms:
    def test_they_stand_from_their_first_sight_until_they_are_over(self, store: Store):
        store.record_alarms({"mail": "The mail server takes none.", "a": "An alarm \udcff"}, NOW)
        store.record_alarms({"mail": "It still takes none.", "b": "Another"}, NOW + HOUR)
        assert [(each.key, each.text, each.since) for each in store.alarms()] == [
            ("mail", "It still takes none.", NOW),
            ("b", "Another", NOW + HOUR),
        ]
        store.record_alarms({}, NOW + 2 * HOUR)
        assert store.alarms() == []

    def test_one_that_comes_back_is_a_new_one(self, store: Store):
        store.record_alarms({"mail": "none"}, NOW)
        store.record_alarms({}, NOW + HOUR)
        store.record_alarms({"mail": "none"}, NOW + 2 * HOUR)
        assert [(each.key, each.since) for each in store.alarms()] == [("mail", NOW + 2 * HOUR)]

    def test_those_that_are_over_are_kept(self, in_process: DuckDBStore, file: Path):
        in_process.record_alarms({"mail": "none"}, NOW)
        in_process.record_alarms({}, NOW + HOUR)
        in_process.close()
        with duckdb.connect(str(file)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            assert connection.execute("SELECT key, since, over_at FROM alarms").fetchall() == [("mail", NOW, NOW + HOUR)]


class TestExamples:
    def items(self, store: Store) -> tuple[FeedbackItem, FeedbackItem]:
        first, second = an_item("1", "Where is my parcel?", title="Order 7"), an_item("2", "It is lost, I think.")
        take_in(store, first, second)
        return first, second

    def test_they_are_the_customers_words_oldest_first(self, store: Store):
        first, second = self.items(store)
        store.record_example("delivery", first.id, "Ada Brook", NOW + HOUR)
        store.record_example("delivery", second.id, "Ben Hall", NOW)
        found = store.examples()
        assert [(each.topic, each.text, each.item_id, each.by, each.at) for each in found] == [
            ("delivery", "Order 7\nWhere is my parcel?", first.id, "Ada Brook", NOW + HOUR),
            ("delivery", "It is lost, I think.", second.id, "Ben Hall", NOW),
        ]
        assert len({each.id for each in found}) == 2

    def test_an_item_is_one_of_one_topic_only(self, store: Store):
        first, _ = self.items(store)
        store.record_example("delivery", first.id, "Ada Brook", NOW)
        store.record_example("billing", first.id, "Ben Hall", NOW + HOUR)
        assert [(each.topic, each.by) for each in store.examples()] == [("billing", "Ben Hall")]

    def test_one_may_be_removed_and_who_did_is_kept(self, in_process: DuckDBStore, file: Path):
        first, second = self.items(in_process)
        in_process.record_example("delivery", first.id, "Ada Brook", NOW)
        in_process.record_example("delivery", second.id, "Ada Brook", NOW)
        wanted = in_process.examples()[0]
        assert in_process.remove_example(wanted.id, "Cara Diaz", NOW + HOUR)
        assert [each.item_id for each in in_process.examples()] == [second.id]
        in_process.close()
        with duckdb.connect(str(file)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            kept = connection.execute("SELECT removed_by, removed_at FROM topic_examples WHERE id = ?", [wanted.id]).fetchall()
        assert kept == [("Cara Diaz", NOW + HOUR)]

    def test_what_is_not_there_is_not_removed(self, store: Store):
        first, _ = self.items(store)
        store.record_example("delivery", first.id, "Ada Brook", NOW)
        wanted = store.examples()[0].id
        assert store.remove_example(wanted, "Cara Diaz", NOW)
        assert not store.remove_example(wanted, "Cara Diaz", NOW)
        assert not store.remove_example(wanted + 99, "Cara Diaz", NOW)


def test_items_since_a_moment_are_those_understood_in_the_order_of_their_arrival(store: Store):
    late, early, before = (an_item(str(n), received_at=NOW - n * HOUR) for n in (1, 2, 9))
    understand(store, late, early, before)
    take_in(store, an_item("new"))
    assert store.item_ids_since(NOW - 2 * HOUR) == [early.id, late.id]
    assert store.item_ids_since(NOW) == []


def test_a_store_from_before_cases_had_these_fields_keeps_its_cases(tmp_path: Path, clock: StandingClock):
    file = tmp_path / "old.duckdb"
    migrations = Path(__file__).parents[2] / "allears" / "store" / "migrations"
    with duckdb.connect(str(file)) as old:
        old.execute("SET TimeZone = 'UTC'; CREATE TABLE migrations (name VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)")
        for migration in sorted(migrations.iterdir())[:2]:
            old.execute(migration.read_text("utf-8"))
            old.execute("INSERT INTO migrations VALUES (?, now())", [migration.name])
        old.execute(
            "INSERT INTO cases BY NAME SELECT 'C-1001' AS id, 'open' AS status, 'Ada Brook' AS owner, 'Ada Brook is the billing team.' "
            "AS why_owner, 'c-jo' AS customer_id, 'complaint' AS kind, 'billing' AS topic, 'normal' AS urgency, [] AS urgency_reasons, "
            "['i-1'] AS item_ids, ?::TIMESTAMPTZ AS opened_at, ?::TIMESTAMPTZ AS next_date, 0 AS hops, 1 AS version",
            [NOW, NOW + 8 * HOUR],
        )
        old.execute(
            "INSERT INTO outbox BY NAME SELECT 'k' AS key, 'alert' AS kind, 'Ada Brook' AS recipient, 'i-1' AS item_id, "
            "'C-1001' AS case_id, ?::TIMESTAMPTZ AS created_at, ?::TIMESTAMPTZ AS due_at, 0 AS attempts",
            [NOW, NOW],
        )
    store = DuckDBStore(file, clock)
    kept = a_case(owners=("Ada Brook",), owner_since=NOW)
    assert the_case(store) == kept
    assert store.open_cases() == [kept]
    assert store.outbox_due(NOW, 10) == [OutboxMessage("k", MessageKind.ALERT, "Ada Brook", ItemId("i-1"), CASE, NOW, NOW)]
    store.record_sent("k", NOW)
    assert changed(store, owners=("Ada Brook", "Ben Hall"), remedy=Remedy(RemedyKind.GIFT)) == the_case(store)
    store.close()
