"""Puts a chart on the page. Altair is imported when the first chart is made: a dashboard that nobody looks at does without its 120 MB."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    import altair as alt


def draw(make: Callable[[], alt.LayerChart], key: str) -> None:
    """The chart at the width that there is. Its colours are the page's own; whoever makes it imports its module then and not before."""
    st.altair_chart(make(), theme=None, width="stretch", key=key)
