"""`allears report`: a week on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, say


def report(
    week: Annotated[
        str | None, typer.Option(help="A week that is over, as ISO 8601 numbers them; the last one if it is not given.")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The PDF; allears-report-WEEK.pdf if it is not given.")] = None,
    masked: Annotated[bool | None, typer.Option("--masked/--whole", help="Whether personal data is hidden; as on the dashboard.")] = None,
    locale: Annotated[
        str, typer.Option(help="How numbers and dates are written, such as de-DE; en-US and en-CA print on Letter.")
    ] = "en-GB",
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Print the weekly report for a leader: what got worse and better, what is late, whom customers thank.

    Example: allears report --week 2026-W46 -o week.pdf
    """
    from allears.clock import SystemClock  # noqa: PLC0415 - `allears --help` must not wait for it
    from allears.store import connect  # noqa: PLC0415
    from allears.tables import drafted  # noqa: PLC0415
    from app.dashboard.masking import OWN_NAMES  # noqa: PLC0415
    from app.dashboard.reader import known, read_by  # noqa: PLC0415
    from app.dashboard.session import known_as  # noqa: PLC0415
    from app.reporting.building import weekly_report  # noqa: PLC0415
    from app.reporting.printing import pdf  # noqa: PLC0415
    from app.reporting.weeks import last_finished, week_named  # noqa: PLC0415

    settings = settings_from(config)
    now = SystemClock().now()
    today = now.astimezone(settings.timezone).date()
    asked = week_named(week, today) if week else last_finished(today)
    path = output or Path(f"allears-report-{asked.name}.pdf")
    hidden = settings.dashboard.masked if masked is None else masked
    store = connect(settings)
    try:
        with read_by(known(locale, "")), known_as({OWN_NAMES: settings.own_names if hidden else None}), drafted(path) as draft:
            made = weekly_report(store, asked, now, settings.timezone, settings.business.name)
            draft.write_bytes(pdf(made))
    finally:
        store.close()
    if json:
        print_json({"week": asked.name, "file": str(path), "verdict": made.verdict})
    else:
        say(f"{made.title}: {made.verdict}\nWritten to {path}.")
