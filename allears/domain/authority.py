"""What a person may give without asking: read from the plain words of their authority, in English, German or French."""

from __future__ import annotations

import re
from decimal import Decimal

from allears.domain.case import Remedy

_CODES = """AED ARS AUD BGN BHD BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR ISK JPY KES KRW KWD MAD MXN MYR NGN NOK NZD
PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY TWD UAH USD VND ZAR"""
_NAMES = {
    "EUR": ("€", "eur", "euro", "euros"),
    "GBP": ("£", "gbp", "pound", "pounds", "pfund", "livres"),
    "USD": ("us$", "$", "usd", "dollar", "dollars"),
    "CHF": ("chf", "franken", "francs"),
    "JPY": ("¥", "yen"),
}
_CALLED = {name: code for code, names in _NAMES.items() for name in names}
_CURRENCY = "|".join(
    (rf"(?:{'|'.join(_CODES.split())})\b", *(rf"(?i:{re.escape(name)})" + (r"\b" if name.isalpha() else "") for name in _CALLED))
)
_GAP = "[ \u00a0\u202f]"
_AMOUNT = rf"(?<![\d.,])(?P<whole>\d{{1,3}}(?:(?:{_GAP}|[.,'’])\d{{3}})+|\d+)(?:[.,](?:(?P<cents>\d\d?)|[-–—]+))?(?!\d)"
_MONEY = re.compile(rf"(?:(?<!\w)(?P<before>{_CURRENCY}){_GAP}?)?{_AMOUNT}(?:{_GAP}?(?P<after>{_CURRENCY}))?")
_UP_TO = re.compile(
    r"\b(?:up to|no more than|not more than|at most|max(?:imum|imal)?\b\.?|bis|höchstens|jusqu['’]?à|au plus|à hauteur de)[^\d.;]*$",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*(?:[,/(=]|and|or|und|oder|et|ou)\s*", re.IGNORECASE)


def limits(authority: str) -> dict[str, Decimal]:
    """The largest amount in each currency that "up to" allows, as in "refund up to 100 GBP"; without such words the largest named."""
    named, allowed = list[tuple[str, Decimal]](), list[tuple[str, Decimal]]()
    end = None
    for match in _MONEY.finditer(authority):
        currency = match["before"] or match["after"]
        if currency is None:
            continue
        whole = "".join(re.findall(r"\d", match["whole"]))
        worth = _CALLED.get(currency.casefold(), currency), Decimal(f"{whole}.{match['cents']}" if match["cents"] else whole)
        named.append(worth)
        if _UP_TO.search(authority, 0, match.start()) or (end is not None and _OR.fullmatch(authority, end, match.start())):
            allowed.append(worth)
            end = match.end()
    found: dict[str, Decimal] = {}
    for currency, amount in allowed or named:
        found[currency] = max(found.get(currency, Decimal()), amount)
    return found


def exceeds(authority: str | None, remedy: Remedy) -> str | None:
    """Why this remedy is beyond the authority, as the end of a sentence; None if it is within it or nothing says otherwise."""
    if not remedy.amount:
        return None
    if not authority:
        return "has no authority to give anything of worth"
    known = limits(authority)
    if not known:
        return None
    if remedy.currency not in known:
        return f"may give in {' or '.join(sorted(known))}, not in {remedy.currency}"
    if remedy.amount > known[remedy.currency]:
        return f"may give up to {known[remedy.currency]} {remedy.currency}"
    return None
