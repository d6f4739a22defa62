"""The mail about what became of several cases: others have them, or their date has passed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest

from allears.domain.case import SYSTEM, CaseStatus, Event, EventType
from allears.domain.feedback import Urgency
from allears.domain.people import Person
from allears.domain.records import CaseView
from allears.mail.compose import compose_news
from allears.mail.contexts import News
from tests.letters import ADA, CARA, CASE, HOUSE, MARA, NOW, a_view, flat, html_of, page_of, take, text_of

HOUR = timedelta(hours=1)
GMAIL_CUTS_AT = 102 * 1024
INBOX = "https://ears.northwind.example/inbox"


def late(number: int, **changes: object) -> CaseView:
    """A case of Ada's whose customer should have heard an hour ago, named after its number."""
    item = replace(MARA, external_id=f"m{number}", author=f"Customer {number}", title=None, text=f"Words of {number}.")
    standing = {"next_date": NOW - HOUR, "owner_since": NOW - 9 * HOUR, "urgency_reasons": ()} | changes
    return a_view(item, replace(CASE, id=f"C-{number}", **standing))  # type: ignore[arg-type]  # a case's fields


def moved(number: int, why: str = "Ada Brook did not take it by Tue 17 Nov, 18:00", by: str = SYSTEM, **changes: object) -> CaseView:
    """A case that Ben has had from Ada for an hour."""
    view = late(number, **({"owner": "Ben Hall", "owner_since": NOW - HOUR, "next_date": NOW + HOUR} | changes))
    hop = Event(view.case.id, NOW - HOUR, by, EventType.HANDED_OVER, f"From Ada Brook to Ben Hall: {why}")
    return replace(view, events=(hop,))


def news(overdue: Sequence[CaseView] = (), others: Sequence[CaseView] = (), person: Person = ADA) -> EmailMessage:
    views = {view.case.id: view for view in (*overdue, *others)}
    told = News([view.case for view in overdue], [view.case for view in others])
    wanted = {each: views[each] for each in told.in_full(NOW)}
    return compose_news(told, wanted, person, HOUSE, key="n1", now=NOW)


NEWS = """\
News · Northwind Coffee

Cara, 1 case is overdue, and others have 1 of yours now. It was due by
17:22 today.

You need do nothing about cases that others have. If you have already
written to a customer, tell whoever has the case now.

----

Customer 7
Was due by 17:22 today · High · C-7

> Words of 7.
By email, Tue 17 Nov, 18:22

Ada Brook has it, since Tue 17 Nov, 09:22, not yet taken.
Open the case: https://ears.northwind.example/case?id=C-7

----

Customer 8
With Ben Hall since 17:22 today · High · C-8

> Words of 8.
By email, Tue 17 Nov, 18:22

Cara Diaz is away until Fri 20 Nov.
Open the case: https://ears.northwind.example/case?id=C-8

Sent Tue 17 Nov 2026, 18:22:09. You get this because you have these
cases, had them, or lead whoever has them.
"""


def test_it_says_of_each_case_what_happened() -> None:
    away = moved(8)
    hop = replace(away.events[0], detail="From Cara Diaz to Ben Hall: Cara Diaz is away until Fri 20 Nov")
    message = news([late(7)], [replace(away, events=(hop,))], CARA)
    assert text_of(message) == NEWS
    shown = flat(page_of(message).words)
    for words in (
        "Cara, 1 case is overdue, and others have 1 of yours now. It was due by 17:22 today.",
        "Was due by 17:22 today · High · C-7 Words of 7. By email, Tue 17 Nov, 18:22 Ada Brook has it, since",
        "With Ben Hall since 17:22 today · High · C-8 Words of 8. By email, Tue 17 Nov, 18:22 Cara Diaz is away until Fri 20 Nov.",
    ):
        assert words in shown
    assert [attrs["class"] for attrs in page_of(message).all("strong")] == ["late", "ink"]


@pytest.mark.parametrize(
    ("overdue", "others", "subject", "title"),
    [
        (1, 0, "1 case is overdue, was due by 17:22 today", "Ada, 1 case is overdue. It was due by 17:22 today."),
        (5, 0, "5 cases are overdue, the first was due by 17:22 today", "Ada, 5 cases are overdue. The first was due by 17:22 today."),
        (0, 4, "Others have 4 of your cases now", "Ada, others have 4 of your cases now."),
        (
            2,
            3,
            "2 cases are overdue, and others have 3 of yours now",
            "Ada, 2 cases are overdue, and others have 3 of yours now. The first was due by 17:22 today.",
        ),
    ],
)
def test_its_subject_and_its_title_count_both(overdue: int, others: int, subject: str, title: str) -> None:
    message = news([late(number) for number in range(overdue)], [moved(10 + number) for number in range(others)])
    assert message["Subject"] == subject
    assert title in flat(text_of(message))
    assert title in flat(page_of(message).words)
    assert message["References"] is None


def test_the_title_names_the_date_that_passed_first() -> None:
    end = NOW - 30 * HOUR
    unfinished = late(2, next_date=NOW + HOUR, resolve_by=end, late_for=end)
    text = flat(text_of(news([late(1), unfinished])))
    assert "The first was due by Mon 16 Nov, 12:22." in text
    assert "To be put right by Mon 16 Nov, 12:22 · High · C-2" in text


def test_what_is_overdue_comes_before_what_others_have_and_the_most_pressing_first() -> None:
    overdue = [late(1), late(2, urgency=Urgency.CRITICAL), late(3, next_date=NOW - 2 * HOUR)]
    message = news(overdue, [moved(4), moved(5, urgency=Urgency.CRITICAL)])
    names = [line for line in text_of(message).splitlines() if line.startswith("Customer ")]
    assert names == [f"Customer {number}" for number in (2, 3, 1, 5, 4)]


def test_an_owner_can_take_what_is_overdue_and_nobody_else_can() -> None:
    taken = late(2, status=CaseStatus.ACKNOWLEDGED)
    text = text_of(news([late(1), taken], [moved(3)]))
    assert text.count("I have it: ") == 1
    assert take([late(1).case.id], "Ada Brook") in text
    assert "You have it, since Tue 17 Nov, 09:22.\n" in text
    assert "I have" not in text_of(news([late(1), taken], person=CARA))


def test_who_took_it_is_said_and_when() -> None:
    text = text_of(news([], [moved(1, acknowledged_at=NOW - HOUR / 2, status=CaseStatus.ACKNOWLEDGED), moved(2, owner_since=None)]))
    assert "Taken by Ben Hall, 17:52 today · High · C-1" in text
    assert "Ben Hall has it now · High · C-2" in text


def test_why_it_went_on_is_said_in_our_words_or_in_theirs() -> None:
    text = flat(text_of(news([], [moved(1), moved(2, "knows the courier", "Cara Diaz")])))
    assert "Ada Brook did not take it by Tue 17 Nov, 18:00. Open the case" in text
    assert "Cara Diaz handed it over: “knows the courier” Open the case" in text


def test_where_nothing_says_why_it_went_on_nothing_is_said() -> None:
    message = news([], [replace(moved(1), events=())])
    assert "By email, Tue 17 Nov, 18:22\n\nOpen the case: " in text_of(message)
    assert "18:22 Open the case" in flat(page_of(message).words)


def test_that_nothing_is_to_be_done_is_said_only_of_what_others_have() -> None:
    assert "You need do nothing" not in text_of(news([late(1)]))
    for words in (text_of(news([late(1)], [moved(2)])), page_of(news([], [moved(2)])).words):
        assert flat(words).count("You need do nothing about cases that others have.") == 1


def test_many_are_counted_and_the_inbox_shows_those_that_are_late() -> None:
    everything = [late(number) for number in range(20)], [moved(100 + number) for number in range(30)]
    message = news(*everything)
    assert text_of(message).count("Open the case: ") == 25
    assert f"and 25 more.\nSee all late cases in the inbox: {INBOX}?show=Late&owner=Ada%20Brook" in text_of(message)
    assert page_of(message).labels[f"{INBOX}?show=Late&owner=Ada%20Brook"] == "See all late cases in the inbox"
    of_two = [*everything[0], *(late(50 + number, owner="Ben Hall") for number in range(9))]
    assert f"See all late cases in the inbox: {INBOX}?show=Late\n" in text_of(news(of_two, person=CARA))
    assert f"See all your cases in the inbox: {INBOX}?owner=Ada%20Brook" in text_of(news([], everything[1]))


def test_it_stays_whole_in_gmail_even_if_everybody_writes_a_lot() -> None:
    reasons = ("wrote again while a case is open", "says “my lawyer”", "public, reach 12,000")
    wordy = replace(MARA, author="字" * 100, title="字" * 500, text="字" * 10_000)
    view = moved(1, "字" * 1_000, "Cara Diaz", urgency_reasons=reasons)
    views = [replace(view, case=replace(view.case, id=f"C-{n}"), items=a_view(wordy).items) for n in range(60)]  # type: ignore[arg-type]  # an id
    assert len(html_of(news([], views)).encode()) < GMAIL_CUTS_AT


def test_it_is_in_its_readers_time() -> None:
    text = flat(text_of(news([late(1), late(2)], [moved(3)], replace(ADA, timezone=ZoneInfo("Europe/Berlin")))))
    assert "The first was due by 18:22 today." in text
    assert "With Ben Hall since 18:22 today" in text
    assert "All times are in Europe/Berlin." in text
