"""`allears eval`: how right a model is on labelled texts."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allears.errors import ConfigurationError
from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from app.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from allears.ports import Classifier
    from models.labelled import Labelled
    from models.outcome import Outcome
    from models.results import Results, Table

_OF_A_CARD = ("language", "channel", "feature")


def evaluate(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Labelled texts: JSONL, CSV or Parquet; `corpus` is the corpus's test split.")
    ],
    label_column: Annotated[str, typer.Option(help="The column of the labels: negative, neutral, positive; -1, 0, 1; or stars.")] = "label",
    text_column: Annotated[str, typer.Option(help="The column of the texts.")] = "text",
    model: Annotated[
        list[str] | None, typer.Option(help="A model, or `vader`; repeat it to compare. The configured one if none is named.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(help="Also by the values of this column, repeatable; the corpus has language, channel, trade and feature."),
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="Each class and the confusion, also of several files.")] = False,
    card: Annotated[Path | None, typer.Option(metavar="OUT.md", help="Write the tables of a model card.")] = None,
    float_weights: Annotated[
        Path | None,
        typer.Option("--float", metavar="FILE.onnx", help="Run the first model with these weights too, to see what int8 costs."),
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Accuracy, macro-F1, macro recall, calibration error (ECE), classes and confusion; several models and files side by side.

    Example: allears eval reviews.csv --label-column stars --by language --model builtin --model ./my-checkpoint
    """
    from app.cli.labelled_file import labelled  # noqa: PLC0415 - `allears --help` must not wait for pyarrow
    from models.card import card as card_of  # noqa: PLC0415
    from models.results import by_short_name  # noqa: PLC0415

    if card and not card.absolute().parent.is_dir():
        raise ConfigurationError(f"{card}: there is no folder {card.absolute().parent}.")
    columns = [*(by or ()), *(each for each in (_OF_A_CARD if card else ()) if each not in (by or ()))]
    sets = [labelled(file, text_column, label_column, columns) for file in files]
    _need_columns(by or (), sets)
    results = _results(sets, _models(model, config, float_weights), columns)
    shown = by_short_name(results)
    if card:
        card.write_text(card_of(shown, shlex.join(["allears", *sys.argv[1:]]), datetime.now(UTC).date()), "utf-8")
        say(f"The tables are in {card}.")
    if json:
        print_json(_document(results))
    else:
        _show(shown, details=details or len(sets) == 1)


def _need_columns(by: Sequence[str], sets: Sequence[Labelled]) -> None:
    for column in by:
        if not any(column in each.columns for each in sets):
            raise ConfigurationError(f"--by {column}: there is no such column in {', '.join(each.name for each in sets)}.")


def _models(names: Sequence[str] | None, config: Path, float_weights: Path | None) -> Iterator[tuple[str, Classifier]]:
    """Each model with its name, loaded when its turn comes; the first also with the other weights."""
    from app.cli.classifying import reading  # noqa: PLC0415 - the same
    from models.results import float_name  # noqa: PLC0415

    for at, name in enumerate(names or [None]):
        classifier = reading(name, config).classifier
        shown = name or classifier.version
        other = _with_weights(name, config, float_weights) if float_weights and at == 0 else None
        yield shown, classifier
        if other:
            yield float_name(shown), other


def _with_weights(name: str | None, config: Path, weights: Path) -> Classifier:
    from allears.settings import load  # noqa: PLC0415 - the same
    from models.registry import with_weights  # noqa: PLC0415

    settings = load(config) if config.exists() else None
    named = name or (settings.model.name if settings else "builtin")
    return with_weights(named, weights, base=settings.base if settings else None)


def _results(sets: Sequence[Labelled], models: Iterator[tuple[str, Classifier]], columns: Sequence[str]) -> Results:
    from models.outcome import outcome  # noqa: PLC0415 - the same

    results: dict[str, dict[str, Outcome]] = {each.name: {} for each in sets}
    for name, classifier in models:
        for each in sets:
            results[each.name][name] = outcome(classifier, each, columns)
    return results


def _document(results: Results) -> dict[str, object]:
    """By file and model; of a single file, its own two keys stand at the top as well."""
    files: list[dict[str, object]] = [
        {"file": file, "models": {model: _flat(each) for model, each in outcomes.items()}} for file, outcomes in results.items()
    ]
    return {**(files[0] if len(files) == 1 else {}), "files": files}


def _flat(outcome: Outcome) -> dict[str, object]:
    whole = asdict(outcome)
    return {**whole.pop("report"), **whole}


def _show(results: Results, *, details: bool) -> None:
    from models import results as tables  # noqa: PLC0415 - the same

    _print(tables.summary(results), titled=False)
    for table in (*tables.against_float(results), *tables.slices(results), *tables.kinds(results), *tables.signals(results)):
        _print(table)
    if details:
        for file, outcomes in results.items():
            for model, each in outcomes.items():
                _print(tables.details(file, model, each))


def _print(table: Table, *, titled: bool = True) -> None:
    if titled:
        typer.echo()
    print_table(table.columns, table.rows, title=table.title if titled else None)
