"""What a person may give without asking, read from the plain words of their authority (English, German or French); and what they gave."""

from __future__ import annotations

import re
from decimal import Decimal

from allears.domain.case import Remedy, RemedyKind

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
_GIVEN = {
    RemedyKind.REFUND: r"refund|money back|credited|(?:rück)?erstatt|zurückgezahlt|rembours|reembols|devuel|rimbors|terugbet|teruggestort",
    RemedyKind.VOUCHER: r"voucher|gutschein|bon d['’]achat|vale\b|buono|cupom|tegoedbon",
    RemedyKind.DISCOUNT: r"discount|rabatt|nachlass|remise|réduction|descuento|sconto|desconto|korting",
    RemedyKind.REPLACEMENT: r"replac|new one|ersatz|ersetzt|remplac|reemplaz|sostitu|substitu|vervang",
    RemedyKind.GIFT: r"gift|geschenk|cadeau|regalo|brinde",
    RemedyKind.REPAIR: r"repair|repar|répar|riparat|consertad|gerepareerd",
}
OF_WORTH = (RemedyKind.REFUND, RemedyKind.DISCOUNT, RemedyKind.VOUCHER, RemedyKind.GIFT)
"""What is given with its amount; the other remedies have none."""
_NOT = r"\b(?:no|not|never|without|keine?n?|nicht|ohne|pas(?: de)?|sans|sin|senza|non|nessun|sem|não|geen|niet|zonder)\s+"
_BARE = r"\w*\s+(?:(?:of|von|de|di|van|über)\s+)?(\d+(?:[.,]\d\d?)?)(?![\w.,-]*\d|\s*%)"
_OR = re.compile(r"\s*(?:[,/(=]|and|or|und|oder|et|ou)\s*", re.IGNORECASE)


def remedy_in(outcome: str, authority: str | None) -> Remedy | None:
    """What a customer was given, by the words on what was done, in seven languages; None where nothing is said to be.

    An amount without a currency is in that of the authority, where it has one; else the remedy has an amount and no currency.
    """
    kind = next((kind for kind, words in _GIVEN.items() if _is_given(words, outcome)), None)
    if kind is None or kind not in OF_WORTH:
        return Remedy(kind) if kind else None
    for match in _MONEY.finditer(outcome):
        if worth := _worth(match):
            return Remedy(kind, worth[1], worth[0])
    bare = re.search(rf"\b(?:{_GIVEN[kind]}){_BARE}", outcome, re.IGNORECASE)
    if bare is None:
        return Remedy(kind)
    usual = limits(authority or "")
    return Remedy(kind, Decimal(bare[1].replace(",", ".")), next(iter(usual)) if len(usual) == 1 else None)


def _is_given(words: str, outcome: str) -> bool:
    return any(not found["none"] for found in re.finditer(rf"(?P<none>{_NOT})?\b(?:{words})", outcome, re.IGNORECASE))


def _worth(match: re.Match[str]) -> tuple[str, Decimal] | None:
    """Currency and amount of a match of _MONEY; None without a currency."""
    currency = match["before"] or match["after"]
    if currency is None:
        return None
    whole = "".join(re.findall(r"\d", match["whole"]))
    return _CALLED.get(currency.casefold(), currency), Decimal(f"{whole}.{match['cents']}" if match["cents"] else whole)


def limits(authority: str) -> dict[str, Decimal]:
    """The largest amount in each currency that "up to" allows, as in "refund up to 100 GBP"; without such words the largest named."""
    named, allowed = list[tuple[str, Decimal]](), list[tuple[str, Decimal]]()
    end = None
    for match in _MONEY.finditer(authority):
        worth = _worth(match)
        if worth is None:
            continue
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
