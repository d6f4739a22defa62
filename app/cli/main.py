"""The `allears` command line."""

from __future__ import annotations

import sys

import typer

from allears import __version__
from allears.errors import AllEarsError, ConfigurationError
from app.cli import (
    check,
    classify,
    correct,
    demo,
    evaluate,
    examples,
    export,
    init,
    ledger,
    parse_email,
    people,
    quarantine,
    reclassify,
    replay_routing,
    report,
    run,
    train,
    up,
)

cli = typer.Typer(
    name="allears",
    help="Every customer's word heard, understood, and put on one named person.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.command("demo")(demo.demo)
cli.command("init")(init.init)
cli.command("check")(check.check)
cli.command("run")(run.run)
cli.command("up")(up.up)
cli.command("classify")(classify.classify)
cli.command("train")(train.train)
cli.command("eval")(evaluate.evaluate)
cli.command("parse-email")(parse_email.parse_email)
cli.command("ledger")(ledger.ledger)
cli.command("correct")(correct.correct)
cli.command("reclassify")(reclassify.reclassify)
cli.command("replay-routing")(replay_routing.replay_routing)
cli.command("export")(export.export)
cli.command("report")(report.report)
cli.add_typer(examples.cli, name="examples")
cli.add_typer(people.cli, name="people")
cli.add_typer(quarantine.cli, name="quarantine")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


@cli.callback()
def options(_version_asked: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version.")) -> None:
    """Options before the command."""


def _printable(error: AllEarsError) -> str:
    from app.cli.output import printable  # noqa: PLC0415 - rich is only needed now

    return printable(str(error))


def run_command_line() -> None:
    """Run the command line. Exit status: 0 done, 1 it tells what failed, 2 usage or configuration."""
    try:
        cli()
    except ConfigurationError as error:
        sys.stderr.write(f"{_printable(error)}\n")
        sys.exit(2)
    except AllEarsError as error:
        sys.stderr.write(f"{_printable(error)}\n")
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
