"""The colours of charts, by meaning: as variables of the page, which follow light and dark, and as fixed ones for files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """Paper, the band of what is usual or likely, hairlines, text of three strengths, and the two ends of sentiment."""

    paper: str
    band: str
    grid: str
    ink: str
    ink2: str
    ink3: str
    negative: str
    negative_fill: str
    positive_fill: str


PAGE = Palette(
    "var(--bg)",
    "var(--band)",
    "var(--line)",
    "var(--ink)",
    "var(--ink2)",
    "var(--ink3)",
    "var(--negative)",
    "var(--negative-fill)",
    "var(--positive-fill)",
)
LIGHT = Palette("#FFFFFF", "#E9ECF1", "#E3E6EB", "#12161F", "#454C5A", "#626A79", "#AF4A07", "#CF5B14", "#2B7FC3")
"""For files, which have no theme: the light colours of templates/style.css."""
