"""Showing what is masked, to whom their role allows it: written to the audit log first, and not shown if that cannot be."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from allears.domain.access import Right, who_may
from allears.domain.audit import AuditEntry, Deed
from allears.errors import AllEarsError
from app.dashboard import masking
from app.dashboard.access import actor, may
from app.dashboard.connection import Desk
from app.dashboard.render import draw

_REFUSED = "showing_refused"


def draw_showing(desk: Desk, subject: str, owners: Iterable[str] = ()) -> None:
    """The button to see this subject whole; a line instead for those who may not, nothing where all is seen or nobody signs in."""
    if masking.sees(subject, owners) or not desk.by_role:
        return
    if refused := st.session_state.pop(_REFUSED, None):
        draw("notice.html", text=refused, refused=True)
    if not may(Right.UNMASK):
        draw("who_may.html", text=f"Personal data is masked here. {who_may(Right.UNMASK)}")
    else:
        st.button("Show personal data", key=f"show-{subject}", icon=":material/visibility:", on_click=_show, args=(desk, subject))


def _show(desk: Desk, subject: str) -> None:
    """A callback: it runs before the page is read anew."""
    try:
        desk.store.record_audit(AuditEntry(desk.clock.now(), actor() or "", Deed.SHOWED, subject))
    except AllEarsError as error:
        st.session_state[_REFUSED] = f"Nothing is shown, since the audit log could not be written. {error}"
    else:
        masking.show(subject)
