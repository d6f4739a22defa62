"""Where the sentences of a text stand."""

from __future__ import annotations

import re
from collections.abc import Sequence

# An end mark that a space follows, a line's end, or an emoji before a new word; "3.50", "z. B." and "Dr." end nothing.
_END = re.compile(r"(?:(?:(?<!\b\w)(?<!\b(?:Dr|Mr|Ms|Nr|Sr|ca))\.|[!?…。])[.!?…。]*[\"'»”)]*(?=\s|$)|\n+)")


_FEWEST_WORDS = 3


def telling(text: str, stands: Sequence[tuple[int, int]]) -> list[int]:
    """Which of a text's sentences have some words, if any has: of a salutation the model says anything."""
    return [index for index, stand in enumerate(stands) if len(text[slice(*stand)].split()) >= _FEWEST_WORDS] or list(range(len(stands)))


def sentences(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence that holds more than marks, in order; they touch no whitespace at their ends."""
    found: list[tuple[int, int]] = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        part = text[start:end]
        if any(map(str.isalnum, part)) or (part.strip() and not found):
            lead = len(part) - len(part.lstrip())
            found.append((start + lead, start + len(part.rstrip())))
        elif part.strip() and found:  # marks or an emoji alone belong to what went before
            found[-1] = (found[-1][0], start + len(part.rstrip()))
        start = end
    return found
