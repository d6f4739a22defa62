"""Personal data, found by rules and put out of sight: for screens, and for what leaves this machine.

Rules miss things. What is found: email addresses, phone and card numbers, IBANs, postal addresses, numbers of orders and
accounts, and names where a text's form gives them away (see `docs/operations.md`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from allears.masking.addresses import addresses
from allears.masking.codes import accounts, cards, emails, secrets_in_links
from allears.masking.harmless import without_harmless
from allears.masking.names import names_by_rule, names_given, words_of
from allears.masking.phones import phones
from allears.masking.references import references
from allears.masking.spans import Span, What, apart

__all__ = ["Span", "What", "found", "mask", "put_out_of_sight"]

_DIGIT = re.compile(r"\d")
_ROUNDS = 4
"""What one find hid from a rule, the next round finds."""


def mask(text: str, *, names: Collection[str] = (), keep: Collection[str] = ()) -> str:
    """The text with `[email]`, `[phone]`, `[card]`, `[iban]`, `[address]`, `[number]` and `[name]` in place of personal data.

    `names` are people to look for, such as the author, by any part of their name; `keep` are names and words that stay, such as
    our own people's. Masked text masked again stays as it is. Never raises; takes time in proportion to the text's length.
    """
    return put_out_of_sight(text, found(text, names=names, keep=keep))


def put_out_of_sight(text: str, spans: Sequence[Span]) -> str:
    """The text with its spans, in order and apart, replaced by what they are."""
    return _with(text, spans, [span.placeholder for span in spans])


def found(text: str, *, names: Collection[str] = (), keep: Collection[str] = ()) -> list[Span]:
    """Where `mask` finds what, in order and without overlaps; offsets are those of `text`."""
    kept = {word.casefold() for word in keep}
    kept_words = {word for each in keep for word in words_of(each)}
    spans: list[Span] = []
    for _ in range(_ROUNDS):
        more = [span for span in _all(text, names) if not _stays(span, text, kept, kept_words)]
        if not more:
            break
        new = apart(more)
        spans += new
        text = _covered(text, new)
    return sorted(spans, key=lambda span: span.start)


def _all(text: str, names: Collection[str]) -> Iterator[Span]:
    yield from names_given(text, names)
    if text != text.lower():
        yield from names_by_rule(text)
    if "@" in text:
        yield from emails(text)
    if "://" in text:
        yield from secrets_in_links(text)
    if _DIGIT.search(text):
        plain = without_harmless(text)
        yield from chain(cards(text), accounts(text), phones(plain), references(plain), addresses(plain))


def _stays(span: Span, text: str, kept: set[str], kept_words: set[str]) -> bool:
    words = text[span.start : span.end]
    return words.casefold() in kept or (span.what is What.NAME and words_of(words) <= kept_words)


def _covered(text: str, spans: Sequence[Span]) -> str:
    """The text, as long as it was, with brackets in place of what was found, as `mask` leaves it."""
    return _with(text, spans, ["[" + "]" * (span.end - span.start - 1) for span in spans])


def _with(text: str, spans: Sequence[Span], instead: Sequence[str]) -> str:
    parts: list[str] = []
    last = 0
    for span, words in zip(spans, instead, strict=True):
        parts += text[last : span.start], words
        last = span.end
    return "".join((*parts, text[last:]))
