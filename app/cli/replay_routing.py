"""`allears replay-routing`: what other rules would have done with the last messages, before any change is made."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, printable, say

if TYPE_CHECKING:
    from allears.replaying import OwnerChange, Replayed

SHOWN = 20
"""Cases that change owner, without --json."""


def replay_routing(
    rules: Annotated[Path, typer.Option(help="The whole configuration as it would be.", metavar="NEW.toml")],
    days: Annotated[int, typer.Option(min=1, help="How far back to go.")] = 90,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Route the last messages by the present rules and by other ones, and show what differs. Nothing is written or sent.

    Example: allears replay-routing --rules new.toml --days 30
    """
    from datetime import timedelta  # noqa: PLC0415 - `allears --help` must not wait for it

    from allears.assigning import plan_of  # noqa: PLC0415
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.replaying import replay  # noqa: PLC0415
    from allears.settings import load  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from app.cli.progress import counters  # noqa: PLC0415
    from flows.wiring import Wiring  # noqa: PLC0415

    if not rules.is_file():
        raise typer.BadParameter(f"{rules} is not there, or is no file.", param_hint="--rules")
    settings = settings_from(config)
    planned = plan_of(load(rules))
    clock = SystemClock()
    store = connect(settings)
    try:
        wiring = Wiring(settings, store, clock)
        now = clock.now()
        with counters() as progress:
            found = replay(
                store,
                wiring.classifier,
                (wiring.plan, planned),
                now - timedelta(days=days),
                now,
                lambda count: progress("replay", count),
            )
    finally:
        store.close()
    if json:
        print_json({"rules": str(rules), "days": days, **_told(found)})
    else:
        _show(found, rules, days)


def _told(found: Replayed) -> dict[str, Any]:
    return {
        "messages": found.messages,
        "cases": _pair(found.cases),
        "missed_dates": _pair(found.missed),
        "people": [
            {"name": each.name, "cases": _pair(each.cases), "peak_open": _pair(each.peak), "missed_dates": _pair(each.missed)}
            for each in found.people
        ],
        "owner_changes": len(found.changes),
        "changes": [
            {"id": each.item_id, "customer": each.customer, "words": each.words, "from": each.before, "to": each.after, "why": each.why}
            for each in found.changes
        ],
    }


def _pair(figures: tuple[int, int]) -> dict[str, int]:
    return {"before": figures[0], "after": figures[1]}


def _show(found: Replayed, rules: Path, days: int) -> None:
    if not found.messages:
        say(f"No message of the last {days} days was understood yet. Name more with --days, or gather some with `allears run`.")
        return
    print_table(
        ("Person", "Cases", "Most open at a time", "Dates missed"),
        [(each.name, _arrow(each.cases), _arrow(each.peak), _arrow(each.missed)) for each in found.people],
    )
    typer.echo(
        f"\n{found.messages:,} messages of the last {days} days. Cases: {_arrow(found.cases)}. Next dates missed: {_arrow(found.missed)}."
    )
    typer.echo(f"Cases with another owner under {rules}: {len(found.changes):,}.")
    for change in found.changes[:SHOWN]:
        typer.echo(f"\n{_line(change)}")
    if len(found.changes) > SHOWN:
        say(f"{len(found.changes) - SHOWN:,} more with --json.")
    say(f"Nothing was changed. To work by {rules}, put it in the place of your configuration.")


def _arrow(figures: tuple[int, int]) -> str:
    before, after = figures
    return f"{before:,}" if before == after else f"{before:,} → {after:,}"


def _line(change: OwnerChange) -> str:
    moves = f"{change.before or 'no case'} → {change.after or 'no case'}"
    return printable(f"{moves}   {change.customer}: “{change.words}”\n   {change.why}")
