"""The five headline figures, each with its base and what it was in the period before."""

from __future__ import annotations

from dataclasses import dataclass

from allears.domain.overview import Figures, Overview, Timing
from app.dashboard.formats import FEWEST_FOR_PERCENT, count, decimal, duration, share, signed, signed_duration
from app.dashboard.render import href


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell of the strip: `change` and `was` compare with the period before and are None without one."""

    label: str
    value: str
    base: str
    change: str | None = None
    was: str | None = None
    link: str | None = None
    is_late: bool = False


def headline_figures(overview: Overview) -> list[Figure]:
    """Late first, then how fast an owner knew and took it, then how it ended."""
    now, before = overview.figures, overview.figures_before
    return [
        _late(now, before, sum(owner.open for owner in overview.owners)),
        _timing("Time to owner", now.time_to_owner, before.time_to_owner, href("inbox")),
        _timing("First reply", now.first_reply, before.first_reply, href("inbox")),
        _resolved(now, before),
        _alone(now, before),
    ]


def _late(now: Figures, before: Figures, open_cases: int) -> Figure:
    return Figure(
        "Late",
        count(now.late),
        f"{count(now.late)} of {count(open_cases)} open cases",
        signed(now.late - before.late),
        f"was {count(before.late)}",
        href("inbox", show="Late"),
        is_late=now.late > 0,
    )


def _timing(label: str, now: Timing, before: Timing, link: str) -> Figure:
    if now.median_seconds is None or now.p95_seconds is None:
        return Figure(label, "–", "no case in this period yet", link=link)
    was = before.median_seconds
    return Figure(
        label,
        duration(now.median_seconds),
        f"Median of {count(now.cases)}; p95 {_short(now.p95_seconds)}",
        None if was is None else signed_duration(now.median_seconds - was),
        None if was is None else f"was {duration(was)}",
        link,
    )


def _short(seconds: float) -> str:
    """A duration as it stands beside others: "2 h 43"."""
    written = duration(seconds)
    return written.removesuffix(" min") if " h " in written else written


def _resolved(now: Figures, before: Figures) -> Figure:
    return Figure(
        "Resolved",
        count(now.resolved),
        f"{count(now.opened)} opened",
        signed(now.resolved - before.resolved),
        f"was {count(before.resolved)}",
    )


def _alone(now: Figures, before: Figures) -> Figure:
    if not now.resolved:
        return Figure("Solved by one person", "–", "none resolved in this period yet")
    comparable = min(now.resolved, before.resolved) >= FEWEST_FOR_PERCENT
    points = round(100 * now.solved_alone / now.resolved) - round(100 * before.solved_alone / before.resolved) if comparable else 0
    hops = f"{decimal(now.hops / now.opened, 2)} hops a case" if now.opened else f"{count(now.hops)} hops"
    return Figure(
        "Solved by one person",
        share(now.solved_alone, now.resolved),
        f"{count(now.solved_alone)} of {count(now.resolved)}; {hops}" if now.resolved >= FEWEST_FOR_PERCENT else hops,
        f"{signed(points)} pts" if comparable else None,
        f"was {share(before.solved_alone, before.resolved)}" if before.resolved else None,
    )
