"""What a person may give without asking, as people write it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from allears.domain.authority import exceeds, limits, remedy_in
from allears.domain.case import Remedy, RemedyKind


def refund(amount: str | None, currency: str | None = "EUR") -> Remedy:
    return Remedy(RemedyKind.REFUND, Decimal(amount) if amount else None, currency)


@pytest.mark.parametrize(
    ("authority", "allowed"),
    [
        # English
        ("refund up to 100 GBP", {"GBP": "100"}),
        ("refund or replace up to 1000 GBP, change any account", {"GBP": "1000"}),
        ("Refund up to £1,000.50 per customer", {"GBP": "1000.50"}),
        ("goodwill of up to $25; anything above asks Cara", {"USD": "25"}),
        ("up to a value of 250.5 eur", {"EUR": "250.5"}),
        ("up to 100 GBP or 120 EUR", {"GBP": "100", "EUR": "120"}),
        ("up to 100 GBP (120 EUR), above 500 GBP ask Cara", {"GBP": "100", "EUR": "120"}),
        ("refunds up to 50 GBP, vouchers up to 80 GBP", {"GBP": "80"}),
        ("50 pounds, no more", {"GBP": "50"}),
        ("at most US$ 75", {"USD": "75"}),
        # German
        ("Erstattung bis zu 100 EUR", {"EUR": "100"}),
        ("Gutschrift bis 1.000,50 EUR ohne Rückfrage", {"EUR": "1000.50"}),
        ("1.000,50 EUR", {"EUR": "1000.50"}),
        ("bis höchstens 2.500 €", {"EUR": "2500"}),
        ("darf bis einschließlich 50,- € kulant sein", {"EUR": "50"}),
        ("max. 50€ je Fall", {"EUR": "50"}),
        ("Rückzahlung bis CHF 1'500.–", {"CHF": "1500"}),
        ("maximal 80 Euro", {"EUR": "80"}),
        # French
        ("rembourser jusqu'à 50 €", {"EUR": "50"}),
        ("jusqu’à 1\u202f250,00\u00a0€ sans demander", {"EUR": "1250.00"}),
        ("à hauteur de 200 euros", {"EUR": "200"}),
        ("geste commercial de 1 500 EUR au plus", {"EUR": "1500"}),
        # no money
        ("resend any parcel", {}),
        ("20 % discount, up to 3 per customer", {}),
        ("up to 10 free coffees a week", {}),
        ("up to 3 VIP upgrades", {}),
        ("call 020 7946 0000", {}),
        ("", {}),
    ],
)
def test_the_largest_amount_in_each_currency(authority: str, allowed: dict[str, str]):
    assert limits(authority) == {currency: Decimal(amount) for currency, amount in allowed.items()}


@pytest.mark.parametrize(
    ("authority", "remedy", "told"),
    [
        ("bis zu 100 EUR", refund("100.00"), None),
        ("bis zu 100 EUR", refund("100.01"), "may give up to 100 EUR"),
        ("up to £100 or €120", refund("100", "USD"), "may give in EUR or GBP, not in USD"),
        ("resend any parcel", refund("40"), None),
        (None, refund("0.01"), "has no authority to give anything of worth"),
        ("", refund("0.01"), "has no authority to give anything of worth"),
        (None, refund(None, None), None),
        (None, refund("0"), None),
        ("up to 50 EUR", Remedy(RemedyKind.REPLACEMENT), None),
    ],
)
def test_what_goes_beyond_it_is_said(authority: str | None, remedy: Remedy, told: str | None):
    assert exceeds(authority, remedy) == told


class TestWhatWasGiven:
    @pytest.mark.parametrize(
        ("outcome", "remedy"),
        [
            ("refunded 20", Remedy(RemedyKind.REFUND, Decimal(20), "GBP")),
            ("refunded 20.50", Remedy(RemedyKind.REFUND, Decimal("20.50"), "GBP")),
            ("a refund of 20 EUR", Remedy(RemedyKind.REFUND, Decimal(20), "EUR")),
            ("20 EUR erstattet", Remedy(RemedyKind.REFUND, Decimal(20), "EUR")),
            ("remboursé 1 200 €", Remedy(RemedyKind.REFUND, Decimal(1200), "EUR")),
            ("voucher of £10", Remedy(RemedyKind.VOUCHER, Decimal(10), "GBP")),
            ("refunded order 12345", Remedy(RemedyKind.REFUND)),
            ("sent a new one", Remedy(RemedyKind.REPLACEMENT)),
            ("repariert und zurückgeschickt", Remedy(RemedyKind.REPAIR)),
            ("explained it to her", None),
        ],
    )
    def test_is_read_off_the_words(self, outcome: str, remedy: Remedy | None):
        assert remedy_in(outcome, "refund up to 100 GBP") == remedy

    def test_without_a_currency_of_ones_own_it_is_open(self):
        assert remedy_in("refunded 20", "up to 100 GBP or 120 EUR") == Remedy(RemedyKind.REFUND, Decimal(20), None)
