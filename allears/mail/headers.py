"""Headers that Python's own folding spoils: message ids, which are no words to encode, and subjects, of which it loses spaces."""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy, default

_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
"""Letters, digits and signs without spaces and angle brackets. Some programs write more than RFC 5322 allows, and know it again."""
_LONGEST = 500


class _Ids(UnstructuredHeader, BaseHeader):
    """RFC 2047, 5 forbids encoded words in them."""

    def fold(self, *, policy: Policy) -> str:
        """One id a line."""
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


class _Subject(UnstructuredHeader, BaseHeader):
    """Beyond ASCII all of it is encoded, spaces too: between two encoded words a reader sees none (RFC 2047, 6.2)."""

    def fold(self, *, policy: Policy) -> str:
        """Lines of 78 characters where there are spaces, the first of them beside the name."""
        words = Header(self, "us-ascii" if self.isascii() else "utf-8", header_name=self.name)
        return f"{self.name}: {words.encode(linesep=policy.linesep)}{policy.linesep}"


def _policy() -> EmailPolicy[EmailMessage]:
    registry = HeaderRegistry()
    registry.map_to_type("in-reply-to", _Ids)
    registry.map_to_type("references", _Ids)
    registry.map_to_type("subject", _Subject)
    return default.clone(header_factory=registry)


POLICY = _policy()
"""How every mail is made."""


def is_id(text: str) -> bool:
    """Whether this is a message id (without angle brackets) as a header can hold it."""
    return len(text) <= _LONGEST and "=?" not in text and _ID.fullmatch(text) is not None
