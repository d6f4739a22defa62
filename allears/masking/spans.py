"""Where personal data stands in a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class What(StrEnum):
    """Kinds of personal data, the surest first: where two finds have the same length, the first stands."""

    EMAIL = "email"
    CARD = "card"
    IBAN = "iban"
    PHONE = "phone"
    NUMBER = "number"
    ADDRESS = "address"
    NAME = "name"


SUREST_FIRST = list(What)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` up to `end` of a text, and what they are."""

    start: int
    end: int
    what: What

    @property
    def placeholder(self) -> str:
        """What stands in its place."""
        return f"[{self.what}]"


def apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in their order that do not overlap; of those that do, the longest stays."""
    ranked = sorted(spans, key=lambda span: (span.start - span.end, SUREST_FIRST.index(span.what), span.start))
    taken: set[int] = set()
    chosen: list[Span] = []
    for span in ranked:
        places = range(span.start, span.end)
        if span.start < span.end and taken.isdisjoint(places):
            taken.update(places)
            chosen.append(span)
    return sorted(chosen, key=lambda span: span.start)
