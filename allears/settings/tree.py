"""The settings tree: every section and key of `allears.toml`."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from holidays import country_holidays
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from allears.domain.feedback import Channel, Kind, Urgency
from allears.domain.hours import WorkingHours, parse_hours
from allears.domain.people import Absence, Directory, Person
from allears.settings.values import Country, Duration, Email, Hours, MailUrl, Timezone


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class BusinessSettings(_Section):
    """Who we are. Messages from `own_addresses` (wildcards allowed) are never a customer's."""

    name: str = Field(min_length=1)
    timezone: Timezone = "UTC"
    own_addresses: tuple[str, ...] = ()


class StoreSettings(_Section):
    """Where everything is kept."""

    path: Path = Path("allears.duckdb")

    @field_validator("path")
    @classmethod
    def _is_a_file(cls, path: Path) -> Path:
        if str(path).startswith("ducklake:"):
            raise ValueError("a DuckLake cannot be attached yet; name a file, such as 'allears.duckdb'")
        return path


class ModelSettings(_Section):
    """Which classifier reads the messages: "builtin", "lexicon", or a Transformers checkpoint's name or folder.

    `labels` says what a checkpoint's own labels mean. Where `second` is named, it is asked about messages whose sentiment
    the first is less sure of than `second_below`.
    """

    name: str = "builtin"
    labels: dict[str, Literal["negative", "neutral", "positive"]] = {}
    second: str | None = None
    second_below: float = Field(default=0.6, gt=0, le=1)


class MailSettings(_Section):
    """Where alerts leave from: smtp:, smtp+starttls:, smtps:, maildir:DIR or console:."""

    url: MailUrl = "maildir:outbox"
    sender: str = "AllEars <allears@localhost>"
    password: SecretStr | None = None


class ServerSettings(_Section):
    """Where a server listens, and the address others reach it by."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535, strict=True)
    url: str | None = None

    @property
    def address(self) -> str:
        """The address to put in links, without a slash at the end."""
        return (self.url or f"http://{self.host}:{self.port}").rstrip("/")


class DashboardSettings(ServerSettings):
    """The dashboard; `masked` hides customers' names, contacts and other personal data on its pages."""

    port: int = Field(default=8501, ge=1, le=65535, strict=True)
    masked: bool = False


class TargetSettings(_Section):
    """By when a customer hears from a person, in the owner's working time."""

    critical: Duration = timedelta(hours=1)
    high: Duration = timedelta(hours=2)
    normal: Duration = timedelta(hours=8)
    low: Duration = timedelta(hours=16)

    def of(self, urgency: Urgency) -> timedelta:
        """The business duration for one urgency."""
        duration: timedelta = getattr(self, urgency.value)
        return duration


class SourceSettings(BaseModel):
    """One source; keys beyond these belong to its channel and are read by its connector."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1, pattern=r"^[\w-]+$")
    channel: Channel
    every: Duration = timedelta(minutes=1)
    budget: Duration = timedelta(minutes=2)
    password: SecretStr | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What the channel's own settings model reads."""
        return dict(self.model_extra or {})


class AwaySettings(_Section):
    """Days away, both ends included."""

    first: date = Field(alias="from")
    last: date = Field(alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"until ({self.last}) comes before from ({self.first})")
        return self


class PersonSettings(_Section):
    """One person who can own cases."""

    name: str = Field(min_length=1)
    email: Email
    teams: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    manager: str | None = None
    deputy: str | None = None
    hours: Hours | None = None
    timezone: Timezone | None = None
    holidays: Country | None = None
    away: tuple[AwaySettings, ...] = ()
    languages: tuple[str, ...] = ()
    authority: str | None = None


class RouteFilter(_Section):
    """A route applies only where all that is given here holds; a list means any of its values."""

    channel: Channel | None = None
    source: str | None = None
    kind: Kind | None = None
    language: str | None = None
    urgency: Urgency | None = None
    customer: str | None = None
    keyword: str | None = None


class RouteSettings(_Section):
    """One topic the business routes by: plain words, and who answers."""

    topic: str = Field(min_length=1)
    about: str = ""
    to: str = Field(pattern=r"^(team|person):.+$")
    when: RouteFilter = RouteFilter()


class RoutingSettings(_Section):
    """Who takes what no route places."""

    default: str = Field(pattern=r"^person:.+$")

    @property
    def person(self) -> str:
        """The default owner's name."""
        return self.default.removeprefix("person:")


class Settings(_Section):
    """The whole of `allears.toml`."""

    business: BusinessSettings
    store: StoreSettings = StoreSettings()
    model: ModelSettings = ModelSettings()
    mail: MailSettings = MailSettings()
    service: ServerSettings = ServerSettings(port=8700)
    dashboard: DashboardSettings = DashboardSettings()
    prefect: ServerSettings = ServerSettings(port=4200)
    targets: TargetSettings = TargetSettings()
    source: tuple[SourceSettings, ...] = Field(min_length=1)
    person: tuple[PersonSettings, ...] = Field(min_length=1)
    route: tuple[RouteSettings, ...] = ()
    routing: RoutingSettings
    path: Path = Field(exclude=True)

    @property
    def base(self) -> Path:
        """The folder that paths in the file are relative to."""
        return self.path.parent

    @property
    def store_path(self) -> Path:
        """The store's file."""
        return self.base / self.store.path

    @property
    def state_dir(self) -> Path:
        """Where the runtime keeps its own things: Prefect's database, logs, the service's token."""
        return self.base / ".allears"

    @property
    def timezone(self) -> ZoneInfo:
        """The business's time zone."""
        return ZoneInfo(self.business.timezone)

    @property
    def own_names(self) -> tuple[str, ...]:
        """What the business and its people are called: masked text keeps these."""
        return (self.business.name, *(name for person in self.person for name in (person.name, *person.aliases)))

    def directory(self) -> Directory:
        """Everyone who can own a case."""
        return Directory({person.name: self._person(person) for person in self.person}, self.routing.person)

    def _person(self, person: PersonSettings) -> Person:
        return Person(
            name=person.name,
            email=person.email,
            teams=person.teams,
            aliases=person.aliases,
            manager=person.manager,
            deputy=person.deputy,
            hours=parse_hours(person.hours) if person.hours else WorkingHours(),
            timezone=ZoneInfo(person.timezone or self.business.timezone),
            holidays=_public_holidays(person.holidays),
            away=tuple(Absence(away.first, away.last) for away in person.away),
            languages=person.languages,
            authority=person.authority,
        )


def _public_holidays(country: str | None) -> Container[date]:
    code, _, part = (country or "").partition("-")
    return country_holidays(code, subdiv=part or None) if code else frozenset()
