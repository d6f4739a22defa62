"""The mail to whoever lost a case."""

from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

from allears.domain.case import Case, Event, EventType
from allears.mail.compose import compose_moved
from tests.letters import ADA, CASE, HOUSE, MARA, NOW, a_view, flat, page_of, text_of

MOVED_CASE = replace(CASE, owner="Ben Hall", owners=("Ada Brook", "Ben Hall"), hops=1)


def handed_over(reason: str, actor: str = "AllEars", to: str = "Ben Hall", at: datetime = NOW) -> Event:
    return Event(CASE.id, at, actor, EventType.HANDED_OVER, f"From Ada Brook to {to}: {reason}")


def moved(*events: Event, case: Case = MOVED_CASE, **changes: object) -> EmailMessage:
    return compose_moved(a_view(replace(MARA, **changes), case, events=events), ADA, HOUSE, key="m1", now=NOW)  # type: ignore[arg-type]  # an item's fields


MOVED = """\
Complaint · C-2041 · Northwind Coffee

Ada, Ben Hall has Mara Lindqvist’s case now.

You need do nothing. If you have already written to Mara, tell Ben Hall
at ben@northwind.example.

Why              Ada Brook did not take it by Tue 17 Nov, 11:30.
About            “Charged twice”

Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because you had the case
before.
"""


def test_a_case_that_moved_on_as_text() -> None:
    assert text_of(moved(handed_over("Ada Brook did not take it by Tue 17 Nov, 11:30"))) == MOVED


def test_a_case_that_moved_on_as_html() -> None:
    page = page_of(moved(handed_over("Ada Brook is away until Fri 20 Nov")))
    shown = flat(page.words)
    assert "You need do nothing. If you have already written to Mara, tell Ben Hall at ben@northwind.example." in shown
    assert "Why Ada Brook is away until Fri 20 Nov." in shown
    write, case = page.links()
    assert urlsplit(write).path == "ben@northwind.example"
    assert parse_qs(urlsplit(write).query) == {"subject": ["Mara Lindqvist: Charged twice (C-2041)"]}
    assert (page.labels[write], page.labels[case]) == ("tell Ben Hall", "Open the case")


def test_the_envelope_of_a_case_that_moved_on_is_in_the_cases_thread() -> None:
    message = message_from_bytes(moved().as_bytes(), policy=policy.default)
    assert message["Subject"] == "Ben Hall has Mara Lindqvist’s case now: Charged twice"
    assert message["To"] == "Ada Brook <ada@northwind.example>"
    assert message["References"] == message["In-Reply-To"] == "<c-2041@northwind.example>"


def test_a_case_that_moved_on_twice_names_who_has_it_and_why_it_was_taken() -> None:
    on = Event(CASE.id, NOW, "Ben Hall", EventType.HANDED_OVER, "From Ben Hall to Cara Diaz: too large a sum")
    text = flat(text_of(moved(handed_over("Ada Brook is away until Fri 20 Nov"), on, case=replace(CASE, owner="Cara Diaz", hops=2))))
    assert "Ada, Cara Diaz has Mara Lindqvist’s case now." in text
    assert "tell Cara Diaz at cara@northwind.example" in text
    assert "Why Ada Brook is away until Fri 20 Nov." in text
    assert "too large" not in text


def test_a_case_that_a_person_moved_quotes_them() -> None:
    text = flat(text_of(moved(handed_over("it is about money", actor="Cara Diaz"))))
    assert "Why Cara Diaz handed it over: “it is about money”" in text


def test_a_case_that_comes_back_says_so() -> None:
    message = moved(handed_over("Ada Brook is away until Fri 20 Nov"), case=replace(MOVED_CASE, stands_in_for="Ada Brook"))
    for words in (flat(text_of(message)), flat(page_of(message).words)):
        assert "The case comes back to you when you are back." in words
    assert "comes back" not in text_of(moved())


def test_a_moved_case_of_nobody_known_makes_sense_too() -> None:
    text = flat(text_of(moved(author=None, title=None, text="")))
    assert "Ada, Ben Hall has a customer’s case now." in text
    assert "If you have already written to the customer, tell Ben Hall" in text
    assert "About" not in text
    assert "Why" not in text
