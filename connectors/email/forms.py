"""A contact form's notification mail: who filled it in, and what they wrote.

Tools lay the same fields out as "Name: Mia", as a label above its value, or as a table (a tab between the cells).
"""

# ruff: noqa: RUF001 - labels and colons of other scripts are meant

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectors.email.form_labels import KINDS, LIKE_A_FOOTER
from connectors.email.headers import Mailbox, mailboxes

_LABELLED = re.compile(r"^(?P<label>[^:：?？\t]{1,60}?)\s?\*{0,2}(?:[:：]\*{0,2}|\s?\t|(?P<asked>[?？]))\s*(?P<value>.*)$")
_MARKS = "*_• \u00a0"
_RULE = re.compile(r"^\s*[-_=]{2,}\s*$")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,64}@[\w-]+(?:\.[\w-]+)+")
_MOST_LABEL_WORDS = 6
_MOST_LINES = 2_000
_MOST_LINES_BELOW = 8
_LONGEST_VALUE = 80
_SERVICE = re.compile(
    r"@(?:[\w-]+\.)*(?:typeform\.io|typeform\.com|jotform\.com|formresponse\.com|squarespace\.info|squarespace\.com|wixforms\.com|"
    r"wix-forms\.com|shopify\.com|webflow\.com|formspree\.io|netlify\.com|hubspot\.com|formstack\.com|123formbuilder\.com|"
    r"cognitoforms\.com|paperform\.co|tally\.so|fillout\.com|getform\.io|basin\.io|formsubmit\.co|wufoo\.com)$"
    r"|^forms-receipts-noreply@google\.com$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it was filled in. `author` has an empty address where no field gave one; `others` are "label: value"."""

    author: Mailbox
    subject: str
    message: str
    others: tuple[str, ...]
    rest: str


@dataclass(slots=True)
class _Field:
    kind: str
    label: str
    lines: list[str] = field(default_factory=list)

    @property
    def value(self) -> str:
        return "\n".join(self.lines).strip()


def is_service(address: str) -> bool:
    """Whether an address is that of a service that sends what was filled in on the business's pages."""
    return _SERVICE.search(address) is not None


def form_of(text: str, *, from_service: bool) -> Form | None:
    """The form that a text is, None where it has no message. From a service the longest answer is one."""
    lines = text.split("\n")
    end = _footer(lines)
    fields = list(_fields(lines[:end], asks=from_service))
    by_kind = {each.kind: each for each in reversed(fields)}
    message = by_kind.get("message")
    if message is None and from_service:
        message = max((each for each in fields if each.kind == "other"), key=lambda each: len(each.value), default=None)
    if message is None or not message.value or (_is_forward(fields) and "email" not in by_kind):
        return None
    return Form(
        author=_author(by_kind),
        subject=by_kind["subject"].value if "subject" in by_kind else "",
        message=message.value,
        others=tuple(f"{each.label}: {each.value}" for each in fields if each.kind == "other" and each is not message and each.value),
        rest="\n".join((*(f"{each.label}: {each.value}" for each in fields if each is not message), *lines[end:])).strip(),
    )


def _author(by_kind: dict[str, _Field]) -> Mailbox:
    named = mailboxes(by_kind["from"].value)[:1] if "from" in by_kind else ()
    address = _ADDRESS.search(by_kind["email"].value) if "email" in by_kind else None
    names = (" ".join(by_kind[kind].value.split()) for kind in ("first", "name", "last") if kind in by_kind)
    name = " ".join(filter(None, names)) or (named[0].name if named else "")
    return Mailbox(name, address[0] if address else named[0].address if named else "")


def _is_forward(fields: list[_Field]) -> bool:
    """Whether the fields are the headers of a mail that somebody passed on."""
    labels = {each.kind for each in fields}
    return "from" in labels and "header" in labels


def _fields(lines: list[str], *, asks: bool) -> Iterator[_Field]:
    """Fields in their order. A message goes on until the name or the address that is still missing."""
    current: _Field | None = None
    seen: set[str] = set()
    for at, line in enumerate(lines):
        found = _start(line, asks=asks) if at < _MOST_LINES else None
        if found and current and current.kind == "message" and not _ends_message(found, seen, lines[at + 1 :]):
            found = None
        if found:
            if current:
                yield current
            current = found
            seen.add(found.kind)
        elif current:
            current.lines.append(line.rstrip())
    if current:
        yield current


def _ends_message(found: _Field, seen: set[str], below: list[str]) -> bool:
    """Whether a field below the message is one: short ones only follow, and it is still missing."""
    if found.kind in seen or found.kind not in ("name", "first", "last", "email"):
        return False
    values = [line for line in below[:_MOST_LINES] if line.strip()]
    short = len(values) <= _MOST_LINES_BELOW and all(len(line) <= _LONGEST_VALUE for line in (*found.lines, *values))
    return short and (found.kind != "email" or bool(_ADDRESS.search(" ".join((*found.lines, *values[:1])))))


def _start(line: str, *, asks: bool) -> _Field | None:
    """The field that starts at a line, if one does."""
    bare = line.strip(_MARKS)
    match = _LABELLED.match(bare)
    label = (match["label"] if match else bare).strip(_MARKS)
    kind = next((name for name, pattern in KINDS.items() if pattern.fullmatch(label)), None)
    if kind == "from" and not (match and _ADDRESS.search(match["value"])):
        kind = "other"
    if kind:
        return _Field(kind, label, [match["value"]] if match and match["value"] else [])
    if match and (asks or not match["asked"]) and len(label.split()) <= (_MOST_LABEL_WORDS * 2 if match["asked"] else _MOST_LABEL_WORDS):
        return _Field("other", label, [match["value"]] if match["value"] else [])
    return None


def _footer(lines: list[str]) -> int:
    """Where the tool's own lines start that stand at the end: from the first rule or tell-tale line that only such lines follow."""
    cut, told = len(lines), False
    for at in range(len(lines) - 1, max(-1, len(lines) - _MOST_LINES), -1):
        line = lines[at].strip(_MARKS)
        like_a_footer = LIKE_A_FOOTER.match(line) is not None
        told = told or like_a_footer
        if like_a_footer or (told and _RULE.match(line)):
            cut = at
        elif line and not _LABELLED.match(line):
            break
    return cut
