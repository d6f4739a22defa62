"""What the Quality page's menu offers: what people judged, how the weeks were read, and by which models."""

from __future__ import annotations

from dataclasses import asdict

from allears.domain.quality import ModelVersion, Quality, WeekRead
from app.dashboard.connection import Desk
from app.dashboard.saving import Row, Rows
from app.dashboard.steps import exporting


def offer_quality(desk: Desk, quality: Quality) -> None:
    """The menu."""
    tables: dict[str, Rows] = {
        "Judged by people": lambda: [asdict(each) for each in quality.judged],
        "Weeks": lambda: [_week(each) for each in quality.weeks],
        "Models": lambda: [_version(each) for each in quality.versions],
    }
    exporting.offer(desk, "quality", tables)


def _week(week: WeekRead) -> Row:
    sentiments = {f"sentiment_{name}": number for name, number in week.sentiments.items()}
    kinds = {f"kind_{name}": number for name, number in week.kinds.items()}
    counted = {"messages": week.messages, "unsure": week.unsure, "unreadable": week.unreadable, "confidence": week.confidence}
    return {"week": week.week, **counted, **sentiments, **kinds}


def _version(version: ModelVersion) -> Row:
    return asdict(version)
