"""What a customer newly wrote, in the forms that mail programs really send: specimens of ours, by language.

A specimen in tests/specimens/email/replies is a line "§ program | plain or html | reply, new, forward or staff forward | subject",
the body as the program writes it, a line "§ says", and the words that must be read.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.header import Header
from pathlib import Path

import pytest

from allears.domain.feedback import FeedbackItem, SourceName
from connectors.email.parse import Reading, parse

CORPUS = Path(__file__).parents[2] / "models" / "corpus"
FOLDER = Path(__file__).parent.parent / "specimens" / "email" / "replies"
READING = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, 12, tzinfo=UTC))
LANGUAGES = ("de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt", "sv")
MOST_QUOTES_LEFT = 0.15


@dataclass(frozen=True)
class Specimen:
    name: str
    form: str
    sort: str
    subject: str
    body: str
    says: str

    def read(self) -> FeedbackItem:
        sender = "Ruth Okafor <ruth@northwind.example>" if self.sort == "staff forward" else "Jo Lind <jo@customers.example>"
        headers = [
            f"From: {sender}",
            "To: Northwind Coffee <support@northwind.example>",
            "Date: Wed, 4 Nov 2026 09:00:00 +0000",
            "Message-ID: <4@customers.example>",
            f"Subject: {Header(self.subject, 'utf-8').encode()}",
            "MIME-Version: 1.0",
            f"Content-Type: text/{self.form}; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
            *(["In-Reply-To: <3@northwind.example>"] if self.sort == "reply" else []),
        ]
        return parse("\n".join((*headers, "", self.body)).encode(), READING)


def specimens() -> Iterator[Specimen]:
    for file in sorted(FOLDER.glob("*.txt")):
        lines = file.read_text("utf-8").split("\n")
        starts = [at for at, line in enumerate(lines) if line.startswith("§ ") and line != "§ says"]
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            program, form, sort, *subject = (part.strip() for part in lines[start][2:].split("|"))
            says = lines.index("§ says", start)
            name = f"{file.stem}-{program}-{form}-{sort}".replace(" ", "_")
            usual = "Order 4812" if sort == "new" else "Re: Order 4812"
            body, expected = "\n".join(lines[start + 1 : says]), "\n".join(lines[says + 1 : end]).strip()
            yield Specimen(name, form, sort, subject[0] if subject else usual, body, expected)


ALL = list(specimens())


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("specimen", ALL, ids=lambda specimen: specimen.name)
def test_no_word_of_the_customer_is_lost(specimen: Specimen) -> None:
    assert flat(specimen.says) in flat(specimen.read().text)


def test_hardly_a_quote_is_left() -> None:
    left = [specimen.name for specimen in ALL if flat(specimen.read().text) != flat(specimen.says)]
    print(f"{len(left)} of {len(ALL)} are read with more than the new words: {left}")
    assert len(left) <= MOST_QUOTES_LEFT * len(ALL), left


@pytest.mark.parametrize("specimen", [each for each in ALL if "forward" in each.sort], ids=lambda specimen: specimen.name)
def test_what_our_people_pass_on_is_its_authors_and_what_customers_pass_on_is_theirs(specimen: Specimen) -> None:
    item = specimen.read()
    author = "ann@elsewhere.example" if specimen.sort == "staff forward" else "jo@customers.example"
    assert (item.contact, item.automated) == (f"email:{author}", None)


def test_every_language_is_there_and_each_specimen_is_its_own() -> None:
    by_language = Counter(specimen.name.partition("-")[0] for specimen in ALL)
    assert min(by_language[language] for language in LANGUAGES) >= 15
    assert len({(specimen.body, specimen.form) for specimen in ALL}) == len(ALL)


@pytest.mark.parametrize("sort", ["new", "reply"])
def test_words_that_were_read_are_read_the_same_again(sort: str) -> None:
    changed = [each.name for each in ALL if flat(replace(each, body=each.says, sort=sort, form="plain").read().text) != flat(each.says)]
    assert changed == []


@pytest.mark.parametrize("sort", ["new", "reply"])
def test_messages_of_the_corpus_are_read_whole_and_as_a_persons(sort: str) -> None:
    rows = [line for file in sorted(CORPUS.glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()[::25]]
    texts = [str(json.loads(row)["text"]) for row in rows]
    assert len(texts) > 500
    read = {text: Specimen("", "plain", sort, flat(text)[:60], text, text).read() for text in texts}
    assert [text for text, item in read.items() if flat(item.text) != flat(text) or item.automated] == []
