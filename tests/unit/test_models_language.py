import pytest

from models.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my order?", "en"),
        ("Wo ist meine Bestellung?", "de"),
        ("Où est ma commande ?", "fr"),
        ("¿Dónde está mi pedido?", "es"),
        ("Dove si trova il mio ordine?", "it"),
        ("Onde está a minha encomenda?", "pt"),
        ("Waar blijft mijn bestelling?", "nl"),
        ("", "und"),
        ("12345 !!!", "und"),
        ("https://example.org/where-is-it", "und"),
    ],
)
def test_language_of_a_short_message(text: str, language: str):
    assert detect(text) == language


def test_a_lone_surrogate_does_not_raise():
    assert detect("\ud800") == "und"
