"""Mailboxes that are opened with OAuth2: a real Dovecot that takes nothing else, and a provider of tokens on loopback."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from allears.domain.feedback import SourceName
from allears.errors import AllEarsError, AuthenticationError, ConfigurationError, TransientError
from allears.settings import load
from connectors.context import SourceContext
from connectors.email.connector import EmailConnector
from connectors.email.kept_token import KeptToken
from connectors.email.oauth2 import AccessTokens
from connectors.email.settings import EmailSettings, OAuth2Settings
from connectors.registry import connector_for
from tests.integration.dovecot import DovecotMailbox, running_dovecot
from tests.integration.imap_source import StoppedClock, mail, subjects
from tests.integration.token_server import CLIENT_SECRET, REFRESH_TOKEN, Provider, running_provider

pytestmark = pytest.mark.dovecot
USER = "support@northwind.example"


@dataclass(frozen=True)
class Account:
    """A mailbox that takes tokens only, and who gives them."""

    mailbox: DovecotMailbox
    provider: Provider

    def source(self, **settings: Any) -> EmailConnector:
        context = SourceContext(
            SourceName("support"), Path(), StoppedClock(), refresh_token=SecretStr(REFRESH_TOKEN), client_secret=SecretStr(CLIENT_SECRET)
        )
        oauth2 = {"token_url": self.provider.token_url, "client_id": "the-app", **settings}
        return EmailConnector(context, EmailSettings.model_validate({"url": self.mailbox.url, "oauth2": oauth2}))


@pytest.fixture(scope="module")
def servers() -> Iterator[Account]:
    with running_provider() as provider, running_dovecot(provider.introspection_url) as server:
        yield Account(DovecotMailbox(server, USER), provider)


@pytest.fixture
def account(servers: Account) -> Account:
    provider = servers.provider
    provider.user, provider.answer, provider.rotating, provider.expires_in = USER, None, False, 3600
    provider.valid.clear()
    provider.asked.clear()
    return servers


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as running:
        yield running


def tokens(provider: Provider, kept_in: Path | None = None, refresh_token: str = REFRESH_TOKEN) -> AccessTokens:
    oauth2, configured = OAuth2Settings(token_url=provider.token_url, client_id="the-app"), SecretStr(refresh_token)
    kept = KeptToken(kept_in / "oauth2" / "support.json", configured) if kept_in else None
    return AccessTokens(oauth2, "ALLEARS_SUPPORT", configured, SecretStr(CLIENT_SECRET), kept)


def first(access: AccessTokens) -> str:
    return next(access.to_try()).get_secret_value()


def test_a_mailbox_that_takes_no_passwords_is_read_with_a_token(account: Account):
    account.mailbox.deliver(mail(1))
    source = account.source(scope="mail")
    assert subjects(list(source.fetch(None))) == ["Letter 1"]
    assert "in INBOX" in source.check()
    assert account.provider.asked[0] == {
        "grant_type": "refresh_token",
        "client_id": "the-app",
        "client_secret": CLIENT_SECRET,
        "refresh_token": REFRESH_TOKEN,
        "scope": "mail",
    }


def test_a_token_of_somebody_else_is_refused_and_the_mend_is_told(account: Account):
    account.provider.user = "other@northwind.example"
    with pytest.raises(AuthenticationError, match="that account's own"):
        account.source().check()


def test_a_token_that_was_revoked_meanwhile_is_replaced_at_once(account: Account):
    (ear,) = account.source().ears()
    session = ear._account
    session.connect().logout()
    account.provider.valid.clear()
    session.connect().logout()
    assert len(account.provider.asked) == 2


def test_a_token_serves_until_shortly_before_it_ends(provider: Provider):
    access = tokens(provider)
    assert first(access) == first(access) == "access-1"
    provider.expires_in = 61
    assert [token.get_secret_value() for token in access.to_try()] == ["access-1", "access-2"]
    assert first(access) == "access-2"
    provider.expires_in = 60
    assert [token.get_secret_value() for token in access.to_try()] == ["access-2", "access-3"]
    assert first(access) == "access-4", "access-3 has less than a minute left"


def test_a_refresh_token_that_is_handed_out_anew_takes_the_place_of_the_old_one(provider: Provider):
    access = tokens(provider)
    provider.rotating = True
    list(access.to_try())
    list(access.to_try())
    assert [asked["refresh_token"] for asked in provider.asked] == [REFRESH_TOKEN, "refresh-1"]


def test_a_refresh_token_that_is_handed_out_anew_serves_the_next_process_too(provider: Provider, tmp_path: Path):
    """Of Microsoft's, each is good for ninety days."""
    provider.rotating = True
    for _ in range(3):
        first(tokens(provider, kept_in=tmp_path))
    assert [asked["refresh_token"] for asked in provider.asked] == [REFRESH_TOKEN, "refresh-1", "refresh-2"]
    (file,) = (tmp_path / "oauth2").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_one_that_is_configured_anew_takes_its_place(provider: Provider, tmp_path: Path):
    provider.rotating = True
    first(tokens(provider, kept_in=tmp_path))
    first(tokens(provider, kept_in=tmp_path, refresh_token="another"))
    assert [asked["refresh_token"] for asked in provider.asked] == [REFRESH_TOKEN, "another"]


def test_where_the_kept_one_is_refused_the_configured_one_is_tried(provider: Provider, tmp_path: Path):
    provider.rotating = True
    first(tokens(provider, kept_in=tmp_path))
    provider.answer = (400, {"error": "invalid_grant"})
    with pytest.raises(AuthenticationError):
        first(tokens(provider, kept_in=tmp_path))
    assert [asked["refresh_token"] for asked in provider.asked] == [REFRESH_TOKEN, "refresh-1", REFRESH_TOKEN]


@pytest.mark.parametrize("held", ["", "{", "[]", '{"token": 3}'])
def test_a_kept_token_that_cannot_be_read_is_none(provider: Provider, tmp_path: Path, held: str):
    (tmp_path / "oauth2").mkdir()
    (tmp_path / "oauth2" / "support.json").write_text(held)
    assert first(tokens(provider, kept_in=tmp_path)) == "access-1"


def test_one_that_cannot_be_kept_stops_nothing(provider: Provider, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "oauth2").write_text("in the way")
    provider.rotating = True
    assert first(tokens(provider, kept_in=tmp_path)) == "access-1"
    assert "cannot be kept" in caplog.text


def test_a_public_client_sends_no_secret_and_no_scope_of_its_own(provider: Provider):
    access = tokens(provider)
    access.client_secret = None
    first(access)
    assert provider.asked[0].keys() == {"grant_type", "client_id", "refresh_token"}


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        ((400, {"error": "invalid_grant", "error_description": "Expired."}), AuthenticationError, "ALLEARS_SUPPORT_REFRESH_TOKEN"),
        ((401, {"error": "invalid_client"}), AuthenticationError, "ALLEARS_SUPPORT_CLIENT_SECRET"),
        ((400, {"error": "invalid_scope"}), AuthenticationError, "oauth2.scope"),
        ((403, b"<html>No"), AuthenticationError, "403"),
        ((404, b"<html>Nothing here"), ConfigurationError, "token_url"),
        ((500, b"<html>Oops"), TransientError, "500"),
        ((503, {"error": "x"}), TransientError, "now"),
        ((429, {"error": "slow_down"}), TransientError, "slow_down"),
        ((400, {"error": "temporarily_unavailable"}), TransientError, "now"),
        ((200, b"<html>A portal"), TransientError, "no access token"),
        ((200, {"access_token": 3}), TransientError, "no access token"),
    ],
)
def test_a_refusal_says_what_to_do(provider: Provider, answer: tuple[int, object], kind: type[AllEarsError], told: str):
    provider.answer = answer
    with pytest.raises(kind, match=told) as caught:
        first(tokens(provider))
    assert getattr(caught.value, "retry_after", None) == (17.0 if answer[0] == 429 else None)


def test_a_provider_that_is_not_there_is_tried_again_later():
    access = AccessTokens(
        OAuth2Settings(token_url="http://127.0.0.1:1/token", client_id="the-app"), "ALLEARS_SUPPORT", SecretStr(REFRESH_TOKEN)
    )
    with pytest.raises(TransientError):
        first(access)


@pytest.mark.parametrize("status", [200, 400, 500])
def test_no_secret_stands_in_an_error_or_a_log(provider: Provider, caplog: pytest.LogCaptureFixture, status: int):
    caplog.set_level(logging.DEBUG)
    access = tokens(provider)
    given = first(access)
    said = f"{REFRESH_TOKEN} of {CLIENT_SECRET} gave {given}"
    provider.answer = (status, {"error": said, "error_description": said})
    with pytest.raises(AllEarsError) as caught:
        list(access.to_try())
    shown = f"{caught.value} {caught.value.__cause__!r} {access!r} {caplog.text}"
    for secret in (REFRESH_TOKEN, CLIENT_SECRET, given):
        assert secret not in shown


def test_secrets_come_from_the_environment(tmp_path: Path, account: Account):
    file = tmp_path / "allears.toml"
    file.write_text(
        '[business]\nname = "Northwind"\n[[source]]\nname = "help-desk"\nchannel = "email"\n'
        f'url = "{account.mailbox.url}"\noauth2 = {{ token_url = "{account.provider.token_url}", client_id = "the-app" }}\n'
        '[[person]]\nname = "Cara Diaz"\nemail = "cara@northwind.example"\n[routing]\ndefault = "person:Cara Diaz"\n'
    )
    given = {"ALLEARS_HELP_DESK_REFRESH_TOKEN": REFRESH_TOKEN, "ALLEARS_HELP_DESK_CLIENT_SECRET": CLIENT_SECRET}
    settings = load(file, given)
    account.provider.rotating = True
    assert "in INBOX" in connector_for(settings, settings.source[0], StoppedClock()).check()
    assert (settings.state_dir / "oauth2" / "help-desk.json").exists()
    assert REFRESH_TOKEN not in repr(settings)
    settings = load(file, {})
    with pytest.raises(AuthenticationError, match="ALLEARS_HELP_DESK_REFRESH_TOKEN"):
        connector_for(settings, settings.source[0], StoppedClock()).check()


def test_providers_that_are_known_need_no_address():
    google = OAuth2Settings(provider="google", client_id="x")
    assert (google.address, google.scopes) == ("https://oauth2.googleapis.com/token", None)
    microsoft = OAuth2Settings(provider="microsoft", client_id="x", tenant="northwind.example")
    assert microsoft.address == "https://login.microsoftonline.com/northwind.example/oauth2/v2.0/token"
    assert microsoft.scopes == "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"client_id": "x"}, "either provider"),
        ({"client_id": "x", "provider": "google", "token_url": "https://a.example/token"}, "either provider"),
        ({"client_id": "x", "token_url": "http://a.example/token"}, "https://"),
        ({"client_id": "x", "provider": "google", "tenant": "y"}, "tenant"),
        ({"client_id": "x", "provider": "microsoft", "tenant": "../x"}, "tenant"),
        ({"provider": "google"}, "client_id"),
    ],
)
def test_wrong_settings_are_named(wrong: dict[str, str], told: str):
    with pytest.raises(ValidationError, match=told):
        OAuth2Settings.model_validate(wrong)
