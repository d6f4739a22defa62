"""Puts a chart on the page. Altair is imported when the first chart is made: a dashboard that nobody looks at does without its 120 MB."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import streamlit as st

from app.dashboard.staying import stay

if TYPE_CHECKING:
    import altair as alt

_LOADING = threading.Lock()


def draw(make: Callable[[], alt.LayerChart], key: str) -> None:
    """The chart at the width that there is. Its colours are the page's own; whoever makes it imports its module then and not before."""
    load()
    spec = make().to_dict(validate=False)
    st.vega_lite_chart(spec=spec, theme=None, width="stretch", key=key)


def load() -> None:
    """Import what charts need, one session after the other: people who open the first pages at once would find half of pandas.

    Held against Vega-Lite's schema charts take four times as long to make: tests do that. Their rows stay within them: Streamlit would
    make a data frame of each.
    """
    with _LOADING:
        _loaded()


@cache
def _loaded() -> None:
    import_module("pandas")
    altair = import_module("altair")
    altair.utils.schemapi.disable_debug_mode()
    altair.data_transformers.consolidate_datasets = False
    stay()
