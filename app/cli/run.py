"""`allears run`: every source, once, now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.options import DEFAULT_CONFIG, ConfigOption, JsonOption, settings_from
from app.cli.output import print_json, print_table, say

if TYPE_CHECKING:
    from allears.settings import Settings
    from flows.round import Report
    from flows.wiring import Wiring


def run(
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")] = None,
    until: Annotated[str, typer.Option(help="The last stage: gather, understand, route or notify.")] = "notify",
    config: ConfigOption = DEFAULT_CONFIG,
    json: JsonOption = False,
) -> None:
    """Gather every source once, now; understand, route and notify.

    Example: allears run --source support --until route
    """
    from flows.round import Stage, run_round  # noqa: PLC0415 - `allears --help` must not wait for it

    settings = settings_from(config)
    if until not in STAGES:
        raise typer.BadParameter(f"{until!r} is no stage; the stages are {', '.join(STAGES)}.", param_hint="--until")
    summary = one_round(settings, source, lambda wiring, names: run_round(wiring, names, Stage(until)))
    if json:
        print_json(summary)
    else:
        show(summary)
    if summary["errors"] or not summary["ledger"]["balanced"]:
        raise typer.Exit(1)


STAGES = ("gather", "understand", "route", "notify")


def one_round(settings: Settings, sources: list[str] | None, run_round: Callable[[Wiring, list[str]], Report]) -> dict[str, Any]:
    """A round over these sources (all, if none are named); its summary, ready for JSON."""
    from allears.clock import SystemClock  # noqa: PLC0415
    from allears.domain.ledger import total  # noqa: PLC0415
    from allears.store import connect  # noqa: PLC0415
    from app.cli.progress import counters  # noqa: PLC0415
    from flows.wiring import Wiring  # noqa: PLC0415

    store = connect(settings)
    try:
        with counters() as progress:
            wiring = Wiring(settings, store, SystemClock(), progress)
            names = [wiring.source(name).name for name in sources] if sources else [each.name for each in settings.source]
            report = run_round(wiring, names)
        rows = store.ledger(None, settings.business.timezone)
        balanced = all(row.balanced for row in rows)
        owners: dict[str, int] = {}
        for case in store.open_cases():
            owners[case.owner] = owners.get(case.owner, 0) + 1
    finally:
        store.close()
    return {**_told(report), "ledger": {**total(rows), "balanced": balanced}, "open_cases": dict(sorted(owners.items()))}


def _told(report: Report) -> dict[str, Any]:
    sources = [
        {"source": g.source, "new": g.new_items, "quarantined": g.new_quarantined, "known": g.known, "seconds": round(g.seconds, 3)}
        for g in sorted(report.gathered, key=lambda g: g.source)
    ]
    return {
        "sources": sources,
        "errors": report.errors,
        "understood": report.understood,
        "routed": {str(place): count for place, count in report.places.items()},
        "alerts": {"sent": report.delivered.sent, "postponed": report.delivered.postponed, "failed": report.delivered.failed},
        "seconds": {str(stage): round(seconds, 3) for stage, seconds in report.seconds.items()},
    }


def show(summary: dict[str, Any]) -> None:
    """The summary for people."""
    print_table(
        ("Source", "New", "Quarantined", "Known", "Seconds"),
        [(s["source"], s["new"], s["quarantined"], s["known"], f"{s['seconds']:.1f}") for s in summary["sources"]],
    )
    if summary["seconds"]:
        typer.echo("Seconds: " + ", ".join(f"{stage} {seconds:.1f}" for stage, seconds in summary["seconds"].items()))
    for name, error in summary["errors"].items():
        say(f"{name} failed: {error}")
    books = summary["ledger"]
    places = " + ".join(
        f"{books[place]} {place}" for place in books if place not in ("received", "balanced") and (books[place] or place != "waiting")
    )
    if summary["open_cases"]:
        print_table(("Open cases of", ""), list(summary["open_cases"].items()))
    alerts = summary["alerts"]
    failed = f", {alerts['postponed']} postponed, {alerts['failed']} failed" if alerts["postponed"] or alerts["failed"] else ""
    typer.echo(f"\nMails: {alerts['sent']} sent{failed}.")
    typer.echo(
        f"Ledger: {books['received']} received = {places}. {'Balanced.' if books['balanced'] else 'NOT BALANCED: see allears ledger.'}"
    )
