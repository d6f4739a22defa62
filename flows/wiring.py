"""The ports of the heart, filled once for a run: the only place where flows meet connectors and models."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path

from allears.assigning import Plan, plan_of
from allears.beside import Beside
from allears.clock import SystemClock
from allears.domain.case import Case
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.people import Person
from allears.domain.records import CaseView
from allears.domain.topics import with_taught
from allears.errors import ConfigurationError, RecordRejected
from allears.links import Links, link_key
from allears.mail.compose import (
    compose_alert,
    compose_applause,
    compose_digest,
    compose_moved,
    compose_news,
    compose_overdue,
    compose_praise,
    compose_receipt,
    compose_reply,
    compose_returned,
)
from allears.mail.contexts import Letterhead, News
from allears.mail.contexts.digest import IN_FULL, most_pressing
from allears.mail.deliver import open_mailer
from allears.mail.journal import DeliveryJournal
from allears.mail.relevance import no_praise, pointless
from allears.ports import Classifier, Clock, Connector, Mailer, Store
from allears.praising import applause_of
from allears.settings import Settings, SourceSettings, load
from allears.store import connect
from allears.tokens import Tokens
from allears.understanding import Reader, learnt_shift
from connectors.registry import connector_for
from models.registry import configured

Progress = Callable[[str, int], None]
"""Told the name of a stage or source, and how many more messages are through."""


@dataclass(frozen=True)
class Wiring:
    """Everything a run works with. The classifier is loaded when the first message needs it."""

    settings: Settings
    store: Store
    clock: Clock
    progress: Progress = lambda _stage, _count: None

    @cached_property
    def plan(self) -> Plan:
        """How the business routes."""
        return plan_of(self.settings)

    @cached_property
    def classifier(self) -> Classifier:
        """The configured model."""
        return configured(self.settings.model, self.settings.base)

    @cached_property
    def reader(self) -> Reader:
        """What understanding works with; corrections and examples given after its first use count in the next round."""
        shift = learnt_shift(self.store, self.classifier, self.clock)
        return Reader(self.classifier, with_taught(self.plan.topics, self.store.examples()), self.plan.directory, shift)

    def mailer(self) -> Mailer:
        """A way out for mails."""
        return open_mailer(self.settings.mail, self.settings.base)

    @cached_property
    def links(self) -> Links:
        """Makes the links in mails by which a person takes a case."""
        return Links(link_key(self.settings.state_dir), self.settings.service.address)

    @cached_property
    def tokens(self) -> Tokens:
        """Makes and reads what answers to our mails are told by."""
        return Tokens(link_key(self.settings.state_dir))

    @cached_property
    def beside(self) -> Beside:
        """Tells people by their own ways, beside the mail."""
        return Beside(self.store, self._letterhead, DeliveryJournal(self.settings.state_dir / "delivered.log"), self.clock)

    def source(self, name: str) -> SourceSettings:
        """One source's settings. Raises ConfigurationError for an unknown name."""
        for source in self.settings.source:
            if source.name == name:
                return source
        known = ", ".join(source.name for source in self.settings.source)
        raise ConfigurationError(f"There is no source {name!r}. Configured are: {known}.")

    def connector(self, name: str) -> Connector:
        """One source's connector."""
        return connector_for(self.settings, self.source(name), self.clock)

    def compose(self, message: OutboxMessage) -> EmailMessage:
        """The mail an outbox message stands for. Raises RecordRejected if it has become pointless."""
        if message.kind is MessageKind.REPLY:
            return self._reply(message)
        person = self.plan.directory.people.get(message.to)
        if person is None:
            raise RecordRejected(f"{message.to} is not in the directory any more.")
        of_several = {MessageKind.DIGEST: self._digest, MessageKind.NEWS: self._news, MessageKind.APPLAUSE: self._applause}
        if message.kind in of_several:
            return of_several[message.kind](message, person)
        view = self.store.case_view(message.case_id) if message.case_id else None
        if message.kind is MessageKind.PRAISE:
            return self._praise(message, person, view.case if view else None)
        now = self.clock.now()
        if message.kind in (MessageKind.DONE, MessageKind.HELD):
            return self._receipt(message, person, view)
        if view is None:
            raise RecordRejected("The case it is about is gone.")
        if why := pointless(message, view.case, now):
            raise RecordRejected(why)
        return _COMPOSERS[message.kind](view, person, self._letterhead, key=message.key, now=now)

    def _receipt(self, message: OutboxMessage, person: Person, view: CaseView | None) -> EmailMessage:
        answer = self.store.items([message.item_id])
        if not answer:
            raise RecordRejected("The answer it is about is gone.")
        held = message.kind is MessageKind.HELD
        return compose_receipt(answer[0], view, person, self._letterhead, key=message.key, now=self.clock.now(), held=held)

    def _reply(self, message: OutboxMessage) -> EmailMessage:
        view = self.store.case_view(message.case_id) if message.case_id else None
        reply = next((each for each in view.replies if each.key == message.key), None) if view else None
        if view is None or reply is None:
            raise RecordRejected("What was to be sent is gone.")
        return compose_reply(view, reply, self._letterhead, now=self.clock.now())

    def _digest(self, message: OutboxMessage, person: Person) -> EmailMessage:
        now = self.clock.now()
        ids = dict.fromkeys(alert.case_id for alert in self.store.gathered(message.key) if alert.case_id)
        cases = most_pressing((case for case in self.store.cases(list(ids)) if not pointless(message, case, now)), now)
        if not cases:
            raise RecordRejected(f"{message.to} has none of these cases any more.")
        views = [view for case in cases[:IN_FULL] if (view := self.store.case_view(case.id))]
        return compose_digest(views, person, self._letterhead, key=message.key, now=now, counted=cases[IN_FULL:])

    def _news(self, message: OutboxMessage, person: Person) -> EmailMessage:
        now = self.clock.now()
        told = self.store.gathered(message.key)
        cases = {case.id: case for case in self.store.cases(list({each.case_id for each in told if each.case_id}))}
        worth = [each for each in told if each.case_id in cases and not pointless(each, cases[each.case_id], now)]
        overdue = {each.case_id: cases[each.case_id] for each in worth if each.case_id and each.kind is MessageKind.OVERDUE}
        moved = {each.case_id: cases[each.case_id] for each in worth if each.case_id and each.case_id not in overdue}
        if not worth:
            raise RecordRejected(f"{message.to} needs none of this news any more.")
        news = News(tuple(overdue.values()), tuple(moved.values()))
        views = {each: view for each in news.in_full(now) if (view := self.store.case_view(each))}
        return compose_news(news, views, person, self._letterhead, key=message.key, now=now)

    def _praise(self, message: OutboxMessage, person: Person, case: Case | None) -> EmailMessage:
        items = self.store.items([message.item_id])
        if not items:
            raise RecordRejected("The message it is about is gone.")
        if why := no_praise(items[0]):
            raise RecordRejected(why)
        manager = self.plan.directory.people.get(person.manager or "")
        return compose_praise(items[0], person, self._letterhead, key=message.key, now=self.clock.now(), manager=manager, case=case)

    def _applause(self, message: OutboxMessage, person: Person) -> EmailMessage:
        told = {each.item_id for each in (message, *self.store.gathered(message.key))}
        praise = [stored for stored in self.store.items(list(told)) if not no_praise(stored)]
        if not praise:
            raise RecordRejected("Nothing of it is praise any more.")
        pieces = applause_of(self.store, praise, self.plan, self.clock)
        return compose_applause(pieces, person, self._letterhead, key=message.key, now=self.clock.now())

    @cached_property
    def _letterhead(self) -> Letterhead:
        settings = self.settings
        plan = self.plan.knowing({each.email: each.why for each in self.store.unreachable()})
        return Letterhead(
            business=settings.business.name,
            timezone=settings.timezone,
            sender=settings.mail.sender,
            dashboard=settings.dashboard.address,
            acknowledge_url=self.links.acknowledge_url,
            directory=plan.directory,
            targets=plan.targets,
            token=self.tokens.of,
            replies=settings.mail.replies,
        )


_COMPOSERS = {
    MessageKind.ALERT: compose_alert,
    MessageKind.MOVED: compose_moved,
    MessageKind.OVERDUE: compose_overdue,
    MessageKind.RETURNED: compose_returned,
}
"""What writes a mail about one case to one person."""

_current: ContextVar[Wiring | None] = ContextVar("wiring", default=None)


@contextmanager
def wired(wiring: Wiring) -> Iterator[None]:
    """Let the flows that run inside use this wiring."""
    token = _current.set(wiring)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def wiring() -> Iterator[Wiring]:
    """The wiring of this run: the one it was started with, else that of the file ALLEARS_CONFIG names."""
    given = _current.get()
    if given is not None:
        yield given
        return
    settings = load(Path(os.environ.get("ALLEARS_CONFIG", "allears.toml")))
    store = connect(settings)
    try:
        yield Wiring(settings, store, SystemClock())
    finally:
        store.close()
