"""What the sender newly wrote, apart from quotes, forwarded wrappers, signatures and disclaimers.

The scales are uneven on purpose: a quote left in costs little, a customer's lost words cost the customer. So a line
goes only where a mail program's own marks say that it is not the sender's, and where nothing would be left, all stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from connectors.email.introductions import Introduction, introduction_at
from connectors.email.lines import is_quote, lines_of, unquoted
from connectors.email.markup import SIGNATURE_MARK
from connectors.email.signatures import DELIMITER, is_device_line, take_signatures

_MOST_LINES = 5_000
"""How far into a body introductions are looked for, and how many: beyond, a mail is an attack or a log file."""

_MOST_INTRODUCTIONS = 100
_DEEPEST_FORWARD = 2


@dataclass(frozen=True, slots=True)
class Split:
    """A body in two: the sender's new words, and what was taken off (None where nothing was).

    `forwarded` introduces a message that was passed on, and `forwarded_text` is that message with its own quotes.
    `is_whole`: nothing new was written, or only a device's line, so that `text` is whatever else stands there.
    """

    text: str
    quoted: str | None
    is_whole: bool = False
    forwarded: Introduction | None = None
    forwarded_text: str = ""


def split(body: str, *, is_reply: bool, is_forward: bool = False, depth: int = 0) -> Split:
    """Part a readable body. `is_reply`: headers or subject say that it answers something; `is_forward`: its subject says so.

    Where only a forwarded message is left, that is looked into in turn; `depth` counts how often that was.
    """
    lines = lines_of(body)
    taken = [line.lstrip("> ").startswith(SIGNATURE_MARK) for line in lines]
    lines = [line.replace(SIGNATURE_MARK, "") for line in lines]
    forwarded = _take_introduced(lines, taken, is_reply=is_reply, is_forward=is_forward)
    _take_quotes(lines, taken, certain=is_reply)
    take_signatures(lines, taken)
    passed_on = _passed_on(lines[forwarded.end :]) if forwarded else ""
    text = _joined(line for line, gone in zip(lines, taken, strict=True) if not gone)
    is_whole = not text or all(is_device_line(line) for line in text.split("\n"))
    if not text:
        deeper = passed_on and depth < _DEEPEST_FORWARD
        text = split(passed_on, is_reply=True, depth=depth + 1).text if deeper else passed_on or _whatever_is_there(lines)
    quoted = _joined(line for line, gone in zip(lines, taken, strict=True) if gone)
    return Split(text, quoted or None, is_whole, forwarded, passed_on)


def _passed_on(lines: list[str]) -> str:
    """The forwarded message; some phones mark all of it as a quote."""
    marked = all(is_quote(line) for line in lines if line.strip())
    return "\n".join(unquoted(lines) if marked else lines).strip()


def _take_introduced(lines: list[str], taken: list[bool], *, is_reply: bool, is_forward: bool) -> Introduction | None:
    """Mark introductions and what hangs on them; the one of a forwarded message, if there is any."""
    at, found_so_far, something_above = 0, 0, False
    while at < min(len(lines), _MOST_LINES) and found_so_far < _MOST_INTRODUCTIONS:
        found = None if taken[at] or is_quote(lines[at]) else introduction_at(lines, at)
        if found is None:
            something_above = something_above or (not taken[at] and bool(lines[at].strip()))
            at += 1
            continue
        found_so_far += 1
        if found.is_forward or (found.sender and (is_forward or not something_above)):
            _take(taken, found.start, len(lines))
            return found
        if something_above and _quotes_to_the_end(lines, found, is_reply=is_reply):
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
    if not (found.is_certain or (is_reply and not found.is_attribution)):
        return False
    if not found.is_attribution:
        return not is_quote(next((line for line in rest if line.strip()), ""))
    quoted = next((index for index, line in enumerate(rest) if is_quote(line)), None)
    if quoted is None:
        return True
    above = next((index for index in range(quoted - 1, -1, -1) if rest[index].strip()), None)
    if above is None:
        return False
    return any((inner := introduction_at(rest, start)) and inner.end > above for start in range(max(0, above - 3), above + 1))


def _next_is_quoted(lines: list[str], start: int) -> bool:
    following = next((line for line in lines[start:] if line.strip()), "")
    return bool(is_quote(following)) or not following


def _take_quotes(lines: list[str], taken: list[bool], *, certain: bool) -> None:
    """Mark `>` lines. A single one in a mail that answers nothing may be the sender's own "greater than"."""
    marked = [index for index, line in enumerate(lines) if is_quote(line)]
    if certain or len(marked) > 1 or any(taken) or any(lines[index].lstrip().startswith(">>") for index in marked):
        for index in marked:
            taken[index] = True


def _take(taken: list[bool], start: int, end: int) -> None:
    taken[start:end] = [True] * (end - start)


def _whatever_is_there(lines: list[str]) -> str:
    """A message of which nothing would be left: everything that is no marked quote."""
    return _joined(line for line in lines if not is_quote(line) and not DELIMITER.match(line))


def _joined(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
