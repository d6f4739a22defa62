"""When what waits for a person leaves: at once, after their quiet hours, or at the time of a digest; and what goes in one mail.

Only due dates and what goes together are decided here, each in a transaction; whoever is killed in between decides the same again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseId
from allears.domain.feedback import Urgency
from allears.domain.outbox import MessageKind, OutboxMessage, Way, outbox_key
from allears.domain.people import Directory, Person
from allears.ports import Store

PAGE = 5_000
MANY = 3
"""More alerts than these that wait for one person at the same moment go in one mail; so does more news of cases."""
OFTEN, LATELY = 10, timedelta(minutes=15)
"""Whoever was sent so many mails with alerts within this time is spared single ones …"""
BREATH = timedelta(minutes=3)
"""… which wait this long for others, to go with them in one mail."""
IN_ONE = 500
"""Alerts in one mail at the most: the link that takes them all must stay short enough for every server on its way."""
_NEWS = (MessageKind.MOVED, MessageKind.OVERDUE, MessageKind.NEWS)


@dataclass(slots=True)
class Arranged:
    """What is to be done with the messages that wait: which wait until when, and which go together in which mail."""

    postponed: dict[datetime, list[str]] = field(default_factory=lambda: defaultdict(list))
    gathered: list[tuple[OutboxMessage, list[str]]] = field(default_factory=list)

    def postpone(self, messages: Sequence[OutboxMessage], until: datetime) -> None:
        """Let messages wait."""
        self.postponed[until] += (message.key for message in messages)

    def gather(self, into: OutboxMessage, messages: Sequence[OutboxMessage]) -> None:
        """Let messages go with another."""
        self.gathered.append((into, [message.key for message in messages if message.key != into.key]))


def gather_alerts(store: Store, directory: Directory, now: datetime) -> None:
    """Arrange everything that is due at `now`: what is due after this may be handed over."""
    lately = store.recent_alerts(now - LATELY)
    while due := store.outbox_due(now, PAGE):
        cases = {case.id: case for case in store.cases([message.case_id for message in due if message.case_id])}
        arranged = arrange(due, cases, directory, lately, now)
        for until, keys in arranged.postponed.items():
            store.postpone(keys, until)
        for into, keys in arranged.gathered:
            store.record_digest(into, keys)
        if len(due) < PAGE or not (arranged.postponed or arranged.gathered):
            break


def arrange(
    due: Sequence[OutboxMessage], cases: Mapping[CaseId, Case], directory: Directory, lately: Mapping[str, int], now: datetime
) -> Arranged:
    """What to do with messages that are due, oldest first. `lately` says how many mails with alerts each person was sent."""
    arranged = Arranged()
    by_person: dict[str, list[OutboxMessage]] = defaultdict(list)
    for message in due:
        by_person[message.to].append(message)
    for name, messages in by_person.items():
        if name in directory:  # of those who left, composing says so
            _Desk(directory[name], cases, lately.get(name, 0), now, arranged).arrange(messages)
    return arranged


@dataclass(frozen=True, slots=True)
class _Desk:
    """One person, of whom it is known how often they were told lately."""

    person: Person
    cases: Mapping[CaseId, Case]
    lately: int
    now: datetime
    arranged: Arranged

    def arrange(self, messages: Sequence[OutboxMessage]) -> None:
        """Decide on everything that is due for this person."""
        if quiet_until := _quiet_until(self.person, self.now):
            self.arranged.postpone([each for each in messages if not self._is_critical(each)], quiet_until)
            messages = [each for each in messages if self._is_critical(each)]
        alerts = []
        for message in messages:
            if not self._is_alert(message):
                continue
            if (until := self._digest_time(message)) and until > self.now:
                self.arranged.postpone([message], until)
            else:
                alerts.append(message)
        for way in Way:
            self._go_together([message for message in alerts if message.way is way])
        applause = [message for message in messages if message.kind is MessageKind.APPLAUSE]
        if len(applause) > 1:
            self.arranged.gather(self._in_one(MessageKind.APPLAUSE, applause), applause)
        news = [message for message in messages if message.kind in _NEWS]
        if len(news) > (1 if any(message.kind is MessageKind.NEWS for message in news) else MANY):
            self.arranged.gather(self._in_one(MessageKind.NEWS, news), news)

    def _go_together(self, alerts: Sequence[OutboxMessage]) -> None:
        """What of these alerts, which may leave now, goes in one mail."""
        of_case: dict[CaseId | None, list[OutboxMessage]] = defaultdict(list)
        for alert in alerts:
            of_case[alert.case_id].append(alert)
        newest = [told[-1] for told in of_case.values()]
        calm = [alert for alert in newest if not self._is_critical(alert)]
        waiting = [alert for alert in alerts if not self._is_critical(alert)]
        if waiting and self.lately >= OFTEN and self.now < (until := min(alert.created_at for alert in waiting) + BREATH):
            self.arranged.postpone(waiting, until)
            calm = []
        elif len(newest) <= MANY and self.lately < OFTEN:
            calm = [alert for alert in calm if self._digest_time(alert)]
        together = calm if len(calm) > 1 else []
        for start in range(0, len(together), IN_ONE):
            members = [told for alert in together[start : start + IN_ONE] for told in of_case[alert.case_id]]
            self.arranged.gather(self._in_one(MessageKind.DIGEST, members), members)
        in_digests = {alert.key for alert in together}
        for alert in newest:
            if alert.key not in in_digests and len(of_case[alert.case_id]) > 1:
                self.arranged.gather(alert, of_case[alert.case_id])

    def _in_one(self, kind: MessageKind, members: Sequence[OutboxMessage]) -> OutboxMessage:
        first = members[0]
        key = outbox_key(kind, self.person.name, *(member.key for member in members))
        return OutboxMessage(key, kind, self.person.name, first.item_id, None, self.now, self.now, way=first.way)

    def _digest_time(self, alert: OutboxMessage) -> datetime | None:
        """When the digest leaves that this alert is to wait for; None if it is to leave by itself."""
        if not self.person.digest_at or self._urgency(alert).rank >= self.person.at_once.rank:
            return None
        return _next(self.person.digest_at, alert.created_at, self.person.timezone)

    def _is_alert(self, message: OutboxMessage) -> bool:
        """Whether it is an alert that still has something to tell; of the others composing says that they have become pointless."""
        case = self.cases.get(message.case_id) if message.case_id else None
        return message.kind is MessageKind.ALERT and case is not None and case.status.is_open and case.owner == message.to

    def _is_critical(self, message: OutboxMessage) -> bool:
        """Whether it leaves in quiet hours: news that was made in them is of critical cases only."""
        made_then = message.kind is MessageKind.NEWS and _quiet_until(self.person, message.created_at) is not None
        return made_then or self._urgency(message) is Urgency.CRITICAL

    def _urgency(self, message: OutboxMessage) -> Urgency:
        case = self.cases.get(message.case_id) if message.case_id else None
        return case.urgency if case else Urgency.NORMAL


def _quiet_until(person: Person, now: datetime) -> datetime | None:
    """When their quiet hours end, if it is one of them."""
    if person.quiet is None:
        return None
    first, last = person.quiet
    at = now.astimezone(person.timezone).time()
    is_quiet = first <= at < last if first < last else at >= first or at < last
    return _next((last,), now, person.timezone) if is_quiet else None


def _next(times: Sequence[time], after: datetime, zone: ZoneInfo) -> datetime:
    """The first of these times of day from `after` on, in that time zone; UTC."""
    today = after.astimezone(zone).date()
    moments = (
        datetime.combine(today + timedelta(days=day), at.replace(fold=fold), zone).astimezone(UTC)
        for day in (0, 1)
        for at in times
        for fold in (0, 1)  # the hour that comes twice when clocks are set back
    )
    return min(moment for moment in moments if moment >= after)
