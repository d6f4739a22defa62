"""Sets a report on paper: a tagged PDF."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typst

from app.dashboard.reader import reader
from app.dashboard.render import printable
from app.reporting import FONTS
from app.reporting.content import Report

TEMPLATE = Path(__file__).with_name("weekly.typ")
_LETTER = frozenset({"US", "CA"})
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_UNBROKEN = re.compile(r"(\S{28})(?=\w)")
"""Where a word that is too long for its column may be broken."""


def pdf(report: Report) -> bytes:
    """The report as a PDF, on A4, or on Letter for a reader where that is used."""
    made: bytes = typst.compile(TEMPLATE, format="pdf", **given(report))
    return made


def given(report: Report) -> dict[str, Any]:
    """What the template is set with: the report as data, its paper, and the fonts."""
    paper = "us-letter" if reader().region.territory in _LETTER else "a4"
    words = json.dumps({**_fit(asdict(report)), "paper": paper})
    return {"font_paths": [FONTS], "sys_inputs": {"report": words}}


def _fit(value: Any, key: str = "") -> Any:
    """What can be printed: no control characters, words that can be broken, and languages that are some."""
    if isinstance(value, str):
        if key == "language":
            return value if _LANGUAGE.fullmatch(value) and value != "und" else ""
        return _UNBROKEN.sub("\\1\u200b", printable(value))
    if isinstance(value, Mapping):
        return {name: _fit(each, name) for name, each in value.items()}
    return [_fit(each) for each in value] if isinstance(value, (list, tuple)) else value
