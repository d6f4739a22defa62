"""Bringing whoever signed in to the page they had asked for: a provider sends everybody back to the first one."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_JS = Path(__file__).with_suffix(".js")


def go_on(*, asked: bool) -> None:
    """Keep the page that was asked for where somebody is asked to sign in; go there where they have."""
    follow = st.components.v2.component("going_on", js=_JS.read_text("utf-8"))
    with st.container(height=1, border=False, key="going-on"):
        follow(data={"asked": asked}, key="going_on")
