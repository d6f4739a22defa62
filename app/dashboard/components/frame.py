"""What stands around every page: the style, the logo, and under the navigation who looks and how it stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import streamlit as st

from allears.domain.ledger import total
from allears.domain.sources import SourceHealth
from allears.errors import AllEarsError
from app.dashboard import masking
from app.dashboard.components.going_on import go_on
from app.dashboard.connection import Desk
from app.dashboard.formats import age, count, days_before
from app.dashboard.reader import differs, local
from app.dashboard.render import draw
from app.dashboard.session import ME, session
from app.dashboard.signing_in import sign_out_button

_HERE = Path(__file__).parent.parent
LEDGER_DAYS = 28
REFRESH = timedelta(seconds=60)


def draw_frame() -> None:
    """Title, icon, logo and style; drawers lie outside the element that carries Streamlit's theme."""
    st.set_page_config(page_title="AllEars", page_icon=str(_HERE / "static" / "mark.svg"), layout="wide")
    st.logo(str(_HERE / "static" / "logo.svg"))
    st.html(_HERE / "templates" / "style.css")
    draw("theme.html", scheme="dark" if st.context.theme.type == "dark" else "light")


def draw_sidebar(desk: Desk) -> None:
    """Sources and ledger in short, and who is looking. What is drawn after it is masked where the desk says so."""
    masking.begin(desk.masked_but, by_role=desk.by_role)
    with st.sidebar:
        _standing(desk)
        _who_looks(desk)
        _zones(desk)


def _who_looks(desk: Desk) -> None:
    """Where nobody signs in, whoever looks says who they are."""
    if desk.by_role:
        draw("signed_in.html", acting=session().acting, sign_out=desk.dashboard.proxy_sign_out)
        if desk.dashboard.sign_in == "oidc":
            sign_out_button()
            go_on(asked=False)
    else:
        st.selectbox(
            "You are",
            [person.name for person in desk.directory],
            index=None,
            key=ME,
            bind="query-params",
            placeholder="Choose your name",
        )
        draw("you_are.html")


def _zones(desk: Desk) -> None:
    """Whose days and whose times the pages show, where the reader's clock is not the business's."""
    here = local(desk.timezone)
    if differs(here, desk.timezone, desk.clock.now()):
        draw("zones.html", business=desk.timezone.key, here=here.key)


@st.fragment(run_every=REFRESH)
def _standing(desk: Desk) -> None:
    if session().over:
        st.rerun()
    now = desk.clock.now()
    try:
        health = desk.store.source_health()
        rows = desk.store.ledger(days_before(now, desk.timezone, LEDGER_DAYS), desk.timezone.key)
    except AllEarsError:
        draw("standing.html", sources=None, heard="", failing=False, ledger=None, balanced=True)
        return
    failing = [each for each in health if each.error]
    draw(
        "standing.html",
        sources=_listening(len(desk.sources) - len(failing), len(failing)),
        heard=_last_heard(health, now),
        failing=bool(failing),
        ledger=count(total(rows)["received"]),
        balanced=all(row.balanced for row in rows),
    )


def _listening(well: int, failing: int) -> str:
    if failing:
        return f"{failing} of {well + failing} sources failing"
    return "1 source listening" if well == 1 else f"{well} sources listening"


def _last_heard(health: list[SourceHealth], now: datetime) -> str:
    last = max((each.last_item_at for each in health if each.last_item_at), default=None)
    return f"last message {age(last, now)} ago" if last else "no message yet"
