"""A body's lines as its writer's program meant them, where it ran them together or marked them oddly."""

# ruff: noqa: RUF001 - colons of other scripts are meant

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.email.phrases import FORWARDED_MESSAGE, HEADER_LABELS

_BLANKS = re.compile(r"\n{4,}")
_QUOTED = re.compile(r"^\s{0,3}>\s?(.*)$")
_RUNS_ON = re.compile(r"^(\s{0,8}\S.{10,200}<[^<>\s]+@[^<>\s]+>[^<>]{0,40}[:：])\s{2,}(?=\S)")
_GLUED_FORWARD = re.compile(r"^\s{0,8}-{5} .{5,40} -{5}(?=\S)")
_GLUED_LABEL = re.compile(
    rf"(?<=\S)(?=(?:{'|'.join(sorted((re.escape(label.capitalize()) for label in HEADER_LABELS), key=len, reverse=True))})\s?:)"
)
_LONGEST_GLUED = 2_000


def lines_of(body: str) -> list[str]:
    """Lines of a readable body."""
    lines = [part for line in _BLANKS.sub("\n\n\n", body).split("\n") for part in _apart(line)]
    start = _quoted_forward(lines)
    return lines if start is None else lines[:start] + unquoted(lines[start:])


def unquoted(lines: list[str]) -> list[str]:
    """Lines without one level of quoting."""
    return [match[1] if (match := _QUOTED.match(line)) else line for line in lines]


def is_quote(line: str) -> bool:
    """Whether a line is marked as somebody else's."""
    return _QUOTED.match(line) is not None


def _apart(line: str) -> Iterator[str]:
    """Yahoo writes an attribution and what it quotes in one line, and the headers of a forwarded mail without line ends."""
    if len(line) > _LONGEST_GLUED:
        yield line
    elif "-----" in line and (separator := _GLUED_FORWARD.match(line)):
        yield separator[0]
        yield from _GLUED_LABEL.split(line[separator.end() :])
    elif "@" in line and (attribution := _RUNS_ON.match(line)):
        yield attribution[1]
        yield line[attribution.end() :]
    else:
        yield line


def _quoted_forward(lines: list[str]) -> int | None:
    """Where a forwarded mail starts that is marked as a quote throughout, as Apple's programs write it."""
    above = ""
    for at, line in enumerate(lines[:_LONGEST_GLUED]):
        if (match := _QUOTED.match(line)) and not is_quote(above) and not above.endswith(":") and FORWARDED_MESSAGE.match(match[1].strip()):
            return at
        above = line.strip() or above
    return None
