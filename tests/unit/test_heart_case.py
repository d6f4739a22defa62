"""The steps of a case: what each changes and says, and where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from allears.domain.case import SYSTEM, Case, CaseChange, CaseStatus, EventType, Remedy, RemedyKind
from allears.domain.changes import acknowledge, hand_over, join, promise, resolve, say_due_soon, say_overdue, set_dates
from allears.domain.feedback import ItemId, Urgency
from allears.errors import CaseConflict
from tests.builders import NOW, a_case

LATER = NOW + timedelta(hours=3)
FAR = NOW + timedelta(days=3)
NOT_OPEN = (CaseStatus.RESOLVED, CaseStatus.CLOSED)


def handed_over(case: Case, **changes: object) -> CaseChange:
    return hand_over(case, **({"to": "Ben Hall", "reason": "on leave", "actor": "Cara Diaz", "at": LATER, "next_date": FAR} | changes))  # type: ignore[arg-type]


def joined(case: Case, **changes: object) -> CaseChange:
    usual = {
        "urgency": Urgency.NORMAL,
        "reasons": (),
        "at": LATER,
        "detail": "Jo wrote again",
        "next_date": FAR,
        "resolve_by": FAR,
        "rules": "r",
    }
    return join(case, ItemId("i-2"), **(usual | changes))  # type: ignore[arg-type]


def promised(case: Case, **changes: object) -> CaseChange:
    return promise(case, **({"by": FAR, "told": "The refund takes two days", "actor": "Ada Brook", "at": LATER} | changes))  # type: ignore[arg-type]


def test_acknowledging_says_who_has_it():
    change = acknowledge(a_case(passed_by=("Cara Diaz",)), actor="Ada Brook", at=LATER)
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


def test_handing_over_keeps_the_chain_of_owners():
    case = handed_over(a_case(owners=("Cara Diaz", "Ada Brook"), owner_since=NOW)).case
    assert (case.owners, case.owner_since) == (("Cara Diaz", "Ada Brook", "Ben Hall"), LATER)


def test_a_hop_by_itself_says_who_did_not_take_it_and_who_gets_it_back():
    change = handed_over(a_case(), actor=SYSTEM, reason="Ada Brook is away", passed_by=("Ada Brook",), stands_in_for="Ada Brook")
    assert (change.case.passed_by, change.case.stands_in_for, change.case.why_owner) == (("Ada Brook",), "Ada Brook", "Ada Brook is away")


def test_a_hop_by_a_person_ends_what_went_before():
    case = handed_over(a_case(passed_by=("Mei Lin",), stands_in_for="Mei Lin")).case
    assert (case.passed_by, case.stands_in_for) == ((), None)


def test_a_promise_that_can_still_be_kept_goes_with_the_case():
    case = handed_over(a_case(status=CaseStatus.PROMISED, promised_for=FAR, next_date=FAR), next_date=FAR + timedelta(days=1)).case
    assert (case.promised_for, case.next_date) == (FAR, FAR)


def test_a_promise_that_was_missed_does_not():
    case = handed_over(a_case(status=CaseStatus.PROMISED, promised_for=NOW, next_date=NOW)).case
    assert (case.promised_for, case.next_date) == (None, FAR)


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


@pytest.mark.parametrize(
    ("remedy", "told"),
    [
        (Remedy(RemedyKind.REFUND, Decimal("20.00"), "GBP"), "Sent back. Given: refund of 20.00 GBP."),
        (Remedy(RemedyKind.REPLACEMENT), "Sent back. Given: replacement."),
        (Remedy(RemedyKind.NOTHING), "Sent back."),
    ],
)
def test_resolving_says_what_was_given(remedy: Remedy, told: str):
    change = resolve(a_case(), outcome="Sent back.", actor="Ada Brook", at=LATER, remedy=remedy)
    assert change.case.remedy == remedy
    assert [event.detail for event in change.events] == [told]


def test_a_promise_is_a_touch_and_the_next_date():
    change = promised(a_case(passed_by=("Cara Diaz",)))
    assert change.case == a_case(
        status=CaseStatus.PROMISED, acknowledged_at=LATER, first_response_at=LATER, promised_for=FAR, next_date=FAR, version=2
    )
    assert [(event.type, event.actor, event.detail) for event in change.events] == [
        (EventType.PROMISED, "Ada Brook", "By Sun 22 Nov, 10:42 UTC: The refund takes two days")
    ]


def test_the_first_answer_and_the_first_word_stay_the_first():
    earlier = a_case(status=CaseStatus.PROMISED, acknowledged_at=NOW, first_response_at=NOW, promised_for=LATER)
    case = promised(earlier).case
    assert (case.acknowledged_at, case.first_response_at, case.promised_for) == (NOW, NOW, FAR)


def test_nothing_is_promised_for_the_past():
    for by in (NOW, LATER):
        with pytest.raises(CaseConflict, match="for a moment to come"):
            promised(a_case(), by=by)


def test_dates_set_anew_are_told_where_the_next_one_moves():
    def dated(case: Case) -> CaseChange:
        return set_dates(case, next_date=LATER, resolve_by=FAR, rules="new", detail="The rules changed", at=NOW)

    moved, kept = dated(a_case(next_date=FAR)), dated(a_case(next_date=LATER))
    assert moved.case == kept.case == a_case(next_date=LATER, resolve_by=FAR, rules="new", version=2)
    assert [(event.type, event.actor, event.detail) for event in moved.events] == [(EventType.DATE_CHANGED, SYSTEM, "The rules changed")]
    assert kept.events == ()


def test_near_and_missed_dates_are_said():
    near = say_due_soon(a_case(), date=FAR, detail="A first answer is due", at=LATER)
    missed = say_overdue(a_case(), date=NOW, detail="A first answer was due", at=LATER)
    assert (near.case, missed.case) == (a_case(warned_for=FAR, version=2), a_case(late_for=NOW, version=2))
    assert [(event.type, event.actor, event.detail) for event in (*near.events, *missed.events)] == [
        (EventType.DUE_SOON, SYSTEM, "A first answer is due"),
        (EventType.OVERDUE, SYSTEM, "A first answer was due"),
    ]


@pytest.mark.parametrize("status", NOT_OPEN)
@pytest.mark.parametrize(
    "step",
    [handed_over, promised, lambda case: resolve(case, outcome="refunded", actor="Ada Brook", at=LATER)],
    ids=["hand over", "promise", "resolve"],
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
    over = a_case(
        status=status,
        alerted_at=NOW,
        acknowledged_at=NOW,
        promised_for=NOW,
        resolved_at=NOW,
        closed_at=NOW,
        owner_since=NOW,
        passed_by=("Cara Diaz",),
    )
    change = joined(over)
    dates = {"next_date": FAR, "owner_since": LATER, "reopened_at": LATER, "resolve_by": FAR, "rules": "r"}
    assert change.case == replace(a_case(item_ids=("i-1", "i-2"), version=2), **dates)
    assert [event.type for event in change.events] == [EventType.ITEM_JOINED, EventType.REOPENED]


def test_a_case_that_reopens_begins_anew():
    resolved = resolve(a_case(passed_by=("Ben Hall",)), outcome="refunded", actor="Ada Brook", at=NOW, remedy=Remedy(RemedyKind.REFUND))
    reopened = joined(resolved.case).case
    assert (reopened.status, reopened.remedy, reopened.passed_by) == (CaseStatus.OPEN, None, ())
    assert (reopened.reopened_at, reopened.owner_since, reopened.resolve_by) == (LATER, LATER, FAR)
