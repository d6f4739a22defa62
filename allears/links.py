"""Links in mails by which a person says "I have it" without logging in: signed, so that nobody can make or change one.

A link says who may take which cases until when, and nothing more: the page behind it shows the cases and asks.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from allears.domain.case import CaseId
from allears.errors import ConfigurationError, LinkExpired, LinkRefused

VALID_FOR = timedelta(days=14)
_KEY_VARIABLE = "ALLEARS_LINK_KEY"
_SHORTEST_KEY = 32  # characters


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a link lets a person do: take these cases, of which there is at least one."""

    case_ids: tuple[CaseId, ...]
    person: str


class Links:
    """Makes and reads links that lead to the service at `address` (scheme and host, no slash at the end)."""

    def __init__(self, key: str, address: str) -> None:
        self._address = address
        self._signed = URLSafeTimedSerializer(key, salt="acknowledge", signer_kwargs={"digest_method": hashlib.sha256})

    def acknowledge_url(self, case_ids: Sequence[CaseId], person: str) -> str:
        """The address of the page where `person` takes these cases, valid for VALID_FOR from now on."""
        return f"{self._address}/acknowledge/{self._signed.dumps([person, *case_ids])}"

    def read(self, token: str) -> Acknowledgement:
        """What the last part of such an address says. Raises LinkExpired, or LinkRefused for one that is not ours."""
        try:
            person, *case_ids = self._signed.loads(token, max_age=int(VALID_FOR.total_seconds()))
        except SignatureExpired as error:
            raise LinkExpired(f"This link was good for {VALID_FOR.days} days, which are over.") from error
        except BadData as error:
            raise LinkRefused("This link is not one of ours, or is not complete.") from error
        return Acknowledgement(tuple(CaseId(each) for each in case_ids), person)


def link_key(state_dir: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The key that signs links: ALLEARS_LINK_KEY, else the one kept in `state_dir`, which is made at its first use.

    Processes that start at the same time agree on one. Raises ConfigurationError for a key that can be guessed.
    """
    given, kept = environment.get(_KEY_VARIABLE), state_dir / "link-key"
    key = _kept_key(kept) if given is None else given
    if len(key) < _SHORTEST_KEY:
        mend = f"Delete {kept}, and it is made anew." if given is None else "Make one with `openssl rand -hex 32`."
        raise ConfigurationError(f"{_KEY_VARIABLE}: the key that signs links has fewer than {_SHORTEST_KEY} characters. {mend}")
    return key


def _kept_key(path: Path) -> str:
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    draft.touch(mode=0o600)
    try:
        draft.write_text(secrets.token_urlsafe(32), "ascii")
        path.hardlink_to(draft)  # whole, or not at all: nobody reads half a key
    except FileExistsError:
        pass  # another process was faster: its key counts
    finally:
        draft.unlink()
    return path.read_text("ascii")
