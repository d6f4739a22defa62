"""What a link in an alert shows to the person it was sent to: the cases as they stand, and whether they can take them.

The customer's first name and first words are all that is told of them: whoever has the link sees the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from allears.domain.case import Case, CaseId
from allears.domain.feedback import FeedbackItem, ItemId
from allears.mail.words import author_of, called, matter_of
from app.service.pages.times import at_words, by_words

_WORDS = 140  # characters


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the page, at which moment, and the time zone they live in."""

    name: str
    now: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Line:
    """One case as the reader sees it: who has it, by when its customer hears, whether it is theirs, and whether they can take it."""

    number: CaseId
    customer: str
    words: str
    has: str
    due: str
    late: bool
    theirs: bool
    to_take: bool
    settled: bool


@dataclass(frozen=True, slots=True)
class Taking:
    """All that the page says; `button` is None where nothing can be taken."""

    headline: str
    lead: str
    lines: tuple[Line, ...]
    button: str | None

    @property
    def theirs(self) -> bool:
        """Whether any of the cases is the reader's."""
        return any(line.theirs for line in self.lines)


def taking(cases: Sequence[Case], newest: Mapping[ItemId, FeedbackItem], reader: Reader) -> Taking:
    """What the page says of these cases, of which there is at least one; `newest` holds the newest message of each."""
    lines = tuple(_line(case, newest.get(case.item_ids[-1]), reader) for case in cases)
    to_take = sum(line.to_take for line in lines)
    if len(cases) == 1:
        headline, lead = _of_one(cases[0], lines[0], newest.get(cases[0].item_ids[-1]))
    else:
        headline, lead = _of_several(lines, to_take)
    button = "I have them all" if to_take > 1 else "I have it"
    return Taking(headline, lead, lines, button if to_take else None)


def _line(case: Case, item: FeedbackItem | None, reader: Reader) -> Line:
    theirs = case.status.is_open and case.owner == reader.name
    late = case.next_date < reader.now
    by = by_words(case.next_date, reader.now, reader.zone)
    return Line(
        number=case.id,
        customer=called(author_of(item)) if item else "the customer",
        words=matter_of(item, _WORDS) if item else "",
        has=_has(case, reader),
        due=f"was due by {by}" if late else f"by {by}",
        late=late,
        theirs=theirs,
        to_take=theirs and case.acknowledged_at is None,
        settled=not case.status.is_open,
    )


def _has(case: Case, reader: Reader) -> str:
    if not case.status.is_open:
        return f"{case.owner} settled it{_moment('at', case.resolved_at, reader)}"
    if case.owner != reader.name:
        return f"{case.owner} has it now{_moment('since', case.owner_since, reader)}"
    if case.acknowledged_at is None:
        return f"{case.owner}, not taken yet"
    return f"{case.owner}, taken{_moment('at', case.acknowledged_at, reader)}"


def _moment(word: str, moment: datetime | None, reader: Reader) -> str:
    if moment is None:
        return ""
    words = at_words(moment, reader.now, reader.zone)
    return f", {word} {words}" if word == "since" else f" {word} {words}" if words[0].isdigit() else f" on {words}"


def _of_one(case: Case, line: Line, item: FeedbackItem | None) -> tuple[str, str]:
    """Headline and lead for a single case."""
    if line.to_take:
        return f"{case.id} is yours. Do you have it?", "Press the button, and everyone sees that it is in your hands."
    if line.theirs:
        return "You have it.", _expects(line, answerable=item is None or item.contact is not None)
    if not line.settled:
        return f"{line.has}.", f"You need do nothing. If you know something that helps, tell {case.owner.split()[0]}."
    return f"{line.has}.", "You need do nothing. If the customer writes again, the case opens again and its owner is told."


def _expects(line: Line, *, answerable: bool) -> str:
    by = line.due.removeprefix("was due ")
    if not answerable:
        return f"{line.customer[:1].upper()}{line.customer[1:]} left no address. It {'was' if line.late else 'is'} due {by}."
    return f"{line.customer[:1].upper()}{line.customer[1:]} {'should have heard' if line.late else 'is due to hear'} from you {by}."


def _of_several(lines: Sequence[Line], to_take: int) -> tuple[str, str]:
    """Headline and lead for the cases of a digest."""
    if not to_take and any(line.theirs for line in lines):
        return "You have them.", "Here is by when each customer is due to hear from you."
    if not to_take:
        return "None of these cases is yours now.", "You need do nothing. Here is what became of each."
    left = " The others need nothing from you now." if to_take < len(lines) else ""
    if to_take == 1:
        return "One of these cases is yours. Do you have it?", f"Press the button, and everyone sees that it is in your hands.{left}"
    return f"{to_take} cases are yours. Do you have them?", f"Press the button, and everyone sees that they are in your hands.{left}"
