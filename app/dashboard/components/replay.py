"""What other rules would have done with the messages of the last weeks, by `allears replay-routing`: before any change is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from app.dashboard.components.checks import told
from app.dashboard.render import draw

SECONDS = 600.0
DAYS = {"7 days": 7, "28 days": 28, "90 days": 90}
USUAL = "28 days"
STEP = 50
_FOUND, _SHOWN = "replay_found", "replay_shown"


def draw_replay(config: Path) -> None:
    """The choice of rules and days, and what the last try of this session found."""
    draw(
        "section.html",
        title="What other rules would change",
        lead="Copy the configuration to another .toml file beside it, change that, and choose it here. Nothing is written or sent.",
    )
    others = other_files(config)
    if not others:
        draw("replay_none.html", name=config.name, folder=str(config.parent))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="replay"):
        rules = st.selectbox("Rules", others, key="rules", bind="query-params", width=260)
        days = st.segmented_control("Messages of the last", list(DAYS), default=USUAL, required=True, key="days", bind="query-params")
        pressed = st.button("Try these rules", type="primary")
    if pressed and rules in others:
        arguments = ["replay-routing", "--rules", str(config.with_name(rules)), "--days", str(DAYS[days or USUAL])]
        found = told(arguments, config, "Routing the messages again, by both sets of rules", SECONDS)
        st.session_state[_FOUND] = (found, rules, days or USUAL)
        st.session_state[_SHOWN] = STEP
    if kept := st.session_state.get(_FOUND):
        _show(*kept)


def other_files(config: Path) -> list[str]:
    """Configurations beside the one in force, by name: no other file can be tried."""
    return sorted(path.name for path in config.parent.glob("*.toml") if path.is_file() and path.name != config.name)


def _show(found: dict[str, Any] | str, rules: str, days: str) -> None:
    if isinstance(found, str):
        draw("notice.html", text=found, refused=True)
        return
    shown = st.session_state[_SHOWN]
    draw("replay.html", found=found, changes=found["changes"][:shown], rules=rules, days=days)
    if len(found["changes"]) > shown:
        st.button("Show more", on_click=lambda: st.session_state.update({_SHOWN: shown + STEP}))
