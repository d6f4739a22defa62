"""What strangers typed, made fit for print: harmless characters, one line where one line is meant, a bounded length.

A customer's words stay what they are; only what no reader can see goes: control characters, lone
surrogates, and the marks that turn the direction of the text around them (Unicode UAX #9).
Escaping is not done here: each template does it for its own format.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata

from allears.domain.feedback import REPLY_MARK, FeedbackItem

NOBODY = "A customer"

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s|(?<=[。！？])|\n")  # noqa: RUF001 - the full-width marks end Chinese and Japanese sentences
_FULL_NAME = re.compile(r"([^\W\d_][^\W\d_'’-]*(?:['’-][^\W\d_]+)*)(?: [^\W\d_][\w'’.-]*)+")
_HONORIFICS = frozenset(
    {"mr", "mrs", "ms", "mx", "miss", "dr", "prof", "sir", "herr", "frau", "mme", "mlle", "dhr", "mevr", "sig", "team", "the"}
)
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def cleaned(text: str) -> str:
    """The text with plain line ends, at most one blank line in a row, and nothing a reader cannot see."""
    seen = _UNSEEN.sub("", _SURROGATE.sub("\ufffd", _LINE_ENDS.sub("\n", text)))
    return _BLANK_LINES.sub("\n\n", seen).strip()


def one_line(text: str, limit: int) -> str:
    """The text on one line, spaces collapsed, of at most `limit` characters."""
    return shortened(" ".join(cleaned(text).split()), limit)


def shortened(text: str, limit: int) -> str:
    """The text itself, or its beginning up to a space and "…", never longer than `limit`."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:at_space] if at_space > limit // 2 else head).rstrip(" \n,;:.") + "…"


def isolated(text: str) -> str:
    """For plain text and headers: right-to-left words wrapped so that they leave their neighbours in order."""
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def quoted(text: str) -> str:
    """A quotation in plain text: wrapped at 72 columns, each line behind "> "."""
    lines = [line for paragraph in text.split("\n") for line in _wrapped(paragraph, 70) or [""]]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def indented(text: str, columns: int = 0, first: str = "") -> str:
    """A paragraph in plain text: `first` in a column of its own, the rest wrapped beside it to 72."""
    head, *rest = _wrapped(text, 72 - columns) or [""]
    return "\n".join([f"{first:<{columns}}{head}".rstrip(), *(" " * columns + line for line in rest)])


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def author_of(item: FeedbackItem) -> str:
    """The writer's name as given, or "A customer"."""
    return one_line(item.author or "", 60) or NOBODY


def called(author: str) -> str:
    """How one speaks of a writer: the first of several names, the whole of anything else, "the customer" of nobody."""
    if author == NOBODY:
        return "the customer"
    match = _FULL_NAME.fullmatch(author)
    return match[1] if match and match[1].casefold() not in _HONORIFICS else author


def title_of(item: FeedbackItem) -> str:
    """The message's title on one line, without Re: and Fwd:; "" where it has none."""
    title = " ".join(cleaned(item.title or "").split())
    mark = REPLY_MARK.match(title)
    return title[mark.end() :] if mark else title


def matter_of(item: FeedbackItem, limit: int) -> str:
    """What the message is about in its own words: its title, or else its first sentence, without its full stop."""
    text = cleaned(item.text[:2_000])
    return one_line(title_of(item) or _SENTENCE_END.split(text, maxsplit=1)[0], limit).rstrip(".,;:")
