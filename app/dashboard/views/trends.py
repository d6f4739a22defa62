"""How what customers write changes: how much of it, of which kind, by what tells it apart, against another period."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from allears.domain.trends import Changes, Split
from allears.errors import AllEarsError
from app.dashboard.charts import page as charts
from app.dashboard.charts.palette import PAGE, Palette
from app.dashboard.components.states import telling_troubles
from app.dashboard.connection import Desk
from app.dashboard.figures import verdict
from app.dashboard.figures.changes import Marker, change_days
from app.dashboard.figures.trend_filters import Asked, asked, period_control
from app.dashboard.figures.trend_menu import offer_trends
from app.dashboard.figures.trend_rows import lines_of, small_trends, table_rows
from app.dashboard.figures.trending import Trend, movers, together, trends_of, with_others
from app.dashboard.render import draw, href

if TYPE_CHECKING:
    import altair as alt

MOST_ROWS = 50
ONLY_CASES = " Only messages of cases count here: others have no owner and no tag."


def show(desk: Desk) -> None:
    """The page; all it is asked for stands in the address."""
    now = desk.clock.now()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head"):
        head = st.empty()
        chosen = period_control()
        menu = st.container(width="content")
    question = asked(desk, now, chosen)
    narrowed = "".join(f" · {name} {value}" for name, value in question.only.given.items())
    kicker = f"{desk.business} · {question.period.name}, against {question.compared.name}{narrowed}"
    with head.container():
        draw("head.html", kicker=kicker, title=f"Reading {question.period.name}")
    with telling_troubles():
        try:
            with st.skeleton(290), st.skeleton(330):
                trends, total = _read(desk, question)
                changes = desk.store.what_changed(question.compared.bounds[0], question.period.until)
        except AllEarsError:
            head.empty()
            raise
        ranked = movers(trends, question.figure)
        with head.container():
            draw("head.html", kicker=kicker, title=verdict.trend(question.figure, total, ranked, question.period, question.split))
        if not total.total.messages and not total.total_before.messages:
            draw("no_trend.html", period=question.period.within, filtered=bool(question.only.given), clear=href("trends", period=chosen))
            return
        with menu:
            offer_trends(desk, question, ranked, lambda palette: _large(question, total, _markers(desk, question, changes), palette))
        _draw(desk, question, ranked, total, changes)


def _read(desk: Desk, question: Asked) -> tuple[list[Trend], Trend]:
    """Each key's trend, and that of all together. One customer may have several tags, so these are not added up."""
    steps = len(question.period.starts)

    def split_by(split: Split) -> list[Trend]:
        now, before = (desk.store.trends(split, each.bounds, question.only) for each in (question.period, question.compared))
        return trends_of(now, before, steps)

    trends = split_by(question.split)
    return trends, together(split_by(Split.OWNER) if question.split is Split.TAG else trends, steps)


def _draw(desk: Desk, question: Asked, ranked: list[Trend], total: Trend, changes: Changes) -> None:
    markers = _markers(desk, question, changes)
    lead = verdict.highest(question.figure, total, question.period, question.compared.name)
    title = f"{question.figure.name} a {question.period.step}"
    draw("section.html", title=title, lead=f"{lead}{ONLY_CASES if question.of_cases else ''}")
    charts.draw(lambda: _large(question, total, markers), "trend")
    days = change_days(changes, desk.timezone)
    if days:
        draw("changes.html", days=days, year=question.period.last.year)
    _small_ones(question, ranked, markers)
    rows = table_rows(question, ranked[:MOST_ROWS])
    draw("trend_table.html", rows=rows, figure=question.figure, split=question.split, more=max(0, len(ranked) - MOST_ROWS))


def _markers(desk: Desk, question: Asked, changes: Changes) -> list[Marker]:
    """The changes within the period; those in the one it is compared with are told in words only."""
    return [each.marker for each in change_days(changes, desk.timezone) if each.day >= question.period.first]


def _large(question: Asked, total: Trend, markers: list[Marker], palette: Palette = PAGE) -> alt.LayerChart:
    """The figure over time, large."""
    from app.dashboard.charts.trend import trend_chart  # noqa: PLC0415 - see charts.page

    figure, period = question.figure, question.period
    finding = f"{figure.name} a {period.step}. {verdict.trend(figure, total, [], period, question.split)}"
    lines = lines_of(question, total, question.only)
    return trend_chart(period, lines, finding, markers, share=figure.share, compared=question.compared.name, palette=palette)


def _small_ones(question: Asked, ranked: list[Trend], markers: list[Marker]) -> None:
    """A small chart for each key that has any, on a common scale."""
    from app.dashboard.charts.trend import small_chart  # noqa: PLC0415 - see charts.page

    figure = question.figure
    seen = [each for each in ranked if figure.count(each.total) or figure.count(each.total_before)]
    kept, others = with_others(seen, len(question.period.starts))
    small = small_trends(question, kept, others)
    if len(small) < 2:  # noqa: PLR2004 - one alone is the chart above
        return
    draw("trend_split.html", split=question.split, others=others)
    most = max(each.lines.most for each in small)
    with st.container(key="multiples"):
        for number, each in enumerate(small):
            with st.container(key=f"multiple-{number}"):
                draw("trend_small.html", trend=each)
                finding = f"{each.name}: {each.figure}, {each.change}"
                charts.draw(
                    partial(small_chart, question.period, each.lines, finding, markers, most, share=figure.share), f"small-{number}"
                )
