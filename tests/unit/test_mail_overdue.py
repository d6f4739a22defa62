"""The mail about a date that passed."""

from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from allears.domain.case import Case, CaseStatus
from allears.mail.compose import compose_overdue
from tests.letters import ADA, BEN, CARA, CASE, HOUSE, MARA, NOW, a_view, flat, page_of, text_of

BERLIN = ZoneInfo("Europe/Berlin")
LATE = replace(CASE, next_date=NOW - timedelta(hours=4), owner_since=NOW - timedelta(hours=9), owners=("Ada Brook",))


def overdue(case: Case = LATE, person=CARA, **changes: object) -> EmailMessage:
    return compose_overdue(a_view(replace(MARA, **changes), case), person, HOUSE, key="o1", now=NOW)  # type: ignore[arg-type]  # an item's fields


OVERDUE = """\
Overdue · Complaint · C-2041 · Northwind Coffee

Mara Lindqvist should have heard from Ada Brook by 14:22 today.

> Charged twice
>
> My bank shows two payments of £27.
>
> Please put it right.
Mara Lindqvist, email, Tue 17 Nov, 18:22

Open the case: https://ears.northwind.example/case?id=C-2041
Write to Ada Brook: ada@northwind.example

Who has it       Ada Brook, since Tue 17 Nov, 09:22, not yet taken
Changed hands    never
Urgency          High: they wrote twice in two days

Sent Tue 17 Nov 2026, 18:22:09. You get this because you lead Ada Brook.
"""


def test_a_missed_date_told_to_the_manager() -> None:
    message = overdue()
    assert text_of(message) == OVERDUE
    assert message["To"] == "Cara Diaz <cara@northwind.example>"
    assert message["Subject"] == "Overdue: Mara Lindqvist should have heard from Ada Brook by 14:22 today"
    assert message["References"] == message["In-Reply-To"] == "<c-2041@northwind.example>"
    page = page_of(message)
    assert page.labels["https://ears.northwind.example/case?id=C-2041"] == "Open the case"
    assert [urlsplit(link).path for link in page.links()] == ["/case", "ada@northwind.example"]
    assert any(attrs.get("class") == "late" for attrs in page.all("span"))


def test_a_missed_date_told_to_the_owner_says_you() -> None:
    message = overdue(person=ADA)
    assert message["Subject"] == "Overdue: Mara Lindqvist should have heard from you by 14:22 today"
    for words in (flat(text_of(message)), flat(page_of(message).words)):
        assert "Mara Lindqvist should have heard from you by 14:22 today." in words
        assert "Who has it You, since Tue 17 Nov, 09:22, not yet taken" in words
        assert "A reply to this email does not reach Mara." in words
        assert "because the case is yours" in words
    assert [urlsplit(link).path for link in page_of(message).links()] == ["/case", "mara@postfach.example"]


def test_a_missed_date_is_in_its_readers_time() -> None:
    text = flat(text_of(overdue(person=replace(CARA, timezone=BERLIN))))
    assert "should have heard from Ada Brook by 15:22 today." in text
    assert "since Tue 17 Nov, 10:22" in text


@pytest.mark.parametrize(
    ("owners", "told"),
    [
        (("Ada Brook", "Ben Hall"), "once: Ada Brook, then Ben Hall"),
        (("Ada Brook", "Ben Hall", "Ada Brook"), "twice: Ada Brook, then Ben Hall, then Ada Brook"),
        (("Tom Reid", "Ada Brook", "Ben Hall", "Ada Brook"), "3 times: Tom Reid, then Ada Brook, then Ben Hall, then Ada Brook"),
    ],
)
def test_how_often_it_changed_hands_is_told(owners: tuple[str, ...], told: str) -> None:
    case = replace(LATE, owner=owners[-1], owners=owners, hops=len(owners) - 1)
    assert f"Changed hands {told}" in flat(text_of(overdue(case)))


def test_a_case_that_was_taken_is_not_called_untaken() -> None:
    assert "taken" not in text_of(overdue(replace(LATE, status=CaseStatus.ACKNOWLEDGED)))


def test_a_matter_not_put_right_in_time_is_told_as_that() -> None:
    end = NOW - timedelta(days=1)
    case = replace(LATE, next_date=NOW + timedelta(hours=1), resolve_by=end, late_for=end)
    assert "Ada Brook should have put Mara Lindqvist’s case right by Mon 16 Nov, 18:22." in flat(text_of(overdue(case)))
    assert "You should have put Mara Lindqvist’s case right by Mon 16 Nov, 18:22." in flat(text_of(overdue(case, ADA)))


def test_a_missed_date_of_somebody_without_an_address_expects_no_answer() -> None:
    assert "Ada Brook should have dealt with a customer’s message by 14:22 today." in text_of(overdue(author=None, contact=None))
    assert "You should have dealt with Mara Lindqvist’s message by 14:22 today." in text_of(overdue(person=ADA, contact=None))


def test_the_default_owner_is_told_why_they_are_told() -> None:
    alone = replace(HOUSE, directory=replace(HOUSE.directory, people={"Ada Brook": replace(ADA, manager=None), "Cara Diaz": CARA}))
    message = compose_overdue(a_view(case=LATE), CARA, alone, key="o1", now=NOW)
    assert "You get this because you are the default owner." in flat(text_of(message))
    nobody = compose_overdue(a_view(case=LATE), BEN, HOUSE, key="o1", now=NOW)
    assert "You get this because it is overdue." in flat(text_of(nobody))
