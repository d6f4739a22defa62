"""What the pages show of customers: every template passes their words and names through here.

Where nobody signs in, `[dashboard] masked` decides for all pages. Where people do, personal data is masked unless it is of a case of
their own, or of one, or of a customer, that they have asked to see in this session (`steps/showing.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import streamlit as st

from allears.domain.access import Right
from allears.domain.case import Case
from allears.domain.feedback import Understanding
from allears.domain.records import StoredItem
from allears.masking import Span, found, mask, put_out_of_sight
from app.dashboard.session import KEYS, actor, may, session, state

OWN_NAMES = "masked_keeps"
"""Session key of our own names, which masked words keep; None where nothing is masked."""
STAND_INS = frozenset({"Anonymous", "A customer", "An anonymous customer"})


BY_ROLE = "masked_by_role"
"""Session key: whether people sign in, so that what is masked is each one's own matter."""
_SHOWN = "shown"
_WHOLE: ContextVar[bool] = ContextVar("whole", default=False)
_NOTED: ContextVar[list[str] | None] = ContextVar("noted", default=None)


def begin(own_names: tuple[str, ...] | None, *, by_role: bool = False) -> None:
    """From here on this session's pages are masked but for `own_names`; None: they are not."""
    st.session_state[OWN_NAMES] = own_names
    st.session_state[BY_ROLE] = by_role


@contextmanager
def of(subject: str, owners: Iterable[str] = ()) -> Iterator[None]:
    """What is drawn within is of this subject, whole to whoever sees it whole. A fragment or a drawer needs its own."""
    token = _WHOLE.set(sees(subject, owners))
    try:
        yield
    finally:
        _WHOLE.reset(token)


def of_case(case: Case) -> str:
    """A case as a subject: of `of`, and in the audit log."""
    return f"case {case.id}"


def of_customer(customer_id: str) -> str:
    """A customer as a subject."""
    return f"customer {customer_id}"


def sees(subject: str, owners: Iterable[str] = ()) -> bool:
    """Whether whoever looks sees personal data here: of a case of their own, or one that they asked to see."""
    if state().get(OWN_NAMES) is None:
        return True
    if not state().get(BY_ROLE):
        return False
    return _owns(*owners) or (actor(), subject) in state().get(_SHOWN, ())


def snapshot(*, by_role: bool) -> dict[str, object]:
    """What this session's masking rests on, for where there is no page: in a file that is being saved."""
    known = {key: state().get(key) for key in (OWN_NAMES, *KEYS)}
    return {**known, BY_ROLE: by_role and state().get(BY_ROLE)}


@contextmanager
def noting() -> Iterator[list[str]]:
    """Whose personal data is shown whole within, though others' is masked; empty where nothing was, or nothing is masked at all."""
    noted: list[str] = []
    token = _NOTED.set(noted)
    try:
        yield noted
    finally:
        _NOTED.reset(token)


def hides() -> bool:
    """Whether anything is masked."""
    return state().get(OWN_NAMES) is not None


def names_of() -> str | None:
    """By whose customers' names and contacts whoever looks finds, as the store has it (`Acting.names_of`)."""
    return replace(session().acting, masked=hides() and not state().get(BY_ROLE)).names_of


def show(subject: str) -> None:
    """From here on whoever looks sees this subject whole. The audit log knows of it already."""
    st.session_state.setdefault(_SHOWN, set()).add((actor(), subject))


def words(text: str, *customers: str | None, owner: str | None = None) -> str:
    """A text as it is shown; `customers` are names to hide in it, `owner` has the case it is of, where a list says so."""
    own_names = _kept(owner)
    return text if own_names is None else mask(text, names=_names(customers), keep=own_names)


def who(name: str, owner: str | None = None) -> str:
    """A customer's name or contact as it is shown: "J…" where masked."""
    if _kept(owner) is None or name in STAND_INS:
        return name
    handle = name.rpartition(":")[2].removeprefix("u/")
    return next((character for character in handle if character.isalnum()), "") + "…"


def link(address: str | None) -> str | None:
    """An address to follow; None where masked, since it would show whom it leads to."""
    return address if _kept() is None else None


def message(stored: StoredItem) -> StoredItem:
    """A message as its page shows it: title, text, quotes and what came with it masked, and the marks of its sentiment moved along."""
    own_names = _kept()
    if own_names is None:
        return stored
    item, names = stored.item, _names((stored.item.author, stored.item.contact))
    title, text = (found(part or "", names=names, keep=own_names) for part in (item.title, item.text))
    before = item.text_begins
    hidden = replace(
        item,
        title=item.title and put_out_of_sight(item.title, title),
        text=put_out_of_sight(item.text, text),
        quoted=item.quoted and mask(item.quoted, names=names, keep=own_names),
        extra={key: mask(value, names=names, keep=own_names) for key, value in item.extra.items()},
    )
    spans = [*(title if before else ()), *(Span(span.start + before, span.end + before, span.what) for span in text)]
    return replace(stored, item=hidden, understanding=stored.understanding and _moved(stored.understanding, spans))


def _kept(owner: str | None = None) -> tuple[str, ...] | None:
    """The names that masked words keep; None where nothing is to be masked."""
    names: tuple[str, ...] | None = state().get(OWN_NAMES)
    if names is None or not (state().get(BY_ROLE) and (_WHOLE.get() or _owns(owner))):
        return names
    noted = _NOTED.get()
    if noted is not None:
        noted.append(owner or "")
    return None


def _owns(*owners: str | None) -> bool:
    name = actor()
    return name is not None and name in owners and may(Right.WORK)


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
