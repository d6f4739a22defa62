"""Tokens by which answers to our own mails are known."""

from __future__ import annotations

from allears.tokens import Tokens

TOKENS = Tokens("a key of thirty-two characters....")
KEY = "0123456789abcdef01234567"


def test_a_token_is_found_in_ids_and_addresses_whatever_their_case():
    token = TOKENS.of(KEY)
    assert len(token) == 41
    found = TOKENS.keys([f"support+{token}@northwind.example", f"<{token.upper()}@northwind.example>", "other@x.example"])
    assert list(found) == [KEY, KEY]


def test_nobody_else_can_make_one():
    other = Tokens("another key of thirty-two letters.")
    token = TOKENS.of(KEY)
    changed = f"{'f' if token[0] != 'f' else 'e'}{token[1:]}"
    assert not list(TOKENS.keys([other.of(KEY), changed, KEY, f"{KEY}.", token[:-1]]))


def test_letters_of_other_scripts_are_none_of_it():
    for odd in ("\u017f", "\u212a", "é", "٣"):  # a long s and a Kelvin sign, which are like s and k where case does not count
        assert not list(TOKENS.keys([f"{KEY}.{odd * 16}", f"{odd * 24}.{'a' * 16}"]))
