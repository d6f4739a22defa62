"""`allears parse-email`: what AllEars reads in a mail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption
from app.cli.output import print_json


def parse_email(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Mails, mboxes, or folders of them.")],
    config: ConfigOption = DEFAULT_CONFIG,  # noqa: ARG001 - goes with every command; reading a mail needs none
    json: Annotated[bool, typer.Option("--json", help="Accepted for uniformity: the output is always JSON.")] = True,  # noqa: ARG001
) -> None:
    """Print one JSON object a message: who, when, what is newly written, what is quoted, whether a machine sent it.

    Example: allears parse-email mail/*.eml
    """
    from connectors.email.report import describe  # noqa: PLC0415
    from models.language import detect  # noqa: PLC0415

    missing = [path for path in paths if not path.exists()]
    if missing:
        raise typer.BadParameter(f"{missing[0]} is not there.", param_hint="PATH")
    for path in paths:
        for report in describe(path, detect):
            print_json(report)
