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
            name = header[2]
            if header[1]:
                counts[name] = counts.get(name, -1) + 1
                section = (*name.split("."), counts[name])
            else:
                section = tuple(name.split("."))
            candidate = section
        elif key:
            candidate = (*section, key[1])
        else:
            continue
        if candidate == where[: len(candidate)] and len(candidate) > best_depth:
            best, best_depth = number, len(candidate)
    return best
