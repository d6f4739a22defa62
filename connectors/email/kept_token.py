"""The newest refresh token of a source whose provider hands out a new one with each answer: kept for the next process."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A file that only its user may read. What it holds counts until another refresh token is configured."""

    path: Path
    configured: SecretStr

    def read(self) -> SecretStr | None:
        """The token that was handed out last in place of the configured one; None where there is none."""
        try:
            kept = json.loads(self.path.read_text("utf-8"))
            return SecretStr(str(kept["token"])) if kept["instead_of"] == self._mark() else None
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self, token: SecretStr) -> None:
        """Keep another one, whole or not at all. Raises OSError."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps({"instead_of": self._mark(), "token": token.get_secret_value()}), "utf-8")
        draft.replace(self.path)

    def _mark(self) -> str:
        return hashlib.blake2b(self.configured.get_secret_value().encode(), digest_size=16).hexdigest()
