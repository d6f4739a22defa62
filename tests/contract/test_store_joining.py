"""Cases merged, split and linked: each step whole, over both adapters."""

from __future__ import annotations

from datetime import timedelta

import pytest

from allears import caring
from allears.domain.case import CaseId, CaseStatus, EventType
from allears.domain.feedback import FeedbackItem, Urgency
from allears.domain.outbox import MessageKind
from allears.errors import CaseConflict
from allears.ports import Store
from allears.routing import route_waiting
from tests.builders import NOW, TOKENS, StandingClock, a_person, a_plan, an_item
from tests.contract.store_steps import understand, with_case

FIRST, SECOND = CaseId("C-1001"), CaseId("C-1002")
CLOCK = StandingClock()
CUSTOMER = "customer-1"


def two_cases(store: Store, **second: object) -> tuple[FeedbackItem, FeedbackItem]:
    one = with_case(store, an_item("m-1"), 1001, customer_id=CUSTOMER, next_date=NOW + timedelta(hours=5))
    facts: dict[str, object] = {
        "customer_id": CUSTOMER,
        "owner": "Ben Hall",
        "urgency": Urgency.HIGH,
        "next_date": NOW + timedelta(hours=2),
    }
    two = with_case(store, an_item("m-2"), 1002, **(facts | second))
    return one, two


def written(store: Store, case_id: CaseId) -> list[str]:
    view = store.case_view(case_id)
    assert view is not None
    return [stored.item.external_id for stored in view.items]


def events(store: Store, case_id: CaseId) -> list[EventType]:
    view = store.case_view(case_id)
    assert view is not None
    return [event.type for event in view.events]


class TestMerging:
    def test_messages_move_and_the_other_case_goes_on_in_this_one(self, store: Store):
        two_cases(store)
        case = caring.merge(store, CLOCK, FIRST, SECOND, "the same parcel", "Ada Brook")
        assert (case.owner, case.urgency, case.next_date) == ("Ada Brook", Urgency.HIGH, NOW + timedelta(hours=2))
        assert (written(store, FIRST), written(store, SECOND)) == (["m-1", "m-2"], [])
        other = store.case(SECOND)
        assert other is not None
        assert (other.status, other.merged_into) == (CaseStatus.CLOSED, FIRST)
        assert EventType.MERGED in events(store, FIRST)
        assert EventType.MERGED in events(store, SECOND)
        assert [each.id for each in store.open_cases()] == [FIRST]

    def test_a_merged_case_is_neither_late_nor_resolved(self, store: Store):
        two_cases(store, next_date=NOW - timedelta(hours=1))
        caring.merge(store, CLOCK, FIRST, SECOND, "the same parcel", "Ada Brook")
        caring.promise(store, CLOCK, FIRST, NOW + timedelta(days=1), "Tomorrow", "Ada Brook")
        figures = store.overview(NOW, 7, "UTC").figures
        assert (figures.late, figures.resolved) == (0, 0)

    def test_two_customers_stay_two_cases(self, store: Store):
        two_cases(store, customer_id="customer-2")
        with pytest.raises(CaseConflict, match="not known to be of one customer"):
            caring.merge(store, CLOCK, FIRST, SECOND, "alike", "Ada Brook")
        assert len(store.open_cases()) == 2

    @pytest.mark.parametrize(("other", "said"), [("C-1001", "with itself"), ("C-9", "no case C-9")])
    def test_what_cannot_be_merged(self, store: Store, other: str, said: str):
        two_cases(store)
        with pytest.raises(CaseConflict, match=said):
            caring.merge(store, CLOCK, FIRST, CaseId(other), "why", "Ada Brook")

    def test_acting_on_a_merged_case_names_the_one_that_goes_on(self, store: Store):
        two_cases(store)
        caring.merge(store, CLOCK, FIRST, SECOND, "the same parcel", "Ada Brook")
        with pytest.raises(CaseConflict, match="It goes on as C-1001"):
            caring.acknowledge(store, CLOCK, SECOND, "Ben Hall")

    def test_the_customers_answer_to_a_merged_cases_letter_reaches_the_one_that_goes_on(self, store: Store):
        plan = a_plan(a_person("Cara Diaz"), a_person("Ada Brook"), a_person("Ben Hall"))
        two_cases(store)
        (two,) = store.items([an_item("m-2").id])
        caring.write(store, CLOCK, plan, SECOND, two.item.id, "We look into it.", "Ben Hall")
        caring.merge(store, CLOCK, FIRST, SECOND, "the same parcel", "Ada Brook")
        letter = next(message for message in store.outbox_due(NOW, 50) if message.kind is MessageKind.REPLY)
        answer = an_item("m-3", "Any news of it? It is still not here.", references=(f"{TOKENS.of(letter.key)}@northwind.example",))
        understand(store, answer)
        route_waiting(store, plan, CLOCK, TOKENS)
        assert written(store, FIRST)[-1] == "m-3"


class TestSplitting:
    def test_the_messages_that_go_are_a_case_of_their_own_with_the_same_owner(self, store: Store):
        one, two = two_cases(store)
        caring.merge(store, CLOCK, FIRST, SECOND, "the same parcel", "Ada Brook")
        left, new = caring.split(store, CLOCK, FIRST, [two.id], "billing", "another order after all", "Ada Brook")
        assert (left.item_ids, new) == ((one.id,), "C-1003")
        assert (written(store, FIRST), written(store, new)) == (["m-1"], ["m-2"])
        opened = store.case(new)
        assert opened is not None
        assert (opened.owner, opened.topic, opened.continues, opened.hops) == ("Ada Brook", "billing", FIRST, 0)
        assert sum(row.received for row in store.ledger(None, "UTC")) == sum(row.case for row in store.ledger(None, "UTC")) == 2

    def test_one_message_stays(self, store: Store):
        one, two = two_cases(store)
        for chosen, said in (([one.id], "has to stay"), ([two.id], "messages of this case"), ([], "messages of this case")):
            with pytest.raises(CaseConflict, match=said):
                caring.split(store, CLOCK, FIRST, chosen, None, "why", "Ada Brook")


class TestLinking:
    def test_cases_with_one_cause_name_it(self, store: Store):
        two_cases(store)
        for case in (FIRST, SECOND):
            caring.link(store, CLOCK, case, "  Late post,\nLeeds ", "Ada Brook")
        assert store.incidents() == {"Late post, Leeds": 2}
        caring.link(store, CLOCK, FIRST, None, "Ada Brook")
        assert store.incidents() == {"Late post, Leeds": 1}
        with pytest.raises(CaseConflict, match="already part of no incident"):
            caring.link(store, CLOCK, FIRST, None, "Ada Brook")
