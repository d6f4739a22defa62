"""HTML mail as the text a reader sees, in the conventions of plain mail: quotes start with `> `.

What nobody sees is left out: styles, scripts, hidden preheaders. A signature that the sender's program has marked
as one comes out with SIGNATURE_MARK before each of its lines.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

SIGNATURE_MARK = "\x1f"
"""Starts a line of a marked signature; decoded text holds no control characters, so nobody else can write it."""

_CELL = "\x1e"
"""Stands between the cells of a row until white space is tidied up."""

_CELLS = re.compile(r" ?\x1e[ \x1e]*")
_EMBEDDED = re.compile(r"data:[\w/+.-]{1,80};base64,[A-Za-z0-9+/=\s]{200,}")
"""A picture within the HTML itself."""

_LONGEST = 1_500_000
_DEEPEST = 5_000
_TAG = re.compile(r"<[^<>]{0,2000}>")
_TAG_START = re.compile(r"</|<(?!(?:br|img|hr|meta|link|input|col|wbr|area|base|li|p|td|tr|option|dt|dd)\b)(?=[a-z])", re.IGNORECASE)
_UNSEEN = frozenset({"head", "style", "script", "title", "template", "noscript", "object", "svg", "math", "select", "button", "textarea"})
_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "header"),
        *("li", "main", "nav", "section", "tr", "caption", "tbody", "thead", "tfoot"),
    }
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|!|$)", re.IGNORECASE
)
_INDENT_ONLY = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"\b(?:gmail_signature|moz-signature|protonmail_signature_block|ms-outlook-mobile-signature|messageSignatureSection|"
    r"composer_signature|k9mail-signature|Zm-_Id_-Sgn)\b"
)
_QUOTE_BOX = re.compile(r"\b(?:yahoo_quoted|zmail_extra_quote|tutanota_quote)\b")
_WHITE = re.compile(r"[ \t\n\f\u00a0\u200b\u200c\u200d\u2060\ufeff\u034f\u00ad]+")


def to_text(html: str) -> str:
    """Readable text of an HTML document or fragment."""
    html = (_EMBEDDED.sub("", html) if "base64," in html else html)[:_LONGEST]
    if _too_deep(html):
        return _WHITE.sub(" ", _TAG.sub(" ", html)).strip()
    body = LexborHTMLParser(html).body
    writer = _Writer()
    if body is not None:
        _walk(body, writer)
    return writer.text()


def _too_deep(html: str) -> bool:
    """Whether so many elements stand open that building their tree would take minutes."""
    depth = deepest = 0
    for tag in _TAG_START.finditer(html) if html.count("<") > _DEEPEST else ():
        depth += -1 if tag[0] == "</" else 1
        deepest = max(deepest, depth)
    return deepest > _DEEPEST


def _walk(root: LexborNode, writer: _Writer) -> None:
    """Depth first without recursion: nesting in hostile mail is deeper than Python's stack."""
    node: LexborNode | None = root
    while node is not None:
        below = node.child if writer.enter(node) else None
        if below is not None:
            node = below
            continue
        while node is not None:
            writer.leave(node)
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent


class _Writer:
    """Lines written so far, and how the one at hand is quoted, marked or preformatted."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._words: list[str] = []
        self._quotes: list[int] = []
        self._signatures: list[int] = []
        self._preformatted: list[int] = []

    def enter(self, node: LexborNode) -> bool:
        """Write what stands before a node's children; False where nobody sees them."""
        tag = node.tag or ""
        if tag == "-text":
            self._write(node.text_content or "")
            return False
        if tag.startswith("-") or tag in _UNSEEN:
            return False
        attributes = node.attributes
        style = attributes.get("style") or ""
        if "hidden" in attributes or _HIDDEN.search(style):
            return False
        self._break(tag, attributes.get("class") or "")
        marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('name') or ''}"
        if (tag == "blockquote" and not _INDENT_ONLY.search(style)) or _QUOTE_BOX.search(marks):
            self._end_line()
            self._quotes.append(node.mem_id)
        if _SIGNATURE.search(marks):
            self._end_line()
            self._signatures.append(node.mem_id)
        if tag == "pre":
            self._preformatted.append(node.mem_id)
        self._start(tag, attributes.get("alt") or "")
        return True

    def leave(self, node: LexborNode) -> None:
        """Write what stands after a node's children."""
        tag = node.tag or ""
        if tag in _BLOCKS or tag in _PARAGRAPHS or node.mem_id in (*self._quotes[-1:], *self._signatures[-1:]):
            self._end_line()
        for stack in (self._quotes, self._signatures, self._preformatted):
            if stack and stack[-1] == node.mem_id:
                stack.pop()
        if tag in _PARAGRAPHS and "MsoNormal" not in (node.attributes.get("class") or ""):
            self._blank()

    def text(self) -> str:
        """Everything written."""
        self._end_line()
        return "\n".join(self._lines).strip("\n")

    def _start(self, tag: str, alt: str) -> None:
        if tag == "br":
            self._end_line(even_if_empty=True)
        elif tag == "hr":
            self._end_line()
            self._words.append("_" * 32)
            self._end_line()
        elif tag == "li":
            self._words.append("- ")
        elif tag in ("td", "th") and self._words:
            self._words.append(_CELL)
        elif tag == "img" and 0 < len(alt) <= 4 and not alt.isalnum():  # noqa: PLR2004 - an emoji with its joiners
            self._words.append(alt)

    def _break(self, tag: str, classes: str) -> None:
        if tag in _BLOCKS or tag in _PARAGRAPHS:
            self._end_line()
        if tag in _PARAGRAPHS and "MsoNormal" not in classes:  # Outlook's lines are paragraphs without margins
            self._blank()

    def _write(self, text: str) -> None:
        if not self._preformatted:
            self._words.append(text)
            return
        first, *others = text.split("\n")
        self._words.append(first)
        for line in others:
            self._end_line(even_if_empty=True)
            self._words.append(line)

    def _end_line(self, *, even_if_empty: bool = False) -> None:
        joined = "".join(self._words)
        line = joined.rstrip() if self._preformatted else _CELLS.sub("\t", _WHITE.sub(" ", joined)).strip()
        self._words.clear()
        if line or even_if_empty or joined.strip(" \t\n"):  # a lone no-break space is a line its writer left empty
            self._lines.append(self._prefix() + line)

    def _blank(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(self._prefix().rstrip())

    def _prefix(self) -> str:
        return "> " * min(len(self._quotes), 9) + (SIGNATURE_MARK if self._signatures else "")
