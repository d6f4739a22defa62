"""`allears eval`: how right a model is on labelled texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from app.cli.output import print_json, print_table

if TYPE_CHECKING:
    from models.evaluation import Report


def evaluate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Labelled texts: JSONL, CSV or Parquet.")],
    label_column: Annotated[str, typer.Option(help="The column of the labels: negative, neutral, positive; -1, 0, 1; or stars.")],
    text_column: Annotated[str, typer.Option(help="The column of the texts.")] = "text",
    model: Annotated[list[str] | None, typer.Option(help="A model; repeat it to compare. The configured one if none is named.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Accuracy, macro-F1, macro recall, a table by class, confusion and calibration error (ECE), models side by side.

    Example: allears eval reviews.csv --label-column label --model builtin --model ./my-checkpoint
    """
    from app.cli.classifying import labelled, reading  # noqa: PLC0415 - `allears --help` must not wait for pyarrow
    from models.evaluation import evaluate as compare  # noqa: PLC0415

    texts, labels = labelled(file, text_column, label_column)
    reports: dict[str, Report] = {}
    names: Sequence[str | None] = model or [None]
    for name in names:
        classifier = reading(name, config).classifier
        reports[name or classifier.version] = compare(classifier.predict(texts), labels)
    if json:
        print_json({"file": str(file), "models": {name: asdict(report) for name, report in reports.items()}})
    else:
        _show(reports)


def _show(reports: dict[str, Report]) -> None:
    print_table(
        ("Model", "Rows", "Accuracy", "Macro-F1", "Macro recall", "ECE"),
        [
            (name, r.rows, *(f"{100 * figure:.1f}" for figure in (r.accuracy, r.macro_f1, r.macro_recall, r.ece)))
            for name, r in reports.items()
        ],
    )
    for name, report in reports.items():
        typer.echo()
        print_table(
            ("Class", "Precision", "Recall", "F1", "Texts", *(f"said {each.label}" for each in report.classes)),
            [
                (
                    c.label,
                    *(f"{100 * figure:.1f}" for figure in (c.precision, c.recall, c.f1)),
                    c.support,
                    *report.confusion[c.label].values(),
                )
                for c in report.classes
            ],
            title=name,
        )
        if report.two_classes:
            typer.echo("The labels know no neutral: the likelier of negative and positive was taken.")
