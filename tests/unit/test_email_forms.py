"""Contact forms' notification mails: the customer and their words are found, whoever carries them.

A specimen in tests/specimens/email/forms.txt is a line "§ tool | plain or html | From | Reply-To | Subject", the body, a line
"§ says | name | address | title", and the customer's message.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

import pytest

from allears.domain.feedback import Automated, FeedbackItem, SourceName
from connectors.email.parse import Reading, parse

FILE = Path(__file__).parent.parent / "specimens" / "email" / "forms.txt"
READING = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, 12, tzinfo=UTC))


@dataclass(frozen=True)
class Specimen:
    tool: str
    form: str
    sender: str
    replies_to: str
    subject: str
    body: str
    name: str
    address: str
    title: str
    says: str


def specimens() -> Iterator[Specimen]:
    for block in f"\n{FILE.read_text('utf-8')}".split("\n§ ")[1:]:
        head, _, body = block.partition("\n")
        facts = [part.strip() for part in head.split("|")]
        if facts[0] != "says":
            asked = (*facts, body)
        else:
            yield Specimen(*asked, *facts[1:], body.strip())


ALL = list(specimens())


def read(sender: str, replies_to: str, subject: str, body: str, form: str = "plain") -> FeedbackItem:
    headers = [
        f"From: {sender}",
        *([f"Reply-To: {replies_to}"] if replies_to else []),
        "To: support@northwind.example",
        f"Subject: {Header(subject, 'utf-8').encode()}",
        "MIME-Version: 1.0",
        f"Content-Type: text/{form}; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]
    return parse("\n".join((*headers, "", body)).encode(), READING)


@pytest.mark.parametrize("specimen", ALL, ids=lambda specimen: specimen.tool)
def test_the_customer_and_their_message_are_found(specimen: Specimen) -> None:
    item = read(specimen.sender, specimen.replies_to, specimen.subject, specimen.body, specimen.form)
    assert item.text == specimen.says
    assert (item.author or "", item.contact) == (specimen.name, f"email:{specimen.address}")
    assert (item.automated, item.title) == (None, specimen.title)


def test_there_are_twenty_tools_and_more() -> None:
    assert len(ALL) >= 20


def test_what_else_was_filled_in_is_kept() -> None:
    item = read(
        "Shop <shop@northwind.example>", "", "Form", "Name: Mia\nEmail: mia@customers.example\nOrder number: 4812\nMessage: Twice.\n"
    )
    assert item.extra["form"] == "Order number: 4812"


def test_a_strangers_mail_that_looks_like_a_form_is_theirs() -> None:
    item = read("Bob <bob@elsewhere.example>", "", "Hello", "Name: Mia Berg\nEmail: mia@customers.example\nMessage: I hate you.\n")
    assert (item.contact, item.text) == (
        "email:bob@elsewhere.example",
        "Name: Mia Berg\nEmail: mia@customers.example\nMessage: I hate you.",
    )


def test_a_notice_without_a_message_is_a_machines() -> None:
    item = read(
        "Google Forms <forms-receipts-noreply@google.com>", "", "You have a new response", "Tell us about your visit has 1 new response.\n"
    )
    assert item.automated is Automated.AUTO_GENERATED


def test_a_message_with_lines_like_fields_is_kept_whole() -> None:
    message = "Message: Please change my data.\nNew phone: 01632 960001\nNew street: Shore 4\nThanks"
    item = read("Shop <shop@northwind.example>", "", "Form", f"Name: Mia\nEmail: mia@customers.example\n{message}\n")
    assert item.text == message.removeprefix("Message: ")
