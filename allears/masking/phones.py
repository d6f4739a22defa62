"""Phone numbers: those that a country's numbering plan knows, and those that a text calls so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

import phonenumbers

from allears.masking.spans import Span, What

_RUN = re.compile(r"(?<![\w+])(?<!\d[.,/-])(?:\+[ ]?|\()?\d(?:[ ().\-/\u00a0]{0,3}\d){5,16}(?!\w)")
_GROUP = re.compile(r"\d+")
_BEGIN = re.compile(r"(?<=[ \u00a0])(?:\+|\(0|0\d)")
_CUE = re.compile(
    r"(?i)(?<![\w\[])(?:tele?(?:ph|f)|tel\b|phone|call|ring|text me|mobi|m[oó]vil|cell|handy|fax|whatsapp|gsm|ruf|erreich|appel|joindre"
    r"|portable|llam|ligu|ligar|chiam|cellulare|bel\b|bellen|telem|tlm|r[üu]ckruf)"
)
_LEADS = 24
"""Characters before a number in which a word may call it a phone's; what was found already ends them."""
_AMERICAN = re.compile(r"\(?[2-9]\d{2}\)?[ .\-]{1,2}\d{3}[ .\-]\d{4}")
_WITH_ZERO = ("GB", "DE", "FR", "IT", "NL", "BE", "CH", "AT", "IE")
_WITHOUT_ZERO = ("ES", "PT", "IT", "US")
_FEWEST, _FEWEST_WITH_ZERO, _MOST = 7, 9, 15
_GROUPS = 3
_CHECKS = 200
"""Numbers of a text that are looked up in numbering plans; beyond them the shape is enough."""


def phones(text: str) -> Iterator[Span]:
    """Phone numbers in a text from which dates and prices were taken."""
    checks = count()
    place = 0
    while run := _RUN.search(text, place):
        start = run.start()
        lead = max(0, start - _LEADS)
        called = bool(_CUE.search(text, max(lead, text.rfind("]", lead, start)), start))
        ends = [run.end(), *(start + group.end() for group in reversed(list(_GROUP.finditer(run[0]))))]
        end = next((end for end in ends if _is_phone(text[start:end], checks, called=called)), None)
        if end:
            yield Span(start, end, What.PHONE)
        place = end or _next_start(text, run)


def _next_start(text: str, run: re.Match[str]) -> int:
    """Where a phone number may begin inside a run of digits that is none as a whole: at a plus or a zero; else the run's end."""
    begin = _BEGIN.search(text, run.start() + 1, run.end())
    return begin.start() if begin else run.end()


def _is_phone(written: str, checks: Iterator[int], *, called: bool) -> bool:
    digits = re.sub(r"\D", "", written)
    if not _FEWEST <= len(digits) <= _MOST or written.count("(") != written.count(")"):
        return False
    if written[0] == "+" or digits.startswith("00"):
        return called or _in_plan("+" + digits.removeprefix("00"), (None,), checks, possible=written[0] == "+")
    if called or _AMERICAN.fullmatch(written):
        return True
    groups = len(re.findall(r"\d+", written))
    if digits[0] == "0":
        return len(digits) >= _FEWEST_WITH_ZERO and _in_plan(digits, _WITH_ZERO, checks)
    return groups >= _GROUPS and len(digits) >= _FEWEST_WITH_ZERO and _in_plan(digits, _WITHOUT_ZERO, checks)


def _in_plan(digits: str, regions: tuple[str | None, ...], checks: Iterator[int], *, possible: bool = False) -> bool:
    if next(checks) >= _CHECKS:
        return True
    for region in regions:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) or (possible and phonenumbers.is_possible_number(number)):
            return True
    return False
