"""The book on a customer: their other messages, and nobody else's."""

from __future__ import annotations

from allears.domain.case import CaseId
from allears.domain.feedback import Status
from allears.domain.records import Routed
from allears.ports import Store
from tests.builders import an_item
from tests.contract.store_steps import opened, understand


def test_what_our_own_people_wrote_stands_neither_in_a_case_nor_in_the_book(store: Store):
    """One of our people may be a customer too, and answer our mails from the same address."""
    complaint, other, instruction, aside = items = [an_item(name) for name in ("complaint", "other", "instruction", "aside")]
    understand(store, *items)
    customer = store.items([complaint.id])[0].customer_id
    store.record_routing(
        [
            opened(complaint, customer_id=customer),
            Routed(other.id, Status.OTHER, "Nothing in it asks for a person"),
            Routed(instruction.id, Status.OTHER, "You have C-1001.", CaseId("C-1001"), ours=True),
            Routed(aside.id, Status.OTHER, "Our own words", ours=True),
        ]
    )
    view = store.case_view(CaseId("C-1001"))
    assert view is not None
    assert [each.item.id for each in view.items] == [complaint.id]
    assert [each.item.id for each in view.book] == [other.id]
