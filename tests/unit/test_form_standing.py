"""What a sender is told of a message, and what is kept from them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from allears.domain.case import Case, CaseId, CaseStatus
from allears.domain.feedback import Channel, FeedbackItem, ItemId, Kind, SourceName, Status, Urgency
from allears.domain.people import Directory, Person
from allears.domain.records import StoredItem
from app.service.pages.standing import Progress, standing
from app.service.pages.times import at_words, by_words

ARRIVED = datetime(2026, 11, 19, 18, 22, tzinfo=UTC)
ADA = Person("Ada Brook", "ada@northwind.example", teams=("billing",))
DIRECTORY = Directory({ADA.name: ADA}, ADA.name)
LONDON = ZoneInfo("Europe/London")


def stored(status: Status = Status.CASE, contact: str | None = "email:mara@lindqvist.example", typed: str | None = None) -> StoredItem:
    item = FeedbackItem(
        SourceName("web"), Channel.FORM, "1", ARRIVED, "Charged twice.", contact=contact, extra={"contact": typed} if typed else {}
    )
    return StoredItem(item, None, status, None, CaseId("C-2041") if status is Status.CASE else None, None, ARRIVED)


def case(item: StoredItem | None = None, **changed: object) -> Case:
    facts: dict[str, object] = {
        "id": CaseId("C-2041"),
        "status": CaseStatus.OPEN,
        "owner": ADA.name,
        "why_owner": "billing",
        "customer_id": None,
        "kind": Kind.COMPLAINT,
        "topic": "billing",
        "urgency": Urgency.NORMAL,
        "urgency_reasons": (),
        "item_ids": ((item or stored()).item.id,),
        "opened_at": ARRIVED,
        "next_date": ARRIVED + timedelta(hours=2),
        "alerted_at": ARRIVED + timedelta(seconds=4),
    }
    return Case(**(facts | changed))  # type: ignore[arg-type]  # facts of several types, by name


def test_before_routing_a_person_is_being_found_and_the_page_asks_again():
    seen = standing(stored(Status.NEW), None, DIRECTORY, ARRIVED)
    assert seen.lead == "A person is being found. This page updates itself."
    assert seen.refresh == 3
    assert [step.progress for step in seen.steps] == [Progress.DONE, Progress.NOW]
    assert seen.owner is None


def test_a_page_left_open_asks_more_rarely():
    assert standing(stored(Status.UNDERSTOOD), None, DIRECTORY, ARRIVED + timedelta(minutes=5)).refresh == 30


def test_the_owner_is_named_with_a_date():
    seen = standing(stored(), case(), DIRECTORY, ARRIVED + timedelta(minutes=1))
    assert seen.headline == "Ada Brook has your message."
    assert seen.owner is not None
    assert (seen.owner.initials, seen.owner.line) == ("AB", "Billing. Writes to the address you gave")
    assert [step.words for step in seen.steps] == [
        "Your message arrived",
        "Ada Brook was alerted",
        "Ada writes to you",
        "The matter is settled",
    ]
    assert seen.steps[2].by == ARRIVED + timedelta(hours=2)
    assert not seen.steps[2].late
    assert seen.number == "C-2041"
    assert seen.refresh is None


def test_until_the_alert_has_left_the_page_does_not_say_so():
    seen = standing(stored(), case(alerted_at=None), DIRECTORY, ARRIVED)
    assert seen.steps[1].words == "Ada Brook is being alerted"
    assert seen.refresh == 3


@pytest.mark.parametrize("typed", [None, "ask at the bar"])
def test_without_an_address_nobody_is_said_to_write(typed: str | None):
    seen = standing(stored(contact=None, typed=typed), case(), DIRECTORY, ARRIVED)
    assert all(step.by is None for step in seen.steps)
    assert not any("writes" in step.words for step in seen.steps)
    assert seen.unreadable_contact == typed


def test_a_phone_number_is_answered():
    seen = standing(stored(contact="phone:01314960000", typed="0131 496 0000"), case(), DIRECTORY, ARRIVED)
    assert seen.steps[2].words == "Ada answers you"
    assert seen.unreadable_contact is None


def test_a_late_answer_is_admitted():
    seen = standing(stored(), case(), DIRECTORY, ARRIVED + timedelta(hours=3))
    assert seen.steps[2].late
    assert seen.lead == "The answer is late. Write again if it cannot wait."


def test_an_answer_given_is_shown_and_no_longer_due():
    answered = ARRIVED + timedelta(hours=1)
    seen = standing(stored(), case(first_response_at=answered), DIRECTORY, ARRIVED + timedelta(hours=3))
    assert (seen.steps[2].words, seen.steps[2].at) == ("Ada wrote to you", answered)
    assert "late" not in seen.lead


def test_a_settled_matter_promises_nothing_more():
    seen = standing(stored(), case(status=CaseStatus.RESOLVED, resolved_at=ARRIVED), DIRECTORY, ARRIVED + timedelta(hours=3))
    assert seen.headline == "Ada Brook has settled it."
    assert [step.progress for step in seen.steps] == [Progress.DONE] * 3


def test_a_case_from_before_shows_nothing_of_its_past():
    before = ARRIVED - timedelta(days=2)
    old = case(
        item_ids=(ItemId("0" * 24), stored().item.id),
        opened_at=before,
        alerted_at=before,
        acknowledged_at=before,
        first_response_at=before,
        next_date=before,
    )
    seen = standing(stored(), old, DIRECTORY, ARRIVED)
    assert seen.number is None
    assert [step.at for step in seen.steps] == [ARRIVED, None, None, None]
    assert all(step.by is None and not step.late for step in seen.steps)
    assert "taken it on" not in seen.lead


def test_an_owner_who_left_the_directory_is_still_named():
    seen = standing(stored(), case(owner="Cher"), DIRECTORY, ARRIVED)
    assert seen.owner is not None
    assert (seen.owner.name, seen.owner.initials, seen.owner.line) == ("Cher", "C", "Writes to the address you gave")


@pytest.mark.parametrize("status", [Status.PRAISE, Status.DUPLICATE, Status.OTHER, Status.SPAM])
def test_what_is_no_case_stands_still(status: Status):
    seen = standing(stored(status), None, DIRECTORY, ARRIVED)
    assert (len(seen.steps), seen.refresh, seen.owner) == (1, None, None)


@pytest.mark.parametrize(
    ("moment", "by", "at"),
    [
        (datetime(2026, 7, 1, 19, 22, tzinfo=UTC), "20:22 today", "20:22"),
        (datetime(2026, 7, 2, 8, 0, tzinfo=UTC), "09:00 tomorrow", "Thu 2 Jul, 09:00"),
        (datetime(2026, 7, 6, 8, 0, tzinfo=UTC), "09:00 on Mon 6 Jul", "Mon 6 Jul, 09:00"),
        (datetime(2027, 1, 4, 9, 0, tzinfo=UTC), "09:00 on Mon 4 Jan 2027", "Mon 4 Jan 2027, 09:00"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "00:30 tomorrow", "Thu 2 Jul, 00:30"),
    ],
)
def test_moments_are_told_in_the_business_time_zone(moment: datetime, by: str, at: str):
    now = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert by_words(moment, now, LONDON) == by
    assert at_words(moment, now, LONDON) == at
