"""Where one message stands, as its sender may know it.

A page shows what its sender wrote and the name of the person who has it. What is known of the same
address from elsewhere stays out: no other message, no other name, and no moment or case number from
before this message came, since anyone can type anyone's address into a form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allears.domain.case import Case
from allears.domain.feedback import BY_PHONE, WAITING, FeedbackItem, Status
from allears.domain.people import Directory
from allears.domain.records import StoredItem

_WATCHED_CLOSELY = timedelta(minutes=2)
_SOON, _LATER = 3, 30  # seconds until the page asks again


class Progress(StrEnum):
    """How far a step is."""

    DONE = "done"
    NOW = "now"
    TO_COME = "to-come"


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way: `at` is when it was done, `by` when it is due, `late` a due date gone by."""

    words: str
    progress: Progress
    at: datetime | None = None
    by: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """The person who has the message, as the page introduces them."""

    name: str
    initials: str
    line: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a status page says. `refresh` is the seconds until it should be read again, None for never."""

    headline: str
    lead: str
    message: str
    steps: tuple[Step, ...]
    owner: Owner | None = None
    number: str | None = None
    unreadable_contact: str | None = None
    refresh: int | None = None


def standing(stored: StoredItem, case: Case | None, directory: Directory, now: datetime) -> Standing:
    """What the sender of `stored` is told at `now`; `case` is the one it became part of."""
    item = stored.item
    arrived = Step("Your message arrived", Progress.DONE, at=item.received_at)
    unreadable = item.extra.get("contact") if item.contact is None else None
    if case is not None:
        return Standing(
            *_headline(item, case, now),
            item.text,
            (arrived, *_case_steps(item, case, now)),
            owner=_owner(item, case, directory),
            number=case.id if case.item_ids[:1] == (item.id,) else None,
            unreadable_contact=unreadable,
            refresh=None if case.alerted_at else _refresh(item, now),
        )
    if stored.status in WAITING:
        finding = Step("A person is being found", Progress.NOW)
        lead = "A person is being found. This page updates itself."
        return Standing(
            "Your message is here.", lead, item.text, (arrived, finding), unreadable_contact=unreadable, refresh=_refresh(item, now)
        )
    return Standing(*_without_case(stored.status), item.text, (arrived,), unreadable_contact=unreadable)


def _headline(item: FeedbackItem, case: Case, now: datetime) -> tuple[str, str]:
    if not case.status.is_open:
        return f"{case.owner} has settled it.", "If it is not settled for you, write again and say so."
    headline = f"{case.owner} has your message."
    if item.contact is None:
        return headline, "You left no address, so nobody can write to you. This page shows when it is settled."
    if _is_late(item, case, now):
        return headline, "The answer is late. Write again if it cannot wait."
    if _own(case.acknowledged_at, item):
        return headline, f"{_first_name(case.owner)} has taken it on. You need do nothing."
    return headline, "You need do nothing."


def _without_case(status: Status) -> tuple[str, str]:
    if status is Status.PRAISE:
        return "Your words have arrived.", "They are praise, as far as we can tell, and meant for the people who earned it."
    if status is Status.DUPLICATE:
        return "We have it already.", "The same words reached us before. Nothing is lost, and you need do nothing."
    return "Your message has arrived.", "As far as we can tell it asks for no answer. If it does, write again and say so."


def _case_steps(item: FeedbackItem, case: Case, now: datetime) -> tuple[Step, ...]:
    first_name = _first_name(case.owner)
    alerted = _alerted(item, case)
    over = not case.status.is_open
    settled = Step("The matter is settled", Progress.DONE if over else Progress.TO_COME, at=_own(case.resolved_at, item))
    answered = _own(case.first_response_at, item)
    if answered is not None:
        return alerted, Step(f"{first_name} wrote to you", Progress.DONE, at=answered), settled
    if item.contact is None or over:
        return alerted, settled
    answers = Step(f"{first_name} {_answers(item)}", Progress.NOW, by=_own(case.next_date, item), late=_is_late(item, case, now))
    return alerted, answers, settled


def _is_late(item: FeedbackItem, case: Case, now: datetime) -> bool:
    return item.received_at <= case.next_date < now and _own(case.first_response_at, item) is None


def _alerted(item: FeedbackItem, case: Case) -> Step:
    if case.alerted_at is None:
        return Step(f"{case.owner} is being alerted", Progress.NOW)
    at = _own(case.alerted_at, item)
    return Step(f"{case.owner} was alerted" if at else f"{case.owner} has it", Progress.DONE, at=at)


def _owner(item: FeedbackItem, case: Case, directory: Directory) -> Owner:
    names = case.owner.split()
    team = directory[case.owner].teams[:1] if case.owner in directory else ()
    if item.contact is None:
        does = "Reads what you wrote"
    elif item.contact.startswith(BY_PHONE):
        does = "Answers at the number you gave"
    else:
        does = "Writes to the address you gave"
    line = ". ".join((*(name[:1].upper() + name[1:] for name in team), does))
    return Owner(case.owner, "".join(name[0] for name in (names[0], *names[1:][-1:])).upper(), line)


def _answers(item: FeedbackItem) -> str:
    return "answers you" if item.contact and item.contact.startswith(BY_PHONE) else "writes to you"


def _first_name(name: str) -> str:
    return name.split(maxsplit=1)[0]


def _own(moment: datetime | None, item: FeedbackItem) -> datetime | None:
    """A moment of the case, unless it lies before this message."""
    return moment if moment is not None and moment >= item.received_at else None


def _refresh(item: FeedbackItem, now: datetime) -> int:
    return _SOON if now - item.received_at < _WATCHED_CLOSELY else _LATER
