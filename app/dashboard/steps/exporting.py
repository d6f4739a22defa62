"""One small menu on every view that saves what the view shows, whole, with its filters and masked as it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from allears.domain.access import Right
from allears.domain.audit import AuditEntry, Deed
from app.dashboard import masking, session
from app.dashboard.connection import Desk
from app.dashboard.formats import count
from app.dashboard.reader import read_by, reader
from app.dashboard.render import draw
from app.dashboard.saving import MOST_ROWS, Chart, Rows, picture, table_file

MIME = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class File:
    """Something to save: what its button says, how its name ends, and what makes it, once somebody asks."""

    label: str
    ending: str
    make: Callable[[], bytes]
    name: str | None = None


def head() -> DeltaGenerator:
    """The head of a page, with its menu at the right."""
    return st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom", key="head")


def offer(
    desk: Desk,
    name: str,
    rows: Rows | Mapping[str, Rows],
    chart: Chart | None = None,
    *,
    total: int | None = None,
    beside: Sequence[File] = (),
) -> None:
    """The menu: tables as CSV and Parquet, a chart as SVG and PNG, and what else is `beside` them.

    `name` begins each file's name: the view, and its period or filters. `rows` are mappings of column to value, or a callable that
    gives them when a button is pressed; several tables are a mapping of their headings to their rows. Customers' words and names in
    them pass `masking` as in templates. `chart` gives a chart of Altair's; `total` is how many rows there are, where `rows` does not say.
    """
    tables = rows if isinstance(rows, Mapping) else {"": rows}
    with st.popover("Export", icon=":material/download:", key=f"export-{_slug(name)}"), st.container(key=f"saves-{_slug(name)}"):
        draw("exporting.html", cut=count(MOST_ROWS) if _is_cut(tables, total) else None)
        for heading, table in tables.items():
            _buttons(desk, f"{name} {heading}", heading or "Rows", [_table(table, ending) for ending in ("csv", "parquet")])
        if chart:
            pictures = [File(ending.upper(), ending, partial(picture, chart, ending)) for ending in ("svg", "png")]
            _buttons(desk, f"{name} chart", "Chart", pictures)
        if beside:
            _buttons(desk, name, "", beside)


def _buttons(desk: Desk, name: str, heading: str, files: Sequence[File]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        if heading:
            draw("export_of.html", heading=heading)
        for file in files:
            saved_as = f"{file.name or _file_name(desk, name)}.{file.ending}"
            st.download_button(
                file.label,
                _as_now(desk, file.make, saved_as),
                saved_as,
                MIME[file.ending],
                key=f"save-{_slug(saved_as)}",
                on_click="ignore",
                type="tertiary",
            )


def _table(rows: Rows, ending: str) -> File:
    return File({"csv": "CSV", "parquet": "Parquet"}[ending], ending, partial(table_file, rows, ending))


def _as_now(desk: Desk, make: Callable[[], bytes], saved_as: str) -> Callable[[], bytes]:
    """Makes the file in a thread that knows no page as if it were on this one; what personal data it holds goes into the audit log.

    Whoever may not see personal data at large takes none out, not even of their own cases.
    """
    with read_by(reader()), session.known_as(masking.snapshot(by_role=session.may(Right.UNMASK))):
        context = copy_context()

    def made() -> bytes:
        with masking.noting() as noted:
            file = make()
        if noted:
            desk.store.record_audit(AuditEntry(desk.clock.now(), session.actor() or "", Deed.SAVED, saved_as))
        return file

    return lambda: context.copy().run(made)


def _is_cut(tables: Mapping[str, Rows], total: int | None) -> bool:
    known = [len(table) for table in tables.values() if isinstance(table, Sequence)]
    return max(*known, total or 0, 0) > MOST_ROWS


def _file_name(desk: Desk, name: str) -> str:
    return f"allears-{_slug(name)}-{desk.clock.now().astimezone(desk.timezone):%Y-%m-%d}"


def _slug(name: str) -> str:
    """A name as a file's: what is no letter and no digit becomes one hyphen."""
    return re.sub(r"[\W_]+", "-", name).strip("-").lower()[:120]
