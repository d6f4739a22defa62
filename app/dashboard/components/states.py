"""What a page shows when it cannot show what was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from allears.errors import AllEarsError, ConfigurationError, NotAllowed
from app.dashboard.connection import open_anew
from app.dashboard.render import draw


@contextmanager
def telling_troubles() -> Iterator[None]:
    """Show a kind page in place of what could not be read or opened; the next try opens the desk anew.

    A fragment needs its own: what fails inside one never reaches the page around it.
    """
    try:
        yield
    except ConfigurationError as error:
        draw("trouble.html", title="The configuration needs a correction.", lines=str(error).splitlines(), kept=False)
    except NotAllowed as error:
        draw("trouble.html", title="This is not yours to see.", lines=[str(error)], kept=False)
    except AllEarsError as error:
        open_anew()
        draw("trouble.html", title="The store could not be read just now.", lines=[str(error)], kept=True)
        if st.button("Try now", type="primary"):
            st.rerun()
