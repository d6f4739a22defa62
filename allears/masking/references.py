"""Numbers a business knows a customer by: orders, invoices, accounts, bookings, parcels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from allears.masking.spans import Span, What

_BOOKING = "booking|reservation|pnr|buchung|réservation|reserva|localizador|prenotazione|boeking|reservering|vorgang|dossier"
_PLAIN = (
    "order|invoice|account|customer|client|confirmation|reference|ref|tracking|ticket|policy|contract|member(?:ship)?|parcel|shipment|claim|serial"
    "|bestellung|auftrag|rechnung|kunde|vertrag|konto|sendung|paket|referenz|kd"
    "|commande|facture|compte|confirmation|contrat|suivi|colis|référence"
    "|pedido|factura|cliente|cuenta|contrato|referencia|seguimiento|envío"
    "|ordine|fattura|conto|contratto|riferimento|pratica|spedizione|pacco"
    "|encomenda|fatura|conta|referência|processo"
    "|bestelling|factuur|klant|rekening|contract|polis|referentie|zending|pakket"
)
_COMPOUND = (
    r"(?:bestell|auftrags?|rechnungs?|kunden|vertrags?|konto|buchungs?|sendungs?|paket|mitglieds?|vorgangs?|versicherungs?|ticket|referenz"
    r"|klant|order|bestel|factuur|rekening|boekings?|reserverings?|contract|polis|lidmaatschaps?|zendings?)[ -]?(?:nummer|nr|code|id)"
)
_STRONG = r"numbers?|num|no|nr|nbr|nummer|id|code|ref|reference|référence|numéro|número|numero|n\.?[°ºo]|n\.|#|№"
_WEAK = "is|was|ist|war|lautet|est|es|era|è|é|van|de|del|di|do|da|der|the|le|la|el|il|het|mit|con|com|met|avec"
_CUE = re.compile(
    rf"(?i)(?<!\w)(?:(?P<strong>{_COMPOUND})|(?P<booking>{_BOOKING})|{_PLAIN})"
    rf"(?P<link>(?:[\s.:(\-]{{0,3}}(?:{_STRONG}|{_WEAK})(?!\w)){{0,3}})(?P<mark>[\s.:(#]{{0,4}})"
    r"(?<![^\W\d_])(?P<token>(?=[a-z0-9./_-]{0,39}\d|(?-i:[A-Z]{5,8}(?!\w)))"
    r"[a-z0-9](?:[a-z0-9]|[./_-](?=[a-z0-9])){2,39}(?: \d{2,6}){0,4})(?!\w)"
)
_HASH = re.compile(r"(?<![/&])#(?P<token>[A-Za-z0-9](?:[A-Za-z0-9]|[./_-](?=[A-Za-z0-9])){4,39})(?!\w)")
_BARE = re.compile(r"(?<![\w./-])(?P<token>[A-Z0-9](?:[A-Z0-9]|[/-](?=[A-Z0-9])){7,39})(?!\w)")
_FLIGHT = re.compile(r"[A-Z]{2}\d{2,4}")
_YEAR = re.compile(r"(?:19|20)\d{2}(?:[/-](?:19|20)?\d{2})?")
_CODE = re.compile(r"[A-Z0-9]{5,8}")
_FEWEST, _FEWEST_CALLED, _FEWEST_BARE, _FEWEST_BARE_DIGITS = 5, 3, 6, 10
_FEWEST_MIXED, _LONGER_THAN_PHONES = 4, 13


def references(text: str) -> Iterator[Span]:
    """Numbers after a cue word or "#", and long ones that stand alone, in a text from which dates and prices were taken."""
    for match in _CUE.finditer(text):
        strong = bool(match["strong"]) or "#" in match["mark"] or bool(re.search(rf"(?i)(?<!\w)(?:{_STRONG})(?!\w)", match["link"]))
        token = match["token"] if match["token"].replace(" ", "").isdigit() else match["token"].split(" ")[0]
        if _identifies(token, strong=strong, booking=bool(match["booking"] or match["strong"])):
            yield Span(match.start("token"), match.start("token") + len(token), What.NUMBER)
    for match in _HASH.finditer(text):
        digits = _digits(match["token"])
        letters = sum(character.islower() for character in match["token"])
        if digits and digits >= letters:
            yield Span(match.start(), match.end(), What.NUMBER)
    for match in _BARE.finditer(text):
        if _stands_out(match["token"]):
            yield Span(*match.span("token"), What.NUMBER)


def _stands_out(token: str) -> bool:
    """Whether a number tells who somebody is without a cue word: long, or of digits and letters; not what may be a phone's."""
    if token.isdigit():
        return len(token) >= (_LONGER_THAN_PHONES if token[0] == "0" else _FEWEST_BARE_DIGITS)
    return _digits(token) >= _FEWEST_BARE and any(character.isalpha() for character in token)


def _identifies(token: str, *, strong: bool, booking: bool) -> bool:
    """Whether what follows a cue word is a number that tells who somebody is; `strong` if the text calls it a number or code."""
    digits = _digits(token)
    if not any(character.isalpha() for character in token):
        return digits >= (_FEWEST_CALLED if strong else _FEWEST) and (strong or not _YEAR.fullmatch(token))
    if strong or booking:
        code = bool(_CODE.fullmatch(token)) and (digits > 0 or (strong and booking))
        return (code and (strong or not _FLIGHT.fullmatch(token))) or (digits >= _FEWEST_CALLED and len(token) >= _FEWEST)
    return digits >= _FEWEST_MIXED and not _FLIGHT.fullmatch(token)


def _digits(token: str) -> int:
    return sum(character.isdigit() for character in token)
