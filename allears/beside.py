"""What is told beside the mail: a few lines to each of a person's own ways, a chat or a phone, through Apprise.

The addresses of these ways are secrets: nothing here names one, and what libraries would log of them is kept silent.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from allears.domain.case import Case
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.domain.people import Directory, Person
from allears.errors import ConfigurationError, RecordRejected, TransientError
from allears.mail import times
from allears.mail.contexts import Letterhead
from allears.mail.journal import DeliveryJournal
from allears.mail.relevance import pointless
from allears.mail.words import author_of, isolated, matter_of, one_line, shortened
from allears.ports import Clock, Store

if TYPE_CHECKING:
    from apprise import NotifyBase

WORTH_TELLING = timedelta(days=1)
"""A way that does not work for so long is given up for this message: the mail has told it long since."""
_INSTALL = "Apprise is not installed, which tells people beside the mail. Install it with: pip install 'allears[apprise]'"
_TALKATIVE = ("apprise", "urllib3")
_MARKUP = re.compile(r"[<>@*_`~\[\]|\\#]|//+")
_DOMAIN_DOT = re.compile(r"(?<=[^\W_])\.(?=[^\W\d_])")
_LISTED = 10  # case numbers
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beside:
    """Tells people by their own ways. What a way took is noted in the journal, so that another that fails is tried again alone."""

    store: Store
    letterhead: Letterhead
    journal: DeliveryJournal
    clock: Clock

    def tell(self, message: OutboxMessage) -> None:
        """Tell a person by every way they have.

        Raises RecordRejected if that has become pointless or can never work, TransientError if a way did not take it.
        """
        now = self.clock.now()
        person = self.letterhead.directory.people.get(message.to)
        if person is None or not person.ways:
            raise RecordRejected(f"{message.to} has no ways to be told beside the mail any more.")
        if now - message.created_at > WORTH_TELLING:
            raise RecordRejected(f"{message.to} could not be told beside the mail for a day.")
        title, body = self._several(message, person, now) if message.kind is MessageKind.DIGEST else self._one(message, person, now)
        refused = []
        for number, way in enumerate(person.ways, 1):
            if self.journal.has(message.key, f"way {number}"):
                continue
            service = _service(way, person, number)
            if _told(service, title, body):
                self._note(message.key, f"way {number}")
            else:
                refused.append(f"{service.service_name} (way {number})")
        if refused:
            raise TransientError(f"{message.to} could not be told by {' and '.join(refused)}. It is tried again.")

    def _one(self, message: OutboxMessage, person: Person, now: datetime) -> tuple[str, str]:
        """Title and lines about one case."""
        case = self.store.case(message.case_id) if message.case_id else None
        items = self.store.items([message.item_id])
        if case is None or not items:
            raise RecordRejected("The case it is about is gone.")
        if why := self._pointless(message, case, now):
            raise RecordRejected(why)
        item = items[0].item
        customer, matter = (_harmless(words, limit) for words, limit in ((author_of(item), 40), (matter_of(item, 80), 80)))
        due = f"{'was due' if case.next_date < now else 'due'} by {times.deadline(case.next_date, now, person.timezone)}"
        lines = (f"{customer}: {matter}" if matter else customer, f"{case.urgency.capitalize()}, {due}", self.letterhead.case_url(case.id))
        return f"{case.id} is yours", "\n".join(lines)

    def _several(self, message: OutboxMessage, person: Person, now: datetime) -> tuple[str, str]:
        """Title and lines about the cases of a digest."""
        cases = self.store.cases([alert.case_id for alert in self.store.gathered(message.key) if alert.case_id])
        numbers = [case.id for case in cases if not self._pointless(message, case, now)]
        if not numbers:
            raise RecordRejected(f"{message.to} has none of these cases to take any more.")
        more = f" and {len(numbers) - _LISTED} more" if len(numbers) > _LISTED else ""
        listed = f"{', '.join(numbers[:_LISTED])}{more}"
        title = f"{len(numbers)} cases are yours" if len(numbers) > 1 else f"{numbers[0]} is yours"
        return title, f"{listed}. The mail tells of each.\n{self.letterhead.inbox_url(person)}"

    def _pointless(self, message: OutboxMessage, case: Case, now: datetime) -> str | None:
        return pointless(message, case, now) or (f"{message.to} has taken it already." if case.acknowledged_at else None)

    def _note(self, key: str, way: str) -> None:
        try:
            self.journal.add(key, way)
        except OSError:  # it is told: raising would tell it again, and the store is about to know
            _log.warning("%s was told, but the journal of what was sent cannot be written.", key)


def check_ways(directory: Directory) -> str:
    """Whether all addresses of ways are such as Apprise knows; none is tried. Raises ConfigurationError, which names the person."""
    people = [person for person in directory if person.ways]
    try:
        for person in people:
            for number, way in enumerate(person.ways, 1):
                _service(way, person, number)
    except RecordRejected as error:
        raise ConfigurationError(str(error)) from error
    addresses = sum(len(person.ways) for person in people)
    of = f"{addresses} address{'es' if addresses != 1 else ''} of {len(people)} {'people' if len(people) != 1 else 'person'}"
    return f"{of} can be told beside the mail; none was tried"


def _service(way: str, person: Person, number: int) -> NotifyBase:
    """What one address stands for. Raises RecordRejected, without the address, if it stands for nothing."""
    try:
        from apprise import Apprise, AppriseAsset  # noqa: PLC0415 - optional, and 20 MB that most runs never need
    except ImportError:
        raise RecordRejected(_INSTALL) from None
    with _silence():
        # no pictures from elsewhere, nothing kept on the disk
        asset = AppriseAsset(app_id="AllEars", app_desc="AllEars", image_url_mask="", image_url_logo="", storage_mode="memory")
        service = Apprise.instantiate(way, asset=asset)
    if service is None:
        raise RecordRejected(
            f"ways: number {number} of {person.name} is no address that Apprise knows. See https://github.com/caronc/apprise/wiki"
        )
    return service


def _told(service: NotifyBase, title: str, body: str) -> bool:
    from apprise import Apprise, NotifyFormat  # noqa: PLC0415 - see _service

    way = Apprise()
    way.add(service)
    with _silence():
        return bool(way.notify(body=body, title=title, body_format=NotifyFormat.TEXT, interpret_escapes=False))


@contextmanager
def _silence() -> Iterator[None]:
    """Keep quiet who would log an address: Apprise at its errors, urllib3 at each request."""
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _harmless(words: str, limit: int) -> str:
    """A customer's words on one line that no chat takes for markup, a mention or a link."""
    plain = _DOMAIN_DOT.sub(". ", _MARKUP.sub(" ", words))
    return isolated(shortened(one_line(plain, limit), limit))
