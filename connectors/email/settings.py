"""Settings of an email source, and its address taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

Scheme = Literal["imaps", "imap+starttls", "imap"]
_DEFAULT_PORTS: dict[Scheme, int] = {"imaps": 993, "imap+starttls": 143, "imap": 143}
_FOLDERS = ("maildir", "mbox", "eml")
_FORMS = "imaps://USER@HOST/FOLDER, imap+starttls://USER@HOST/FOLDER, maildir:DIR, mbox:FILE or eml:DIR"


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """Where an IMAP mailbox is, and who reads it; `password` only where the url holds one."""

    scheme: Scheme
    host: str
    port: int
    user: str
    folder: str
    password: SecretStr | None


@dataclass(frozen=True, slots=True)
class FolderAddress:
    """A mailbox on this machine."""

    scheme: str
    path: Path


class EmailSettings(BaseModel):
    """What `[[source]]` says of an email source, beyond what every source has."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    url: str = Field(repr=False)
    since: date | None = None
    ca_file: Path | None = None
    insecure: bool = False

    @field_validator("url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        _address(url)
        return url

    @model_validator(mode="after")
    def _is_private(self) -> EmailSettings:
        address = self.address
        if isinstance(address, ImapAddress) and address.scheme == "imap" and not self.insecure and not _is_loopback(address.host):
            raise ValueError(
                f"imap:// sends the password to {address.host} in clear text; use imaps:// or imap+starttls://, or set insecure = true"
            )
        return self

    @property
    def address(self) -> ImapAddress | FolderAddress:
        """The url taken apart."""
        return _address(self.url)


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
    return _imap(scheme, parts)


def _imap(scheme: Scheme, parts: SplitResult) -> ImapAddress:
    return ImapAddress(
        scheme=scheme,
        host=parts.hostname or "",
        port=parts.port or _DEFAULT_PORTS[scheme],
        user=unquote(parts.username or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        password=SecretStr(unquote(parts.password)) if parts.password else None,
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
