"""`allears up`: all of it on this machine, scheduled."""

from __future__ import annotations

from app.cli.options import DEFAULT_CONFIG, ConfigOption, settings_from
from app.cli.output import say


def up(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Listen on every source, around the clock: store service with forms and API, Prefect, flow runner, dashboard. Ctrl-C stops all.

    Example: allears up --config /etc/allears/allears.toml
    """
    from app.supervisor import Supervisor  # noqa: PLC0415

    Supervisor(settings_from(config), say).run()
