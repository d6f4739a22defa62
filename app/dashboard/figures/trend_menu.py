"""What the Trends' menu offers: each key with its former figure, each of its steps in both periods, and the large chart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from app.dashboard.connection import Desk
from app.dashboard.figures.trend_filters import Asked
from app.dashboard.figures.trending import Trend, key_name
from app.dashboard.saving import Chart, Row, Rows
from app.dashboard.steps import exporting


def offer_trends(desk: Desk, question: Asked, trends: Sequence[Trend], chart: Chart) -> None:
    """The menu."""
    tables: dict[str, Rows] = {
        f"By {question.split}": lambda: _keys(question, trends),
        "Step by step": lambda: trend_rows(question, trends),
    }
    filters = " ".join(str(each) for each in question.only.given.values())
    exporting.offer(desk, f"trends {question.period.name} {question.split} {filters}", tables, chart)


def trend_rows(question: Asked, trends: Sequence[Trend]) -> list[Row]:
    """Each key's counts, step by step, in the period and in the one it is compared with."""
    return [
        {
            question.split.value: key_name(question.split, trend.key),
            "period": shown.name,
            **dict(zip(("from", "to"), shown.days_of(number), strict=True)),
            **asdict(counts),
        }
        for trend in trends
        for shown, steps in ((question.period, trend.steps), (question.compared, trend.before))
        for number, counts in enumerate(steps)
    ]


def _keys(question: Asked, trends: Sequence[Trend]) -> Iterator[Row]:
    for each in trends:
        before = {f"{name}_before": number for name, number in asdict(each.total_before).items()}
        yield {question.split.value: key_name(question.split, each.key), **asdict(each.total), **before}
