"""The dashboard's entry: `streamlit run` starts it, ALLEARS_CONFIG names the configuration."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.dashboard import connection
from app.dashboard.components import frame, states
from app.dashboard.connection import Desk
from app.dashboard.views import case, inbox, ledger, overview, people, sources


def page(show: Callable[[Desk], None]) -> Callable[[], None]:
    """A page that shows a view at the desk."""
    return lambda: show(connection.desk())


def main() -> None:
    """Frame, navigation and the page asked for."""
    frame.draw_frame()
    chosen = st.navigation(
        [
            st.Page(page(overview.show), title="Overview", icon=":material/monitoring:", default=True),
            st.Page(page(inbox.show), title="Inbox", icon=":material/inbox:", url_path="inbox"),
            st.Page(page(people.show), title="People", icon=":material/group:", url_path="people"),
            st.Page(page(ledger.show), title="Ledger", icon=":material/receipt_long:", url_path="ledger"),
            st.Page(page(sources.show), title="Sources", icon=":material/sensors:", url_path="sources"),
            st.Page(page(case.show), title="Case", url_path="case", visibility="hidden"),
        ]
    )
    with states.telling_troubles():
        frame.draw_sidebar(connection.desk())
        chosen.run()


main()
