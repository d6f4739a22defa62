"""The mail about several cases at once."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from allears.domain.case import CaseId, CaseStatus
from allears.domain.feedback import Urgency
from allears.domain.records import CaseView
from allears.mail.compose import compose_digest
from tests.builders import TOKENS
from tests.letters import ADA, CASE, HOUSE, MARA, NOW, a_view, flat, html_of, page_of, take, text_of

BERLIN = ZoneInfo("Europe/Berlin")
GMAIL_CUTS_AT = 102 * 1024


def numbered(number: int, urgency: Urgency = Urgency.NORMAL, due: timedelta = timedelta(hours=2), **changes: object) -> CaseView:
    """One of several cases, named after its number."""
    item = replace(MARA, external_id=f"m{number}", author=f"Customer {number}", title=None, text=f"Words of {number}.")
    case = replace(CASE, id=CaseId(f"C-{number}"), urgency=urgency, next_date=NOW + due, **changes)  # type: ignore[arg-type]  # a case's fields
    return a_view(item, case)


def digest(*views: CaseView, owner=ADA) -> EmailMessage:
    return compose_digest(views, owner, HOUSE, key="d1", now=NOW)


DIGEST = """\
Digest · Northwind Coffee

Ada, 2 cases are yours. The first is due by 19:22 today.

I have them all: https://ears.northwind.example/take/Ada/C-2+C-2041

----

Customer 2
Due by 19:22 today · Critical: they wrote twice in two days · C-2

> Words of 2.
By email, Tue 17 Nov, 18:22

I have it: https://ears.northwind.example/take/Ada/C-2
Open the case: https://ears.northwind.example/case?id=C-2

----

Mara Lindqvist
Due by 20:22 today · High: they wrote twice in two days · C-2041

> Charged twice
>
> My bank shows two payments of £27.
>
> Please put it right.
By email, Tue 17 Nov, 18:22

I have it: https://ears.northwind.example/take/Ada/C-2041
Open the case: https://ears.northwind.example/case?id=C-2041

Sent Tue 17 Nov 2026, 18:22:09. You get this because the cases are
yours.
"""


def test_the_digest_as_text() -> None:
    assert text_of(digest(a_view(), numbered(2, Urgency.CRITICAL, timedelta(hours=1)))) == DIGEST


def test_the_digest_as_html_has_the_same_words_and_links() -> None:
    page = page_of(digest(a_view(), numbered(2, Urgency.CRITICAL, timedelta(hours=1))))
    shown = flat(page.words)
    for words in (
        "Ada, 2 cases are yours. The first is due by 19:22 today.",
        "Customer 2 Due by 19:22 today · Critical: they wrote twice in two days · C-2 Words of 2. By email, Tue 17 Nov, 18:22",
        "Charged twice My bank shows two payments of £27. Please put it right.",
        "You get this because the cases are yours.",
    ):
        assert words in shown
    assert page.links() == [
        "https://ears.northwind.example/take/Ada/C-2+C-2041",
        "https://ears.northwind.example/take/Ada/C-2",
        "https://ears.northwind.example/case?id=C-2",
        "https://ears.northwind.example/take/Ada/C-2041",
        "https://ears.northwind.example/case?id=C-2041",
    ]
    assert [attrs["aria-label"] for attrs in page.all("a")[1:3]] == [
        "I have it: Customer 2, C-2",
        "Open the case: Customer 2, C-2",
    ]
    assert (len(page.all("h1")), len(page.all("h2"))) == (1, 2)


def test_the_envelope_of_a_digest_belongs_to_no_thread() -> None:
    message = message_from_bytes(digest(*map(numbered, range(7))).as_bytes(), policy=policy.default)
    assert message["Subject"] == "7 cases are yours, the first due by 20:22 today"
    assert message["To"] == "Ada Brook <ada@northwind.example>"
    assert message["In-Reply-To"] is None
    assert message["References"] is None
    assert message["Message-ID"] == f"<{TOKENS.of('d1')}.auto@northwind.example>"


def order(message: EmailMessage) -> list[str]:
    return [line.removeprefix("Customer ") for line in text_of(message).splitlines() if line.startswith("Customer ")]


def test_the_late_come_first_then_the_most_urgent_then_the_soonest() -> None:
    message = digest(
        numbered(1, Urgency.LOW, timedelta(minutes=30)),
        numbered(2, Urgency.HIGH, timedelta(hours=3)),
        numbered(3, Urgency.HIGH, timedelta(hours=2)),
        numbered(4, Urgency.CRITICAL, timedelta(hours=4)),
        numbered(5, Urgency.LOW, timedelta(hours=-1)),
    )
    assert order(message) == ["5", "4", "3", "2", "1"]


def test_the_title_names_the_earliest_date_of_all() -> None:
    message = digest(numbered(1, Urgency.LOW, timedelta(minutes=30)), numbered(2, Urgency.CRITICAL, timedelta(hours=4)))
    assert "The first is due by 18:52 today." in text_of(message)
    assert not [attrs for attrs in page_of(message).all("span") if attrs.get("class") == "late"]


def test_a_late_case_in_a_digest_is_said_and_red() -> None:
    message = digest(numbered(1), numbered(2, due=timedelta(days=-1)))
    assert message["Subject"] == "2 cases are yours, the first was due by Mon 16 Nov, 18:22"
    assert "The first was due by Mon 16 Nov, 18:22." in flat(text_of(message))
    page = page_of(message)
    assert "Was due by Mon 16 Nov, 18:22" in page.words
    assert [attrs["class"] for attrs in page.all("strong")] == ["late", "ink"]
    assert [attrs for attrs in page.all("span") if attrs.get("class") == "late"]


def test_a_digest_of_one_case_counts_one() -> None:
    message = digest(numbered(1))
    assert message["Subject"] == "1 case is yours, due by 20:22 today"
    assert "Ada, 1 case is yours. It is due by 20:22 today." in text_of(message)
    assert "I have them all" not in text_of(message)
    assert take([CaseId("C-1")], "Ada Brook") in page_of(message).links()


def test_what_is_taken_already_is_not_asked_for() -> None:
    taken = numbered(1, status=CaseStatus.ACKNOWLEDGED, acknowledged_at=NOW)
    message = digest(taken, numbered(2), numbered(3))
    for words in (text_of(message), page_of(message).words):
        assert words.count("You have it.") == 1
        assert words.count("I have it") == 2
    assert page_of(message).links()[0] == take([CaseId("C-2"), CaseId("C-3")], "Ada Brook")
    assert "I have them all" not in text_of(digest(taken, numbered(2)))


def test_many_cases_are_shown_up_to_a_number_and_the_rest_are_in_the_inbox() -> None:
    message = digest(*map(numbered, range(40)))
    assert len(order(message)) == 25
    inbox = "https://ears.northwind.example/inbox?owner=Ada%20Brook"
    assert text_of(message).count("and 15 more.\nSee all your cases in the inbox: " + inbox) == 1
    page = page_of(message)
    assert page.labels[inbox] == "See all your cases in the inbox"
    assert "and 15 more." in flat(page.words)
    assert page.links()[0] == take([CaseId(f"C-{number}") for number in range(40)], "Ada Brook")
    assert " more" not in text_of(digest(*map(numbered, range(25))))


def test_a_digest_stays_whole_in_gmail_even_if_everybody_writes_a_lot() -> None:
    wordy = replace(MARA, author="字" * 100, title="字" * 500, text="字" * 10_000)
    case = replace(CASE, urgency_reasons=("wrote again while a case is open", "says “my lawyer”", "public, reach 12,000"))
    message = digest(*(a_view(replace(wordy, external_id=f"m{number}"), case) for number in range(60)))
    assert len(html_of(message).encode()) < GMAIL_CUTS_AT
    assert "字" * 281 not in text_of(message)


def test_a_digest_is_in_its_readers_time() -> None:
    text = flat(text_of(digest(numbered(1), numbered(2), owner=replace(ADA, timezone=BERLIN))))
    assert "The first is due by 21:22 today." in text
    assert "All times are in Europe/Berlin." in text
