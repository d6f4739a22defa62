import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Channel, FeedbackItem, SourceName
from allears.mail import times
from allears.mail.words import author_of, called, cleaned, indented, isolated, matter_of, one_line, quoted, shortened

LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
ANYTHING = st.text(st.characters(), max_size=400)  # with surrogates, controls and marks of direction


def item(text: str = "", title: str | None = None, author: str | None = None) -> FeedbackItem:
    return FeedbackItem(SourceName("s"), Channel.EMAIL, "1", datetime(2026, 11, 17, tzinfo=UTC), text, title=title, author=author)


@given(ANYTHING)
def test_cleaned_text_can_be_written_and_hides_nothing(text: str) -> None:
    clean = cleaned(text)
    clean.encode("utf-8")
    assert not {unicodedata.category(character) for character in clean if character not in "\n\t"} & {"Cc", "Cs"}
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
    assert "\n\n\n" not in clean
    assert cleaned(clean) == clean


@given(ANYTHING, st.integers(2, 80))
def test_one_line_is_one_short_line(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit
    assert len(one_line(text, limit).splitlines()) <= 1


@given(ANYTHING)
def test_every_line_of_a_quotation_is_marked(text: str) -> None:
    assert all(line.startswith(">") for line in quoted(cleaned(text)).split("\n"))


def test_words_are_kept() -> None:
    assert cleaned("Grüße 🙂\r\n\r\n\r\n\tสวัสดี\x00 £27") == "Grüße 🙂\n\n\tสวัสดี £27"
    assert cleaned("a\u202eb\ud800c") == "abc".replace("c", "\ufffdc")


def test_a_text_is_cut_at_a_space() -> None:
    assert shortened("one two three four", 12) == "one two…"
    assert shortened("x" * 30, 12) == "x" * 11 + "…"
    assert shortened("short", 12) == "short"


def test_right_to_left_words_are_isolated_and_others_left_alone() -> None:
    assert isolated("محمد") == "\u2068محمد\u2069"
    assert isolated("Mara") == "Mara"


def test_a_row_keeps_its_column() -> None:
    assert indented("w " * 40, 14, "Why you").split("\n") == ["Why you       " + "w " * 28 + "w", " " * 14 + "w " * 10 + "w"]


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Mara Lindqvist", "Mara"),
        ("Anne-Marie O’Neill", "Anne-Marie"),
        ("Дарья Иванова", "Дарья"),
        ("Dr Osei", "Dr Osei"),
        ("u/jo_brews", "u/jo_brews"),
        ("mara", "mara"),
        ("A customer", "the customer"),
    ],
)
def test_how_a_writer_is_called(author: str, name: str) -> None:
    assert called(author) == name


@pytest.mark.parametrize(
    ("title", "text", "matter"),
    [
        ("Re: AW: Charged twice", "Hello.", "Charged twice"),
        ("RE[2]: Charged twice", "", "Charged twice"),
        ("Reading club", "", "Reading club"),
        (None, "Cold coffee. And late.", "Cold coffee"),
        ("Re:", "Where is it?\nI wait.", "Where is it?"),
        (None, "コーヒーが冷たい。返金して。", "コーヒーが冷たい。"),
        (None, "", ""),
    ],
)
def test_what_a_message_is_about(title: str | None, text: str, matter: str) -> None:
    assert matter_of(item(text, title), 80) == matter


def test_nobody_is_a_customer() -> None:
    assert author_of(item(author=" \x00 ")) == "A customer"


def test_times_as_they_are_read() -> None:
    now = datetime(2026, 11, 17, 18, 22, 9, tzinfo=UTC)
    assert times.deadline(now + timedelta(hours=2), now, LONDON) == "20:22 today"
    assert times.deadline(now + timedelta(hours=5), now, BERLIN) == "Wed 18 Nov, 00:22"
    assert times.moment(datetime(2027, 1, 4, 8, tzinfo=UTC), now, LONDON) == "Mon 4 Jan 2027, 08:00"
    assert times.stamp(now, LONDON) == "Tue 17 Nov 2026, 18:22:09"
    assert times.month(datetime(2023, 3, 31, 23, 30, tzinfo=UTC), LONDON) == "April 2023"


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(seconds=-5), "0 s"),
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(minutes=18, seconds=59), "18 min"),
        (timedelta(hours=2, minutes=41), "2 h 41 min"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2, hours=23), "2 d"),
    ],
)
def test_durations_round_down(duration: timedelta, text: str) -> None:
    assert times.elapsed(duration) == text
