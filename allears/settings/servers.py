"""The sections of servers: where each listens, and who signs in to the dashboard how."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from allears.settings.values import Duration

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LEAST_SECRET = 16
PROXY_PROOF = "X-AllEars-Proxy"
"""The header in which a proxy sends the secret that shows that it is the proxy."""


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value()) < LEAST_SECRET:
        raise ValueError(f"is a secret of fewer than {LEAST_SECRET} characters: take a long random word")
    return secret


LongSecret = Annotated[SecretStr, AfterValidator(_long_enough)]


class Section(BaseModel):
    """A section of the configuration: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ServerSettings(Section):
    """Where a server listens, and the address others reach it by."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535, strict=True)
    url: str | None = None

    @property
    def address(self) -> str:
        """The address to put in links, without a slash at the end."""
        return (self.url or f"http://{self.host}:{self.port}").rstrip("/")


class ServiceSettings(ServerSettings):
    """The store service, with the forms and the pages that mails link to."""

    port: int = Field(default=8700, ge=1, le=65535, strict=True)


class PrefectSettings(ServerSettings):
    """The Prefect server."""

    port: int = Field(default=4200, ge=1, le=65535, strict=True)


class OidcSettings(Section):
    """The OpenID Connect provider that says who somebody is; it sends them back to `/oauth2callback` at the dashboard's address.

    A sign-in lasts as long as its token, or for as long as `session` from its beginning.
    """

    metadata_url: str
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    cookie_secret: LongSecret | None = None
    session: Duration | None = None

    @field_validator("metadata_url")
    @classmethod
    def _cannot_be_read_on_the_way(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise ValueError("must begin with https://, as in 'https://accounts.google.com/.well-known/openid-configuration'")
        return url


class DashboardSettings(ServerSettings):
    """The dashboard: who signs in how, and whether customers' personal data is masked even where nobody signs in.

    "local": whoever is at this machine; "oidc": through a provider; "proxy": a proxy in front of it names them in the header
    `proxy_header`, and proves by `proxy_secret` in the header `X-AllEars-Proxy` that it is the proxy; `proxy_sign_out` is where it lets
    people go. `weekly_sample` is how many messages of each week people are asked to read.
    """

    port: int = Field(default=8501, ge=1, le=65535, strict=True)
    masked: bool = False
    weekly_sample: int = Field(default=30, ge=1, le=500, strict=True)
    sign_in: Literal["local", "oidc", "proxy"] = "local"
    oidc: OidcSettings | None = None
    proxy_header: str = Field(default="X-Forwarded-Email", pattern=r"^[A-Za-z0-9-]+$")
    proxy_secret: LongSecret | None = None
    proxy_sign_out: str | None = Field(default=None, pattern=r"^(/|https?://).*$")

    @model_validator(mode="after")
    def _knows_who(self) -> Self:
        if self.sign_in == "local" and self.host not in LOOPBACK:
            raise ValueError(
                f"host = {self.host!r} lets others reach it, and nobody signs in. "
                "Take host out, or set sign_in to 'oidc' or 'proxy' (docs/dashboard.md)"
            )
        if self.sign_in == "oidc" and self.oidc is None:
            raise ValueError("sign_in = 'oidc' needs a section [dashboard.oidc] with metadata_url, client_id and client_secret")
        if self.sign_in == "oidc" and self.host not in LOOPBACK and self.url is None:
            raise ValueError("sign_in = 'oidc' needs url, the dashboard's address for others: the provider sends them back there")
        if self.sign_in == "proxy" and self.proxy_secret is None:
            raise ValueError(
                "sign_in = 'proxy' needs proxy_secret, which the proxy sends as X-AllEars-Proxy. "
                "Set ALLEARS_DASHBOARD_PROXY_SECRET to a long random word"
            )
        return self
