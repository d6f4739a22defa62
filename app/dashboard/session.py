"""Who is looking: a session that signed in, or where nobody signs in, the name chosen in the side bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from allears.clock import SystemClock
from allears.domain.access import Acting, Right, Role
from allears.errors import NotAllowed

ME = "me"
"""Query parameter and widget key of the name chosen where nobody signs in."""
_SESSION = "session"
KEYS = (_SESSION, ME)
"""Session keys that say who looks."""
_STATE: ContextVar[Mapping[str, Any] | None] = ContextVar("state", default=None)


@dataclass(frozen=True, slots=True)
class Session:
    """Who has signed in, until when if that ends, and by which mail address."""

    acting: Acting
    until: datetime | None = None
    email: str | None = None

    @property
    def over(self) -> bool:
        """Whether they have to sign in again."""
        return self.until is not None and SystemClock().now() >= self.until

    def name(self) -> str | None:
        """Under whose name the store is asked; None where nobody has chosen one. Raises NotAllowed once the session is over."""
        if self.over:
            raise NotAllowed("Your sign-in is over. Load the page anew to sign in again.")
        return self.acting.name or None


def state() -> Mapping[str, Any]:
    """What is known of this session; of the one that asked, where there is no page: in a file that is being saved."""
    known = _STATE.get()
    return st.session_state if known is None else known  # type: ignore[return-value]  # Streamlit's is a mapping of its own


@contextmanager
def known_as(known: Mapping[str, Any]) -> Iterator[None]:
    """Within, this is what is known of the session."""
    token = _STATE.set(known)
    try:
        yield
    finally:
        _STATE.reset(token)


def begin(session: Session | None) -> None:
    """From here on this is who looks; None where nobody signs in, and the side bar says it."""
    if session is None:
        st.session_state.pop(_SESSION, None)
    else:
        st.session_state[_SESSION] = session


def session() -> Session:
    """Who looks; where nobody signs in, an admin under the name that was chosen, or none yet."""
    signed_in: Session | None = state().get(_SESSION)
    return signed_in or Session(Acting(state().get(ME) or "", Role.ADMIN))


def me() -> Acting | None:
    """Who acts; None as long as somebody at this machine has not chosen a name."""
    acting = session().acting
    return acting if acting.name else None


def actor() -> str | None:
    """The name under which a step is recorded; None as long as none is chosen."""
    acting = me()
    return acting.name if acting else None


def may(right: Right) -> bool:
    """Whether whoever looks may do this, and has the name it needs."""
    return session().acting.may(right)
