"""Who may come in by the configuration: how they sign in, and as what."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from allears.domain.access import LEAST, Acting, Right, Role, who_may
from allears.errors import ConfigurationError
from allears.settings import Settings, load
from app.service.roll import LiveRoll
from app.sign_in_secrets import secrets_path, write_secrets

BASE = """\
[business]
name = "Northwind Coffee"
[[source]]
name = "web"
channel = "form"
[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
[[person]]
name = "Cara Diaz"
email = "Cara@Northwind.example"
role = "manager"
[[reader]]
name = "Vera Sand"
email = "vera@northwind.example"
[routing]
default = "person:Cara Diaz"
"""
SECRET = "a long random word"
PROXY = f'[dashboard]\nsign_in = "proxy"\nproxy_secret = "{SECRET}"\n'
PROVIDER = '[dashboard.oidc]\nmetadata_url = "https://id.example/.well-known/openid-configuration"\nclient_id = "allears"\n'
OIDC = f'[dashboard]\nsign_in = "oidc"\nurl = "https://ears.example/"\n{PROVIDER}'
Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Loads the configuration with something added and some of its text changed."""

    def read(added: str = "", *changes: tuple[str, str], **environment: str) -> Settings:
        text = BASE + added
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "allears.toml").write_text(text, "utf-8")
        return load(tmp_path / "allears.toml", environment)

    return read


class TestTheTable:
    def test_each_role_may_all_that_the_one_before_it_may(self):
        rights = [{right for right in Right if Acting("x", role).may(right)} for role in Role]
        assert all(fewer < more for fewer, more in pairwise(rights))
        assert rights[0] == {Right.LOOK}
        assert rights[-1] == set(Right)

    def test_it_says_who_may(self):
        assert who_may(Right.CORRECT) == "Owners, managers and admins may correct what was read."
        assert who_may(Right.AUDIT) == "Admins may see the audit log."
        assert LEAST[Right.UNMASK] is Role.MANAGER


class TestTheRoll:
    def test_where_people_sign_in_each_has_their_role(self, read: Read):
        roll = read(PROXY).roll()
        assert roll.of("Ada Brook") == Acting("Ada Brook", Role.OWNER)
        assert roll.at(" CARA@northwind.EXAMPLE ") == Acting("Cara Diaz", Role.MANAGER)
        assert roll.at("vera@northwind.example") == Acting("Vera Sand", Role.VIEWER)
        assert (roll.of(None), roll.of("Mallory"), roll.at("mallory@northwind.example")) == (None, None, None)

    def test_where_nobody_does_everyone_is_an_admin(self, read: Read):
        roll = read().roll()
        assert roll.of("Ada Brook") == Acting("Ada Brook", Role.ADMIN)
        assert roll.of(None) == Acting("", Role.ADMIN)
        assert roll.at("ada@northwind.example") is None

    def test_where_all_is_masked_nobody_finds_by_names(self, read: Read):
        masked = read("[dashboard]\nmasked = true\n").roll()
        assert (masked.nameless and masked.nameless.names_of) == ""
        assert [each.names_of for each in read(PROXY).roll().named.values() if each.role is Role.MANAGER] == [None]
        assert read().roll().named["Ada Brook"].names_of is None

    def test_whoever_has_left_does_not_come_in(self, read: Read):
        roll = read(PROXY, ('email = "ada@northwind.example"', 'email = "ada@northwind.example"\nactive = false')).roll()
        assert (roll.of("Ada Brook"), roll.at("ada@northwind.example")) == (None, None)

    def test_a_reader_is_given_no_cases(self, read: Read):
        assert "Vera Sand" not in read(PROXY).directory()

    def test_it_is_read_anew_when_the_file_changes_and_kept_when_that_has_faults(self, read: Read):
        roll = LiveRoll(read(PROXY))
        assert roll().of("Vera Sand") == Acting("Vera Sand", Role.VIEWER)
        read(PROXY, ('email = "vera@northwind.example"', 'email = "vera@northwind.example"\nrole = "admin"'))
        assert roll().of("Vera Sand") == Acting("Vera Sand", Role.ADMIN)
        with pytest.raises(ConfigurationError):
            read(PROXY, ("[[reader]]", "[[raeder]]"))
        assert roll().of("Vera Sand") == Acting("Vera Sand", Role.ADMIN)


class TestFaults:
    @pytest.mark.parametrize(
        ("added", "said"),
        [
            ('[dashboard]\nhost = "0.0.0.0"\n', "nobody signs in. Take host out, or set sign_in to 'oidc' or 'proxy'"),
            ('[dashboard]\nsign_in = "oidc"\n', r"needs a section \[dashboard\.oidc\]"),
            ('[dashboard]\nsign_in = "proxy"\n', "Set ALLEARS_DASHBOARD_PROXY_SECRET"),
            ('[dashboard]\nsign_in = "proxy"\nproxy_secret = "short"\n', "fewer than 16 characters"),
            (OIDC, r"dashboard\.oidc\.client_secret: is missing"),
            (f'{PROXY}[[reader]]\nname = "Ada Brook"\nemail = "x@y.org"\n', "is a .*person.* already"),
            (f'{PROXY}[[reader]]\nname = "Vera Sand"\nemail = "x@y.org"\n', "names must differ"),
            (f'{PROXY}[[reader]]\nname = "Al"\nemail = "ADA@northwind.example"\n', "is the address of Ada Brook too"),
            ('[[reader]]\nname = "Al"\nemail = "x@y.org"\nrole = "owner"\n', "list them as .*person"),
            ('[[person]]\nname = "Al"\nemail = "x@y.org"\nrole = "viewer"\n', "list them as .*reader"),
        ],
    )
    def test_each_says_what_to_do(self, read: Read, added: str, said: str):
        with pytest.raises(ConfigurationError, match=said):
            read(added)

    def test_a_provider_cannot_be_asked_where_others_read_along(self, read: Read):
        with pytest.raises(ConfigurationError, match="must begin with https"):
            read(OIDC, ("https://id.example", "http://id.example"), ALLEARS_OIDC_CLIENT_SECRET=SECRET)

    def test_others_must_be_able_to_come_back_from_the_provider(self, read: Read):
        with pytest.raises(ConfigurationError, match="needs url"):
            read(OIDC, ('url = "https://ears.example/"', 'host = "0.0.0.0"'), ALLEARS_OIDC_CLIENT_SECRET=SECRET)


class TestSecrets:
    def test_they_come_from_the_environment(self, read: Read):
        settings = read('[dashboard]\nsign_in = "proxy"\n', ALLEARS_DASHBOARD_PROXY_SECRET=SECRET)
        assert settings.dashboard.proxy_secret is not None
        assert settings.dashboard.proxy_secret.get_secret_value() == SECRET
        assert SECRET not in repr(settings)

    def test_what_streamlit_must_know_is_for_its_user_alone(self, read: Read):
        settings = read(OIDC, ALLEARS_OIDC_CLIENT_SECRET='with "quotes" and \\')
        path = write_secrets(settings)
        assert path == secrets_path(settings)
        auth = tomllib.loads(path.read_text("utf-8"))["auth"]
        assert auth["redirect_uri"] == "https://ears.example/oauth2callback"
        assert auth["client_secret"] == 'with "quotes" and \\'
        assert path.stat().st_mode & 0o777 == 0o600

    def test_the_cookies_key_is_made_once(self, read: Read):
        settings = read(OIDC, ALLEARS_OIDC_CLIENT_SECRET=SECRET)
        first, again = (tomllib.loads(str(write_secrets(settings).read_text("utf-8")))["auth"]["cookie_secret"] for _ in range(2))
        assert first == again
        assert len(first) > 40
        assert (settings.state_dir / "cookie-secret").stat().st_mode & 0o777 == 0o600

    def test_elsewhere_there_is_nothing_to_know(self, read: Read):
        settings = read(PROXY)
        assert write_secrets(settings) is None
        assert not settings.state_dir.exists()
