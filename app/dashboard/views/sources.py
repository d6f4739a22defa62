"""Where messages come from: when each source was last asked, what it brought, and what to do where it fails."""

from __future__ import annotations

from dataclasses import dataclass

from allears.domain.sources import SourceHealth
from allears.settings import SourceSettings
from app.dashboard.components import exported
from app.dashboard.connection import Desk
from app.dashboard.formats import count
from app.dashboard.render import draw
from app.dashboard.steps import exporting
from app.dashboard.steps.examples import draw_examples


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A configured source and how it does; `health` is None until it was asked once."""

    settings: SourceSettings
    health: SourceHealth | None

    @property
    def failing(self) -> bool:
        """Whether its last fetch went wrong."""
        return self.health is not None and self.health.error is not None


def show(desk: Desk) -> None:
    """The page."""
    health: dict[str, SourceHealth] = {each.source: each for each in desk.store.source_health()}
    rows = [SourceRow(source, health.get(source.name)) for source in desk.sources]
    rows.sort(key=lambda row: (not row.failing, row.settings.name))
    with exporting.head():
        draw("head.html", kicker=f"{desk.business} · sources", title=headline(rows))
        exporting.offer(desk, "sources", lambda: exported.source_rows([(row.settings, row.health) for row in rows]))
    draw("sources.html", rows=rows, now=desk.clock.now(), zone=desk.timezone)
    draw_examples(desk)


def headline(rows: list[SourceRow]) -> str:
    """How many sources there are, and how many of them fail."""
    failing = sum(row.failing for row in rows)
    named = "One source" if len(rows) == 1 else f"{count(len(rows))} sources"
    if not failing:
        return f"{named} listening. None is failing."
    return f"{named} set up. {'1 is' if failing == 1 else f'{count(failing)} are'} failing."
