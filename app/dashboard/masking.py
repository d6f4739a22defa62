"""What the pages show of customers where `[dashboard] masked` is on: every template passes their words and names through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from allears.domain.feedback import Understanding
from allears.domain.records import StoredItem
from allears.masking import Span, found, mask, put_out_of_sight

OWN_NAMES = "masked_keeps"
"""Session key of our own names, which masked words keep; None where nothing is masked."""
STAND_INS = frozenset({"Anonymous", "A customer", "An anonymous customer"})


def begin(own_names: tuple[str, ...] | None) -> None:
    """From here on this session's pages are masked but for `own_names`; None: they are not."""
    st.session_state[OWN_NAMES] = own_names


def words(text: str, *customers: str | None) -> str:
    """A text as it is shown; `customers` are names to hide in it."""
    own_names = st.session_state.get(OWN_NAMES)
    return text if own_names is None else mask(text, names=_names(customers), keep=own_names)


def who(name: str) -> str:
    """A customer's name or contact as it is shown: "J…" where masked."""
    if st.session_state.get(OWN_NAMES) is None or name in STAND_INS:
        return name
    handle = name.rpartition(":")[2].removeprefix("u/")
    return next((character for character in handle if character.isalnum()), "") + "…"


def link(address: str | None) -> str | None:
    """An address to follow; None where masked, since it would show whom it leads to."""
    return address if st.session_state.get(OWN_NAMES) is None else None


def message(stored: StoredItem) -> StoredItem:
    """A message as its page shows it: title, text, quotes and what came with it masked, and the marks of its sentiment moved along."""
    own_names = st.session_state.get(OWN_NAMES)
    if own_names is None:
        return stored
    item, names = stored.item, _names((stored.item.author, stored.item.contact))
    title, text = (found(part or "", names=names, keep=own_names) for part in (item.title, item.text))
    before = len(item.title) + 1 if item.title else 0
    hidden = replace(
        item,
        title=item.title and put_out_of_sight(item.title, title),
        text=put_out_of_sight(item.text, text),
        quoted=item.quoted and mask(item.quoted, names=names, keep=own_names),
        extra={key: mask(value, names=names, keep=own_names) for key, value in item.extra.items()},
    )
    spans = [*title, *(Span(span.start + before, span.end + before, span.what) for span in text)]
    return replace(stored, item=hidden, understanding=stored.understanding and _moved(stored.understanding, spans))


def _moved(understanding: Understanding, spans: Sequence[Span]) -> Understanding:
    said = understanding.prediction
    evidence = tuple(replace(each, start=_place(each.start, spans), end=_place(each.end, spans)) for each in said.evidence)
    return replace(understanding, prediction=replace(said, evidence=evidence))


def _place(at: int, spans: Sequence[Span]) -> int:
    """Where a character stands once the spans are out of sight; one within a span, where that ends."""
    ahead = [span for span in spans if span.start < at]
    inside = max(0, ahead[-1].end - at) if ahead else 0
    return at + inside + sum(len(span.placeholder) - (span.end - span.start) for span in ahead)


def _names(customers: Sequence[str | None]) -> list[str]:
    """Names to hide: an address's as it stands, a handle's without its channel."""
    return [name.partition(":")[2] if ":" in name else name for name in customers if name and name not in STAND_INS]
