"""Two mails under one Message-ID in one source: copies are one message, other words are another."""

from dataclasses import replace

from allears.domain.feedback import Cursor, Original, Page, SourceName
from allears.ports import Store
from tests.builders import NOW, an_item

SOURCE = SourceName("support")


def page(*mails: tuple[str, bytes]) -> Page:
    items = tuple(replace(an_item("same@shop.example", words), source=SOURCE) for words, _ in mails)
    return Page(items, (), tuple(Original("same@shop.example", raw, "message/rfc822") for _, raw in mails), Cursor("1"))


BROKEN = ("Broken again. Awful.", b"Subject: a\r\n\r\nBroken again. Awful.\r\n")
CHARGED = ("Refund please, charged twice.", b"Subject: b\r\n\r\nRefund please, charged twice.\r\n")


def test_other_words_under_the_same_id_are_kept(store: Store):
    receipt = store.record_page(SOURCE, page(BROKEN, CHARGED), NOW)
    assert receipt.new_items == 2
    assert {item.text for item in store.items_to_understand(10)} == {BROKEN[0], CHARGED[0]}


def test_they_are_known_when_they_come_again_in_any_order(store: Store):
    store.record_page(SOURCE, page(BROKEN), NOW)
    assert store.record_page(SOURCE, page(CHARGED), NOW).new_items == 1
    assert store.record_page(SOURCE, page(CHARGED, BROKEN), NOW).new_items == 0
    assert sum(row.received for row in store.ledger(None, "UTC")) == 2


def test_a_copy_that_came_another_way_is_the_same_mail(store: Store):
    copy = (BROKEN[0], b"Received: by another server\nSubject: a\n\nBroken again. Awful.\n")
    assert store.record_page(SOURCE, page(BROKEN, copy), NOW).new_items == 1
