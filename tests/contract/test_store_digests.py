"""What the store promises of alerts that go together, and of those beside the mail. Both adapters keep it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from allears.domain.case import CaseId, EventType
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.ports import Store
from tests.builders import NOW, an_item
from tests.contract.store_steps import alert, the_case, told, with_case

CASE = CaseId("C-1001")
HOUR = timedelta(hours=1)


class TestNews:
    def test_what_it_stands_for_leaves_with_it_and_alerts_nobody(self, store: Store):
        first, second = (with_case(store, an_item(str(n)), n) for n in (1001, 1002))
        kinds = ((MessageKind.MOVED, first, 1001), (MessageKind.OVERDUE, second, 1002))
        waiting = [replace(alert(item, number=number), key=f"{kind} {number}", kind=kind) for kind, item, number in kinds]
        news = OutboxMessage("news-1", MessageKind.NEWS, "Ada Brook", first.id, None, NOW, NOW)
        told(store, *waiting)
        store.record_digest(news, [each.key for each in waiting])
        alerts = {alert(first).key, alert(second, number=1002).key}
        assert {each.key for each in store.outbox_due(NOW, 10)} == {news.key, *alerts}
        assert store.gathered(news.key) == waiting
        store.record_sent(news.key, NOW + HOUR)
        assert {each.key for each in store.outbox_due(NOW + HOUR, 10)} == alerts
        assert the_case(store).alerted_at is None
        assert store.recent_alerts(NOW) == {}

    def test_news_that_waits_goes_on_in_newer_news(self, store: Store):
        first, second = (with_case(store, an_item(str(n)), n) for n in (1001, 1002))
        words = [
            replace(alert(item, number=number), key=f"m {number}", kind=MessageKind.MOVED)
            for item, number in ((first, 1001), (second, 1002))
        ]
        older, newer = (OutboxMessage(key, MessageKind.NEWS, "Ada Brook", first.id, None, NOW, NOW) for key in ("older", "newer"))
        told(store, *words)
        store.record_digest(older, [words[0].key])
        store.record_digest(newer, [older.key, words[1].key])
        assert {each.case_id for each in store.gathered(newer.key) if each.case_id} == {"C-1001", "C-1002"}
        store.record_sent(newer.key, NOW)
        assert all(each.kind is MessageKind.ALERT for each in store.outbox_due(NOW, 10))


class TestDigests:
    DIGEST = "digest-1"

    def gather(self, store: Store) -> tuple[OutboxMessage, list[OutboxMessage]]:
        """A digest in place of the two alerts that wait for Ada; one of Ben's waits on its own."""
        first, second, third = (with_case(store, an_item(str(n)), n) for n in (1001, 1002, 1003))
        waiting = [alert(first), alert(second, number=1002)]
        digest = OutboxMessage(self.DIGEST, MessageKind.DIGEST, "Ada Brook", first.id, None, NOW, NOW)
        store.record_digest(digest, [each.key for each in waiting])
        return digest, [*waiting, alert(third, number=1003)]

    def test_it_goes_in_the_place_of_its_alerts(self, store: Store):
        digest, (first, second, third) = self.gather(store)
        assert {each.key for each in store.outbox_due(NOW, 10)} == {digest.key, third.key}
        assert {each.key: each for each in store.outbox_due(NOW, 10)}[digest.key] == digest
        assert {each.key for each in store.gathered(self.DIGEST)} == {first.key, second.key}
        assert store.gathered("another") == []

    def test_its_alerts_are_sent_when_it_is(self, store: Store):
        self.gather(store)
        store.record_sent(self.DIGEST, NOW + HOUR)
        assert [the_case(store, n).alerted_at for n in (1001, 1002, 1003)] == [NOW + HOUR, NOW + HOUR, None]
        view = store.case_view(CASE)
        assert view is not None
        assert [event.type for event in view.events] == [EventType.OPENED, EventType.ALERTED]
        assert len(store.outbox_due(NOW + HOUR, 10)) == 1

    def test_its_alerts_wait_and_fail_with_it(self, store: Store):
        _, (_, _, third) = self.gather(store)
        store.record_send_failure(self.DIGEST, "451 busy", NOW + HOUR)
        assert [each.key for each in store.outbox_due(NOW, 10)] == [third.key]
        assert {each.key for each in store.outbox_due(NOW + HOUR, 10)} == {self.DIGEST, third.key}
        store.record_send_failure(self.DIGEST, "550 no such user", None)
        assert [each.key for each in store.outbox_due(NOW + HOUR, 10)] == [third.key]
        view = store.case_view(CASE)
        assert view is not None
        assert [event.detail for event in view.events if event.type is EventType.ALERT_FAILED] == [
            "No alert to Ada Brook: 550 no such user"
        ]

    def test_what_was_sent_or_gathered_already_is_left_out(self, store: Store):
        _, (first, _, third) = self.gather(store)
        store.record_sent(third.key, NOW)
        again = OutboxMessage("digest-2", MessageKind.DIGEST, "Ada Brook", first.item_id, None, NOW, NOW)
        store.record_digest(again, [first.key, third.key])
        assert store.gathered("digest-2") == []
        assert len(store.gathered(self.DIGEST)) == 2

    def test_it_is_written_once(self, store: Store):
        digest, (first, *_) = self.gather(store)
        store.record_digest(digest, [first.key])
        assert [each.key for each in store.outbox_due(NOW, 10)].count(self.DIGEST) == 1


class TestRecentAlerts:
    def test_they_count_the_mails_a_person_was_sent(self, store: Store):
        item = with_case(store)
        ben = replace(alert(item), key="b", to="Ben Hall")
        others = (replace(ben, key="w", way=Way.BESIDE), replace(ben, key="p", kind=MessageKind.PRAISE), replace(ben, key="waits"))
        told(store, ben, *others)
        for key, at in ((alert(item).key, NOW), ("b", NOW + HOUR), ("w", NOW + HOUR), ("p", NOW + HOUR)):
            store.record_sent(key, at)
        assert store.recent_alerts(NOW) == {"Ada Brook": 1, "Ben Hall": 1}
        assert store.recent_alerts(NOW + timedelta(seconds=1)) == {"Ben Hall": 1}
        assert store.recent_alerts(NOW + 2 * HOUR) == {}

    def test_a_digest_is_one_mail(self, store: Store):
        TestDigests().gather(store)
        store.record_sent(TestDigests.DIGEST, NOW)
        assert store.recent_alerts(NOW) == {"Ada Brook": 1}


class TestOtherWays:
    def test_they_are_told_beside_the_mail_and_date_nothing(self, store: Store):
        item = with_case(store)
        beside = replace(alert(item), key="beside", way=Way.BESIDE)
        told(store, beside)
        assert {(each.key, each.way) for each in store.outbox_due(NOW, 10)} == {(alert(item).key, Way.MAIL), ("beside", Way.BESIDE)}
        store.record_sent("beside", NOW)
        assert the_case(store).alerted_at is None

    def test_one_that_fails_is_no_failed_alert(self, store: Store):
        item = with_case(store)
        told(store, replace(alert(item), key="beside", way=Way.BESIDE))
        store.record_send_failure("beside", "410 gone", None)
        view = store.case_view(CASE)
        assert view is not None
        assert [event.type for event in view.events] == [EventType.OPENED]
