"""What an email source may say of itself, and what is told where that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from allears.errors import ConfigurationError
from allears.settings import load
from connectors.email.settings import EmailSettings, ImapAddress
from connectors.registry import check_options

URL = "imaps://jo%40northwind.example@imap.northwind.example"
CONFIGURATION = """\
[business]
name = "Northwind"
[[source]]
name = "support"
channel = "email"
{source}
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""


def folders(**settings: object) -> tuple[str, ...]:
    email = EmailSettings.model_validate(settings)
    assert isinstance(email.address, ImapAddress)
    return email.folders_of(email.address)


def test_the_folders_are_those_that_are_named_else_that_of_the_url_else_the_inbox():
    assert folders(url=URL) == ("INBOX",)
    assert folders(url=f"{URL}/Shop/B%C3%BCro") == ("Shop/Büro",)
    assert folders(url=f"{URL}/", folders=["inbox", "Shop"]) == ("INBOX", "Shop")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"url": f"{URL}/INBOX", "folders": ["Shop"]}, "named twice: in folders, and as 'INBOX' in url"),
        ({"url": URL, "folders": ["INBOX", "Shop", "Inbox"]}, "'INBOX' is named twice"),
        ({"url": URL, "folders": [""]}, "at least 1 character"),
        ({"url": "imap+starttls://jo@imap.northwind.example:993"}, "write imaps://"),
        ({"url": "maildir:inbox", "folders": ["Shop"]}, "folders is for IMAP only"),
        ({"url": "eml:inbox", "oauth2": {"provider": "google", "client_id": "x"}}, "oauth2 is for IMAP only"),
    ],
)
def test_what_contradicts_itself_is_told(settings: dict[str, object], told: str):
    with pytest.raises(ValidationError, match=told):
        EmailSettings.model_validate(settings)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (f'url = "{URL}"\nfoldrs = ["INBOX"]', r"allears\.toml:7: source\[1\]\.foldrs: is no setting; did you mean 'folders'"),
        (f'url = "{URL}"\noauth2 = {{ provide = "google" }}', r":7: source\[1\]\.oauth2\.provide: is no setting; did you mean 'provider'"),
        (f'url = "{URL}"\n[source.oauth2]\nprovider = "gogle"\nclient_id = "x"', r":8: source\[1\]\.oauth2\.provider: .*'google'"),
        (f'url = "{URL}/INBOX"\nfolders = ["Shop"]', r":3: source\[1\]: folders are named twice"),
    ],
)
def test_a_wrong_key_is_told_with_its_line(tmp_path: Path, source: str, told: str):
    file = tmp_path / "allears.toml"
    file.write_text(CONFIGURATION.format(source=source))
    with pytest.raises(ConfigurationError, match=told):
        check_options(load(file, {}))


def test_secrets_of_a_source_come_from_the_environment_or_a_file_of_secrets(tmp_path: Path):
    file = tmp_path / "allears.toml"
    file.write_text(CONFIGURATION.format(source=f'url = "{URL}"'))
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "ALLEARS_SUPPORT_CLIENT_SECRET").write_text("of-the-app\n")
    given = {"ALLEARS_SUPPORT_REFRESH_TOKEN": "of-jo", "ALLEARS_SECRETS_DIR": str(tmp_path / "secrets")}
    (source,) = load(file, given).source
    assert source.refresh_token is not None
    assert source.refresh_token.get_secret_value() == "of-jo"
    assert source.client_secret is not None
    assert source.client_secret.get_secret_value() == "of-the-app"
    assert "of-jo" not in repr(source)
    assert source.options == {"url": URL}
