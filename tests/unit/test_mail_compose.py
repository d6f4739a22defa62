"""The alert: what it says to whom, and what it leaves out."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from allears.domain.case import Case, CaseStatus, Event, EventType
from allears.domain.feedback import Channel, FeedbackItem, Sentiment, Status, Urgency
from allears.domain.hours import parse_hours
from allears.domain.people import Absence, Directory, Person
from allears.domain.records import StoredItem
from allears.domain.targets import Goal
from allears.errors import ConfigurationError
from allears.mail.compose import compose_alert
from allears.mail.contexts import Letterhead
from tests.builders import TOKENS
from tests.letters import ADA, BEN, CARA, CASE, HOUSE, MARA, NOW, a_view, flat, html_of, page_of, stored, text_of

TAKE = "https://ears.northwind.example/take/Ada/C-2041"
OPEN = "https://ears.northwind.example/case?id=C-2041"


def earlier(day: datetime, text: str, sentiment: Sentiment, channel: Channel = Channel.FORM, status: Status = Status.CASE) -> StoredItem:
    return stored(replace(MARA, external_id=text, received_at=day, text=text, title=None, channel=channel), sentiment, status=status)


def alert(
    item: FeedbackItem = MARA, *, case: Case = CASE, language: str = "en", owner: Person = ADA, house: Letterhead = HOUSE, **view: object
) -> EmailMessage:
    return compose_alert(a_view(item, case, language, **view), owner, house, key="0a1b", now=NOW)


ALERT = """\
Complaint · C-2041 · Northwind Coffee

Ada, this one is yours. Mara Lindqvist wrote “Charged twice” and is due
to hear from you by 20:22 today.

> My bank shows two payments of £27.
>
> Please put it right.
Mara Lindqvist, email, Tue 17 Nov, 18:22

I have it: https://ears.northwind.example/take/Ada/C-2041
Open the case: https://ears.northwind.example/case?id=C-2041
Write to Mara: mara@postfach.example
A reply to this email does not reach Mara.

You may          refund up to 100 GBP without asking
Urgency          High: they wrote twice in two days
Why you          “charged twice” is about billing (0.96).
                 Not yours? Hand it over, with a reason:
                 https://ears.northwind.example/case?id=C-2041
If not taken     by 18:52 it goes to Ben Hall, then to Cara Diaz

Mara’s book

Since            December 2024. 3 messages on 2 channels
9 Aug 2025       ◆ Mixed  Late parcel, kind courier, form
20 Dec 2024      ▲ Positive  Best gift I gave this year, form

Sent Tue 17 Nov 2026, 18:22:09, 6 s after the message arrived. You get
this because the case is yours.
"""

BOOK = (
    earlier(datetime(2025, 8, 9, tzinfo=UTC), "Late parcel, kind courier.", Sentiment.MIXED),
    earlier(datetime(2025, 1, 9, tzinfo=UTC), "I am away until Monday.", Sentiment.NEUTRAL, status=Status.AUTOMATED),
    earlier(datetime(2024, 12, 20, tzinfo=UTC), "Best gift I gave this year", Sentiment.POSITIVE),
)


def test_the_alert_as_text() -> None:
    assert text_of(alert(book=BOOK)) == ALERT


def test_the_html_says_what_the_text_says() -> None:
    message = alert(book=BOOK)
    page = page_of(message)
    shown = flat(page.words)
    for paragraph in text_of(message).split("\n\n"):
        for words in re.split(r" {2,}|\n|: ", paragraph.replace("\n" + " " * 17, " ")):
            assert words.removeprefix("> ").removeprefix(">").rstrip(":") in shown or words in (*page.links(), "Write to Mara")
    assert "refund up to 100 GBP without asking" in shown


def test_the_html_is_accessible_and_asks_nobody_for_anything() -> None:
    page = page_of(alert(book=BOOK))
    assert page.all("html") == [{"lang": "en"}]
    assert len(page.all("h1")) == 1
    assert all(table["role"] == "presentation" for table in page.all("table"))
    assert page.all("blockquote")[0]["lang"] == "en"
    assert page.all("blockquote")[0]["dir"] == "auto"
    tags = "html head meta title style body table tr td p h1 h2 br a strong span blockquote"
    assert " ".join(sorted({tag for tag, _ in page.tags})) == " ".join(sorted(tags.split()))


def test_two_buttons_and_a_way_out() -> None:
    page = page_of(alert())
    assert [link for link in page.links() if not link.startswith("mailto:")] == [TAKE, OPEN, OPEN]
    assert flat(page.words).index("I have it") < flat(page.words).index("Open the case")
    assert page.labels == {
        TAKE: "I have it",
        "mailto:mara@postfach.example?subject=Re%3A%20Charged%20twice": "write to Mara",
        OPEN: "Not yours? Hand it over, with a reason",
    }


@pytest.mark.parametrize("status", [CaseStatus.ACKNOWLEDGED, CaseStatus.PROMISED])
def test_whoever_has_taken_it_is_not_asked_again(status: CaseStatus) -> None:
    message = alert(case=replace(CASE, status=status, acknowledged_at=NOW))
    for words in (text_of(message), page_of(message).words):
        assert "I have it" not in words
        assert "If not taken" not in words
        assert "Open the case" in words


def if_not_taken(message: EmailMessage) -> str:
    """What the alert says of it, as text and as HTML alike; "" where it says nothing."""
    _, _, rest = flat(text_of(message)).partition("If not taken ")
    said = rest.partition(" Mara’s book")[0]
    assert ("If not taken" in page_of(message).words) == bool(said)
    assert said in flat(page_of(message).words)
    return said


def house_of(*people: Person) -> Letterhead:
    return replace(HOUSE, directory=Directory({person.name: person for person in people}, "Cara Diaz"))


def test_who_comes_next_is_named_in_order() -> None:
    assert if_not_taken(alert()) == "by 18:52 it goes to Ben Hall, then to Cara Diaz"


def test_nobody_is_named_who_could_not_take_it() -> None:
    away = replace(BEN, away=(Absence(date(2026, 11, 17), date(2026, 11, 20)),))
    gone = replace(BEN, active=False)
    for ben in (away, gone):
        assert if_not_taken(alert(house=house_of(ADA, ben, CARA))) == "by 18:52 it goes to Cara Diaz"
    bouncing = replace(HOUSE, directory=HOUSE.directory.knowing({CARA.email: "550 no such user"}))
    assert if_not_taken(alert(house=bouncing)) == "by 18:52 it goes to Ben Hall"


def test_whoever_is_away_when_it_would_come_to_them_is_not_named() -> None:
    nine_to_five = replace(ADA, hours=parse_hours("Mon-Fri 09:00-17:30"))  # so it stays with her until tomorrow
    for day, following in ((17, "Ben Hall, then to Cara Diaz"), (18, "Cara Diaz")):
        house = house_of(nine_to_five, replace(BEN, away=(Absence(date(2026, 11, day), date(2026, 11, day)),)), CARA)
        assert if_not_taken(alert(owner=nine_to_five, house=house)) == f"by Wed 18 Nov, 09:30 it goes to {following}"


def test_whoever_passed_it_by_is_not_named_again() -> None:
    passed = replace(CASE, passed_by=("Ben Hall",))
    assert if_not_taken(alert(case=passed)) == "by 18:52 it goes to Cara Diaz"
    assert if_not_taken(alert(case=replace(CASE, passed_by=("Ben Hall", "Cara Diaz")))) == ""


def test_with_nobody_after_the_owner_nothing_is_said() -> None:
    assert if_not_taken(alert(owner=CARA, case=replace(CASE, owner="Cara Diaz"), house=house_of(CARA))) == ""


def test_how_long_the_owner_has_follows_urgency_tags_and_hours() -> None:
    assert if_not_taken(alert(case=replace(CASE, urgency=Urgency.CRITICAL))).startswith("by 18:37 it goes")
    in_hours = replace(ADA, hours=parse_hours("Mon-Fri 09:00-17:30"))
    assert if_not_taken(alert(owner=in_hours)).startswith("by Wed 18 Nov, 09:30 it goes")
    hurry = replace(HOUSE.targets, tagged={"wholesale": {Goal.ACKNOWLEDGE: {Urgency.HIGH: timedelta(minutes=10)}}})
    assert if_not_taken(alert(case=replace(CASE, tags=("wholesale",)), house=replace(HOUSE, targets=hurry))).startswith("by 18:32 it goes")
    berlin = replace(ADA, timezone=ZoneInfo("Europe/Berlin"))
    assert if_not_taken(alert(owner=berlin)).startswith("by 19:52 it goes")


def test_a_second_alert_does_not_give_the_owner_more_time() -> None:
    assert if_not_taken(alert(case=replace(CASE, alerted_at=NOW - timedelta(minutes=20)))).startswith("by 18:32 it goes")
    assert if_not_taken(alert(case=replace(CASE, alerted_at=NOW - timedelta(hours=1)))) == "it goes to Ben Hall, then to Cara Diaz"


def test_by_when_it_is_to_be_put_right_and_what_the_customer_was_told() -> None:
    promised = Event(CASE.id, NOW, "Ben Hall", EventType.PROMISED, "We check\nboth payments.")
    case = replace(CASE, resolve_by=NOW + timedelta(days=2), promised_for=NOW + timedelta(hours=2))
    text = text_of(alert(case=case, events=(promised,)))
    assert "To be put right  by Thu 19 Nov, 18:22\n" in text
    assert "They were told   “We check both payments.”\n" in text
    assert "They were told" not in text_of(alert(events=(promised,)))  # that promise's date has passed or was taken back


def test_the_envelope_of_an_alert() -> None:
    message = message_from_bytes(alert().as_bytes(), policy=policy.default)
    assert message["From"] == "AllEars <allears@northwind.example>"
    assert message["To"] == "Ada Brook <ada@northwind.example>"
    assert message["Subject"] == "Mara Lindqvist: Charged twice, by 20:22 today"
    assert message["Date"].datetime == NOW.replace(microsecond=0)
    assert message["Message-ID"] == f"<{TOKENS.of('0a1b')}.auto@northwind.example>"
    assert message["References"] == message["In-Reply-To"] == "<c-2041@northwind.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Unsubscribe"] is None
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_a_link_that_starts_a_mail_to_the_customer() -> None:
    link = page_of(alert(replace(MARA, title="Re: 50% & more?\r\nBcc: x@y.example"))).links()[2]
    assert urlsplit(link).path == "mara@postfach.example"
    assert parse_qs(urlsplit(link).query) == {"subject": ["Re: 50% & more? Bcc: x@y.example"]}


@pytest.mark.parametrize(
    "contact", ["reddit:u/mara", "email:mara@x.example?bcc=all@x.example", 'email:"><script>@x.example', "email:a@b,c@d", None]
)
def test_nobody_without_a_plain_address_is_linked(contact: str | None) -> None:
    assert page_of(alert(replace(MARA, contact=contact))).links() == [TAKE, OPEN, OPEN]


def test_a_writer_without_an_address_expects_nothing() -> None:
    message = alert(replace(MARA, author=None, contact=None, title=None), case=replace(CASE, customer_id=None))
    assert "A customer left no address. It is due by 20:22 today." in " ".join(text_of(message).split())
    assert "book" not in text_of(message)


def test_a_date_that_has_passed_is_said_and_red() -> None:
    message = alert(case=replace(CASE, next_date=NOW - timedelta(days=1)))
    assert "should have heard from you by Mon 16 Nov, 18:22." in " ".join(text_of(message).split())
    assert any(attrs.get("class") == "late" for attrs in page_of(message).all("span"))


def test_a_case_handed_over_says_by_whom_and_why() -> None:
    case = replace(CASE, hops=1, why_owner="Priya Nair handed it over: it is about money")
    hop = Event(CASE.id, NOW, "Priya Nair", EventType.HANDED_OVER, "From Priya Nair to Ada Brook: it is about money")
    message = alert(case=case, events=(hop,))
    for words in (flat(text_of(message)), flat(page_of(message).words)):
        assert "Handed over by Priya Nair, because “it is about money”. Not yours? Hand it over, with a reason" in words
        assert "Why you" not in words
    text = flat(text_of(alert(case=case, events=(replace(hop, actor="Cara Diaz"),))))
    assert "Handed over by Cara Diaz from Priya Nair, because “it is about money”." in text


@pytest.mark.parametrize(
    ("reason", "because"),
    [
        ("Ben Hall did not take it by Tue 17 Nov, 11:30", "Ben Hall did not take it by Tue 17 Nov, 11:30."),
        ("Mails to Ben Hall come back", "mails to Ben Hall come back."),
        ("Ada Brook is back", "Ada Brook is back."),
    ],
)
def test_a_case_that_allears_moved_says_so_plainly(reason: str, because: str) -> None:
    case = replace(CASE, hops=2, why_owner=reason)
    earlier_hop = Event(CASE.id, NOW, "Cara Diaz", EventType.HANDED_OVER, "From Cara Diaz to Ben Hall: busy")
    hop = Event(CASE.id, NOW, "AllEars", EventType.HANDED_OVER, f"From Ben Hall to Ada Brook: {reason}")
    message = alert(case=case, events=(earlier_hop, hop))
    for words in (flat(text_of(message)), flat(page_of(message).words)):
        assert f"Handed over by AllEars from Ben Hall, because {because} Not yours?" in words
        assert "busy" not in words


def test_what_is_not_known_is_left_out() -> None:
    text = text_of(alert(owner=replace(ADA, authority=None), case=replace(CASE, urgency=Urgency.NORMAL, urgency_reasons=())))
    assert "You may" not in text
    assert "Urgency          Normal\n" in text
    assert "This is the first message we know of." in text


def test_a_title_too_long_for_the_opening_stands_above_the_words() -> None:
    message = alert(replace(MARA, title="Charged " + "twice " * 20))
    assert " ".join(text_of(message).split()).startswith(
        "Complaint · C-2041 · Northwind Coffee Ada, this one is yours. Mara Lindqvist is due"
    )
    assert "> Charged twice twice" in text_of(message)
    assert len(message["Subject"]) < 150


def test_a_very_long_message_is_shortened_and_says_so() -> None:
    message = alert(replace(MARA, text="word " * 20_000))
    assert "The rest is in the case" in text_of(message)
    assert "The rest is in the case" in html_of(message)
    assert len(message.as_bytes()) < 30_000


def test_times_are_the_owners_and_say_whose_they_are() -> None:
    text = text_of(alert(owner=replace(ADA, timezone=ZoneInfo("Europe/Berlin"))))
    assert "by 21:22 today" in text
    assert "All times are in Europe/Berlin." in " ".join(text.split())
    assert "All times" not in text_of(alert())


def test_an_unknown_language_is_not_claimed() -> None:
    assert "lang" not in page_of(alert(language="und")).all("blockquote")[0]
    assert page_of(alert(language="de")).all("blockquote")[0]["lang"] == "de"


def test_an_encoded_word_stays_a_word() -> None:
    message = alert(replace(MARA, author="=?utf-8?q?x=0d=0aBcc=3Ay=40z.example?="))
    assert str(message["Subject"]).startswith("= ?utf-8?q?x=0d=0aBcc=3A")


def test_a_sender_that_is_none_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"mail\.sender"):
        compose_alert(a_view(), ADA, replace(HOUSE, sender="AllEars"), key="k", now=NOW)


@pytest.mark.parametrize(
    ("contact", "typed", "where"),
    [
        ("phone:02214711223", "0221 4711223, after six", "at 0221 4711223, after six"),
        ("phone:+492214711223", None, "at +492214711223"),
        (None, "the red house by the church", "at the red house by the church"),
    ],
)
def test_where_a_customer_without_a_mail_address_is_reached_stands_in_it(contact: str | None, typed: str | None, where: str):
    message = alert(replace(MARA, contact=contact, extra={"contact": typed} if typed else {}))
    assert f"Reach them       {where}" in text_of(message)
    assert where in flat(html_of(message))


def test_where_answers_reach_the_customer_their_address_still_stands_in_it():
    message = alert(house=replace(HOUSE, replies="support+{token}@northwind.example"))
    assert "Reach them       at mara@postfach.example" in text_of(message)


def test_who_left_nothing_is_reached_nowhere():
    assert "Reach them" not in text_of(alert(replace(MARA, contact="reddit:u/mara")))
