"""From the text of a configuration to settings, or to every fault in it with its line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from allears.clock import SystemClock
from allears.domain.feedback import Channel
from allears.errors import ConfigurationError
from allears.settings.calendars import absences
from allears.settings.tree import AwaySettings, PersonSettings, Settings
from allears.settings.values import nearest
from allears.toml_lines import line_of

Fault = tuple[tuple[str | int, ...], str]
"""Where in the tree, and what is wrong."""
_REFERENCE = re.compile(r"\$\{(\w+)\}")
_PASSWORD = {"password": ("PASSWORD", "TOKEN")}
_SOURCE_SECRETS = {**_PASSWORD, "refresh_token": ("REFRESH_TOKEN",), "client_secret": ("CLIENT_SECRET",)}
_OIDC_SECRETS = {"client_secret": ("CLIENT_SECRET",), "cookie_secret": ("COOKIE_SECRET",)}
"""Keys, and what ends the names of the variables they are taken from where the file does not give them."""


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
    _give_default_secrets(tree, secrets)
    try:
        settings = Settings.model_validate({**tree, "path": path.resolve()})
    except ValidationError as error:
        wrong = secrets.hide("\n".join(explain(path, text, error, Settings)))
        raise ConfigurationError(wrong) from None  # pydantic's own text shows what was read, secrets too
    found = (*_nobodies(settings), *_taken_twice(settings), *_unread_answers(settings), *_not_told_apart(settings))
    faults = [_told(path, text, fault) for fault in found]
    if faults:
        raise ConfigurationError(secrets.hide("\n".join(faults)))
    settings, unread = _with_calendars(settings, SystemClock().now().year)
    return settings.model_copy(update={"unread_calendars": tuple(secrets.hide(_told(path, text, fault)) for fault in unread)})


def _told(path: Path, text: str, fault: Fault) -> str:
    where, message = fault
    return f"{path}:{line_of(text, where)}: {_dotted(where)}: {message}"


_MUST_BE = {
    "int_type": "a whole number, without quotes",
    "float_type": "a number, without quotes",
    "string_type": "text, in quotes",
    "bool_type": "true or false",
    "tuple_type": "a list, in square brackets",
    "list_type": "a list, in square brackets",
    "dict_type": "a table, in curly brackets",
    "model_type": "a table",
}


def explain(path: Path, text: str, error: ValidationError, model: type[BaseModel], prefix: tuple[str | int, ...] = ()) -> list[str]:
    """Each fault of a pydantic validation as `file:line: key: what is wrong`, with the nearest right word."""
    lines = []
    for fault in error.errors():
        where = (*prefix, *fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        if fault["type"] == "extra_forbidden":
            message = f"is no setting{nearest(str(fault['loc'][-1]), _known_keys(model, fault['loc'][:-1]))}"
        elif fault["type"] == "missing":
            message = "is missing"
        elif fault["type"] in _MUST_BE:
            message = f"must be {_MUST_BE[fault['type']]}"
        elif where[-1] == "[key]":
            where = where[:-1]
            message = f"is none of {fault.get('ctx', {}).get('expected', '')}{nearest(str(fault['input']), _words(fault))}"
        elif fault["type"] == "enum":
            message = (
                f"{fault['input']!r} is not one of {fault.get('ctx', {}).get('expected', '')}{nearest(str(fault['input']), _words(fault))}"
            )
        elif fault["type"] == "string_pattern_mismatch" and "team|person" in str(fault.get("ctx", {}).get("pattern")):
            message = f"{fault['input']!r} must say what it is: 'team:{fault['input']}' or 'person:{fault['input']}'"
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


class _Secrets:
    """Fills `${NAME}` from the environment or from a file NAME in the folder ALLEARS_SECRETS_DIR names."""

    def __init__(self, path: Path, text: str, environment: Mapping[str, str]) -> None:
        self._path, self._text, self._environment = path, text, environment
        self._used: dict[str, str] = {}

    def hide(self, message: str) -> str:
        """A message in which no secret can be read, wherever in the file it was put."""
        for name, value in self._used.items():
            message = message.replace(value, f"${{{name}}}") if value else message
        return message

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
        self._used[name] = value
        return value


def _give_default_secrets(tree: dict[str, Any], secrets: _Secrets) -> None:
    for source in tree.get("source", []) if isinstance(tree.get("source"), list) else []:
        if isinstance(source, dict) and isinstance(source.get("name"), str):
            _default_secrets(source, source["name"], secrets, _SOURCE_SECRETS)
    if isinstance(tree.get("mail"), dict):
        _default_secrets(tree["mail"], "mail", secrets, _PASSWORD)
    if isinstance(dashboard := tree.get("dashboard"), dict):
        _default_secrets(dashboard, "dashboard", secrets, {"proxy_secret": ("PROXY_SECRET",)})
        if isinstance(dashboard.get("oidc"), dict):
            _default_secrets(dashboard["oidc"], "oidc", secrets, _OIDC_SECRETS)


def _default_secrets(section: dict[str, Any], name: str, secrets: _Secrets, keys: Mapping[str, tuple[str, ...]]) -> None:
    stem = f"ALLEARS_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}"
    for key, endings in keys.items():
        value = next((found for ending in endings if (found := secrets.find(f"{stem}_{ending}"))), None)
        if value is not None:
            section.setdefault(key, value)


def _nobodies(settings: Settings) -> Iterator[Fault]:
    """Names that point to nobody, or to nobody who is active."""
    people = {person.name for person in settings.person}
    for index, person in enumerate(settings.person):
        for key in ("manager", "deputy"):
            name = getattr(person, key)
            if name is not None and name not in people:
                yield ("person", index, key), f"{name!r} is no [[person]]{nearest(name, people)}"
            elif name == person.name:
                yield ("person", index, key), f"{name!r} cannot be their own {key}"
    targets: list[tuple[tuple[str | int, ...], str]] = [(("route", index, "to"), route.to) for index, route in enumerate(settings.route)]
    known, active = _named(settings.person), _named(person for person in settings.person if person.active)
    for where, target in (*targets, (("routing", "default"), settings.routing.default)):
        form, _, name = target.partition(":")
        if name not in known[form]:
            yield where, f"{target!r} points to nobody{nearest(name, known[form])}"
        elif name not in active[form]:
            who = "is not active any more" if form == "person" else "has nobody who is active any more"
            yield where, f"{target!r} {who}; name another {form} here"


def _unread_answers(settings: Settings) -> Iterator[Fault]:
    """An address that answers go to, where no source reads mail."""
    if settings.mail.replies and all(source.channel is not Channel.EMAIL for source in settings.source):
        yield ("mail", "replies"), "no [[source]] reads mail, so nobody would see what is answered"


def _named(people: Iterable[PersonSettings]) -> dict[str, set[str]]:
    """The names by which these people can be meant: their own, and those of their teams."""
    people = list(people)
    return {"person": {person.name for person in people}, "team": {team for person in people for team in person.teams}}


def _taken_twice(settings: Settings) -> Iterator[Fault]:
    """Names and ports that are taken already."""
    named = (("source", settings.source), ("person", settings.person), ("reader", settings.reader), ("tag", settings.tag))
    for section, entries in named:
        names = [entry.name for entry in entries]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield (section, index, "name"), f"{name!r} is taken already; names must differ"
    people = {person.name for person in settings.person}
    for index, reader in enumerate(settings.reader):
        if reader.name in people:
            yield ("reader", index, "name"), f"{reader.name!r} is a [[person]] already; set their role there"
    ports = {"service": settings.service.port, "dashboard": settings.dashboard.port, "prefect": settings.prefect.port}
    for section, port in ports.items():
        if port in [other for name, other in ports.items() if name < section]:
            yield (section, "port"), f"{port} is another server's port already; ports must differ"


def _not_told_apart(settings: Settings) -> Iterator[Fault]:
    """Mail addresses that two share, where the address says who signs in."""
    if settings.dashboard.sign_in == "local":
        return
    known = dict[str, str]()
    entries = [("person", index, each.name, each.email) for index, each in enumerate(settings.person)]
    entries += [("reader", index, each.name, each.email) for index, each in enumerate(settings.reader)]
    for section, index, name, email in entries:
        if (other := known.setdefault(email.casefold(), name)) != name:
            yield (section, index, "email"), f"{email!r} is the address of {other} too: nobody could tell who signs in"


def _with_calendars(settings: Settings, year: int) -> tuple[Settings, tuple[Fault, ...]]:
    """The settings with what people's calendars say added to their days away, and every calendar that cannot be read."""
    if not any(person.calendar for person in settings.person):
        return settings, ()
    people, faults = list(settings.person), list[Fault]()
    for index, (given, person) in enumerate(zip(settings.person, settings.directory(), strict=True)):
        try:
            found = absences(settings.base / given.calendar, person, year) if given.calendar else ()
        except ValueError as error:
            faults.append((("person", index, "calendar"), str(error)))
            continue
        away = (AwaySettings.model_validate({"from": absence.first, "until": absence.last}) for absence in found)
        people[index] = given.model_copy(update={"away": (*given.away, *away)})
    return settings.model_copy(update={"person": tuple(people)}), tuple(faults)
