"""Postal addresses: a street with its number, a postcode with its town, as seven languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allears.masking.spans import Span, What
from allears.masking.words import STOP, UPPER

_LETTER = r"[^\W\d_]"
_CAP = rf"[{UPPER}](?:{_LETTER}|['’\-](?={_LETTER})){{0,30}}"
_STEM = rf"[{UPPER}](?:{_LETTER}|-){{2,24}}?"
_OF = "de|del|della|dei|di|do|da|dos|das|du|des|la|le|las|los|les|l'|d'|van|von|den|der|het|e|y|of|the"
_NAME = rf"{_CAP}\.?(?: (?:(?:{_OF}) ?){{0,2}}{_CAP}\.?){{0,4}}"
_HOUSE = r"\d{1,5}(?:[ ]?[a-zA-Z](?!\w))?(?:[ ]?[-/][ ]?\d{1,4}[a-zA-Z]?)?(?![\w]|[.,]\d)"
_UK = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}(?!\w)"
_NL = r"\d{4} ?(?!S[ADS]|AM|PM|ML|KG|EU|UK|US|CM|MM|KM|GB|MB|TB)[A-Z]{2}(?!\w)"
_CA = r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d(?!\w)"
_US = (
    r"(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]"
    r"|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) \d{5}(?:-\d{4})?(?!\w)"
)
_CONTINENTAL = r"(?:[A-Z]{1,2}-)?(?:\d{4}-\d{3}|\d{4,5})"
_TOWN = rf"{_CAP}(?:[ -](?:(?:am|an der|im|sur|de|del|la|le|do|da|aan den|aan de|in|upon|on)[ -])?{_CAP}){{0,2}}"
_UNIT = r"(?:(?i:flat|apt\.?|apartment|unit|suite|appt\.?|top|wohnung|piso|int\.?|interno) ?#?\w{1,5}[, ]{1,2})?"
_TAIL = (
    r"(?:, \d{1,2}[ºª](?: ?(?:[A-Z]|izq|dcha|esq|dto)(?!\w))?)?"
    rf"(?:[, \n]{{1,3}}(?:{_TOWN},?[ \n]{{1,2}})?(?:{_UK}|{_CA}|{_US})|[, \n]{{1,3}}(?:{_NL}|{_CONTINENTAL})[ ]{{1,2}}{_TOWN})?"
)
_ENGLISH = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Pl|Square|Sq|Boulevard|Blvd|Way|Terrace|Crescent|Gardens"
    r"|Hill|Row|Mews|Grove|Highway|Hwy|Parkway|Pkwy)(?!\w)\.?"
)
_FRENCH = r"(?i:rue|avenue|av\.|boulevard|bd\.?|place|chemin|allées?|impasse|quai|route|cours|passage|square|faubourg)"
_SOUTHERN = (
    r"(?:[Cc]alle|[Cc]/|[Aa]venida|[Aa]vda\.?|Av\.|[Pp]laza|[Pp]aseo|[Cc]amino|[Cc]arretera|[Rr]onda|Via|Viale|[Pp]iazza|[Pp]iazzale|Corso"
    r"|[Vv]icolo|[Ll]argo|[Ll]ungotevere|[Rr]ua|[Tt]ravessa|[Pp]raça|[Ee]strada|[Aa]lameda|(?<=in )via|(?<=in )viale|(?<=in )corso)"
)
_GERMANIC = (
    rf"{_STEM}(?:stra(?:ß|ss)e|str\.|platz|allee|gasse|damm|chaussee|straat|laan|plein|gracht|kade|singel|dijk|steeg|weg)"
    rf"|{_CAP}-(?:Stra(?:ß|ss)e|Str\.|Allee|Platz|Weg|Ring|Ufer|Damm)|(?:Laan|Plein|Weg) van (?:de |den |het )?{_CAP}"
    rf"|(?:{_CAP} ){{1,2}}(?:Stra(?:ß|ss)e|Str\.|Allee|Platz|Weg|Gasse|Damm|Ring|Ufer)"
    rf"|(?:Am|An der|An den|Im|In der|In den|Zum|Zur|Auf der|Auf dem|Unter den) (?:{_CAP} ?){{1,3}}"
    r"(?= \d{1,3}[a-z]?(?:[, \n]{1,3}| in )\d{5})"
)
_PARTICLES = r"(?:(?:de|de la|de las|de los|del|della|dei|degli|di|do|da|dos|das|du|des|de l['’]|d['’]|la|le|les) ?)?"
_STREETS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w.,/-]){_UNIT}\d{{1,5}}[a-zA-Z]?,? (?:{_CAP}\.? ){{1,4}}?{_ENGLISH}{_TAIL}",
        rf"(?<![\w.,/-])\d{{1,4}}(?: ?(?:bis|ter|quater|[a-dA-D])(?!\w))?,? {_FRENCH} {_PARTICLES}{_NAME}{_TAIL}",
        rf"(?<!\w){_SOUTHERN} ?{_PARTICLES}{_NAME},? (?:(?i:n\.?[º°]?|nr\.?|núm\.?) ?)?{_HOUSE}{_TAIL}",
        rf"(?<!\w)(?:{_GERMANIC}) {_HOUSE}{_TAIL}",
    )
)
_CUE = (
    r"(?i:postcode|post code|postal code|zip(?: code)?|plz|code postal|código postal|cap|postleitzahl)(?: (?i:is|ist|est|es|è|é))?[: ]{1,2}"
)
_PLACE = (
    rf"(?:(?:(?<=, )|(?<=\n)|(?<=^)|(?<=\bin )|(?<=nach )|(?<=aus )|(?<=à )|(?<=\ba )|(?<=\ben )|(?<=\bem )|(?<=\bte ))"
    rf"(?:(?:[A-Z]{{1,2}}-)?\d{{5}}|\d{{4}}-\d{{3}}|{_NL}) {_TOWN})"
)
_PLACES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_CUE}(?P<found>{_UK}|{_NL}|{_CA}|{_CONTINENTAL}(?!\w))",
        rf"(?P<found>{_PLACE})",
        rf"(?<!\w)(?P<found>{_TOWN},? {_US})",
        rf"(?:, |\n|\b(?:in|at|to|from|near) )(?P<found>(?:{_TOWN},? )?(?:{_UK}|{_CA}))",
    )
)


def addresses(text: str) -> Iterator[Span]:
    """Postal addresses in a text from which dates and prices were taken."""
    for street in _STREETS:
        for match in street.finditer(text):
            yield Span(match.start(), match.end(), What.ADDRESS)
    for place in _PLACES:
        for match in place.finditer(text):
            if _last_word(match["found"]).casefold() not in STOP:
                yield Span(*match.span("found"), What.ADDRESS)


def _last_word(found: str) -> str:
    return found.rsplit(maxsplit=1)[-1]
