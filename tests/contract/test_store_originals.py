"""Originals: kept as they came, packed, for as long as the configuration says."""

from __future__ import annotations

from datetime import timedelta

from allears.domain.feedback import Original, Rejected, item_id
from allears.ports import Store
from tests.builders import NOW, SUPPORT, a_page, an_item

LONG = b"Subject: Late\r\n\r\n" + b"The parcel is late and nobody answers.\r\n" * 500
SHORT = bytes(range(256))
LATER = NOW + timedelta(days=30)


def test_an_original_comes_back_as_it_came_whether_or_not_it_could_be_packed(store: Store):
    for body in (LONG, SHORT):
        name = f"{len(body)}.eml"
        store.record_page(
            SUPPORT, a_page(rejected=[Rejected(name, "unreadable")], originals=(Original(name, body, "message/rfc822"),)), NOW
        )
        entry = store.quarantine_entry(item_id(SUPPORT, name))
        assert entry is not None
        assert entry.original.body == body


def test_an_old_original_is_let_go_of_and_the_books_still_balance(store: Store):
    item = an_item()
    store.record_page(SUPPORT, a_page([item], originals=(Original(item.external_id, LONG, "message/rfc822"),)), NOW)
    assert "Let go of 0 originals" in store.maintain(NOW - timedelta(days=1))
    assert "Let go of 1 originals" in store.maintain(LATER)
    (row,) = store.ledger(None, "UTC")
    assert (row.received, row.waiting, row.balanced) == (1, 1, True)
    again = store.record_page(SUPPORT, a_page([item], originals=(Original(item.external_id, LONG, "message/rfc822"),)), LATER)
    assert (again.new_items, again.known) == (0, 1)


def test_what_waits_in_quarantine_is_kept(store: Store):
    store.record_page(SUPPORT, a_page(rejected=[Rejected("1", "unreadable")], originals=(Original("1", LONG, "message/rfc822"),)), NOW)
    store.maintain(LATER)
    entry = store.quarantine_entry(item_id(SUPPORT, "1"))
    assert entry is not None
    assert entry.original.body == LONG
