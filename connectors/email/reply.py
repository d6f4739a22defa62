"""What the sender newly wrote, apart from quotes, forwarded wrappers, signatures and disclaimers.

The scales are uneven on purpose: a quote left in costs little, a customer's lost words cost the customer. So a line
goes only where a mail program's own marks say that it is not the sender's, and where nothing would be left, all stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from connectors.email.introductions import Introduction, introduction_at
from connectors.email.markup import SIGNATURE_MARK
from connectors.email.phrases import CLOSING, DISCLAIMER, SENT_FROM

_BLANKS = re.compile(r"\n{4,}")
_QUOTE = re.compile(r"^\s{0,3}>")
_DELIMITER = re.compile(r"^--\s*$")
_RULE = re.compile(r"^\s*[-_=*]{8,}\s*$")
_LIST_FOOTER = re.compile(
    r"mailman/listinfo|groups\.google\.com|to unsubscribe|unsubscribe from this|you received this message because", re.IGNORECASE
)
_CONTACT_LINE = re.compile(r"@\w|https?://|www\.|(?:\+|\b0)\d[\d ()/.-]{6,}|\b(?:tel|phone|mobile?|fax|mob)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[.!?]\s*$|^\s*p\.?\s?s\b", re.IGNORECASE)
_LINK = re.compile(r"<[^<>]*>|\(https?://[^()\s]*\)")
_MOST_DEVICE_WORDS = 8
_MOST_LINES = 5_000
"""How far into a body introductions are looked for, and how many: beyond, a mail is an attack or a log file."""

_MOST_INTRODUCTIONS = 100
_MOST_FOOTERS = 20
_DEEPEST_FORWARD = 2
_MOST_SIGNATURE_LINES = 15
_MOST_CONTACT_LINES = 10
_LONGEST_SIGNATURE_LINE = 100


@dataclass(frozen=True, slots=True)
class Split:
    """A body in two: the sender's new words, and what was taken off (None where nothing was).

    `forwarded` introduces a message that was passed on, and `forwarded_text` is that message with its own quotes.
    """

    text: str
    quoted: str | None
    forwarded: Introduction | None = None
    forwarded_text: str = ""


def split(body: str, *, is_reply: bool, is_forward: bool = False, depth: int = 0) -> Split:
    """Part a readable body. `is_reply`: headers or subject say that it answers something; `is_forward`: its subject says so.

    Where only a forwarded message is left, that is looked into in turn; `depth` counts how often that was.
    """
    lines = _BLANKS.sub("\n\n\n", body).split("\n")
    taken = [line.lstrip("> ").startswith(SIGNATURE_MARK) for line in lines]
    lines = [line.replace(SIGNATURE_MARK, "") for line in lines]
    forwarded = _take_introduced(lines, taken, is_reply=is_reply, is_forward=is_forward)
    _take_quotes(lines, taken, certain=is_reply)
    _take_signatures(lines, taken)
    passed_on = "\n".join(lines[forwarded.end :]).strip() if forwarded else ""
    text = _joined(line for line, gone in zip(lines, taken, strict=True) if not gone)
    if not text:
        deeper = passed_on and depth < _DEEPEST_FORWARD
        text = split(passed_on, is_reply=True, depth=depth + 1).text if deeper else passed_on or _whatever_is_there(lines)
    quoted = _joined(line for line, gone in zip(lines, taken, strict=True) if gone)
    return Split(text, quoted or None, forwarded, passed_on)


def _take_introduced(lines: list[str], taken: list[bool], *, is_reply: bool, is_forward: bool) -> Introduction | None:
    """Mark introductions and what hangs on them; the one of a forwarded message, if there is any."""
    at, found_so_far, something_above = 0, 0, False
    while at < min(len(lines), _MOST_LINES) and found_so_far < _MOST_INTRODUCTIONS:
        found = None if taken[at] or _QUOTE.match(lines[at]) else introduction_at(lines, at)
        if found is None:
            something_above = something_above or (not taken[at] and bool(lines[at].strip()))
            at += 1
            continue
        found_so_far += 1
        if found.is_forward or (found.sender and (is_forward or not something_above)):
            _take(taken, found.start, len(lines))
            return found
        if _quotes_to_the_end(lines, found, is_reply=is_reply) and something_above:
            _take(taken, found.start, len(lines))
            return None
        if _next_is_quoted(lines, found.end):
            _take(taken, found.start, found.end)
        else:
            something_above = True
        at = found.end
    return None


def _quotes_to_the_end(lines: list[str], found: Introduction, *, is_reply: bool) -> bool:
    """Whether everything after an introduction is what it introduces, though no line is marked as a quote."""
    rest = lines[found.end :]
    if found.is_attribution and not (found.names_address or (is_reply and found.is_dated)):
        return False
    quoted = next((index for index, line in enumerate(rest) if _QUOTE.match(line)), None)
    if quoted is None:
        return True
    above = next((index for index in range(quoted - 1, -1, -1) if rest[index].strip()), None)
    if above is None:
        return not found.is_attribution
    nested = any((inner := introduction_at(rest, start)) and inner.end > above for start in range(max(0, above - 3), above + 1))
    return nested or not found.is_attribution


def _next_is_quoted(lines: list[str], start: int) -> bool:
    following = next((line for line in lines[start:] if line.strip()), "")
    return bool(_QUOTE.match(following)) or not following


def _take_quotes(lines: list[str], taken: list[bool], *, certain: bool) -> None:
    """Mark `>` lines. A single one in a mail that answers nothing may be the sender's own "greater than"."""
    marked = [index for index, line in enumerate(lines) if _QUOTE.match(line)]
    if certain or len(marked) > 1 or any(taken) or any(lines[index].lstrip().startswith(">>") for index in marked):
        for index in marked:
            taken[index] = True


def _take_signatures(lines: list[str], taken: list[bool]) -> None:
    """Mark signatures and footers at the end of each stretch of the sender's own lines."""
    start = 0
    while start < len(lines):
        end = start
        while end < len(lines) and not taken[end]:
            end += 1
        _take_delimited(lines, taken, start, end)
        _take_footers(lines, taken, start, end)
        _take_contact_block(lines, taken, start, end)
        start = end + 1


def _take_delimited(lines: list[str], taken: list[bool], start: int, end: int) -> None:
    for at in range(max(start, end - 3 * _MOST_SIGNATURE_LINES), end):
        if _DELIMITER.match(lines[at]):
            below = [line for line in lines[at + 1 : end] if line.strip()]
            if len(below) <= _MOST_SIGNATURE_LINES and all(len(line) <= _LONGEST_SIGNATURE_LINE for line in below):
                _take(taken, at, end)
                return


def _take_footers(lines: list[str], taken: list[bool], start: int, end: int) -> None:
    """Mark lines that devices add, wherever they stand alone, and disclaimers and list footers at the end."""
    for at in range(start, end):
        alone = at + 1 == end or not lines[at + 1].strip()
        if alone and _is_device_line(lines[at]):
            taken[at] = True
    for _ in range(_MOST_FOOTERS):
        last = _last_paragraph(lines, taken, start, end)
        if last is None or (start == 0 and last[0] == _first_line(lines, taken, start, end)):
            return
        paragraph = " ".join(lines[last[0] : last[1]])
        if not (DISCLAIMER.search(paragraph) or _LIST_FOOTER.search(paragraph) or _RULE.match(paragraph)):
            return
        _take(taken, *last)


def _is_device_line(line: str) -> bool:
    """Whether a phone or a mail program wrote this line; longer ones are a person's sentence."""
    words = _LINK.sub("", line)
    return len(words.split()) <= _MOST_DEVICE_WORDS and SENT_FROM.match(words) is not None


def _take_contact_block(lines: list[str], taken: list[bool], start: int, end: int) -> None:
    """Mark what stands below "Kind regards" and a name, where it is a block of contact data."""
    open_lines = [at for at in range(start, end) if lines[at].strip() and not taken[at]]
    closing = next((at for at in reversed(open_lines[-_MOST_CONTACT_LINES:]) if CLOSING.match(lines[at].strip())), None)
    below = [at for at in open_lines if closing is not None and at > closing][1:]
    if any(_CONTACT_LINE.search(lines[at]) for at in below) and not any(_SENTENCE.search(lines[at]) for at in below):
        _take(taken, below[0], below[-1] + 1)


def _last_paragraph(lines: list[str], taken: list[bool], start: int, end: int) -> tuple[int, int] | None:
    while end > start and (taken[end - 1] or not lines[end - 1].strip()):
        end -= 1
    first = end
    while first > start and lines[first - 1].strip() and not taken[first - 1] and not _RULE.match(lines[first - 1]):
        first -= 1
    first = first - 1 if first == end and end > start else first
    return (first, end) if first < end else None


def _first_line(lines: list[str], taken: list[bool], start: int, end: int) -> int:
    return next((at for at in range(start, end) if lines[at].strip() and not taken[at]), start)


def _take(taken: list[bool], start: int, end: int) -> None:
    taken[start:end] = [True] * (end - start)


def _whatever_is_there(lines: list[str]) -> str:
    """A message of which nothing would be left: everything that is no marked quote."""
    return _joined(line for line in lines if not _QUOTE.match(line) and not _DELIMITER.match(line))


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
