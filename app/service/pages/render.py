"""Templates to responses: escaped, never cached, and closed to everything from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from fastapi.responses import FileResponse, HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_PAGES = Path(__file__).parent
_FONTS = _PAGES.parents[1] / "dashboard" / "static"

ASSETS: Mapping[str, tuple[Path, str]] = {
    "form.css": (_PAGES / "form.css", "text/css; charset=utf-8"),
    "inter-latin.woff2": (_FONTS / "inter-latin.woff2", "font/woff2"),
    "inter-latin-ext.woff2": (_FONTS / "inter-latin-ext.woff2", "font/woff2"),
}
"""Files a page may ask for, by the name in its address."""

_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_templates = Environment(
    loader=FileSystemLoader(_PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
)


def page(
    template: str, context: Mapping[str, object], status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """One page with the headers that every page has."""
    return HTMLResponse(_templates.get_template(template).render(context), status, {**_HEADERS, **(headers or {})})


def asset(name: str) -> Response:
    """A stylesheet or a font; 404 for anything else."""
    if name not in ASSETS:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    path, media_type = ASSETS[name]
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"})
