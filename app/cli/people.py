"""`allears people`: who answers, what is on their desks, and whether they can be reached."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from allears.domain.people import Absence
    from allears.ports import Store
    from allears.settings import Settings
    from app.dashboard.components.desks import DeskRow

cli = typer.Typer(help="Who answers, what is on everyone's desk, and who can be reached.")
OwnConfigOption = Annotated[Path | None, typer.Option("--config", help="The configuration.", show_default=False, metavar="FILE")]


@cli.callback(invoke_without_command=True)
def people(context: typer.Context, config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """Everyone who can own cases: teams, open cases and what they weigh, whether they can be reached, and their next absence.

    Example: allears people --json
    """
    from allears.clock import SystemClock  # noqa: PLC0415 - `allears --help` must not wait for it
    from allears.store import connect  # noqa: PLC0415

    context.obj = config
    if context.invoked_subcommand:
        return
    settings = settings_from(config)
    store = connect(settings)
    try:
        rows = desks(store, settings, SystemClock().now())
    finally:
        store.close()
    if json:
        print_json([_told(row) for row in rows])
    else:
        cells = [(row.name, row.teams, row.load.open, f"{row.load.weight:g}", reach(row), _days(row.next_absence)) for row in rows]
        print_table(("name", "teams", "open", "weight", "now", "next away"), cells)


@cli.command()
def reachable(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As in the configuration.")],
    config: OwnConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Mails reach somebody again whose address bounced: they can be given cases from now on.

    Example: allears people reachable "Ada Brook"
    """
    from allears.settings.values import nearest  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415

    settings = settings_from(config or context.obj)
    email = next((person.email for person in settings.person if person.name == name), None)
    if email is None:
        raise typer.BadParameter(f"{name!r} is no [[person]]{nearest(name, [person.name for person in settings.person])}.")
    store = connect(settings)
    try:
        bounced = [each for each in store.unreachable() if name == each.person or email == each.email]
        for each in bounced:
            store.record_reachable(each.email)
    finally:
        store.close()
    if json:
        print_json({"name": name, "email": email, "cleared": [{"email": e.email, "why": e.why, "since": e.since} for e in bounced]})
        return
    for each in bounced:
        say(f"Mails to {each.email} came back ({each.why}). {name} can be given cases again from now on.")
    if not bounced:
        say(f"Mails to {name} ({email}) do not come back: there was nothing to clear.")


def desks(store: Store | None, settings: Settings, now: datetime) -> list[DeskRow]:
    """Everyone who can own a case or has one, with what the store knows of them; None is a store that holds nothing yet."""
    from allears.domain.desks import Desks  # noqa: PLC0415
    from app.dashboard.components.desks import desk_rows  # noqa: PLC0415

    if store is None:
        return desk_rows(settings.directory(), Desks((), ()), now, settings.timezone)
    directory = settings.directory().knowing({each.email: each.why for each in store.unreachable()})
    return desk_rows(directory, store.desks(now), now, settings.timezone)


def reach(row: DeskRow) -> str:
    """Whether somebody can be reached, and who stands in where not."""
    if row.why_not is None:
        return row.presence
    return f"{row.presence}; {row.stands_in} stands in" if row.stands_in else f"{row.presence}; nobody who stands in can be reached"


def _told(row: DeskRow) -> dict[str, object]:
    away = row.next_absence
    return {
        "name": row.name,
        "teams": row.teams,
        "open": row.load.open,
        "weight": row.load.weight,
        "reachable": row.why_not is None,
        "now": row.presence,
        "why_not": row.why_not,
        "stands_in": row.stands_in,
        "next_away": {"from": away.first, "until": away.last} if away else None,
    }


def _days(absence: Absence | None) -> str:
    if absence is None:
        return ""
    first, last = (f"{day:%a %-d %b %Y}" for day in (absence.first, absence.last))
    return first if first == last else f"{first} to {last}"
