"""The weekly report: what a leader reads on paper."""

from __future__ import annotations

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
"""Inter, as the pages have it, in the form that printing needs."""
