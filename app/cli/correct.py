"""`allears correct`: a person puts right what was read in a message."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, say


def correct(
    item_id: Annotated[str, typer.Argument(metavar="ITEM_ID", help="As in `allears export items`.")],
    by: Annotated[str, typer.Option(help="Who says so.")],
    why: Annotated[str, typer.Option(help="The reason; it stays with the message.")],
    sentiment: Annotated[str | None, typer.Option(help="negative, neutral, positive or mixed.")] = None,
    kind: Annotated[str | None, typer.Option(help="complaint, praise, question, suggestion or other.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Correct the sentiment or kind of a message; the model's own word is kept beside it.

    Example: allears correct 3f0c9a61d2b84e57a1c04d98 --kind complaint --by "Priya Nair" --why "She asks for a refund"
    """
    from allears import correcting  # noqa: PLC0415 - `allears --help` must not wait for it
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.domain.feedback import ItemId, Kind, Sentiment, Status  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415

    for given, labels, option in ((sentiment, Sentiment, "--sentiment"), (kind, Kind, "--kind")):
        if given is not None and given not in list(labels):
            raise typer.BadParameter(f"{given!r} is none; there are {', '.join(labels)}.", param_hint=option)
    store = connect(settings_from(config))
    try:
        stored = correcting.correct(
            store,
            SystemClock(),
            ItemId(item_id),
            sentiment=Sentiment(sentiment) if sentiment else None,
            kind=Kind(kind) if kind else None,
            by=by,
            why=why,
        )
    finally:
        store.close()
    correction = stored.corrections[-1]
    if json:
        print_json({**asdict(correction), "status": stored.status})
    else:
        again = " The next round routes it again." if stored.status is Status.UNDERSTOOD else ""
        say(f"The model said {correction.said}; corrected to {correction.corrected_to} by {correction.by}.{again}")
