"""Headers of message ids, written as they are: Python folds long ones into encoded words, which RFC 2047, 5 forbids."""

from __future__ import annotations

import re
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy, default

_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
"""Letters, digits and signs without spaces and angle brackets. Some programs write more than RFC 5322 allows, and know it again."""
_LONGEST = 500


class _Ids(UnstructuredHeader, BaseHeader):
    def fold(self, *, policy: Policy) -> str:
        """One id a line."""
        return f"{self.name}: {f'{policy.linesep} '.join(self.split())}{policy.linesep}"


def _policy() -> EmailPolicy[EmailMessage]:
    registry = HeaderRegistry()
    registry.map_to_type("in-reply-to", _Ids)
    registry.map_to_type("references", _Ids)
    return default.clone(header_factory=registry)


POLICY = _policy()
"""How mails are made that stand in a thread of somebody else's."""


def is_id(text: str) -> bool:
    """Whether this is a message id (without angle brackets) as a header can hold it."""
    return len(text) <= _LONGEST and "=?" not in text and _ID.fullmatch(text) is not None
