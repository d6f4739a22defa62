"""Trying everything that the configuration names, by `allears check`, and what to do about what does not work."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

from app.dashboard.commands import CommandFailed, run
from app.dashboard.connection import Desk
from app.dashboard.render import draw

SECONDS = 120.0
_FOUND = "checks_found"


def draw_checks(desk: Desk, config: Path) -> None:
    """The button, and what the last check of this session found."""
    draw(
        "section.html",
        title="Whether it works",
        lead="Tries the configuration, every source, the mail server and the model, and changes nothing. It may take a minute.",
    )
    if st.button("Check everything", type="primary"):
        found = told(["check"], config, "Trying every source, the mail server and the model", SECONDS)
        st.session_state[_FOUND] = (found, desk.clock.now())
    if kept := st.session_state.get(_FOUND):
        found, at = kept
        if isinstance(found, str):
            draw("notice.html", text=found, refused=True)
        else:
            failing = [each for each in found if not each["works"]]
            draw("checks.html", findings=sorted(found, key=_order), failing=len(failing), at=at, now=desk.clock.now(), zone=desk.timezone)


def told(arguments: list[str], config: Path, doing: str, seconds: float) -> Any:
    """What a command answers while its progress is shown; a sentence where it failed."""
    progress = st.progress(0.0, text=doing)
    try:
        return run(arguments, config, seconds, lambda passed: progress.progress(passed / seconds, text=f"{doing}: {passed:.0f} s"))
    except CommandFailed as failed:
        return str(failed)
    finally:
        progress.empty()


def _order(finding: dict[str, Any]) -> tuple[bool, bool]:
    return finding["works"], not finding["note"]
