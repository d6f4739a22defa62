"""The one settings tree, read from `allears.toml` at entry points and passed on as arguments.

A wrong file raises ConfigurationError with the line, the key and the nearest right word.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Container, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from holidays import country_holidays, list_supported_countries
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from allears.domain.feedback import Channel, Kind, Urgency
from allears.domain.hours import WorkingHours, parse_hours
from allears.domain.people import Absence, Directory, Person
from allears.errors import ConfigurationError
from allears.toml_lines import line_of

_DURATION = re.compile(r"(\d+)\s*(second|minute|hour|day)s?")
_REFERENCE = re.compile(r"\$\{(\w+)\}")


def _duration(value: object) -> object:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('is not a duration like "30 seconds", "5 minutes" or "1 hour"')
    return timedelta(**{f"{match[2]}s": int(match[1])})


def _timezone(value: object) -> object:
    if isinstance(value, str) and value not in available_timezones():
        raise ValueError(f"{value!r} is not a time zone{_nearest(value, available_timezones())}")
    return value


def _hours(value: object) -> object:
    if isinstance(value, str):
        parse_hours(value)
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
Hours = Annotated[str, BeforeValidator(_hours)]


def _country(value: object) -> object:
    code, _, part = str(value).partition("-")
    if code not in (known := list_supported_countries()):
        raise ValueError(f"{value!r} is not a country whose public holidays are known, such as 'GB' or 'DE-BY'")
    if part and part not in known[code]:
        raise ValueError(f"{part!r} is not a part of {code}{_nearest(part, known[code])}")
    return value


Country = Annotated[str, BeforeValidator(_country)]


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


class ModelSettings(_Section):
    """Which classifier reads the messages: "builtin", "lexicon", or a Transformers checkpoint's name or folder."""

    name: str = "builtin"


class MailSettings(_Section):
    """Where alerts leave from: smtp:, smtp+starttls:, smtps:, maildir:DIR or console:."""

    url: str = "maildir:outbox"
    sender: str = "AllEars <allears@localhost>"
    password: SecretStr | None = None


class ServerSettings(_Section):
    """Where a server listens, and the address others reach it by."""

    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    url: str | None = None

    @property
    def address(self) -> str:
        """The address to put in links, without a slash at the end."""
        return (self.url or f"http://{self.host}:{self.port}").rstrip("/")


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
    timeout: Duration = timedelta(minutes=10)
    password: SecretStr | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What the channel's own settings model reads."""
        return dict(self.model_extra or {})


class AwaySettings(_Section):
    """Days away, both ends included."""

    first: date = Field(alias="from")
    last: date = Field(alias="until")


class PersonSettings(_Section):
    """One person who can own cases."""

    name: str = Field(min_length=1)
    email: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")
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
    dashboard: ServerSettings = ServerSettings(port=8501)
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


def load(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check a configuration. Raises ConfigurationError with everything that is wrong."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}. Make one with `allears init`, or name yours with --config FILE.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text ({error.reason} at byte {error.start}).") from error
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: is not valid TOML: {error}.") from error
    secrets = _Secrets(path, text, environment)
    tree = secrets.fill(tree, ())
    for source in tree.get("source", []) if isinstance(tree.get("source"), list) else []:
        if isinstance(source, dict) and isinstance(source.get("name"), str):
            _default_password(source, source["name"], secrets)
    if isinstance(tree.get("mail"), dict):
        _default_password(tree["mail"], "mail", secrets)
    try:
        settings = Settings.model_validate({**tree, "path": path.resolve()})
    except ValidationError as error:
        raise ConfigurationError("\n".join(explain(path, text, error, Settings))) from error
    problems = list(_dangling(path, text, settings))
    if problems:
        raise ConfigurationError("\n".join(problems))
    return settings


def explain(path: Path, text: str, error: ValidationError, model: type[BaseModel], prefix: tuple[str | int, ...] = ()) -> list[str]:
    """Each fault of a pydantic validation as `file:line: key: what is wrong`, with the nearest right word."""
    lines = []
    for fault in error.errors():
        where = (*prefix, *fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            message = f"is no setting{_nearest(str(fault['loc'][-1]), _known_keys(model, fault['loc'][:-1]))}"
        elif fault["type"] == "missing":
            message = "is missing"
        elif fault["type"] == "enum":
            message = (
                f"{fault['input']!r} is not one of {fault.get('ctx', {}).get('expected', '')}{_nearest(str(fault['input']), _words(fault))}"
            )
        elif fault["type"] == "string_pattern_mismatch":
            message = f"{fault['input']!r} does not have the form {fault.get('ctx', {}).get('pattern', '')}"
        lines.append(f"{path}:{line_of(text, where)}: {_dotted(where)}: {message}")
    return lines


def _words(fault: Any) -> list[str]:
    return re.findall(r"'([^']+)'", str(fault.get("ctx", {}).get("expected", "")))


def _known_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> set[str]:
    for step in loc:
        if isinstance(step, str) and step in model.model_fields:
            annotation = model.model_fields[step].annotation
            inner = [
                each
                for each in (annotation, *getattr(annotation, "__args__", ()))
                if isinstance(each, type) and issubclass(each, BaseModel)
            ]
            if inner:
                model = inner[0]
    return {field.alias or name for name, field in model.model_fields.items() if not field.exclude}


def _dotted(where: tuple[str | int, ...]) -> str:
    text = ""
    for step in where:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _nearest(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


class _Secrets:
    """Fills `${NAME}` from the environment or from a file NAME in the folder ALLEARS_SECRETS_DIR names."""

    def __init__(self, path: Path, text: str, environment: Mapping[str, str]) -> None:
        self._path, self._text, self._environment = path, text, environment

    def find(self, name: str) -> str | None:
        """A secret's value, None where nobody gave one."""
        if name in self._environment:
            return self._environment[name]
        folder = self._environment.get("ALLEARS_SECRETS_DIR")
        file = Path(folder, name) if folder else None
        return file.read_text("utf-8").strip() if file and file.is_file() else None

    def fill(self, tree: Any, where: tuple[str | int, ...]) -> Any:
        """The same tree with every reference replaced."""
        if isinstance(tree, dict):
            return {key: self.fill(value, (*where, key)) for key, value in tree.items()}
        if isinstance(tree, list):
            return [self.fill(value, (*where, index)) for index, value in enumerate(tree)]
        return _REFERENCE.sub(lambda match: self._need(match[1], where), tree) if isinstance(tree, str) else tree

    def _need(self, name: str, where: tuple[str | int, ...]) -> str:
        value = self.find(name)
        if value is None:
            raise ConfigurationError(
                f"{self._path}:{line_of(self._text, where)}: {_dotted(where)}: ${{{name}}} is set neither in the environment "
                f"nor as a file {name} in the folder that ALLEARS_SECRETS_DIR names."
            )
        return value


def _default_password(section: dict[str, Any], name: str, secrets: _Secrets) -> None:
    stem = f"ALLEARS_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}"
    value = secrets.find(f"{stem}_PASSWORD") or secrets.find(f"{stem}_TOKEN")
    if value is not None:
        section.setdefault("password", value)


def _dangling(path: Path, text: str, settings: Settings) -> list[str]:
    """Names that point to nobody, and names that are taken twice."""
    people = {person.name for person in settings.person}
    teams = {team for person in settings.person for team in person.teams}
    known = {"person": people, "team": teams}
    problems: list[str] = []

    def complain(where: tuple[str | int, ...], message: str) -> None:
        problems.append(f"{path}:{line_of(text, where)}: {_dotted(where)}: {message}")

    for index, person in enumerate(settings.person):
        for key in ("manager", "deputy"):
            name = getattr(person, key)
            if name is not None and name not in people:
                complain(("person", index, key), f"{name!r} is no [[person]]{_nearest(name, people)}")
    targets: list[tuple[tuple[str | int, ...], str]] = [(("route", index, "to"), route.to) for index, route in enumerate(settings.route)]
    for where, target in (*targets, (("routing", "default"), settings.routing.default)):
        form, _, name = target.partition(":")
        if name not in known[form]:
            complain(where, f"{target!r} points to nobody{_nearest(name, known[form])}")
    taken = {"source": [source.name for source in settings.source], "person": [person.name for person in settings.person]}
    for section, names in taken.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                complain((section, index, "name"), f"{name!r} is taken already; names must differ")
    return problems
