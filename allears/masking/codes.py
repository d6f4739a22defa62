"""Email addresses, secrets in links, cards and accounts: what has a shape or a check digit of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from stdnum import iban as ibans
from stdnum import luhn

from allears.masking.spans import Span, What

_EMAIL = re.compile(r"(?<![\w.+%'-])[\w+%'-][\w.+%'-]{0,63}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?<![-_])")
_LINK = re.compile(r"https?://[^\s<>\"'\0]{1,2000}")
_SECRET = re.compile(r"[?#&][\w.~-]{1,40}=(?=[^&#]{0,200}[\dA-Z@])(?P<value>[^&#]{4,})|/(?P<part>(?=[^/?#]{0,80}\d)[\w-]{8,})")
_DIGITS = re.compile(r"\d{1,19}")
_CARD = re.compile(r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[068]\d{12}|6\d{15,18}")
_IBAN = re.compile(r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,30}")
_IBAN_CUE = re.compile(r"(?<![\w\[])(?i:iban)[\s:.]{0,3}(?P<iban>[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{2,4}){3,8})(?!\w)")
_GAP = re.compile(r"[ -]")
_MOST_DIGITS, _FEWEST_DIGITS, _SHORTEST_IBAN = 19, 13, 15
_CHECKS = 5_000
"""Accounts of a text whose check digits are looked at; beyond them the shape is enough."""


def emails(text: str) -> Iterator[Span]:
    """Email addresses."""
    for match in _EMAIL.finditer(text):
        yield Span(match.start(), match.end(), What.EMAIL)


def secrets_in_links(text: str) -> Iterator[Span]:
    """In web addresses, what a person is known by: values of the query, and parts of the path that look like ids."""
    for link in _LINK.finditer(text):
        for match in _SECRET.finditer(link[0].rstrip(".,;:!?)]")):
            group = "value" if match["value"] else "part"
            yield Span(link.start() + match.start(group), link.start() + match.end(group), What.NUMBER)


def cards(text: str) -> Iterator[Span]:
    """Card numbers: digits in groups, a network's prefix and length, and a check digit that is right."""
    groups = [match.span() for match in _DIGITS.finditer(text)]
    for place, (start, _) in enumerate(groups):
        if text[start] not in "23456" or text[start - 1 : start].isalnum():
            continue
        digits = ""
        for this, (begin, end) in enumerate(groups[place : place + _MOST_DIGITS], start=place):
            if this > place and not _next_group(text, groups[this - 1][1], begin):
                break
            digits += text[begin:end]
            if len(digits) > _MOST_DIGITS:
                break
            if len(digits) >= _FEWEST_DIGITS and _CARD.fullmatch(digits) and not text[end : end + 1].isalnum() and luhn.is_valid(digits):
                yield Span(start, end, What.CARD)


def _next_group(text: str, end: int, begin: int) -> bool:
    return begin == end + 1 and text[end] in " -\u00a0"


def accounts(text: str) -> Iterator[Span]:
    """IBANs: those whose check digits are right, and whatever is called an IBAN and looks like one."""
    checks = count()
    place = 0
    while match := _IBAN.search(text, place):
        start = match.start()
        ends = [match.end(), *(start + gap.start() for gap in reversed(list(_GAP.finditer(match[0]))))]
        end = next((end for end in ends if not text[end : end + 1].isalnum() and _is_iban(text[start:end], checks)), None)
        if end:
            yield Span(start, end, What.IBAN)
        place = end or start + len("GB82")
    for match in _IBAN_CUE.finditer(text):
        yield Span(match.start("iban"), match.end("iban"), What.IBAN)


def _is_iban(written: str, checks: Iterator[int]) -> bool:
    return len(written) >= _SHORTEST_IBAN and (next(checks) >= _CHECKS or ibans.is_valid(written))
