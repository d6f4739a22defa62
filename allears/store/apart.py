"""Two mails under one Message-ID: a copy of one mail is one message, other words under the same id are another.

Senders choose their Message-IDs, and broken shop systems repeat them; whoever merges by the id alone loses a customer's words.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from dataclasses import replace

from allears.domain.feedback import Channel, FeedbackItem, Original, Page, SourceName, item_id
from allears.store import rows
from allears.store.database import Session


def apart(session: Session, source: SourceName, page: Page) -> Page:
    """The page with every mail whose id was used for another body renamed to `<id>#<digest of its body>`.

    Copies that came another way differ in their header only, and stay what they are.
    """
    if not any(item.channel is Channel.EMAIL for item in page.items):
        return page
    with session.given(wanted=rows.ids({item_id(source, original.external_id) for original in page.originals})):
        kept = {row["external_id"]: rows.unpacked(row) for row in session.rows("originals_of")}
    first = {name: _body(raw) for name, raw in kept.items() if raw is not None}
    gone = {name for name, raw in kept.items() if raw is None}  # kept no longer: the same id is taken for the same mail
    waiting: defaultdict[str, deque[FeedbackItem]] = defaultdict(deque)
    for item in page.items:
        waiting[item.external_id].append(item)
    items: list[FeedbackItem] = []
    originals: list[Original] = []
    for original in page.originals:
        body = _body(original.body)
        own = original.external_id in gone or first.setdefault(original.external_id, body) == body
        name = original.external_id if own else f"{original.external_id}#{body[:12]}"
        originals.append(replace(original, external_id=name))
        if waiting[original.external_id]:
            items.append(replace(waiting[original.external_id].popleft(), external_id=name))
    return replace(page, items=tuple(items), originals=tuple(originals))


def _body(raw: bytes) -> str:
    """Digest of a mail without its header, whatever its line ends."""
    text = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return hashlib.sha256(text.partition(b"\n\n")[2].strip() or text).hexdigest()
