"""A message's words in pieces, so that what carries its sentiment can be marked where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from allears.domain.feedback import Evidence
from allears.domain.records import StoredItem


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a message: its words, and the side they carry ("negative", "positive", or "" for none), as a word or as a sentence."""

    words: str
    side: str = ""
    sentence: bool = False


def title_and_text(stored: StoredItem) -> tuple[list[Piece], list[Piece]]:
    """The pieces of a message's title and of its text; one plain piece each where nothing is marked, or a person knew better."""
    item = stored.item
    evidence = stored.understanding.prediction.evidence if stored.understanding and not _corrected(stored) else ()
    before = item.text_begins
    return pieces(item.title or "", evidence if before else (), 0), pieces(item.text, evidence, before)


def pieces(text: str, evidence: Sequence[Evidence], offset: int) -> list[Piece]:
    """Cut a text that begins at character `offset` of what the model read; a word's mark goes before its sentence's."""
    cuts = sorted({0, len(text), *(min(max(at - offset, 0), len(text)) for each in evidence for at in (each.start, each.end))})
    return [_piece(text[start:end], start + offset, end + offset, evidence) for start, end in pairwise(cuts)]


def _piece(words: str, start: int, end: int, evidence: Sequence[Evidence]) -> Piece:
    over = sorted((each for each in evidence if each.start <= start and end <= each.end), key=lambda each: each.sentence)
    return Piece(words, "positive" if over[0].share > 0 else "negative", over[0].sentence) if over else Piece(words)


def _corrected(stored: StoredItem) -> bool:
    return any(each.sentiment for each in stored.corrections)
