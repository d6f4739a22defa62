"""What the Overview's menu offers: its tables, its chart, and the weekly report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allears.domain.overview import Overview
from app.dashboard.charts.palette import Palette
from app.dashboard.components import exported
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.figures.changes import change_days
from app.dashboard.figures.complaints import Complaints
from app.dashboard.formats import days_before
from app.dashboard.saving import Rows
from app.dashboard.steps import exporting
from app.reporting.weeks import last_finished

if TYPE_CHECKING:
    import altair as alt


def offer_overview(desk: Desk, overview: Overview, complaints: Complaints) -> None:
    """The menu."""
    days = complaints.days
    first = days_before(overview.now, desk.timezone, overview.days)

    def chart(palette: Palette) -> alt.LayerChart:
        from app.dashboard.charts.daily import daily_chart  # noqa: PLC0415 - Altair is for whoever asks for a picture

        markers = [each.marker for each in change_days(complaints.changes, desk.timezone)]
        return daily_chart(days, verdict.unusual(days, overview.days), markers, lambda _: "", palette)

    tables: dict[str, Rows] = {
        "Complaints a day": lambda: exported.day_rows(days),
        "Topics": lambda: exported.topic_rows(overview.topics),
        "Channels a day": lambda: exported.channel_day_rows(overview.daily, first),
        "Owners": lambda: exported.owner_rows(overview.owners),
    }
    exporting.offer(desk, f"overview {overview.days} days", tables, chart, beside=[weekly_report_file(desk)])


def weekly_report_file(desk: Desk) -> exporting.File:
    """The report of the week that ended last, made when its button is pressed."""
    now = desk.clock.now()
    week = last_finished(now.astimezone(desk.timezone).date())

    def make() -> bytes:
        from app.reporting.building import weekly_report  # noqa: PLC0415 - printing is for whoever asks for it
        from app.reporting.printing import pdf  # noqa: PLC0415 - as above

        return pdf(weekly_report(desk.store, week, now, desk.timezone, desk.business))

    return exporting.File("Weekly report (PDF)", "pdf", make, f"allears-report-{week.name}")
