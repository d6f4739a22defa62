"""`allears demo`: a sample business, end to end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import JsonOption, settings_from
from app.cli.output import print_json, say

if TYPE_CHECKING:
    from allears.settings import Settings
    from flows.round import Report
    from flows.wiring import Wiring


def demo(
    directory: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where the sample business lives.")] = Path("demo"),
    no_serve: Annotated[bool, typer.Option("--no-serve", help="End after the run, with a summary.")] = False,
    json: JsonOption = False,
) -> None:
    """Run a sample business end to end, without credentials: gather, understand, route, alert; then serve its dashboard.

    Example: allears demo --no-serve
    """
    from app.cli.run import one_round, show  # noqa: PLC0415

    settings = _staged(directory)
    say(f"{settings.business.name}: four weeks of mails, form messages, reviews and posts, in {directory}")
    _send_forms(settings)
    summary = one_round(settings, None, lambda wiring, names: _tick(settings, wiring, names))
    if json:
        print_json(summary)
    else:
        show(summary)
        say(f"Alerts are mails in {settings.base / 'outbox'}; open one with any mail program.")
    if summary["errors"] or not summary["ledger"]["balanced"]:
        raise typer.Exit(1)
    if not no_serve:
        from app.supervisor import Supervisor  # noqa: PLC0415

        Supervisor(settings, say).run()


def _tick(settings: Settings, wiring: Wiring, sources: list[str]) -> Report:
    """The round as the Prefect flow that `allears up` schedules."""
    from app.runtime import prefect_at_hand  # noqa: PLC0415
    from flows.wiring import wired  # noqa: PLC0415

    with prefect_at_hand(settings, log_level="ERROR"), wired(wiring):
        from flows.tick import tick  # noqa: PLC0415 - Prefect reads its environment when it is imported

        return tick(sources)


def _staged(directory: Path) -> Settings:
    """The sample's settings; a folder that has it already is used as it is, so that a second demo goes on with the first."""
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.errors import ConfigurationError  # noqa: PLC0415
    from app.sample.staging import stage  # noqa: PLC0415

    config = directory / "allears.toml"
    if not config.exists():
        if directory.exists() and any(directory.iterdir()):
            raise ConfigurationError(f"{directory} has other things in it. Name an empty folder: allears demo DIR.")
        stage(directory, SystemClock().now())
    return settings_from(config)


def _send_forms(settings: Settings) -> None:
    """Post the sample's form messages to the real form, each under a key of its own: a second demo posts nothing twice."""
    from starlette.testclient import TestClient  # noqa: PLC0415

    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from app.sample.staging import form_submissions  # noqa: PLC0415
    from app.service.main import create_app  # noqa: PLC0415

    clock = SystemClock()
    store = connect(settings)
    with TestClient(create_app(settings, store, clock, token="", wake=lambda: None)) as client:
        for number, submission in enumerate(form_submissions(settings.base), start=1):
            client.post("/api/v1/forms/web", json=submission, headers={"Idempotency-Key": f"form-{number}"}).raise_for_status()
