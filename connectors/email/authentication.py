"""What the receiving server found out about a mail's sender (Authentication-Results, RFC 8601)."""

from __future__ import annotations

import re
from typing import Literal

from connectors.email.headers import Headers

_METHOD = re.compile(r"\b(dmarc|dkim|spf)\s*=\s*(pass|fail|softfail|hardfail|permerror|policy)\b([^;]*)", re.IGNORECASE)
_DOMAIN = re.compile(r"\b(?:header\.(?:d|i|from)|smtp\.mailfrom)\s*=\s*(?:[^\s;@]*@)?([\w.-]+)", re.IGNORECASE)


def sender_checked(headers: Headers) -> Literal["pass", "fail"] | None:
    """Whether the sender is who they say; None where the server did not look, or cannot tell.

    Only the topmost header counts: servers add theirs above what came, and below it anybody may have written one. DMARC decides;
    without it a pass of DKIM or SPF for the sender's own domain does, and any failure where there is none.
    """
    results = headers.all("authentication-results")
    sender = next((box.address.rpartition("@")[2].lower() for box in headers.mailboxes("from")), "")
    found = [
        (method.lower(), result.lower(), _is_of(sender, about)) for method, result, about in _METHOD.findall(results[0] if results else "")
    ]
    decisive = [each for each in found if each[0] == "dmarc"] or found
    if any(result == "pass" and (own or method == "dmarc") for method, result, own in decisive):
        return "pass"
    return "fail" if any(result != "pass" for _, result, _ in decisive) else None


def _is_of(domain: str, about: str) -> bool:
    """Whether a result is about a domain, one above it or one below it."""
    named = {each.lower() for each in _DOMAIN.findall(about)}
    return any(each == domain or each.endswith(f".{domain}") or domain.endswith(f".{each}") for each in named)
