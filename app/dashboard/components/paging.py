"""How many rows of a list are shown: the address says how far one has read."""

from __future__ import annotations

import streamlit as st

ROWS, MOST_ROWS = 50, 500
"""Rows that are shown at first, and with each further click; and at the most."""


def rows_asked() -> int:
    """Rows that the address asks for; as at first where it asks for what is never shown."""
    asked = st.query_params.get("rows", "")
    return next((number for number in range(ROWS, MOST_ROWS + 1, ROWS) if str(number) == asked), ROWS)


def show_rows(wanted: int) -> None:
    """A callback: from now on at least so many, if that is not too many."""
    st.query_params["rows"] = str(min(-(-wanted // ROWS) * ROWS, MOST_ROWS))
