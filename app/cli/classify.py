"""`allears classify`: sentiment, kind, urgency, language and topics of any texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from app.cli.output import print_json, say


def classify(
    source: Annotated[Path, typer.Argument(metavar="IN", help="JSONL, CSV or Parquet by its ending; - is JSONL on stdin.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="As IN; - is JSONL on stdout.")],
    text_column: Annotated[str, typer.Option(help="The column that holds the text.")] = "text",
    model: Annotated[str | None, typer.Option(help="Instead of the configured model.")] = None,
    masked: Annotated[bool, typer.Option("--masked", help="Hide personal data in OUT's text column, as far as rules find it.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Add sentiment, score, confidence, probabilities, kind, language, urgency and topics to every row, keeping columns and order.

    Example: allears classify reviews.csv -o classified.parquet --text-column review
    """
    from app.cli.classifying import classify_table  # noqa: PLC0415

    rows = classify_table(source, output, text_column, model, config, masked=masked)
    if json and str(output) != "-":
        print_json({"file": str(output), "rows": rows})
    else:
        say(f"{rows} rows classified.")
