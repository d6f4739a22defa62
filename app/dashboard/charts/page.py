"""Puts a chart on the page. Altair is imported when the first chart is made: a dashboard that nobody looks at does without its 120 MB."""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import altair as alt

_LOADING = threading.Lock()


def draw(make: Callable[[], alt.LayerChart], key: str) -> None:
    """The chart at the width that there is. Its colours are the page's own; whoever makes it imports its module then and not before."""
    load()
    st.altair_chart(make(), theme=None, width="stretch", key=key)


def load() -> None:
    """Import what charts need, one session after the other: people who open the first pages at once would find half of pandas."""
    with _LOADING:
        for name in ("pandas", "altair"):
            import_module(name)
