"""The mail that brings a person their praise."""

from dataclasses import replace

from allears.domain.feedback import Channel, Sentiment
from allears.mail.compose import compose_praise
from tests.letters import ADA, CARA, CASE, HOUSE, MARA, NOW, TOM, page_of, stored, text_of

PRAISE = """\
Praise · Northwind Coffee

Tom, Eilidh Fraser wrote about you.

> Tom remembered my name. It made my week.
Eilidh Fraser, form, Tue 17 Nov, 18:22

Nothing to do.
Cara Diaz, your manager, gets it too.

Sent Tue 17 Nov 2026, 18:22:09. You get this because the message is
about you.
"""

EILIDH = stored(
    replace(MARA, channel=Channel.FORM, author="Eilidh Fraser", title=None, text="Tom remembered my name. It made my week."),
    Sentiment.POSITIVE,
)


def test_praise_reaches_the_person_and_their_manager() -> None:
    message = compose_praise(EILIDH, TOM, HOUSE, key="p1", now=NOW, manager=CARA)
    assert text_of(message) == PRAISE
    assert message["To"] == "Tom Reid <tom@northwind.example>"
    assert message["Cc"] == "Cara Diaz <cara@northwind.example>"
    assert message["Subject"] == "Eilidh Fraser wrote about you: Tom remembered my name"
    assert not page_of(message).links()
    assert "Nothing to do. Cara Diaz, your manager, gets it too." in " ".join(page_of(message).words.split())


def test_praise_without_a_manager_names_none() -> None:
    for manager in (None, replace(CARA, email=TOM.email)):
        message = compose_praise(EILIDH, TOM, HOUSE, key="p1", now=NOW, manager=manager)
        assert message["Cc"] is None
        assert "manager" not in text_of(message)


def test_praise_that_also_complains_says_who_has_the_case() -> None:
    message = compose_praise(EILIDH, TOM, HOUSE, key="p1", now=NOW, case=CASE)
    assert "Nothing to do. The same message is part of case C-2041, which Ada Brook has." in " ".join(text_of(message).split())
    assert page_of(message).links() == ["https://ears.northwind.example/case?id=C-2041"]
    theirs = text_of(compose_praise(EILIDH, ADA, HOUSE, key="p1", now=NOW, case=CASE))
    assert "which is yours" in theirs
    assert "Nothing to do" not in theirs


def test_a_long_message_is_said_to_go_on_in_the_case_only_if_there_is_one() -> None:
    long = replace(EILIDH, item=replace(EILIDH.item, text="Tom was kind. " * 500))
    assert "The rest is in the case." in text_of(compose_praise(long, TOM, HOUSE, key="p1", now=NOW, case=CASE))
    assert "The rest" not in text_of(compose_praise(long, TOM, HOUSE, key="p1", now=NOW))
