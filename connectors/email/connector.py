"""The email channel: letters from a mailbox, read one by one, as pages of feedback items."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path

from allears.domain.feedback import Cursor, FeedbackItem, Original, Page, Rejected, SourceName
from allears.errors import AuthenticationError, RecordRejected
from connectors.context import SourceContext
from connectors.email.folder import FolderMailbox
from connectors.email.imap import ImapMailbox
from connectors.email.letters import Bag, Letter, Mailbox
from connectors.email.mbox import MboxMailbox
from connectors.email.parse import Reading, digest, parse
from connectors.email.settings import EmailSettings, ImapAddress

_MEDIA_TYPE = "message/rfc822"


class EmailConnector:
    """One mailbox, however it is reached. Reading it changes nothing in it."""

    def __init__(self, context: SourceContext, settings: EmailSettings) -> None:
        self._context = context
        self._settings = settings

    @property
    def name(self) -> SourceName:
        """The source's name."""
        return self._context.name

    def check(self) -> str:
        """Open the mailbox and count; raises an AllEarsError that says what to fix."""
        return self._mailbox().check()

    def fetch(self, since: Cursor | None) -> Iterator[Page]:
        """Pages of about fifty messages or ten megabytes. Raises AuthenticationError, ConfigurationError or TransientError."""
        for bag in self._mailbox().bags(since):
            yield self._page(bag)

    def read(self, original: Original) -> FeedbackItem:
        """Read a stored message again under the id it has. Raises RecordRejected."""
        return parse(original.body, self._reading(), external_id=original.external_id)

    def _mailbox(self) -> Mailbox:
        address, base = self._settings.address, self._context.base
        if isinstance(address, ImapAddress):
            password = self._context.password or address.password
            if password is None:
                variable = f"ALLEARS_{self.name.upper().replace('-', '_')}_PASSWORD"
                raise AuthenticationError(f"There is no password for {address.user} on {address.host}. Set {variable} in the environment.")
            ca_file = base / self._settings.ca_file if self._settings.ca_file else None
            return ImapMailbox(address, password, ca_file=ca_file, first=self._settings.since)
        path: Path = base / address.path
        return MboxMailbox(path) if address.scheme == "mbox" else FolderMailbox(path, maildir=address.scheme == "maildir")

    def _page(self, bag: Bag) -> Page:
        items: list[FeedbackItem] = []
        rejected: list[Rejected] = []
        originals: list[Original] = []
        for letter in bag.letters:
            outcome = self._outcome(letter)
            if isinstance(outcome, Rejected):
                rejected.append(outcome)
            elif self._is_too_old(outcome):
                continue
            else:
                items.append(outcome)
            originals.append(Original(outcome.external_id, letter.raw, _MEDIA_TYPE))
        return Page(tuple(items), tuple(rejected), tuple(originals), bag.cursor, bag.notices)

    def _outcome(self, letter: Letter) -> FeedbackItem | Rejected:
        if letter.problem:
            return Rejected(_fallback_id(letter), letter.problem)
        try:
            return parse(letter.raw, self._reading(), name=letter.name, arrived_at=letter.arrived_at)
        except RecordRejected as error:
            return Rejected(_fallback_id(letter), str(error))

    def _is_too_old(self, item: FeedbackItem) -> bool:
        return self._settings.since is not None and item.received_at < datetime.combine(self._settings.since, time.min, UTC)

    def _reading(self) -> Reading:
        return Reading(self.name, self._context.own_addresses, self._context.clock.now())


def _fallback_id(letter: Letter) -> str:
    return letter.name or digest(letter.raw)
