"""What is loaded once stays. Streamlit collects garbage after every page, and would look through all modules each time: 0.1 s."""

from __future__ import annotations

import gc


def stay() -> None:
    """Let garbage be looked for only among what is made from now on."""
    gc.collect()
    gc.freeze()
