"""`allears quarantine`: messages that could not be read, kept with their error."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from allears.domain.sources import Quarantined

cli = typer.Typer(help="Messages that could not be read: list them, try them again.", no_args_is_help=True)


@cli.command("list")
def list_(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """List what waits in quarantine, oldest first.

    Example: allears quarantine list --json
    """
    from allears.store import connect  # noqa: PLC0415

    store = connect(settings_from(config))
    try:
        held = store.quarantine()
    finally:
        store.close()
    if json:
        for each in held:
            print_json(_told(each))
    elif held:
        told = ((h.item_id, h.source, f"{h.at:%Y-%m-%d %H:%M}", f"{h.error} (message {h.external_id})") for h in held)
        print_table(("id", "source", "at (UTC)", "error"), told)
    else:
        say("Nothing waits in quarantine.")


@cli.command()
def retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Only these ids; all, if none is named.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Read quarantined messages again, as after an update; status 1 if any still cannot be read.

    Example: allears quarantine retry
    """
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.domain.feedback import ItemId  # noqa: PLC0415
    from allears.errors import RecordRejected  # noqa: PLC0415
    from allears.intake import retry_quarantined  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from connectors.registry import connector_for  # noqa: PLC0415

    settings = settings_from(config)
    clock = SystemClock()
    store = connect(settings)
    outcomes = {}
    try:
        held = {each.item_id: each for each in store.quarantine()}
        sources = {source.name: source for source in settings.source}
        for item_id in map(ItemId, ids or held):
            entry = held.get(item_id)
            if entry is None or entry.source not in sources:
                outcomes[item_id] = "is not in quarantine" if entry is None else f"its source {entry.source} is no longer configured"
                continue
            try:
                retry_quarantined(connector_for(settings, sources[entry.source], clock), store, clock, item_id)
                outcomes[item_id] = "read"
            except RecordRejected as error:
                outcomes[item_id] = str(error)
    finally:
        store.close()
    for item_id, outcome in outcomes.items():
        if json:
            print_json({"id": item_id, "read": outcome == "read", "error": None if outcome == "read" else outcome})
        else:
            typer.echo(f"{item_id}: {outcome}")
    if any(outcome != "read" for outcome in outcomes.values()):
        raise typer.Exit(1)


def _told(each: Quarantined) -> dict[str, object]:
    told = asdict(each)
    return {"id": told.pop("item_id"), **told}
