"""`allears export`: everything, in a file of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, say


def export(
    what: Annotated[str, typer.Argument(help="items, cases, events, customers or corrections.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file; .parquet, .csv or .jsonl by its ending.")],
    masked: Annotated[bool, typer.Option("--masked", help="Hide personal data, as far as rules find it.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Write items, cases, events, customers, or corrected messages to learn from, to a Parquet, CSV or JSONL file.

    Example: allears export items -o items.parquet
    """
    from allears.domain.records import ExportName  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from allears.tables import write_table  # noqa: PLC0415
    from app.cli.masking import masked_table  # noqa: PLC0415

    names = [name.value for name in ExportName]
    if what not in names:
        raise typer.BadParameter(f"{what!r} cannot be exported; what can: {', '.join(names)}.", param_hint="WHAT")
    settings = settings_from(config)
    store = connect(settings)
    try:
        table = store.export(ExportName(what))
        rows = write_table(masked_table(table, ExportName(what), settings.own_names) if masked else table, output)
    finally:
        store.close()
    if json:
        print_json({"what": what, "file": str(output), "rows": rows})
    else:
        say(f"{rows} {what} written to {output}.")
