"""The email channel: letters from a mailbox, read one by one, as pages of feedback items."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from pydantic import SecretStr

from allears.domain.feedback import Cursor, FeedbackItem, Original, Page, Rejected, SourceName
from allears.errors import AuthenticationError, RecordRejected
from connectors.context import SourceContext
from connectors.email.folder import FolderMailbox
from connectors.email.idle import FolderEar
from connectors.email.imap import ImapMailbox
from connectors.email.imap_session import Account
from connectors.email.kept_token import KeptToken
from connectors.email.letters import Bag, Letter, Mailbox
from connectors.email.mbox import MboxMailbox
from connectors.email.oauth2 import AccessTokens
from connectors.email.parse import Reading, digest, parse
from connectors.email.settings import EmailSettings, ImapAddress

MOST_EARS = 5
"""Folders of one account that are listened to: each is a connection, and servers allow some ten to an account."""
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

    def ears(self) -> Sequence[FolderEar]:
        """One for each of the first folders on an IMAP server, unless `idle` is off. Raises AuthenticationError without a secret."""
        address = self._settings.address
        if not isinstance(address, ImapAddress) or not self._settings.idle:
            return ()
        account = self._account(address)
        return [FolderEar(account, folder) for folder in self._settings.folders_of(address)[:MOST_EARS]]

    def _mailbox(self) -> Mailbox:
        settings, address = self._settings, self._settings.address
        if isinstance(address, ImapAddress):
            return ImapMailbox(self._account(address), settings.folders_of(address), first=settings.since, idle=settings.idle)
        path: Path = self._context.base / address.path
        return MboxMailbox(path) if address.scheme == "mbox" else FolderMailbox(path, maildir=address.scheme == "maildir")

    def _account(self, address: ImapAddress) -> Account:
        ca_file = self._context.base / self._settings.ca_file if self._settings.ca_file else None
        return Account(address, self._key(address), ca_file)

    def _key(self, address: ImapAddress) -> SecretStr | AccessTokens:
        """What opens the account. Raises AuthenticationError, with the name of the secret, where it is missing."""
        context, oauth2 = self._context, self._settings.oauth2
        variables = f"ALLEARS_{re.sub(r'[^A-Za-z0-9]', '_', self.name).upper()}"
        if oauth2 is not None and context.refresh_token is not None:
            file = context.state_dir / "oauth2" / f"{self.name}.json" if context.state_dir else None
            kept = KeptToken(file, context.refresh_token) if file else None
            return AccessTokens(oauth2, variables, context.refresh_token, context.client_secret, kept)
        password = context.password or address.password
        if oauth2 is None and password is not None:
            return password
        what, variable = ("refresh token", "REFRESH_TOKEN") if oauth2 else ("password", "PASSWORD")
        raise AuthenticationError(
            f"There is no {what} for {address.user} on {address.host}. Set {variables}_{variable} in the environment."
        )

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
