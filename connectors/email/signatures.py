"""What stands below a person's words: signatures, lines of devices, disclaimers, list footers, contact data.

Each is told by what only such things hold; a line in which somebody speaks ("please call me on …") is never one.
"""

# ruff: noqa: RUF001 - full stops of other scripts are meant

from __future__ import annotations

import re

from connectors.email.phrases import (
    ADDRESSEE,
    CLOSING,
    DEVICE,
    FOOTER,
    GREEN_FOOTER,
    LIST_FOOTER,
    PERSONAL,
    PROGRAM_LINK,
    SECRECY,
    SENT_FROM,
)

DELIMITER = re.compile(r"^--\s*$")
_RULE = re.compile(r"^\s*[-_=*]{8,}\s*$")
_CONTACT_LINE = re.compile(r"@\w|https?://|www\.|(?:\+|\b0)\d[\d ()/.-]{6,}|\b(?:tel|phone|mobile?|fax|mob)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?。！？]\s*$|^\s*p\.?\s?s\b", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s")
_LINK = re.compile(r"<[^<>]*>|\[(?=[^\[\]]{0,60}\]\()|\]?\(https?://[^()\s]*\)")
_MOST_DEVICE_WORDS = 8
_MOST_FOOTERS = 20
_MOST_SIGNATURE_LINES = 15
_MOST_CONTACT_LINES = 10
_MOST_CONTACT_WORDS = 8
_LONGEST_SIGNATURE_LINE = 100
_LONGEST_PARAGRAPH = 3_000


def take_signatures(lines: list[str], taken: list[bool]) -> None:
    """Mark signatures and footers at the end of each stretch of the sender's own lines."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and not taken[end]:
            end += 1
        if end > start:
            _take_delimited(lines, taken, start, end)
            _take_footers(lines, taken, start, end)
            _take_contact_block(lines, taken, start, end)
        start = end + 1


def is_device_line(line: str) -> bool:
    """Whether a phone or a mail program wrote this line; longer ones are a person's sentence."""
    words = _LINK.sub("", line)
    if len(words.split()) > _MOST_DEVICE_WORDS:
        return False
    return bool((SENT_FROM.match(words) and DEVICE.search(words)) or PROGRAM_LINK.match(line))


def _take_delimited(lines: list[str], taken: list[bool], start: int, end: int) -> None:
    """Mark a signature below "-- ". Without the space people write it as a rule, too: then nobody may speak below it."""
    for at in range(max(start, end - 3 * _MOST_SIGNATURE_LINES), end):
        if DELIMITER.match(lines[at]):
            below = [line for line in lines[at + 1 : end] if line.strip()]
            short = len(below) <= _MOST_SIGNATURE_LINES and all(len(line) <= _LONGEST_SIGNATURE_LINE for line in below)
            if short and (lines[at] == "-- " or not any(_is_spoken(line) for line in below)):
                taken[at:end] = [True] * (end - at)
                return


def _is_spoken(line: str) -> bool:
    if _ITEM.match(line) or line.rstrip().endswith(("?", "？")):
        return True
    told = _SENTENCE.search(line) or len(line.split()) > _MOST_CONTACT_WORDS
    return bool(told and PERSONAL.search(line) and not DEVICE.search(line))


def _take_footers(lines: list[str], taken: list[bool], start: int, end: int) -> None:
    """Mark device lines, disclaimers and list footers at the end; what is all there is stays."""
    first = next((at for at in range(start, end) if lines[at].strip() and not taken[at]), start)
    for _ in range(_MOST_FOOTERS):
        last = _last_paragraph(lines, taken, start, end)
        if last is None:
            return
        begin, finish = last
        if is_device_line(lines[finish - 1]):
            begin = finish - 1
        elif not _is_footer(" ".join(lines[begin:finish])[:_LONGEST_PARAGRAPH]):
            return
        if start == 0 and begin == first:
            return
        taken[begin:finish] = [True] * (finish - begin)


def _is_footer(paragraph: str) -> bool:
    """Whether an employer, a gateway or a list added it: a disclaimer speaks of secrecy and of whom it is for."""
    disclaims = SECRECY.search(paragraph) and ADDRESSEE.search(paragraph)
    return bool(
        disclaims or FOOTER.search(paragraph) or GREEN_FOOTER.match(paragraph) or LIST_FOOTER.search(paragraph) or _RULE.match(paragraph)
    )


def _take_contact_block(lines: list[str], taken: list[bool], start: int, end: int) -> None:
    """Mark what stands below "Kind regards" and a name, where it is a block of contact data."""
    open_lines = [at for at in range(start, end) if lines[at].strip() and not taken[at]]
    closing = next((at for at in reversed(open_lines[-_MOST_CONTACT_LINES:]) if CLOSING.match(lines[at].strip())), None)
    below = [at for at in open_lines if closing is not None and at > closing][1:]
    if any(_CONTACT_LINE.search(lines[at]) for at in below) and all(_is_contact_data(lines[at]) for at in below):
        taken[below[0] : below[-1] + 1] = [True] * (below[-1] + 1 - below[0])


def _is_contact_data(line: str) -> bool:
    return len(line.split()) <= _MOST_CONTACT_WORDS and not (_SENTENCE.search(line) or PERSONAL.search(line))


def _last_paragraph(lines: list[str], taken: list[bool], start: int, end: int) -> tuple[int, int] | None:
    while end > start and (taken[end - 1] or not lines[end - 1].strip()):
        end -= 1
    first = end
    while first > start and lines[first - 1].strip() and not taken[first - 1] and not _RULE.match(lines[first - 1]):
        first -= 1
    first = first - 1 if first == end and end > start else first
    return (first, end) if first < end else None
