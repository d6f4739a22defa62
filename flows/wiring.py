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
from allears.clock import SystemClock
from allears.domain.case import Case
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.people import Person
from allears.errors import ConfigurationError, RecordRejected
from allears.mail.compose import compose_alert, compose_praise
from allears.mail.contexts import Letterhead
from allears.mail.deliver import open_mailer
from allears.notifying import is_stale
from allears.ports import Classifier, Clock, Connector, Mailer, Store
from allears.settings import Settings, SourceSettings, load
from allears.store import connect
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
        """What understanding works with; corrections made after its first use count in the next round."""
        shift = learnt_shift(self.store, self.classifier, self.clock)
        return Reader(self.classifier, self.plan.topics, self.plan.directory, shift)

    def mailer(self) -> Mailer:
        """A way out for mails."""
        return open_mailer(self.settings.mail, self.settings.base)

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
        person = self.plan.directory.people.get(message.to)
        if person is None:
            raise RecordRejected(f"{message.to} is not in the directory any more.")
        view = self.store.case_view(message.case_id) if message.case_id else None
        if message.kind is MessageKind.PRAISE:
            return self._praise(message, person, view.case if view else None)
        if view is None or is_stale(message, view.case.owner):
            raise RecordRejected(f"{message.to} does not have the case any more.")
        return compose_alert(view, person, self._letterhead, key=message.key, now=self.clock.now())

    def _praise(self, message: OutboxMessage, person: Person, case: Case | None) -> EmailMessage:
        items = self.store.items([message.item_id])
        if not items:
            raise RecordRejected("The message it is about is gone.")
        manager = self.plan.directory.people.get(person.manager or "")
        return compose_praise(items[0], person, self._letterhead, key=message.key, now=self.clock.now(), manager=manager, case=case)

    @cached_property
    def _letterhead(self) -> Letterhead:
        settings = self.settings
        return Letterhead(settings.business.name, settings.timezone, settings.mail.sender, settings.dashboard.address)


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
