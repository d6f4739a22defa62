"""A form as a source: it takes what a customer sends, and reads what was stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from allears.domain.feedback import Cursor, FeedbackItem, Original, Page, SourceName
from connectors.context import SourceContext
from connectors.form.parse import Submission, check, pack, read
from connectors.form.settings import FormSettings


@dataclass(frozen=True, slots=True)
class FormConnector:
    """One form. Implements `allears.ports.Connector`."""

    context: SourceContext
    settings: FormSettings

    @property
    def name(self) -> SourceName:
        """The source's name in the configuration."""
        return self.context.name

    def check(self) -> str:
        """A form needs no login: where it is."""
        return f"takes messages at /form/{self.name} and /api/v1/forms/{self.name} while the service runs"

    def fetch(self, since: Cursor | None) -> Iterator[Page]:  # noqa: ARG002  (the port gives a cursor; a form has no use for one)
        """Nothing: every submission is stored as it arrives."""
        return iter(())

    def read(self, original: Original) -> FeedbackItem:
        """Read one stored submission. Raises RecordRejected."""
        return read(original, self.name)

    def receive(self, submission: Submission, at: datetime, key: str | None = None) -> Page:
        """The page to store for what arrived at `at` (aware).

        The same `key` with the same words is the same message, however often it is sent. Raises
        RecordRejected with a sentence for the sender.
        """
        check(submission, self.settings.max_length)
        external_id = self._repeatable_id(submission, key) if key else secrets.token_hex(16)
        original = pack(submission, external_id, at)
        return Page(items=(self.read(original),), rejected=(), originals=(original,), cursor=None)

    def _repeatable_id(self, submission: Submission, key: str) -> str:
        # The words belong to the id: a key used again for another message must not swallow that message.
        parts = (self.name, key, submission.message, submission.contact, submission.name)
        digest = hashlib.blake2b(digest_size=16)
        for part in parts:
            encoded = part.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(4, "big") + encoded)
        return digest.hexdigest()
