"""`allears examples`: what people taught about topics, by handing cases over; visible, and taken back one by one."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from allears.domain.records import TopicExample

WORDS_SHOWN = 70

cli = typer.Typer(help="Messages that people filed under topics: list them, take one back.", no_args_is_help=True)


@cli.command("list")
def list_(config: ConfigOption = DEFAULT_CONFIG, json: JsonOption = False) -> None:
    """List the messages that count as examples of a topic, oldest first.

    Example: allears examples list --json
    """
    from allears.domain.topics import clipped  # noqa: PLC0415 - `allears --help` must not wait for it
    from allears.store import connect  # noqa: PLC0415

    settings = settings_from(config)
    store = connect(settings)
    try:
        examples = store.examples()
    finally:
        store.close()
    topics = {route.topic for route in settings.route}
    if json:
        for each in examples:
            print_json({**asdict(each), "counts": each.topic in topics})
    elif examples:
        print_table(
            ("id", "topic", "by", "at", "words"),
            [(each.id, _topic(each, topics), each.by, f"{each.at:%Y-%m-%d}", clipped(each.text, WORDS_SHOWN)) for each in examples],
        )
    else:
        say("Nobody has filed a message under a topic yet. Whoever hands a case over can say what it is about.")


@cli.command()
def remove(
    example_id: Annotated[int, typer.Argument(metavar="ID", help="As in `allears examples list`.")],
    by: Annotated[str | None, typer.Option(help="Who says so; your user name here, if it is not given.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Take an example back: from the next round on, messages like it are not routed by it.

    Example: allears examples remove 7 --by "Priya Nair"
    """
    from getpass import getuser  # noqa: PLC0415

    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415

    who = (by or getuser()).strip()
    store = connect(settings_from(config))
    try:
        removed = store.remove_example(example_id, who, SystemClock().now())
    finally:
        store.close()
    if json:
        print_json({"id": example_id, "removed": removed, "by": who})
    elif removed:
        say(f"Example {example_id} counts no more. It was taken back by {who}.")
    if not removed:
        say(f"There is no example {example_id}. `allears examples list` shows those there are.")
        raise typer.Exit(1)


def _topic(each: TopicExample, topics: set[str]) -> str:
    return each.topic if each.topic in topics else f"{each.topic} (no such topic any more)"
