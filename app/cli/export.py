"""`allears export`: everything, in a file of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, say


def export(
    what: Annotated[str, typer.Argument(help="items, cases, events or customers.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file; .parquet, .csv or .jsonl by its ending.")],
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Write items, cases, events or customers to a Parquet, CSV or JSONL file.

    Example: allears export items -o items.parquet
    """
    from allears.domain.records import ExportName  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from app.cli.tables import write_table  # noqa: PLC0415

    names = [name.value for name in ExportName]
    if what not in names:
        raise typer.BadParameter(f"{what!r} cannot be exported; what can: {', '.join(names)}.", param_hint="WHAT")
    store = connect(settings_from(config))
    try:
        rows = write_table(store.export(ExportName(what)), output)
    finally:
        store.close()
    if json:
        print_json({"what": what, "file": str(output), "rows": rows})
    else:
        say(f"{rows} {what} written to {output}.")
