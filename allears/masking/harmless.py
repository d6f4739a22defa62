"""Numbers that are nobody's: dates, times, prices, quantities."""

from __future__ import annotations

import re

_AMOUNT = r"(?!0\d)(?:\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3}){1,3}|\d{1,9})(?:[.,]\d{1,2})?"
_CURRENCY = r"[€£$¥]|EUR|USD|GBP|CHF|CAD|(?i:euros?|dollars?|pounds?|franken|francs?|reais|libras|dólares)"
_UNIT = (
    "ml|cl|dl|l|g|kg|mg|lbs?|oz|mm|cm|m|km|W|kW|V|Hz|kHz|MHz|GHz|MB|GB|TB|mAh|bar|h|min|%|°C?"
    "|(?i:watts?|volts?|lit(?:er|re|ro)s?|gramm?e?s?|grams?|kilometern?|kilom[eè]tres|km/h|meilen|miles|stück|stk|pcs|pieces|bags"
    "|punkten?|points|puntos|punti|pontos|punten|views|steps|schritten?|people|kunden|customers)"
)
_HARMLESS = re.compile(
    r"(?<![\w./-])\d{1,2}([./-])\d{1,2}\1(?:\d{4}|\d{2})(?!\w|[./-]\d)"
    r"|(?<![\w./-])\d{4}([./-])\d{1,2}\2\d{1,2}(?:T\d{2}:\d{2}(?::\d{2})?Z?)?(?!\w|[./-]\d)"
    r"|(?<![\w.:])\d{1,2}[:h]\d{2}(?::\d{2})?(?!\w)"
    rf"|(?:(?<!\w)|(?<=[A-Z]))(?:{_CURRENCY})[ \u00a0]?{_AMOUNT}(?![\d]|[.,]\d)"
    rf"|(?<![\w.,/-])(?<!\d[ \u00a0]){_AMOUNT}[ \u00a0\u202f]?(?:{_CURRENCY}|{_UNIT})(?!\w)"
)


def without_harmless(text: str) -> str:
    """The text, as long as it was, with NUL in place of dates, times, prices and quantities."""
    return _HARMLESS.sub(lambda match: "\0" * len(match[0]), text)
