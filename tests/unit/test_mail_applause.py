"""The mail that brings praise to whoever can pass it on."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest

from allears.domain.feedback import Channel, Sentiment
from allears.domain.records import StoredItem
from allears.mail.compose import compose_applause
from allears.mail.contexts import Applause
from tests.builders import TOKENS
from tests.letters import CARA, CASE, HOUSE, MARA, NOW, flat, html_of, page_of, stored, text_of

GMAIL_CUTS_AT = 102 * 1024
TOMS = ("Tom Okafor", "Tom Reid")


def praise(number: int = 0, text: str = "Tom remembered my name. It made my week.") -> StoredItem:
    item = replace(MARA, external_id=f"p{number}", channel=Channel.FORM, author="Eilidh Fraser", title=None, text=text)
    return stored(item, Sentiment.POSITIVE)


def applause(*pieces: Applause) -> EmailMessage:
    return compose_applause(pieces, CARA, HOUSE, key="a1", now=NOW)


ONE = """\
Praise · Northwind Coffee

Cara, here is praise to pass on.
Nothing to do but pass it on to whoever earned it.

> Tom remembered my name. It made my week.
Eilidh Fraser, form, Tue 17 Nov, 18:22

It may be about Tom Okafor or Tom Reid.

Sent Tue 17 Nov 2026, 18:22:09. You get this because nobody is named for
certain, and you can pass it on.
"""
SEVERAL = """\
Praise · Northwind Coffee

Cara, here are 2 messages of praise to pass on.
Nothing to do but pass it on to whoever earned it.

----

> Tom remembered my name. It made my week.
Eilidh Fraser, form, Tue 17 Nov, 18:22

It may be about Tom Okafor or Tom Reid.

----

> So fast!
Eilidh Fraser, form, Tue 17 Nov, 18:22

Nobody is named; it belongs to Ada Brook’s case C-2041.
Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because nobody is named for
certain, and you can pass it on.
"""
BOTH = (Applause(praise(), perhaps=(TOMS,)), Applause(praise(1, "So fast!"), case=CASE))


def test_one_piece_of_praise() -> None:
    message = applause(BOTH[0])
    assert text_of(message) == ONE
    assert (message["To"], message["Cc"]) == ("Cara Diaz <cara@northwind.example>", None)
    assert message["Subject"] == "Praise to pass on: Tom remembered my name"
    assert message["Message-ID"] == f"<{TOKENS.of('a1')}.auto@northwind.example>"
    assert message["In-Reply-To"] is None
    assert page_of(message).links() == []


def test_several_pieces() -> None:
    message = applause(*BOTH)
    assert text_of(message) == SEVERAL
    assert message["Subject"] == "2 messages of praise to pass on"
    assert page_of(message).links() == ["https://ears.northwind.example/case?id=C-2041"]


@pytest.mark.parametrize("pieces", [BOTH[:1], BOTH])
def test_the_page_has_the_words_of_the_text(pieces: tuple[Applause, ...]) -> None:
    message = applause(*pieces)
    shown = flat(page_of(message).words)
    said = text_of(message).replace("----", "").replace("> ", "").replace(" pass on.", " pass on", 1)
    lines = [line for line in said.split("\n\n") if line.strip() and not line.startswith("Sent")]
    for line in lines:
        assert flat(line.partition("\nOpen the case:")[0]) in shown
    assert "You get this because nobody is named for certain" in shown


@pytest.mark.parametrize(
    ("piece", "about"),
    [
        (Applause(praise(), perhaps=(("Priya Nair",),)), "It may be about Priya Nair."),
        (Applause(praise(), perhaps=(("Cara Diaz", "Cara Lund"),)), "It may be about you or Cara Lund."),
        (Applause(praise(), perhaps=(("A", "B", "C"),)), "It may be about A, B or C."),
        (Applause(praise(), perhaps=(TOMS, ("A",))), "It may be about Tom Okafor or Tom Reid, and about A."),
        (Applause(praise(), perhaps=(tuple("ABCDEFG"),)), "It may be about A, B, C, D, E or 2 others."),
        (
            Applause(praise(), perhaps=(TOMS,), case=CASE),
            "It may be about Tom Okafor or Tom Reid. The same message is part of Ada Brook’s case C-2041.",
        ),
        (Applause(praise(), case=replace(CASE, owner="Cara Diaz")), "Nobody is named; it belongs to your case C-2041."),
        (
            Applause(praise(), topic="delivery", owners=frozenset({"person:Cara Diaz"})),
            "Nobody is named; it is about delivery, which is yours.",
        ),
        (Applause(praise(), topic="delivery", owners=frozenset({"team:care"})), "Nobody is named; it is about delivery, which is yours."),
        (Applause(praise(), topic="delivery", owners=frozenset({"team:cafes"})), "Nobody is named; it is about delivery."),
        (Applause(praise()), "Nobody is named."),
    ],
)
def test_it_says_what_is_known_of_whom_it_is_about(piece: Applause, about: str) -> None:
    message = compose_applause([piece], replace(CARA, teams=("care",)), HOUSE, key="a1", now=NOW)
    assert f"{about} Sent " in flat(text_of(message)).replace("Open the case: https://ears.northwind.example/case?id=C-2041 ", "")
    assert about in flat(page_of(message).words)


def test_twenty_are_shown_and_the_rest_are_counted() -> None:
    message = applause(*(Applause(praise(number)) for number in range(23)))
    assert message["Subject"] == "23 messages of praise to pass on"
    assert text_of(message).count("It made my week.") == page_of(message).words.count("It made my week.") == 20
    assert "and 3 more.\nSee the praise in the overview: https://ears.northwind.example\n" in text_of(message)
    assert "and 3 more." in flat(page_of(message).words)
    assert page_of(message).labels == {"https://ears.northwind.example": "See the praise in the overview"}
    assert " more" not in text_of(applause(*(Applause(praise(number)) for number in range(20))))


def test_a_long_message_is_whole_if_it_comes_alone_and_shortened_among_others() -> None:
    long = Applause(praise(text="Tom was kind. " * 200 + "The end."))
    assert "The end." in text_of(applause(long))
    assert "The end." not in text_of(applause(long, long))
    assert "The rest is in the case." not in text_of(applause(long, long))


def test_it_stays_whole_in_gmail_even_if_everybody_writes_a_lot() -> None:
    wordy = replace(MARA, author="字" * 100, title="字" * 500, text="字" * 10_000)
    message = applause(*(Applause(stored(replace(wordy, external_id=f"m{number}")), perhaps=(TOMS,), case=CASE) for number in range(60)))
    assert len(html_of(message).encode()) < GMAIL_CUTS_AT
