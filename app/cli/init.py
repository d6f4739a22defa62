"""`allears init`: a configuration to begin with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from allears.errors import ConfigurationError
from app.cli.output import say


def init(directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write it.")] = Path()) -> None:
    """Write a commented allears.toml that runs as it stands.

    Example: allears init shop && cd shop && allears run
    """
    path = directory / "allears.toml"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(files("app.cli").joinpath("starter.toml").read_text("utf-8"))
        (directory / "inbox").mkdir(exist_ok=True)
    except FileExistsError as error:
        raise ConfigurationError(f"{path} is there already and was left as it is.") from error
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from error
    say(f"Wrote {path}. Put your name and address into it, then: allears check, allears run, allears up.")
