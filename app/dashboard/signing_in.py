"""Who comes in: whoever is at this machine, whom an OpenID Connect provider knows, or whom the proxy before the dashboard names.

Everything that is told from here is the configuration's to decide: an address that is in no list of people opens nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import streamlit as st

from allears.domain.access import Acting, Roll
from allears.settings import Settings
from allears.settings.servers import PROXY_PROOF, DashboardSettings
from app.dashboard.components.going_on import go_on
from app.dashboard.render import draw
from app.dashboard.session import Session, begin


def admitted(settings: Settings) -> bool:
    """Whether somebody may come in, who then is whoever looks; where not, the page says why and what to do."""
    match settings.dashboard.sign_in:
        case "oidc":
            session = _of_provider(settings)
        case "proxy":
            session = _of_proxy(settings)
        case _:
            begin(None)
            return True
    if session is None:
        return False
    begin(session)
    return True


def sign_out_button() -> None:
    """Ends the session, here and at the provider."""
    if st.button("Sign out", key="sign_out"):
        st.logout()


def _of_provider(settings: Settings) -> Session | None:
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        _ask_to_sign_in(settings, "Sign in to see how customers fare.")
        return None
    until = signed_in_until(claims, settings.dashboard)
    email = verified_email(claims)
    who = settings.roll().at(email) if email else None
    if until <= datetime.now(UTC):
        _ask_to_sign_in(settings, "Your sign-in is over. Sign in again to go on.")
        return None
    if who is None:
        _draw_stranger(settings, email)
        sign_out_button()
        return None
    return Session(who, until, email)


def _of_proxy(settings: Settings) -> Session | None:
    headers = st.context.headers
    proofs, emails = headers.get_all(PROXY_PROOF), headers.get_all(settings.dashboard.proxy_header)
    if not is_proxy(proofs, settings.dashboard):
        draw("no_proxy.html", business=settings.business.name, header=PROXY_PROOF)
        return None
    email = emails[0] if len(emails) == 1 else None
    who: Acting | None = settings.roll().at(email) if email else None
    if who is None:
        _draw_stranger(settings, email)
        return None
    return Session(who, email=email)


def is_proxy(proofs: list[str], dashboard: DashboardSettings) -> bool:
    """Whether a request shows the proxy's secret, once."""
    secret = dashboard.proxy_secret.get_secret_value() if dashboard.proxy_secret else ""
    return len(proofs) == 1 and bool(secret) and secrets.compare_digest(proofs[0].encode("utf-8", "replace"), secret.encode())


def verified_email(claims: Mapping[str, object]) -> str | None:
    """The mail address a provider vouches for: one that it says is not verified is none."""
    email = claims.get("email")
    unverified = str(claims.get("email_verified", True)).casefold() == "false"
    return email if isinstance(email, str) and email and not unverified else None


def signed_in_until(claims: Mapping[str, object], dashboard: DashboardSettings) -> datetime:
    """When a sign-in ends: with its token, or as long after its beginning as `session` says. Long ago where the token says nothing."""
    session = dashboard.oidc.session if dashboard.oidc else None
    said = claims.get("exp" if session is None else "iat")
    at = datetime.fromtimestamp(said if isinstance(said, int | float) else 0, UTC)
    return at + (session or timedelta())


def _ask_to_sign_in(settings: Settings, lead: str) -> None:
    draw("sign_in.html", business=settings.business.name, lead=lead)
    go_on(asked=True)
    if st.button("Sign in", type="primary", key="sign_in"):
        st.login()


def _draw_stranger(settings: Settings, email: str | None) -> None:
    roll: Roll = settings.roll()
    draw("stranger.html", email=email, business=settings.business.name, ask=roll.admins, sign_out=settings.dashboard.proxy_sign_out)
