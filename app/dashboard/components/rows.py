"""Keys and clicks over the rows of a list: which row is previewed, and which are selected."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

ROUND = "rows_round"
"""Session key: how often the selection was begun anew."""
_JS = Path(__file__).with_suffix(".js")
_NAME = "inbox_rows"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The row that is previewed, if any, and those selected, by their ids."""

    preview: str | None = None
    selected: tuple[str, ...] = ()


def follow_rows() -> Chosen:
    """Let keys and clicks act on the rows that this page lists (`.ae-rows`), and say what they chose so far."""
    now = st.session_state.get(ROUND, 0)
    before = st.session_state.get(_NAME) or {}
    follow = st.components.v2.component(_NAME, js=_JS.read_text("utf-8"))
    result = follow(
        data={"round": now, "preview": before.get("preview")},
        key=_NAME,
        on_preview_change=lambda: None,
        on_selected_change=lambda: None,
    )
    selected = result.get("selected") or {}
    ids = selected.get("ids", ()) if selected.get("round") == now else ()
    return Chosen(result.get("preview"), tuple(ids))


def select_none() -> None:
    """From here on no row is selected."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
