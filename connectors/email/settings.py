"""Settings of an email source, and its address taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, field_validator, model_validator

Scheme = Literal["imaps", "imap+starttls", "imap"]
_DEFAULT_PORTS: dict[Scheme, int] = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_FOLDERS = ("maildir", "mbox", "eml")
_FORMS = "imaps://USER@HOST/FOLDER, imap+starttls://USER@HOST/FOLDER, maildir:DIR, mbox:FILE or eml:DIR"
_TENANT = r"^[\w.-]+$"


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """Where an IMAP account is, and who reads it; `folder` and `password` only where the url names them."""

    scheme: Scheme
    host: str
    port: int
    user: str
    folder: str | None
    password: SecretStr | None


@dataclass(frozen=True, slots=True)
class FolderAddress:
    """A mailbox on this machine."""

    scheme: str
    path: Path


class OAuth2Settings(BaseModel):
    """How access tokens are had from a refresh token: at a provider that is known, or at any `token_url`."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    provider: Literal["google", "microsoft"] | None = None
    token_url: str | None = None
    client_id: str = Field(min_length=1)
    scope: str | None = None
    tenant: Annotated[str, StringConstraints(pattern=_TENANT)] | None = None

    @model_validator(mode="after")
    def _says_where(self) -> OAuth2Settings:
        if (self.provider is None) == (self.token_url is None):
            raise ValueError('name either provider = "google" or "microsoft", or the token_url of another one')
        if self.tenant and self.provider != "microsoft":
            raise ValueError('tenant is a setting of provider = "microsoft" only')
        parts = urlsplit(self.address)
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
            raise ValueError("token_url must begin with https://: the refresh token is sent there")
        return self

    @property
    def address(self) -> str:
        """Where tokens are asked for."""
        match self.provider:
            case "google":
                return "https://oauth2.googleapis.com/token"
            case "microsoft":
                return f"https://login.microsoftonline.com/{self.tenant or 'common'}/oauth2/v2.0/token"
        return self.token_url or ""

    @property
    def scopes(self) -> str | None:
        """What is asked for; None where the refresh token says it all."""
        if self.scope is None and self.provider == "microsoft":
            return "https://outlook.office.com/IMAP.AccessAsUser.All offline_access"
        return self.scope


class EmailSettings(BaseModel):
    """What `[[source]]` says of an email source, beyond what every source has."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    url: str = Field(repr=False)
    folders: tuple[Annotated[str, StringConstraints(min_length=1)], ...] = ()
    since: date | None = None
    idle: bool = True
    oauth2: OAuth2Settings | None = None
    ca_file: Path | None = None
    insecure: bool = False

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        _address(url)
        return url

    @field_validator("folders")
    @classmethod
    def _are_different(cls, folders: tuple[str, ...]) -> tuple[str, ...]:
        named = tuple("INBOX" if folder.upper() == "INBOX" else folder for folder in folders)  # RFC 3501: in any case of letters
        for folder in named:
            if named.count(folder) > 1:
                raise ValueError(f"{folder!r} is named twice")
        return named

    @model_validator(mode="after")
    def _fits_the_address(self) -> EmailSettings:
        address = self.address
        if isinstance(address, FolderAddress):
            if self.folders or self.oauth2:
                raise ValueError(f"{'folders' if self.folders else 'oauth2'} is for IMAP only, and url is {address.scheme}:")
            return self
        if self.folders and address.folder:
            raise ValueError(f"folders are named twice: in folders, and as {address.folder!r} in url; take it out of url")
        if address.scheme == "imap" and not self.insecure and not _is_loopback(address.host):
            raise ValueError(
                f"imap:// sends the password to {address.host} in clear text; use imaps:// or imap+starttls://, or set insecure = true"
            )
        return self

    @property
    def address(self) -> ImapAddress | FolderAddress:
        """The url taken apart."""
        return _address(self.url)

    def folders_of(self, address: ImapAddress) -> tuple[str, ...]:
        """The folders that are read, at least one."""
        return self.folders or (address.folder or "INBOX",)


def _address(url: str) -> ImapAddress | FolderAddress:
    scheme, _, rest = url.partition(":")
    if scheme in _FOLDERS:
        path = unquote(rest.removeprefix("//"))
        if not path:
            raise ValueError(f"names no path; write {scheme}:PATH")
        return FolderAddress(scheme, Path(path))
    if scheme not in _DEFAULT_PORTS:
        raise ValueError(f"does not start like {_FORMS}")
    parts = urlsplit(url)
    if not parts.hostname or not parts.username:
        raise ValueError(
            f"names no {'host' if not parts.hostname else 'user'}; write {scheme}://USER@HOST/FOLDER, with %40 for an @ in USER"
        )
    if scheme == "imap+starttls" and parts.port == _DEFAULT_PORTS["imaps"]:
        raise ValueError("asks for STARTTLS at port 993, where TLS begins at once; write imaps://")
    return _imap(scheme, parts)


def _imap(scheme: Scheme, parts: SplitResult) -> ImapAddress:
    return ImapAddress(
        scheme=scheme,
        host=parts.hostname or "",
        port=parts.port or _DEFAULT_PORTS[scheme],
        user=unquote(parts.username or ""),
        folder=unquote(parts.path.strip("/")) or None,
        password=SecretStr(unquote(parts.password)) if parts.password else None,
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
