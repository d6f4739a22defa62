"""Where in a TOML text a key stands: tomllib reads values but forgets their lines."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[(\[)?\s*([\w.-]+)\s*\]")


def line_of(text: str, where: tuple[str | int, ...]) -> int:
    """Line (from 1) of the key at `where`, such as ("source", 1, "url"); its table's line if the key is not there.

    Understands tables, arrays of tables and plain keys, which is how configurations are written.
    """
    counts: dict[str, int] = {}
    section: tuple[str | int, ...] = ()
    best, best_depth = 1, 0
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
        if header:
            candidate = section = _section(header[2], bool(header[1]), counts)
        elif key:
            candidate = (*section, key[1])
        else:
            continue
        if candidate == where[: len(candidate)] and len(candidate) > best_depth:
            best, best_depth = number, len(candidate)
    return best


def _section(name: str, is_array: bool, counts: dict[str, int]) -> tuple[str | int, ...]:
    """Where the table under a header stands; `counts` holds the index of the latest table of every array."""
    if is_array:
        counts[name] = counts.get(name, -1) + 1
        for inner in [each for each in counts if each.startswith(f"{name}.")]:
            del counts[inner]
    section: tuple[str | int, ...] = ()
    parts = name.split(".")
    for depth, part in enumerate(parts, start=1):
        dotted = ".".join(parts[:depth])
        section += (part, counts[dotted]) if dotted in counts else (part,)
    return section
