"""Markup: every piece of HTML is a template that escapes what it is given, drawn by `draw`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.dashboard import formats, masking
from app.dashboard.components.facts import attached_text, facts
from app.dashboard.components.hands import people_so_far
from app.dashboard.components.marks import title_and_text
from app.dashboard.session import ME, state

GLYPHS = {"negative": "▼", "mixed": "◆", "neutral": "●", "positive": "▲"}
OF_LIST = ("rows", "after", "open")
"""Query parameters that say how far a list was read: they belong to it as it was before a filter changed."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def draw(template: str, **context: object) -> None:
    """Put a template on the page; strings in `context` are shown as they are, never read as markup."""
    st.html(render(template, **context))


def render(template: str, **context: object) -> str:
    """A template's HTML."""
    return printable(_environment().get_template(template).render(context))


def href(page: str, **params: str | None) -> str:
    """The address of a page with its query, keeping who is looking. `page` is a url path; "" is the overview."""
    me = state().get(ME)
    query = urlencode({key: value for key, value in (*params.items(), (ME, me)) if value})
    return f"/{page}?{query}" if query else f"/{page}"


def here(**params: str | None) -> str:
    """The address of this page as it stands, with these parameters in place of its own; a list begins at its front again."""
    query = {key: value for key, value in st.query_params.items() if key not in OF_LIST} | params
    return "?" + urlencode({key: value for key, value in query.items() if value})


def printable(text: str) -> str:
    """The text with U+FFFD for what no page can carry, such as NUL, and for what would turn the words around it."""
    return _UNPRINTABLE.sub("\ufffd", text)


def excerpt(text: str, limit: int = 160) -> str:
    """The beginning of a text on one line, cut at a word."""
    line = " ".join(text[: limit * 4].split())
    if len(line) <= limit:
        return line
    return line[:limit].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        count=formats.count,
        decimal=formats.decimal,
        duration=formats.duration,
        day=formats.day,
        initials=formats.initials,
        excerpt=excerpt,
        masked=masking.words,
        who=masking.who,
        link=masking.link,
        message=masking.message,
        sentence=lambda text: text[:1].upper() + text[1:],
        within=lambda moment: moment.replace("Today", "today", 1),
    )
    environment.globals.update(
        href=href,
        here=here,
        glyphs=GLYPHS,
        age=formats.age,
        moment=formats.moment,
        moment_in=formats.moment_in,
        due=formats.due,
        dated=formats.dated,
        share=formats.share,
        marked=title_and_text,
        facts=facts,
        attached_text=attached_text,
        change=formats.change,
        people_so_far=people_so_far,
    )
    return environment
