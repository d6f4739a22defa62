"""Draws a chart: `python -m app.dashboard.drawing svg|png` reads its Vega-Lite specification and writes the picture."""

from __future__ import annotations

import json
import sys
from typing import Any

import vl_convert

from app.reporting import FONTS

SCALE = 2
"""A picture's pixels for each one of the page."""
WIDTH = 960
"""Of a picture of a chart that is as wide as its page."""
TITLE = {"anchor": "start", "font": "Inter, sans-serif", "fontSize": 15, "fontWeight": 600, "offset": 14, "limit": WIDTH}


def drawn(spec: dict[str, Any], ending: str) -> bytes:
    """A chart as SVG or PNG: on white, what it shows as its title, nothing in it to follow, and no network asked for anything."""
    vl_convert.register_font_directory(str(FONTS))
    printed = {**_unlinked(spec), "background": "white", "padding": 16}
    if spec.get("width") == "container":
        printed["width"] = WIDTH
    if spec.get("description"):
        printed["title"] = {"text": spec["description"], **TITLE}
    if ending == "svg":
        return vl_convert.vegalite_to_svg(printed, allowed_base_urls=[]).encode()
    return vl_convert.vegalite_to_png(printed, scale=SCALE, allowed_base_urls=[])


def _unlinked(part: Any) -> Any:
    """The specification without the addresses that its marks lead to on the page."""
    if isinstance(part, dict):
        return {key: _unlinked(value) for key, value in part.items() if key != "href"}
    return [_unlinked(each) for each in part] if isinstance(part, list) else part


if __name__ == "__main__":
    sys.stdout.buffer.write(drawn(json.load(sys.stdin), sys.argv[1]))
