"""The steps of a case: what each changes and says, and where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from allears.domain.case import Case, CaseChange, CaseStatus, EventType, acknowledge, hand_over, join, resolve
from allears.domain.feedback import ItemId, Urgency
from allears.errors import CaseConflict
from tests.builders import NOW, a_case

LATER = NOW + timedelta(hours=3)
FAR = NOW + timedelta(days=3)
NOT_OPEN = (CaseStatus.RESOLVED, CaseStatus.CLOSED)


def handed_over(case: Case, **changes: object) -> CaseChange:
    return hand_over(case, **({"to": "Ben Hall", "reason": "on leave", "actor": "Cara Diaz", "at": LATER, "next_date": FAR} | changes))  # type: ignore[arg-type]


def joined(case: Case, **changes: object) -> CaseChange:
    usual = {"urgency": Urgency.NORMAL, "reasons": (), "at": LATER, "detail": "Jo wrote again", "next_date": FAR}
    return join(case, ItemId("i-2"), **(usual | changes))  # type: ignore[arg-type]


def test_acknowledging_says_who_has_it():
    change = acknowledge(a_case(), actor="Ada Brook", at=LATER)
    assert change.case == a_case(status=CaseStatus.ACKNOWLEDGED, acknowledged_at=LATER, version=2)
    assert [(event.type, event.actor, event.at) for event in change.events] == [(EventType.ACKNOWLEDGED, "Ada Brook", LATER)]


@pytest.mark.parametrize("status", [status for status in CaseStatus if status is not CaseStatus.OPEN])
def test_only_an_open_case_is_acknowledged(status: CaseStatus):
    with pytest.raises(CaseConflict, match="C-1001"):
        acknowledge(a_case(status=status), actor="Ada Brook", at=LATER)


@pytest.mark.parametrize("status", [CaseStatus.OPEN, CaseStatus.ACKNOWLEDGED, CaseStatus.PROMISED])
def test_handing_over_is_a_hop_and_starts_unacknowledged(status: CaseStatus):
    case = handed_over(a_case(status=status, alerted_at=NOW, acknowledged_at=NOW, hops=1)).case
    assert (case.owner, case.hops, case.status, case.alerted_at, case.acknowledged_at) == ("Ben Hall", 2, CaseStatus.OPEN, None, None)
    assert case.why_owner == "Cara Diaz handed it over: on leave"


def test_handing_over_is_told_with_its_reason():
    (event,) = handed_over(a_case(), reason="  on leave ").events
    assert (event.type, event.actor, event.detail) == (EventType.HANDED_OVER, "Cara Diaz", "From Ada Brook to Ben Hall: on leave")


def test_handing_over_never_makes_the_customer_wait_longer():
    assert handed_over(a_case(next_date=LATER + timedelta(hours=1))).case.next_date == LATER + timedelta(hours=1)
    assert handed_over(a_case(next_date=FAR + timedelta(hours=1))).case.next_date == FAR


def test_a_date_already_missed_gives_the_new_owner_a_date_of_their_own():
    assert handed_over(a_case(next_date=NOW)).case.next_date == FAR


@pytest.mark.parametrize(
    "changes", [{"to": "Ada Brook"}, {"reason": ""}, {"reason": " \n"}], ids=["same owner", "no reason", "blank reason"]
)
def test_a_hop_needs_another_person_and_a_reason(changes: dict[str, str]):
    with pytest.raises(CaseConflict):
        handed_over(a_case(), **changes)


@pytest.mark.parametrize("status", [status for status in CaseStatus if status.is_open])
def test_resolving_needs_a_word_on_what_was_done(status: CaseStatus):
    change = resolve(a_case(status=status), outcome=" refunded ", actor="Ada Brook", at=LATER)
    assert (change.case.status, change.case.resolved_at) == (CaseStatus.RESOLVED, LATER)
    assert [event.detail for event in change.events] == ["refunded"]
    with pytest.raises(CaseConflict, match="what was done"):
        resolve(a_case(status=status), outcome="  ", actor="Ada Brook", at=LATER)


@pytest.mark.parametrize("status", NOT_OPEN)
@pytest.mark.parametrize(
    "step", [handed_over, lambda case: resolve(case, outcome="refunded", actor="Ada Brook", at=LATER)], ids=["hand over", "resolve"]
)
def test_nothing_is_done_with_a_case_that_is_over(status: CaseStatus, step: Callable[[Case], CaseChange]):
    with pytest.raises(CaseConflict):
        step(a_case(status=status))


def test_another_message_joins_without_a_new_date():
    change = joined(a_case(next_date=LATER))
    assert (change.case.item_ids, change.case.next_date, change.case.version) == (("i-1", "i-2"), LATER, 2)
    assert [(event.type, event.detail) for event in change.events] == [(EventType.ITEM_JOINED, "Jo wrote again")]


def test_a_more_urgent_message_makes_the_case_more_urgent_and_sooner_due():
    case = joined(a_case(next_date=FAR, urgency_reasons=("a",)), urgency=Urgency.CRITICAL, reasons=("a", "b"), next_date=LATER).case
    assert (case.urgency, case.urgency_reasons, case.next_date) == (Urgency.CRITICAL, ("a", "b"), LATER)


def test_a_calmer_message_calms_nothing():
    assert joined(a_case(urgency=Urgency.HIGH, next_date=LATER), urgency=Urgency.LOW).case.urgency is Urgency.HIGH


def test_more_urgency_never_makes_it_later():
    assert joined(a_case(next_date=LATER), urgency=Urgency.HIGH, next_date=FAR).case.next_date == LATER


@pytest.mark.parametrize("status", NOT_OPEN)
def test_a_case_that_was_over_is_open_again_when_the_customer_writes(status: CaseStatus):
    over = a_case(status=status, alerted_at=NOW, acknowledged_at=NOW, resolved_at=NOW, closed_at=NOW)
    change = joined(over)
    assert change.case == replace(a_case(item_ids=("i-1", "i-2"), version=2), next_date=FAR)
    assert [event.type for event in change.events] == [EventType.ITEM_JOINED, EventType.REOPENED]
