"""The settings tree: every section and key of `allears.toml`."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from holidays import country_holidays
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from allears.domain.access import Acting, Role, Roll
from allears.domain.feedback import Channel, Kind, Urgency
from allears.domain.hours import WorkingHours, parse_hours
from allears.domain.people import Absence, Directory, Person
from allears.domain.targets import USUAL, Goal, Targets
from allears.settings.servers import DashboardSettings, PrefectSettings, Section, ServiceSettings
from allears.settings.values import ClockTime, Country, Duration, Email, Hours, MailUrl, QuietHours, ReplyAddress, Timezone


class BusinessSettings(Section):
    """Who we are. Messages from `own_addresses` (wildcards allowed) are never a customer's."""

    name: str = Field(min_length=1)
    timezone: Timezone = "UTC"
    own_addresses: tuple[str, ...] = ()


class StoreSettings(Section):
    """Where everything is kept; messages exactly as they came for as long as `keep_originals`, what was read from them for good."""

    path: Path = Path("allears.duckdb")
    keep_originals: Duration = timedelta(days=365)

    @field_validator("path")
    @classmethod
    def _is_a_file(cls, path: Path) -> Path:
        if str(path).startswith("ducklake:"):
            raise ValueError("a DuckLake cannot be attached yet; name a file, such as 'allears.duckdb'")
        return path


class ModelSettings(Section):
    """Which classifier reads the messages: "builtin", "lexicon", or a Transformers checkpoint's name or folder.

    `labels` says what a checkpoint's own labels mean. Where `second` is named, it is asked about messages whose sentiment
    the first is less sure of than `second_below`.
    """

    name: str = "builtin"
    labels: dict[str, Literal["negative", "neutral", "positive"]] = Field(default={})
    second: str | None = None
    second_below: float = Field(default=0.6, gt=0, le=1)


class MailSettings(Section):
    """Where alerts leave from: smtp:, smtp+starttls:, smtps:, maildir:DIR or console:.

    `replies` is the address, read by a source, that answers to our mails go to; `{token}` in it becomes what the answer is told by.
    """

    url: MailUrl = "maildir:outbox"
    sender: str = "AllEars <allears@localhost>"
    replies: ReplyAddress | None = None
    password: SecretStr | None = None


class DurationSettings(Section):
    """A duration of working time for each urgency; one that is not given stays as it is."""

    critical: Duration | None = None
    high: Duration | None = None
    normal: Duration | None = None
    low: Duration | None = None

    def given(self) -> dict[Urgency, timedelta]:
        """The durations that are given."""
        all_of_them = {urgency: getattr(self, urgency.value) for urgency in Urgency}
        return {urgency: duration for urgency, duration in all_of_them.items() if duration is not None}


class TargetSettings(DurationSettings):
    """By when a customer hears from a person, in the owner's working time; and the other goals, in sections of their own.

    `acknowledge`: the owner has taken the case, or it goes to the next. `promise`: a customer who was answered hears again.
    `resolve`: the matter is put right.
    """

    acknowledge: DurationSettings = DurationSettings()
    promise: DurationSettings = DurationSettings()
    resolve: DurationSettings = DurationSettings()

    def goals(self) -> dict[Goal, dict[Urgency, timedelta]]:
        """The durations that are given, by goal."""
        return {
            Goal.ANSWER: self.given(),
            Goal.ACKNOWLEDGE: self.acknowledge.given(),
            Goal.PROMISE: self.promise.given(),
            Goal.RESOLVE: self.resolve.given(),
        }


class TagSettings(Section):
    """Customers who are served differently: whose contacts match one of `customers` (wildcards allowed)."""

    name: str = Field(min_length=1)
    customers: tuple[str, ...] = Field(min_length=1)
    targets: TargetSettings = TargetSettings()


class AlertSettings(Section):
    """How a person is alerted: one by one from the urgency `at_once` on, the rest gathered until the next of the times `digest_at`.

    In the `quiet` hours only critical alerts are sent. Without `digest_at` nothing waits.
    """

    at_once: Urgency = Urgency.LOW
    digest_at: tuple[ClockTime, ...] = ()
    quiet: QuietHours | None = None


class SourceSettings(BaseModel):
    """One source; keys beyond these belong to its channel and are read by its connector."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1, pattern=r"^[\w-]+$")
    channel: Channel
    every: Duration = timedelta(minutes=1)
    budget: Duration = timedelta(minutes=2)
    password: SecretStr | None = None
    refresh_token: SecretStr | None = None
    client_secret: SecretStr | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What the channel's own settings model reads."""
        return dict(self.model_extra or {})


class AwaySettings(Section):
    """Days away, both ends included."""

    first: date = Field(alias="from")
    last: date = Field(alias="until")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(f"until ({self.last}) comes before from ({self.first})")
        return self


class PersonSettings(Section):
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
    active: bool = True
    takes_back: bool = False
    calendar: Path | None = None
    alerts: AlertSettings | None = None
    ways: tuple[SecretStr, ...] = ()
    role: Role = Role.OWNER

    @field_validator("role")
    @classmethod
    def _acts(cls, role: Role) -> Role:
        if role is Role.VIEWER:
            raise ValueError("is for people who are given no cases: list them as [[reader]]")
        return role


class ReaderSettings(Section):
    """One person who looks at the dashboard and is never given a case."""

    name: str = Field(min_length=1)
    email: Email
    role: Role = Role.VIEWER

    @field_validator("role")
    @classmethod
    def _is_given_none(cls, role: Role) -> Role:
        if role is Role.OWNER:
            raise ValueError("is for people who are given cases: list them as [[person]]")
        return role


class RouteFilter(Section):
    """A route applies only where all that is given here holds; a list means any of its values."""

    channel: Channel | None = None
    source: str | None = None
    kind: Kind | None = None
    language: str | None = None
    urgency: Urgency | None = None
    customer: str | None = None
    keyword: str | None = None


class RouteSettings(Section):
    """One topic the business routes by: plain words, and who answers."""

    topic: str = Field(min_length=1)
    about: str = ""
    examples: tuple[str, ...] = ()
    to: str = Field(pattern=r"^(team|person):.+$")
    when: RouteFilter = RouteFilter()


class RoutingSettings(Section):
    """Who takes what no route places."""

    default: str = Field(pattern=r"^person:.+$")

    @property
    def person(self) -> str:
        """The default owner's name."""
        return self.default.removeprefix("person:")


class Settings(Section):
    """The whole of `allears.toml`."""

    business: BusinessSettings
    store: StoreSettings = StoreSettings()
    model: ModelSettings = ModelSettings()
    mail: MailSettings = MailSettings()
    service: ServiceSettings = ServiceSettings()
    dashboard: DashboardSettings = DashboardSettings()
    prefect: PrefectSettings = PrefectSettings()
    targets: TargetSettings = TargetSettings()
    tag: tuple[TagSettings, ...] = ()
    alerts: AlertSettings = AlertSettings()
    source: tuple[SourceSettings, ...] = Field(min_length=1)
    person: tuple[PersonSettings, ...] = Field(min_length=1)
    reader: tuple[ReaderSettings, ...] = ()
    route: tuple[RouteSettings, ...] = ()
    routing: RoutingSettings
    path: Path = Field(exclude=True)
    unread_calendars: tuple[str, ...] = Field(default=(), exclude=True)

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
        return (
            self.business.name,
            *(name for person in self.person for name in (person.name, *person.aliases)),
            *(reader.name for reader in self.reader),
        )

    def directory(self) -> Directory:
        """Everyone who can own a case."""
        return Directory({person.name: self._person(person) for person in self.person}, self.routing.person)

    def roll(self) -> Roll:
        """Everyone who may come in. Where nobody signs in, whoever is at this machine may all, under any name of the directory."""
        if self.dashboard.sign_in == "local":
            local = {person.name: Acting(person.name, Role.ADMIN, self.dashboard.masked) for person in self.person}
            return Roll(local, nameless=Acting("", Role.ADMIN, self.dashboard.masked))
        known = [(each.name, each.email, each.role) for each in self.person if each.active]
        known += [(each.name, each.email, each.role) for each in self.reader]
        named = {name: Acting(name, role) for name, _, role in known}
        return Roll(named, {email.casefold(): named[name] for name, email, _ in known})

    def _person(self, person: PersonSettings) -> Person:
        alerts = person.alerts or self.alerts
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
            country=person.holidays,
            away=tuple(Absence(away.first, away.last) for away in person.away),
            languages=person.languages,
            authority=person.authority,
            active=person.active,
            takes_back=person.takes_back,
            at_once=alerts.at_once,
            digest_at=alerts.digest_at,
            quiet=alerts.quiet,
            ways=tuple(way.get_secret_value() for way in person.ways),
        )

    def durations(self) -> Targets:
        """By when things are due."""
        given = self.targets.goals()
        usual = {goal: {urgency: given[goal].get(urgency, USUAL[goal][urgency]) for urgency in Urgency} for goal in Goal}
        return Targets(usual, {tag.name: tag.targets.goals() for tag in self.tag})


def _public_holidays(country: str | None) -> Container[date]:
    code, _, part = (country or "").partition("-")
    return country_holidays(code, subdiv=part or None) if code else frozenset()
