"""Lines by which mail programs introduce someone else's words: attributions, header blocks, separators."""

# ruff: noqa: RUF001 - labels and colons of other scripts are meant

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from connectors.email.headers import Mailbox, mailboxes
from connectors.email.phrases import ATTRIBUTION_LEAD, FORWARDED_MESSAGE, HEADER_LABELS, ORIGINAL_MESSAGE, QUOTING, WROTE

_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|\d{1,2}\s?月")
_TIME = re.compile(r"(?<!\d)\d{1,2}[:.h]\d{2}(?!\d)|\d\s?[ap]\.?m\b|\d時", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"()]@[\w-]+\.\w")
_BRACKETED_ADDRESS = re.compile(r"[<(\[](?:mailto:)?\s?[^\s<>\"()]+@[\w.-]+\.\w+\s?[>)\]]")
_DASHES = re.compile(r"^-{3,}\s+|\s+-{3,}$")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LABEL = re.compile(r"^[\s>*_]{0,4}([^\W\d_][\w' -]{0,20}?)\s?\*{0,2}\s?[:：]\*{0,2}\s*(.*)$")
_RULE = re.compile(r"^\s*[-_=*]{5,}\s*$")
_LONGEST_ATTRIBUTION = 400
_LONGEST_AFTER_VERB = 60
_MOST_ATTRIBUTION_LINES = 4
_MOST_BLOCK_LINES = 16
_MOST_WRAPPED_LINES = 2
_FEWEST_LABELS = 3


@dataclass(frozen=True, slots=True)
class Introduction:
    """Lines `start` up to, not including, `end` say whose words follow. `sender` is known from a header block only.

    `is_certain`: it stands below a separator or names an address, an attribution day and time, too, as programs do and people hardly ever.
    """

    start: int
    end: int
    is_attribution: bool = False
    is_forward: bool = False
    is_certain: bool = False
    sender: Mailbox | None = None


def introduction_at(lines: list[str], at: int) -> Introduction | None:
    """The introduction that starts at a line, if one does."""
    line = _BIDI.sub("", lines[at][: _LONGEST_ATTRIBUTION + 1]).strip()
    if not line or len(line) > _LONGEST_ATTRIBUTION:
        return None
    if FORWARDED_MESSAGE.match(line):
        return _with_block(lines, at, is_forward=True)
    if ORIGINAL_MESSAGE.match(line) or _RULE.match(line):
        return _with_block(lines, at, is_forward=False)
    return _header_block(lines, at) or _attribution(lines, at)


def _with_block(lines: list[str], at: int, *, is_forward: bool) -> Introduction | None:
    """A separator, together with the header block or the attribution below it; alone it is one of a forward only."""
    start = next((index for index in range(at + 1, min(at + 4, len(lines))) if lines[index].strip()), None)
    named = _RULE.match(lines[at]) is None
    below = _header_block(lines, start, after_separator=named) if start is not None else None
    if below is None and named and start is not None:
        below = _attribution(lines, start)
    if below is not None:
        return replace(below, start=at, is_forward=is_forward, is_certain=True)
    marked = named and start is not None and lines[start].lstrip().startswith(">")
    return Introduction(at, at + 1, is_forward=is_forward, is_certain=marked) if is_forward or marked else None


def _header_block(lines: list[str], at: int, *, after_separator: bool = False) -> Introduction | None:
    """Consecutive "From: … Sent: … To: … Subject: …" lines, each perhaps wrapped, of any language."""
    read = _labelled_without_colon if after_separator and _labelled(lines[at]) is None else _labelled
    first = read(lines[at])
    if first is None or first[0] not in ("from", "subject", "date", "sent", "to"):
        return None
    found: dict[str, str] = {}
    end, last = at, at
    for index in range(at, min(at + _MOST_BLOCK_LINES, len(lines))):
        labelled = read(lines[index])
        if labelled and labelled[0] not in found:
            found[labelled[0]] = labelled[1]
            end = last = index + 1
        elif index - last >= _MOST_WRAPPED_LINES or (not lines[index].strip() and not _continues(lines, index)):
            break
        elif list(found) == ["from"]:
            found["from"] += f" {lines[index].strip()}"
    if "from" not in found:
        return None
    senders = mailboxes(found["from"])
    if not _is_complete(found, after_separator=after_separator, names_address=bool(senders)):
        return None
    sender = senders[0] if senders else Mailbox(found["from"].strip('*" '), "")
    return Introduction(at, end, is_certain=bool(senders), sender=sender)


def _is_complete(found: dict[str, str], *, after_separator: bool, names_address: bool) -> bool:
    """Whether labels are those of a mail: what a person lists ("From: Leith, To: Köln") has no address, or no time."""
    if after_separator:
        return len(found) > 1
    when = found.get("sent") or found.get("date") or ""
    if names_address:
        return len(found) >= _FEWEST_LABELS and bool(when or "subject" in found)
    return len(found) > _FEWEST_LABELS and bool(_DATE.search(when) and _TIME.search(when))


def _continues(lines: list[str], blank: int) -> bool:
    """Whether a header block goes on after a blank line, as HTML with a paragraph a header makes it."""
    return blank + 1 < len(lines) and _labelled(lines[blank + 1]) is not None


def _labelled(line: str) -> tuple[str, str] | None:
    match = _LABEL.match(_BIDI.sub("", line[:_LONGEST_ATTRIBUTION]))
    kind = HEADER_LABELS.get(match[1].strip().lower()) if match else None
    return (kind, match[2].strip()) if match and kind else None


def _labelled_without_colon(line: str) -> tuple[str, str] | None:
    """Such as `From "Jo" <jo@x.org>`, which eM Client writes below its separator."""
    label, _, value = line.strip().partition(" ")
    kind = HEADER_LABELS.get(label.lower())
    return (kind, value.strip()) if kind and value.strip() else None


def _attribution(lines: list[str], at: int) -> Introduction | None:
    """Such as "On 3 May 2026 at 10:02, Jo <jo@x.org> wrote:", perhaps wrapped; the shortest run of lines that says it all."""
    start = _bare(lines[at])
    if not (ATTRIBUTION_LEAD.match(start) or WROTE.search(start) or _BRACKETED_ADDRESS.search(start)):
        return None
    text = ""
    for end in range(at, min(at + _MOST_ATTRIBUTION_LINES, len(lines))):
        line = _bare(lines[end])
        if not line or (end > at and line.startswith(">") and not line.startswith(">:")):
            return None
        text = f"{text} {line}".strip()
        if len(text) > _LONGEST_ATTRIBUTION:
            return None
        if _says_who_wrote(text):
            return None if _starts_later(lines, at, end) else _introduction(at, end + 1, text)
    return None


def _starts_later(lines: list[str], at: int, end: int) -> bool:
    """Whether the line at hand is the sender's own, and the attribution starts only after it."""
    return any(
        not lines[start - 1].rstrip().endswith(",") and _says_who_wrote(" ".join(map(_bare, lines[start : end + 1])))
        for start in range(at + 1, end + 1)
        if ATTRIBUTION_LEAD.match(_bare(lines[start]))
    )


def _bare(line: str) -> str:
    """Without the marks that programs set around an attribution: emphasis, Zoho's dashes."""
    return _DASHES.sub("", line.strip().strip("*_ "))


def _introduction(start: int, end: int, text: str) -> Introduction:
    certain = bool(_DATE.search(text) and _TIME.search(text) and _BRACKETED_ADDRESS.search(text))
    return Introduction(start, end, is_attribution=True, is_certain=certain)


def _says_who_wrote(text: str) -> bool:
    address, date = _ADDRESS.search(text), _DATE.search(text)
    if not address and not date:
        return False
    if address and QUOTING.match(text):
        return True
    verb = None
    for verb in WROTE.finditer(text):  # noqa: B007 - the last one counts
        pass
    ends = text.endswith((":", "：")) or (verb is not None and len(text) - verb.end() <= 1)
    if not ends or not ATTRIBUTION_LEAD.match(text):
        after = text[verb.end() :] if verb else ""
        told_last = (
            len(after) <= _LONGEST_AFTER_VERB and _DATE.search(after) and _TIME.search(after)
        )  # "Jo <jo@x.org> wrote on 3/11/2026 10:02:"
        return bool(ends and verb and address and (told_last or len(after) <= 2))  # noqa: PLR2004 - "Jo <jo@x.org> wrote :"
    return bool(date and (verb or address))
