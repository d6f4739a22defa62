"""Machine mail at large, and people whose mail looks like it: specimens of ours.

In tests/specimens/email/machines.txt a specimen is a line "§ program | kind | permanent or temporary | recipient" and the whole mail; in
humans.txt a line "§ what it is about" and the mail from its subject on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from allears.domain.feedback import SourceName
from connectors.email.bounce import bounce_of
from connectors.email.machine import automated
from connectors.email.message import read
from connectors.email.parse import Reading, parse

FOLDER = Path(__file__).parent.parent / "specimens" / "email"
READING = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, 12, tzinfo=UTC))


def blocks(name: str) -> Iterator[tuple[str, bytes]]:
    for block in f"\n{(FOLDER / name).read_text('utf-8')}".split("\n§ ")[1:]:
        head, _, mail = block.partition("\n")
        yield head, mail.encode()


MACHINES = [(*(part.strip() for part in head.split("|")), mail) for head, mail in blocks("machines.txt")]
HUMANS = [(head, b"From: Jo Lind <jo@customers.example>\nTo: support@northwind.example\n" + mail) for head, mail in blocks("humans.txt")]
BOUNCES = [each for each in MACHINES if each[1] == "bounce"]


@pytest.mark.parametrize(
    ("program", "kind", "lasting", "recipient", "mail"), MACHINES, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_machines_mail_is_known_as_one(program: str, kind: str, lasting: str, recipient: str, mail: bytes) -> None:
    found = automated(read(mail))
    assert found is not None
    assert found.value == kind


@pytest.mark.parametrize(
    ("program", "kind", "lasting", "recipient", "mail"), BOUNCES, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_bounce_tells_for_whom_and_for_how_long(program: str, kind: str, lasting: str, recipient: str, mail: bytes) -> None:
    bounce = bounce_of(read(mail))
    assert bounce is not None
    assert (bounce.recipient, "permanent" if bounce.permanent else "temporary") == (recipient, lasting)


@pytest.mark.parametrize(("about", "mail"), HUMANS, ids=lambda each: each if isinstance(each, str) else "")
def test_a_persons_mail_is_never_taken_for_a_machines(about: str, mail: bytes) -> None:
    assert parse(mail, READING).automated is None


def test_there_are_sixty_machines_and_forty_people() -> None:
    assert len(MACHINES) >= 60
    assert len(HUMANS) >= 40
