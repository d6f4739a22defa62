"""Moments as people write them, on Thursday 19 November 2026, 10:42 in London."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from allears.domain.hours import parse_hours
from allears.domain.moments import moment
from tests.builders import NOW, a_person

FAR = ("1/1/0001", "31.12.9999", "24.12.2099", "in 99999999999 hours", "in 3000 years")
PRIYA = replace(a_person("Priya Shah"), hours=parse_hours("Mon-Fri 09:00-17:30"), timezone=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("friday 5pm", "Fri 20 Nov 17:00"),
        ("Friday", "Fri 20 Nov 17:30"),
        ("friday at 5", "Fri 20 Nov 17:00"),
        ("tomorrow 9am", "Fri 20 Nov 09:00"),
        ("5 pm tomorrow", "Fri 20 Nov 17:00"),
        ("24 Nov 17:00", "Tue 24 Nov 17:00"),
        ("24 nov", "Tue 24 Nov 17:30"),
        ("2026-11-27 15:00", "Fri 27 Nov 15:00"),
        ("27/11", "Fri 27 Nov 17:30"),
        ("24.12.", "Thu 24 Dec 17:30"),
        ("12.12.", "Sat 12 Dec 17:00"),
        ("17.30", "Thu 19 Nov 17:30"),
        ("3pm", "Thu 19 Nov 15:00"),
        ("9am", "Fri 20 Nov 09:00"),
        ("noon", "Thu 19 Nov 12:00"),
        ("end of day", "Thu 19 Nov 17:30"),
        ("eod friday", "Fri 20 Nov 17:30"),
        ("today", "Thu 19 Nov 17:30"),
        ("next tuesday", "Tue 24 Nov 17:30"),
        ("monday noon", "Mon 23 Nov 12:00"),
        ("in 3 hours", "Thu 19 Nov 13:42"),
        ("Saturday", "Sat 21 Nov 17:00"),
        ("Freitag 17 Uhr", "Fri 20 Nov 17:00"),
        ("nächsten Montag", "Mon 23 Nov 17:30"),
        ("27.11. 14:00", "Fri 27 Nov 14:00"),
        ("vendredi 17h30", "Fri 20 Nov 17:30"),
        ("demain", "Fri 20 Nov 17:30"),
        ("mañana a las 10", "Fri 20 Nov 10:00"),
        ("venerdì alle 17", "Fri 20 Nov 17:00"),
        ("sexta-feira 17h", "Fri 20 Nov 17:00"),
        ("morgen om 9 uur", "Fri 20 Nov 09:00"),
    ],
)
def test_a_moment(words: str, expected: str):
    found = moment(words, PRIYA, NOW)
    assert found is not None
    assert f"{found:%a %-d %b %H:%M}" == expected
    assert found > NOW


@pytest.mark.parametrize(
    "words", ["", "hello", "yesterday", "the way, Jo", "friday 5", "next year in Jerusalem", "31 February", "friday 24:00", *FAR]
)
def test_no_moment_to_come(words: str):
    assert moment(words, PRIYA, NOW) is None


def test_the_fourth_of_march_in_america():
    in_new_york = replace(PRIYA, timezone=ZoneInfo("America/New_York"))
    found = moment("3/4/2027", in_new_york, NOW)
    assert found is not None
    assert f"{found:%-d %b}" == "4 Mar"
