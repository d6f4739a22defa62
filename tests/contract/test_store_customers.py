"""Customers: who wrote and has open cases, and all that is known of one. Both adapters know the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from allears.domain.case import CaseId, CustomerId, Reply
from allears.domain.changes import answer, resolve
from allears.domain.customers import Customer, First
from allears.domain.feedback import Channel, Sentiment, Status
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.records import Routed
from allears.ports import Store
from tests.builders import NOW, an_item, said
from tests.contract.store_steps import opened, understand

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEY = "reply-1"


@pytest.fixture
def jo(store: Store) -> CustomerId:
    """Jo has an open case that is late and a resolved one, with a letter; Kim wrote twice and waits for nobody; Ann wrote long ago."""
    case, old = an_item("1"), an_item("2", received_at=NOW - 5 * DAY, text="The grinder broke.")
    kims = [an_item(each, contact="x:@kim", author="Kim", channel=Channel.X, received_at=NOW - int(each) * DAY) for each in "345"]
    ann = an_item("6", contact="email:ann@x.org", author=None, received_at=NOW - 60 * DAY)
    understand(store, case, old, ann)
    understand(store, *kims[:2], prediction=said(sentiment=Sentiment.POSITIVE))
    customer = store.items([case.id])[0].customer_id
    assert customer is not None
    store.record_routing(
        [
            opened(case, 1001, customer_id=customer, next_date=NOW - HOUR),
            opened(old, 1002, customer_id=customer, opened_at=NOW - 5 * DAY),
            *(Routed(each.id, Status.PRAISE, "") for each in kims[:2]),
            Routed(ann.id, Status.OTHER, ""),
        ]
    )
    resolved = store.case(CaseId("C-1002"))
    assert resolved is not None
    letter = Reply(KEY, resolved.id, old.id, "Ada Brook", "email:jo@x.org", "A new one is on its way.", NOW - DAY)
    told = OutboxMessage(KEY, MessageKind.REPLY, "email:jo@x.org", old.id, resolved.id, NOW - DAY, NOW - DAY)
    change = answer(resolved, letter, to="Jo Lind", next_date=NOW)
    store.record_change(change, [told])
    store.record_change(resolve(change.case, outcome="replaced", actor="Ada Brook", at=NOW), ())
    return customer


class TestCustomers:
    def test_those_who_wait_come_first_or_those_who_wrote_most(self, store: Store, jo: CustomerId):
        page = store.customers("", First.CASES, NOW - 28 * DAY, NOW, 50)
        assert [(line.name, line.messages, line.negative, line.open, line.late) for line in page.lines] == [
            ("Jo Lind", 2, 2, 1, 1),
            ("Kim", 2, 0, 0, 0),
        ]
        assert page.found == 2
        assert (page.lines[0].id, page.lines[0].words, page.lines[0].last_at) == (jo, "The parcel is late and nobody answers.", NOW)
        understand(store, an_item("7", contact="x:@kim", author="Kim"))
        store.record_routing([Routed(an_item("7").id, Status.OTHER, "")])
        assert [line.name for line in store.customers("", First.MESSAGES, NOW - 28 * DAY, NOW, 1).lines] == ["Kim"]

    @pytest.mark.parametrize(("words", "found"), [("jo lind", ["Jo Lind"]), ("@KIM", ["Kim"]), ("ann", ["ann@x.org"]), ("jo kim", [])])
    def test_they_are_found_by_name_or_contact(self, store: Store, jo: CustomerId, words: str, found: list[str]):  # noqa: ARG002 - fills the store
        assert [line.name for line in store.customers(words, First.CASES, NOW - 28 * DAY, NOW, 50).lines] == found

    def test_whose_open_case_is_older_than_the_period_is_listed(self, store: Store, jo: CustomerId):
        (line,) = store.customers("", First.CASES, NOW + HOUR, NOW, 50).lines
        assert (line.id, line.messages, line.open) == (jo, 0, 1)


class TestCustomer:
    def the(self, store: Store, jo: CustomerId) -> Customer:
        found = store.customer(jo)
        assert found is not None
        return found

    def test_all_that_is_known_of_one(self, store: Store, jo: CustomerId):
        known = self.the(store, jo)
        assert [(each.contact, each.name) for each in known.contacts] == [("email:jo@x.org", "Jo Lind")]
        assert [(mark.at, mark.sentiment) for mark in known.marks] == [(NOW - 5 * DAY, "negative"), (NOW, "negative")]
        assert (known.messages, known.all_cases) == (2, 2)
        assert [case.id for case in known.cases] == ["C-1001", "C-1002"]
        assert [(letter.text, letter.sent_at) for letter in known.letters] == [("A new one is on its way.", None)]
        store.record_sent(KEY, NOW)
        assert [letter.sent_at for letter in self.the(store, jo).letters] == [NOW]

    def test_spam_and_duplicates_are_no_marks(self, store: Store, jo: CustomerId):
        again, spam = replace(an_item("8"), received_at=NOW + HOUR), an_item("9")
        understand(store, again, spam)
        store.record_routing([Routed(again.id, Status.DUPLICATE, "", duplicate_of=an_item("1").id), Routed(spam.id, Status.SPAM, "")])
        assert self.the(store, jo).messages == 2

    def test_nobody_is_known_by_an_id_that_there_is_not(self, store: Store):
        assert store.customer(CustomerId("nobody")) is None
