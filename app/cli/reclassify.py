"""`allears reclassify`: what another model would say of the messages read so far, and the change to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from collections import Counter

    from allears.reclassifying import Comparison


def reclassify(
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only messages received from this day on.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Keep what comes out; without it nothing is changed.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Read with the configured model what another one has read, and show what differs; corrections stay in force.

    Example: allears reclassify --since 2026-10-01, then the same with --apply
    """
    from allears.clock import SystemClock  # noqa: PLC0415 - `allears --help` must not wait for it
    from allears.domain.shift import NO_SHIFT  # noqa: PLC0415
    from allears.reclassifying import reclassify as run  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from app.cli.progress import counters  # noqa: PLC0415
    from flows.wiring import Wiring  # noqa: PLC0415

    settings = settings_from(config)
    clock = SystemClock()
    store = connect(settings)
    try:
        wiring = Wiring(settings, store, clock)
        reader = replace(wiring.reader, shift=NO_SHIFT)
        first = since.replace(tzinfo=settings.timezone) if since else None
        with counters() as progress:
            found = run(store, reader, clock, first, apply=apply, progress=lambda count: progress("reclassify", count))
    finally:
        store.close()
    told = _told(found, reader.classifier.version, applied=apply)
    if json:
        print_json(told)
    else:
        _show(told)


def _told(found: Comparison, version: str, *, applied: bool) -> dict[str, Any]:
    return {
        "model": version,
        "from": sorted(found.from_versions),
        "applied": applied,
        "messages": found.items,
        "changed": found.changed,
        "share_changed": round(found.changed / found.items, 4) if found.items else 0.0,
        "sentiment": _moves(found.sentiments),
        "kind": _moves(found.kinds),
        "corrections_in_force": found.corrected,
    }


def _moves(counted: Counter[Any]) -> list[dict[str, Any]]:
    """What changed, the most frequent first."""
    return [{"from": old, "to": new, "messages": count} for (old, new), count in counted.most_common() if old != new]


def _show(told: dict[str, Any]) -> None:
    if not told["messages"]:
        say(f"Every message was read by {told['model']}: nothing to do.")
        return
    for label in ("sentiment", "kind"):
        if told[label]:
            print_table((label, "", "messages"), [(move["from"], f"→ {move['to']}", move["messages"]) for move in told[label]])
    typer.echo(
        f"From {', '.join(told['from'])} to {told['model']}: {told['changed']} of {told['messages']} messages "
        f"({100 * told['share_changed']:.1f} %) read differently. Corrections that stay in force: {told['corrections_in_force']}."
    )
    say("Done; cases and owners are as they were." if told["applied"] else "Nothing was changed. The same with --apply changes it.")
