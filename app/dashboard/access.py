"""What whoever looks may do: pages ask here before they draw what not everybody may see or do.

A page or a button that is not drawn is a courtesy: the store itself refuses what a role may not (`allears.domain.access`).
"""

from __future__ import annotations

from allears.domain.access import Right, who_may
from app.dashboard.render import draw
from app.dashboard.session import actor, may, me

__all__ = ["actor", "may", "me", "needs"]


def needs(right: Right) -> bool:
    """Whether whoever looks may do this; for those who may not, a line on the page says who may.

    As in `if needs(Right.CORRECT): draw_correcting(…)`.
    """
    if may(right):
        return True
    text = who_may(right) if me() else "Choose your name under “You are” in the side bar first."
    draw("who_may.html", text=text)
    return False
