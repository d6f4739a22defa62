"""`allears check`: whether it will work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table

if TYPE_CHECKING:
    from allears.settings import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried: whether it works, and what was found or what to do; a `note` is worth knowing and fails nothing."""

    what: str
    works: bool
    found: str
    note: bool = False


def check(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Try the configuration, every source, the mail server and the model, changing nothing; status 1 if any cannot work.

    Says as well which alarms stand and who cannot be reached.

    Example: allears check --json
    """
    settings = settings_from(config)
    calendars = [Finding("calendar", works=False, found=f"{unread}.") for unread in settings.unread_calendars]
    findings = [*(_try(what, trial) for what, trial in _trials(settings)), *calendars, *_notes(settings)]
    if json:
        print_json([asdict(finding) for finding in findings])
    else:
        print_table(("", "", ""), [("note" if f.note else "ok" if f.works else "FAILS", f.what, f.found) for f in findings])
    if not all(finding.works for finding in findings):
        raise typer.Exit(1)


def _trials(settings: Settings) -> list[tuple[str, Callable[[], str]]]:
    from allears.beside import check_ways  # noqa: PLC0415
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.mail.deliver import open_mailer  # noqa: PLC0415
    from connectors.registry import connector_for  # noqa: PLC0415
    from models.registry import check as check_model  # noqa: PLC0415

    clock = SystemClock()
    names = [name for name in (settings.model.name, settings.model.second) if name]

    def mail() -> str:
        mailer = open_mailer(settings.mail, settings.base)
        try:
            return mailer.check()
        finally:
            mailer.close()

    return [
        (
            "configuration",
            lambda: f"{settings.path}: {len(settings.source)} sources, {len(settings.person)} people, {len(settings.route)} routes",
        ),
        *((f"source {source.name}", lambda source=source: connector_for(settings, source, clock).check()) for source in settings.source),
        ("mail", mail),
        *([("ways", lambda: check_ways(settings.directory()))] if any(person.ways for person in settings.person) else []),
        *((f"model {name}", lambda name=name: check_model(name, base=settings.base, labels=settings.model.labels)) for name in names),
    ]


def _try(what: str, trial: Callable[[], str]) -> Finding:
    from allears.errors import AllEarsError  # noqa: PLC0415

    try:
        return Finding(what, works=True, found=trial())
    except AllEarsError as error:
        return Finding(what, works=False, found=str(error))


def _notes(settings: Settings) -> list[Finding]:
    """What is worth knowing about the people: circles of deputies, alarms that stand, and who cannot be reached."""
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.errors import StoreError  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from allears.store.service_note import read_note  # noqa: PLC0415
    from app.cli.people import desks, reach  # noqa: PLC0415

    def note(what: str, found: str) -> Finding:
        return Finding(what, works=True, found=found, note=True)

    notes = [
        note("deputies", f"{', '.join(circle[:-1])} and {circle[-1]} stand in for each other. When all are away, their managers are next.")
        for circle in settings.directory().deputies_in_circles()
    ]
    now = SystemClock().now()
    if not settings.store_path.exists() and read_note(settings.state_dir) is None:  # nothing has run yet
        return notes + [note(row.name, reach(row)) for row in desks(None, settings, now) if row.why_not]
    try:
        store = connect(settings)
        try:
            notes += [note("alarm", alarm.text) for alarm in store.alarms()]
            notes += [note(row.name, reach(row)) for row in desks(store, settings, now) if row.why_not]
        finally:
            store.close()
    except StoreError as error:
        notes.append(note("people", f"Not known at the moment. {error}"))
    return notes
