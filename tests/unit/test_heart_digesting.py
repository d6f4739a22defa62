"""When what waits for a person leaves, and what of it goes in one mail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.digesting import IN_ONE, Arranged, arrange
from allears.domain.case import Case, CaseStatus
from allears.domain.feedback import ItemId, Urgency
from allears.domain.outbox import MessageKind, OutboxMessage, Way
from allears.domain.people import Person
from tests.builders import NOW, a_case, a_directory, a_person

ADA = a_person("Ada Brook")
LONDON = ZoneInfo("Europe/London")
LOW, NORMAL, HIGH, CRITICAL = Urgency.LOW, Urgency.NORMAL, Urgency.HIGH, Urgency.CRITICAL


def told(number: int, *, minutes_ago: float = 0, key: str | None = None, **changes: Any) -> OutboxMessage:
    """An alert to Ada about C-<number>, with the key a<number>."""
    case, at = a_case(number), NOW - timedelta(minutes=minutes_ago)
    message = OutboxMessage(key or f"a{number}", MessageKind.ALERT, ADA.name, ItemId(f"i-{number}"), case.id, at, at)
    return replace(message, **changes)


def cases_of(messages: Iterable[OutboxMessage], urgencies: dict[int, Urgency], **changes: Any) -> dict[Any, Case]:
    numbers = {int(message.case_id.removeprefix("C-")) for message in messages if message.case_id}
    return {f"C-{number}": a_case(number, urgency=urgencies.get(number, NORMAL), **changes) for number in numbers}


def decide(
    *messages: OutboxMessage,
    person: Person = ADA,
    lately: int = 0,
    now: datetime = NOW,
    urgencies: dict[int, Urgency] | None = None,
    **changes: Any,
) -> Arranged:
    in_order = sorted(messages, key=lambda message: (message.created_at, message.key))
    people = a_directory(person, a_person("Cara Diaz"))
    return arrange(in_order, cases_of(messages, urgencies or {}, **changes), people, {person.name: lately}, now)


def postponed(arranged: Arranged) -> dict[str, datetime]:
    return {key: until for until, keys in arranged.postponed.items() for key in keys}


def gathered(arranged: Arranged) -> list[tuple[MessageKind, set[str]]]:
    return [(into.kind, set(keys)) for into, keys in arranged.gathered]


NOTHING = Arranged()


class TestAFlood:
    def test_three_that_wait_at_once_leave_one_by_one(self):
        assert decide(told(1), told(2), told(3)) == NOTHING

    def test_a_fourth_and_they_leave_in_one_mail(self):
        arranged = decide(told(1), told(2), told(3), told(4))
        assert gathered(arranged) == [(MessageKind.DIGEST, {"a1", "a2", "a3", "a4"})]
        assert not arranged.postponed
        (digest, _) = arranged.gathered[0]
        assert (digest.to, digest.case_id, digest.item_id, digest.due_at) == (ADA.name, None, "i-1", NOW)

    def test_critical_ones_leave_by_themselves_all_the_same(self):
        arranged = decide(told(1), told(2), told(3), told(4), urgencies={2: CRITICAL})
        assert gathered(arranged) == [(MessageKind.DIGEST, {"a1", "a3", "a4"})]
        assert decide(*(told(number) for number in range(20)), urgencies=dict.fromkeys(range(20), CRITICAL)) == NOTHING

    def test_one_left_over_is_no_digest(self):
        assert decide(told(1), told(2), told(3), told(4), urgencies=dict.fromkeys((1, 2, 3), CRITICAL)) == NOTHING

    def test_each_person_is_counted_for_themselves(self):
        others = [told(number, to="Cara Diaz") for number in (5, 6)]
        assert decide(told(1), told(2), *others) == NOTHING

    def test_the_same_alerts_make_the_same_digest_and_others_another(self):
        def key(*numbers: int) -> str:
            return decide(*(told(number) for number in numbers)).gathered[0][0].key

        assert key(1, 2, 3, 4) == key(4, 3, 2, 1)
        assert key(1, 2, 3, 4) != key(1, 2, 3, 5)

    def test_whoever_was_told_often_lately_is_told_the_next_ones_together_a_little_later(self):
        arranged = decide(told(1, minutes_ago=2), told(2, minutes_ago=1), lately=10)
        assert postponed(arranged) == {"a1": NOW + timedelta(minutes=1), "a2": NOW + timedelta(minutes=1)}
        assert not arranged.gathered

    def test_when_the_first_of_them_has_waited_they_leave_in_one_mail(self):
        arranged = decide(told(1, minutes_ago=5), told(2, minutes_ago=1), lately=10)
        assert gathered(arranged) == [(MessageKind.DIGEST, {"a1", "a2"})]
        assert not arranged.postponed
        assert decide(told(1, minutes_ago=5), lately=10) == NOTHING

    def test_but_a_critical_one_never_waits(self):
        arranged = decide(told(1), told(2), lately=50, urgencies={1: CRITICAL})
        assert set(postponed(arranged)) == {"a2"}

    def test_a_case_that_keeps_growing_does_not_wait_for_ever(self):
        arranged = decide(told(1, minutes_ago=5, key="first"), told(1, key="again"), lately=10)
        assert not arranged.postponed
        assert gathered(arranged) == [(MessageKind.ALERT, {"first"})]

    def test_a_mail_holds_so_many_that_its_link_stays_short(self):
        arranged = decide(*(told(number) for number in range(IN_ONE + 2)))
        assert [len(keys) for _, keys in arranged.gathered] == [IN_ONE, 2]
        assert len({into.key for into, _ in arranged.gathered}) == 2


class TestOneCaseOneMail:
    def test_of_two_alerts_about_a_case_the_newest_tells_both(self):
        arranged = decide(told(1, minutes_ago=2, key="older"), told(1, key="newest"), told(2))
        assert [(into.key, keys) for into, keys in arranged.gathered] == [("newest", ["older"])]

    def test_they_count_as_one(self):
        alerts = [told(1, minutes_ago=n, key=f"a1-{n}") for n in range(4)]
        assert gathered(decide(*alerts, told(2), told(3))) == [(MessageKind.ALERT, {"a1-1", "a1-2", "a1-3"})]

    def test_in_a_digest_both_are_told(self):
        arranged = decide(told(1, minutes_ago=2, key="older"), told(1, key="newest"), told(2), told(3), told(4))
        assert gathered(arranged) == [(MessageKind.DIGEST, {"older", "newest", "a2", "a3", "a4"})]

    def test_a_critical_case_too(self):
        arranged = decide(told(1, minutes_ago=2, key="older"), told(1, key="newest"), urgencies={1: CRITICAL})
        assert [(into.key, keys) for into, keys in arranged.gathered] == [("newest", ["older"])]


class TestDigestTimes:
    """NOW is 10:42 in London."""

    person = replace(ADA, timezone=LONDON, at_once=HIGH, digest_at=(time(16), time(9)))

    def test_what_is_less_urgent_waits_for_the_next(self):
        arranged = decide(told(1), told(2), person=self.person, urgencies={2: HIGH})
        assert postponed(arranged) == {"a1": NOW.replace(hour=16, minute=0)}

    def test_at_its_time_what_waited_leaves_in_one_mail(self):
        at = NOW.replace(hour=16, minute=0)
        arranged = decide(told(1), told(2), told(3), person=self.person, now=at, urgencies={3: HIGH})
        assert gathered(arranged) == [(MessageKind.DIGEST, {"a1", "a2"})]
        assert not arranged.postponed

    def test_one_alone_leaves_as_it_is(self):
        assert decide(told(1), person=self.person, now=NOW.replace(hour=16, minute=0)) == NOTHING

    def test_it_is_the_persons_time_of_day(self):
        arranged = decide(told(1), person=replace(self.person, timezone=ZoneInfo("America/New_York")))
        assert postponed(arranged) == {"a1": datetime(2026, 11, 19, 14, tzinfo=UTC)}

    def test_after_the_last_of_today_it_is_the_first_of_tomorrow(self):
        at = NOW.replace(hour=17)
        arranged = decide(told(1, created_at=at), person=self.person, now=at)
        assert postponed(arranged) == {"a1": datetime(2026, 11, 20, 9, tzinfo=UTC)}

    def test_without_such_times_nothing_waits(self):
        assert decide(told(1), person=replace(self.person, digest_at=()), urgencies={1: LOW}) == NOTHING

    def test_what_is_critical_never_waits(self):
        person = replace(self.person, at_once=CRITICAL)
        assert decide(told(1), person=person, urgencies={1: CRITICAL}) == NOTHING

    @pytest.mark.parametrize("kind", [MessageKind.MOVED, MessageKind.OVERDUE, MessageKind.PRAISE, MessageKind.DIGEST])
    def test_only_alerts_wait_for_one(self, kind: MessageKind):
        assert decide(told(1, kind=kind), person=self.person) == NOTHING


class TestQuietHours:
    person = replace(ADA, timezone=LONDON, quiet=(time(22), time(7)))
    night = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    morning = datetime(2026, 11, 20, 7, tzinfo=UTC)

    @pytest.mark.parametrize("kind", MessageKind)
    def test_whatever_is_not_critical_waits_until_they_end(self, kind: MessageKind):
        arranged = decide(told(1, kind=kind), told(2, kind=kind), person=self.person, now=self.night, urgencies={2: CRITICAL})
        assert postponed(arranged) == {"a1": self.morning}

    def test_also_what_goes_beside_the_mail(self):
        arranged = decide(told(1, way=Way.BESIDE), person=self.person, now=self.night)
        assert postponed(arranged) == {"a1": self.morning}

    def test_what_is_about_no_case_waits_too(self):
        assert set(postponed(decide(told(1, case_id=None), person=self.person, now=self.night))) == {"a1"}

    @pytest.mark.parametrize(("hour", "quiet"), [(21, False), (22, True), (0, True), (6, True), (7, False), (12, False)])
    def test_they_begin_and_end_on_time(self, hour: int, quiet: bool):
        assert bool(decide(told(1), person=self.person, now=self.night.replace(hour=hour, minute=0)).postponed) is quiet

    @pytest.mark.parametrize(("hour", "quiet"), [(11, False), (12, True), (13, False)])
    def test_they_may_lie_within_a_day(self, hour: int, quiet: bool):
        person = replace(self.person, quiet=(time(12), time(13)))
        assert bool(decide(told(1), person=person, now=NOW.replace(hour=hour, minute=0)).postponed) is quiet

    def test_in_the_morning_what_waited_leaves_in_one_mail(self):
        waited = [told(number, created_at=self.night) for number in range(4)]
        arranged = decide(*waited, person=self.person, now=self.morning, lately=9)
        assert gathered(arranged) == [(MessageKind.DIGEST, {"a0", "a1", "a2", "a3"})]

    def test_a_digest_of_the_night_waits_for_the_morning(self):
        person = replace(self.person, at_once=CRITICAL, digest_at=(time(6),))
        six, alert = self.morning.replace(hour=6), told(1, created_at=self.night)
        assert postponed(decide(alert, person=person, now=six)) == {"a1": self.morning}
        assert decide(alert, person=person, now=self.morning) == NOTHING

    def test_the_hour_that_comes_twice_is_quiet_twice(self):
        """On 25 October 2026 clocks in London went from 02:00 back to 01:00, at 01:00 UTC."""
        person = replace(self.person, quiet=(time(22), time(1, 30)))
        second = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
        assert postponed(decide(told(1), person=person, now=second)) == {"a1": datetime(2026, 10, 25, 1, 30, tzinfo=UTC)}


class TestWhatHasBecomePointless:
    """Composing says why each of these is not sent: here they neither count nor wait."""

    def test_cases_of_others_and_closed_ones_are_in_no_digest(self):
        alerts = [told(number) for number in range(6)]
        assert decide(*alerts, owner="Ben Hall") == NOTHING
        assert decide(*alerts, status=CaseStatus.RESOLVED) == NOTHING

    def test_cases_that_are_gone(self):
        assert arrange([told(number) for number in range(6)], {}, a_directory(ADA, default=ADA.name), {}, NOW) == NOTHING

    def test_people_who_left(self):
        assert decide(*(told(number, to="Dan") for number in range(6))) == NOTHING


class TestApplause:
    """Praise to pass on; its due date is the morning already."""

    def praise(self, number: int, **changes: Any) -> OutboxMessage:
        return told(number, kind=MessageKind.APPLAUSE, case_id=None, **changes)

    def test_what_is_due_together_leaves_in_one_mail(self):
        arranged = decide(self.praise(1), self.praise(2))
        assert gathered(arranged) == [(MessageKind.APPLAUSE, {"a1", "a2"})]
        ((mail, _),) = arranged.gathered
        assert (mail.to, mail.case_id, mail.item_id, mail.due_at) == (ADA.name, None, "i-1", NOW)

    def test_one_alone_leaves_as_it_is(self):
        assert decide(self.praise(1)) == NOTHING

    def test_a_mail_that_waits_goes_with_what_came_since(self):
        ((mail, _),) = decide(self.praise(1), self.praise(2)).gathered
        assert gathered(decide(mail, self.praise(3))) == [(MessageKind.APPLAUSE, {mail.key, "a3"})]
        assert decide(mail) == NOTHING

    def test_it_goes_in_no_digest_and_makes_none(self):
        assert decide(told(2), told(3), told(4), self.praise(1)) == NOTHING
        arranged = decide(*(told(number) for number in range(4)), self.praise(8), self.praise(9))
        assert gathered(arranged) == [(MessageKind.DIGEST, {"a0", "a1", "a2", "a3"}), (MessageKind.APPLAUSE, {"a8", "a9"})]

    def test_certain_praise_is_not_gathered(self):
        assert decide(told(1, kind=MessageKind.PRAISE), told(2, kind=MessageKind.PRAISE)) == NOTHING

    def test_in_quiet_hours_it_waits(self):
        person = replace(ADA, timezone=LONDON, quiet=(time(9), time(11)))
        arranged = decide(self.praise(1), self.praise(2), person=person)
        assert postponed(arranged) == dict.fromkeys(("a1", "a2"), NOW.replace(hour=11, minute=0))
        assert not arranged.gathered


class TestNews:
    """That a case is somebody else's now, or that its date has passed."""

    def news(self, number: int, kind: MessageKind = MessageKind.MOVED, **changes: Any) -> OutboxMessage:
        return told(number, kind=kind, **changes)

    def test_three_leave_one_by_one_and_a_fourth_makes_one_mail_of_them(self):
        overdue = self.news(1, MessageKind.OVERDUE)
        assert decide(overdue, self.news(2), self.news(3)) == NOTHING
        arranged = decide(overdue, self.news(2), self.news(3), self.news(4))
        assert gathered(arranged) == [(MessageKind.NEWS, {"a1", "a2", "a3", "a4"})]
        ((mail, _),) = arranged.gathered
        assert (mail.to, mail.case_id, mail.item_id, mail.due_at) == (ADA.name, None, "i-1", NOW)

    def test_several_words_of_one_case_count_each(self):
        assert gathered(decide(*(self.news(1, MessageKind.OVERDUE, key=f"k{n}") for n in range(4)))) == [
            (MessageKind.NEWS, {"k0", "k1", "k2", "k3"})
        ]

    def test_critical_cases_are_in_it_too_for_the_most_pressing_come_first(self):
        arranged = decide(*(self.news(number) for number in range(4)), urgencies={1: CRITICAL})
        assert gathered(arranged) == [(MessageKind.NEWS, {"a0", "a1", "a2", "a3"})]

    def test_a_mail_that_waits_goes_with_what_came_since(self):
        ((mail, _),) = decide(*(self.news(number) for number in range(4))).gathered
        assert decide(mail) == NOTHING
        assert gathered(decide(mail, self.news(9))) == [(MessageKind.NEWS, {mail.key, "a9"})]

    def test_in_quiet_hours_it_is_of_critical_cases_and_does_not_wait_when_it_is_tried_again(self):
        person = replace(ADA, timezone=LONDON, quiet=(time(10), time(12)))
        words = [self.news(number) for number in range(5)]
        arranged = decide(*words, person=person, urgencies=dict.fromkeys(range(4), CRITICAL))
        assert gathered(arranged) == [(MessageKind.NEWS, {"a0", "a1", "a2", "a3"})]
        assert set(postponed(arranged)) == {"a4"}
        ((mail, _),) = arranged.gathered
        assert not postponed(decide(mail, person=person, now=NOW + timedelta(minutes=9)))
        by_day = replace(mail, created_at=NOW - timedelta(hours=2))
        assert set(postponed(decide(by_day, person=person))) == {mail.key}

    def test_it_is_apart_from_the_digest(self):
        arranged = decide(*(told(number) for number in range(4)), *(self.news(10 + number) for number in range(4)))
        assert gathered(arranged) == [
            (MessageKind.DIGEST, {"a0", "a1", "a2", "a3"}),
            (MessageKind.NEWS, {"a10", "a11", "a12", "a13"}),
        ]

    def test_each_person_is_told_for_themselves(self):
        assert decide(*(self.news(number, to=to) for number, to in enumerate((ADA.name, "Cara Diaz") * 3))) == NOTHING


def test_what_goes_beside_the_mail_is_gathered_apart():
    mails = [told(number) for number in range(4)]
    pings = [told(number, key=f"b{number}", way=Way.BESIDE) for number in range(4)]
    arranged = decide(*mails, *pings)
    assert [(into.way, set(keys)) for into, keys in arranged.gathered] == [
        (Way.MAIL, {"a0", "a1", "a2", "a3"}),
        (Way.BESIDE, {"b0", "b1", "b2", "b3"}),
    ]
    assert len({into.key for into, _ in arranged.gathered}) == 2


@given(
    alerts=st.lists(st.tuples(st.integers(0, 7), st.floats(0, 60 * 48), st.sampled_from(Way)), max_size=12),
    urgencies=st.dictionaries(st.integers(0, 7), st.sampled_from(Urgency)),
    lately=st.integers(0, 9),
    at_once=st.sampled_from(Urgency),
    digest_at=st.lists(st.times().map(lambda at: at.replace(microsecond=0)), max_size=3),
    quiet=st.none() | st.tuples(st.times(), st.times()).filter(lambda hours: hours[0] != hours[1]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    zone=st.sampled_from(["Europe/London", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]),
)
def test_nothing_is_lost_told_twice_or_kept_for_long(
    alerts: list[tuple[int, float, Way]],
    urgencies: dict[int, Urgency],
    lately: int,
    at_once: Urgency,
    digest_at: list[time],
    quiet: tuple[time, time] | None,
    now: datetime,
    zone: str,
):
    person = replace(ADA, at_once=at_once, digest_at=tuple(digest_at), quiet=quiet, timezone=ZoneInfo(zone))
    messages = [
        told(number, key=f"k{index}", created_at=now - timedelta(minutes=ago), way=way) for index, (number, ago, way) in enumerate(alerts)
    ]
    arranged = decide(*messages, person=person, lately=lately, now=now, urgencies=urgencies)
    waits = postponed(arranged)
    members = [key for _, keys in arranged.gathered for key in keys]
    assert len(members) == len(set(members))
    assert len(waits) == sum(len(keys) for keys in arranged.postponed.values())
    assert all(now < until <= now + timedelta(hours=25) for until in waits.values())
    by_key = {message.key: message for message in messages}
    assert all(into.key in by_key or into.kind is MessageKind.DIGEST for into, _ in arranged.gathered)
    critical = {message.key for message in messages if urgencies.get(int(str(message.case_id).removeprefix("C-"))) is CRITICAL}
    assert not critical & set(waits)
    assert not critical & {key for into, keys in arranged.gathered if into.kind is MessageKind.DIGEST for key in keys}
