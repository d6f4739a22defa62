"""Access tokens for a mail server that takes no passwords (XOAUTH2), had from a refresh token (RFC 6749, section 6).

They live in memory only. A refresh token that the provider hands out in place of the one it was given is kept for the next process.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.email.kept_token import KeptToken
from connectors.email.settings import OAuth2Settings

_LOG = logging.getLogger(__name__)
_TIMEOUT_SECONDS = 30.0
_EARLY_SECONDS = 60.0
"""An access token is not used any more this long before it ends."""
_SERVER_ERROR, _TOO_MANY, _NOT_FOUND = 500, 429, 404
_LATER = ("temporarily_unavailable", "server_error")
_GUIDE = "docs/connectors/email.md says how"


class _Granted(BaseModel):
    """What a provider answers (RFC 6749, 5.1)."""

    access_token: SecretStr
    expires_in: float = 300.0
    refresh_token: SecretStr | None = None


class _Refused(BaseModel):
    """What a provider answers where it refuses (RFC 6749, 5.2)."""

    error: str = ""
    error_description: str = ""


@dataclass(slots=True)
class AccessTokens:
    """The tokens of one account, for any number of threads. `variables` begins the names of its secrets (`ALLEARS_SUPPORT`)."""

    settings: OAuth2Settings
    variables: str
    refresh_token: SecretStr = field(repr=False)
    client_secret: SecretStr | None = field(default=None, repr=False)
    kept: KeptToken | None = None
    _access: SecretStr | None = field(default=None, init=False, repr=False)
    _ends: float = field(default=0.0, init=False)
    _newest: SecretStr | None = field(default=None, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def to_try(self) -> Iterator[SecretStr]:
        """Access tokens to log in with: the one at hand, then, as that one is refused or there is none, a new one.

        Raises AuthenticationError where the provider refuses the refresh token, TransientError where it cannot answer.
        """
        at_hand = self._access if time.monotonic() < self._ends else None
        if at_hand is not None:
            yield at_hand
        yield self._renewed(at_hand)

    def _renewed(self, refused: SecretStr | None) -> SecretStr:
        with self._lock:
            if self._access is not None and self._access is not refused and time.monotonic() < self._ends:
                return self._access  # another thread was faster
            granted = self._granted()
            self._access, self._ends = granted.access_token, time.monotonic() + granted.expires_in - _EARLY_SECONDS
            if granted.refresh_token is not None:
                self._keep(granted.refresh_token)
            return granted.access_token

    def _granted(self) -> _Granted:
        newest = self._newest or (self.kept.read() if self.kept else None)
        if newest is not None:
            with suppress(AuthenticationError):  # then the configured one decides, and its error is told
                return self._ask(newest)
        return self._ask(self.refresh_token)

    def _keep(self, token: SecretStr) -> None:
        self._newest = token
        if self.kept is not None:
            try:
                self.kept.write(token)
            except OSError as error:
                _LOG.warning("%s: the provider's new refresh token cannot be kept: %s.", self.kept.path, error.strerror)

    def _ask(self, refresh_token: SecretStr) -> _Granted:
        asked = {"grant_type": "refresh_token", "client_id": self.settings.client_id}
        asked["refresh_token"] = refresh_token.get_secret_value()
        if self.client_secret is not None:
            asked["client_secret"] = self.client_secret.get_secret_value()
        if self.settings.scopes is not None:
            asked["scope"] = self.settings.scopes
        where = self.settings.address
        try:
            response = httpx.post(where, data=asked, timeout=_TIMEOUT_SECONDS)
        except httpx.HTTPError as error:
            raise TransientError(f"{where} gave no access token: {str(error) or type(error).__name__}") from error
        if not response.is_success:
            raise self._failure(response, refresh_token)
        try:
            return _Granted.model_validate_json(response.content)
        except ValidationError:
            raise TransientError(f"{where} answered with something that is no access token.") from None  # its text shows what came

    def _failure(self, response: httpx.Response, refresh_token: SecretStr) -> Exception:
        refused = _Refused()
        with suppress(ValidationError):
            refused = _Refused.model_validate_json(response.content)
        where = self.settings.address
        told = self._without_secrets(refresh_token, " ".join(f"{refused.error}: {refused.error_description}".strip(": ").split())[:300])
        if response.status_code >= _SERVER_ERROR or response.status_code == _TOO_MANY or refused.error in _LATER:
            wait = response.headers.get("retry-after", "")
            return TransientError(
                f"{where} gives no access token now ({told or response.status_code}).",
                retry_after=float(wait) if wait.isdecimal() else None,
            )
        if response.status_code == _NOT_FOUND or response.is_redirect:
            return ConfigurationError(f"oauth2: {where} is not where tokens are had ({response.status_code}); check tenant or token_url.")
        return AuthenticationError(f"{where} gave no access token ({told or response.status_code}). {self._mend(refused.error)}")

    def _mend(self, error: str) -> str:
        match error:
            case "invalid_client" | "unauthorized_client":
                return f"Check oauth2.client_id and {self.variables}_CLIENT_SECRET: those of the app that the refresh token was made for."
            case "invalid_scope":
                return "Check oauth2.scope: it must be what the refresh token was made for."
        return f"The refresh token has lapsed or is not this app's: make a new one ({_GUIDE}) and set {self.variables}_REFRESH_TOKEN."

    def _without_secrets(self, refresh_token: SecretStr, text: str) -> str:
        for secret in (refresh_token, self.client_secret, self._access):
            if secret is not None and secret.get_secret_value():
                text = text.replace(secret.get_secret_value(), "…")
        return text
