"""Signed tokens in our own mails, by which an answer is known to be one: in the Message-ID and in the address it goes to.

A token names a message of the outbox. Nobody can make one who has not had that mail.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Iterable, Iterator

_TOKEN = re.compile(r"(?<![0-9a-f])([0-9a-f]{24})\.([a-z2-7]{16})(?![a-z2-7])", re.IGNORECASE | re.ASCII)
_SIGNATURE = 16  # characters of five bits each
LENGTH = 24 + 1 + _SIGNATURE
"""Characters of a token."""


class Tokens:
    """Makes and reads tokens: the 24 hex digits of an outbox key, a dot, and 16 letters or digits that only we can make."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def of(self, outbox_key: str) -> str:
        """The token of a message of the outbox: 41 characters, safe in addresses and ids, and the same in either case."""
        return f"{outbox_key}.{self._signature(outbox_key)}"

    def keys(self, texts: Iterable[str]) -> Iterator[str]:
        """The outbox keys of all tokens of ours in these ids and addresses, in order."""
        for text in texts:
            for found in _TOKEN.finditer(text):
                outbox_key, signature = found[1].lower(), found[2].lower()
                if hmac.compare_digest(signature, self._signature(outbox_key)):
                    yield outbox_key

    def _signature(self, outbox_key: str) -> str:
        digest = hmac.new(self._key, f"answer {outbox_key}".encode(), hashlib.sha256).digest()
        return b32encode(digest).decode("ascii")[:_SIGNATURE].lower()
