"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from allears.settings import Settings

ConfigOption = Annotated[
    Path, typer.Option("--config", envvar="ALLEARS_CONFIG", help="The configuration.", show_default=True, metavar="FILE")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
DEFAULT_CONFIG = Path("allears.toml")


def settings_from(config: Path) -> Settings:
    """The settings of a file, with every source's own keys checked. Raises ConfigurationError."""
    from allears.settings import load  # noqa: PLC0415 - `allears --help` must not wait for it
    from connectors.registry import check_options  # noqa: PLC0415

    settings = load(config)
    check_options(settings)
    return settings
