"""`allears ledger`: every message received is accounted for."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, say


def ledger(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only days from this one on.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Count what came in, by source and day, and where each message went; status 1 if anything is unaccounted for.

    Example: allears ledger --since 2026-11-01 --json
    """
    from allears.domain.ledger import PLACES, total  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415

    settings = settings_from(config)
    store = connect(settings)
    try:
        rows = store.ledger(since.date() if since else None, settings.business.timezone)
    finally:
        store.close()
    balanced = all(row.balanced for row in rows)
    sums = total(rows)
    if json:
        print_json({"rows": [{**asdict(row), "balanced": row.balanced} for row in rows], "total": sums, "balanced": balanced})
    else:
        columns = [column for column in ("received", *PLACES, "waiting") if column == "received" or sums[column]]
        body = [(row.source, row.day, *(getattr(row, column) for column in columns), "" if row.balanced else "UNBALANCED") for row in rows]
        print_table(("source", "day", *columns, ""), [*body, ("all", "", *(sums[column] for column in columns), "")])
    if not balanced:
        stuck = sum(row.stuck for row in rows)
        say(
            f"Unbalanced: {stuck} messages have waited for over an hour; `allears run` takes them on."
            if stuck
            else "Unbalanced: see the rows marked so."
        )
        raise typer.Exit(1)
