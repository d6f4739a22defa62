"""The dashboard's entry: `streamlit run` starts it, ALLEARS_CONFIG names the configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import streamlit as st

from allears.domain.access import Right, who_may
from app.dashboard import connection
from app.dashboard.access import may
from app.dashboard.components import frame, states
from app.dashboard.connection import Desk
from app.dashboard.render import draw
from app.dashboard.signing_in import admitted
from app.dashboard.views import audit, case, customer, customers, inbox, ledger, overview, people, quality, settings, sources, trends


def page(show: Callable[[Desk], None], right: Right = Right.LOOK) -> Callable[[], None]:
    """A page that shows a view at the desk, to whoever has the right to see it; to others, who has."""

    def draw_it() -> None:
        desk = connection.desk()
        if may(right):
            show(desk)
        else:
            draw("not_yours.html", who_may=who_may(right), ask=desk.roll.admins)

    return draw_it


def visible(right: Right) -> Literal["visible", "hidden"]:
    """Whether the navigation names a page of whoever has this right."""
    return "visible" if may(right) else "hidden"


def main() -> None:
    """Frame, navigation and the page asked for."""
    frame.draw_frame()
    inside = False
    with states.telling_troubles():
        inside = admitted(connection.settings())
    chosen = st.navigation(
        [
            st.Page(page(overview.show), title="Overview", icon=":material/monitoring:", default=True),
            st.Page(page(inbox.show), title="Inbox", icon=":material/inbox:", url_path="inbox"),
            st.Page(page(trends.show), title="Trends", icon=":material/trending_up:", url_path="trends"),
            st.Page(page(people.show), title="People", icon=":material/group:", url_path="people"),
            st.Page(page(customers.show), title="Customers", icon=":material/contacts:", url_path="customers"),
            st.Page(page(ledger.show), title="Ledger", icon=":material/receipt_long:", url_path="ledger"),
            st.Page(page(sources.show), title="Sources", icon=":material/sensors:", url_path="sources"),
            st.Page(page(quality.show), title="Quality", icon=":material/fact_check:", url_path="quality"),
            st.Page(
                page(settings.show, Right.SETTINGS),
                title="Settings",
                icon=":material/settings:",
                url_path="settings",
                visibility=visible(Right.SETTINGS),
            ),
            st.Page(
                page(audit.show, Right.AUDIT),
                title="Audit log",
                icon=":material/visibility:",
                url_path="audit",
                visibility=visible(Right.AUDIT),
            ),
            st.Page(page(case.show), title="Case", url_path="case", visibility="hidden"),
            st.Page(page(customer.show), title="Customer", url_path="customer", visibility="hidden"),
        ],
        position="sidebar" if inside else "hidden",
    )
    if not inside:
        draw("outside.html")
        return
    with states.telling_troubles():
        frame.draw_sidebar(connection.desk())
        chosen.run()


main()
