"""Which days a person is away by their calendar."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from allears.domain.hours import parse_hours
from allears.domain.people import Absence, Person
from allears.settings.calendars import absences
from tests.builders import a_person

OFFICE = a_person("Ada Brook", hours=parse_hours("Mon-Fri 09:00-17:30"), timezone=ZoneInfo("Europe/London"))
AROUND_THE_CLOCK = a_person("Ada Brook", timezone=ZoneInfo("Europe/London"))
OOF = "X-MICROSOFT-CDO-BUSYSTATUS:OOF"
Away = Callable[..., list[str]]


def a_calendar(*events: str, more: str = "") -> str:
    whole = "".join(f"BEGIN:VEVENT\n{'' if 'UID' in event else f'UID:{n}'}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test\n{more}{whole}END:VCALENDAR\n".replace("\n\n", "\n").replace("\n", "\r\n")


@pytest.fixture
def away(tmp_path: Path) -> Away:
    """The days away of a person by these events, as "2026-11-24" or "2026-11-24 to 2026-11-26"."""

    def away(*events: str, person: Person = OFFICE, more: str = "") -> list[str]:
        file = tmp_path / "ada.ics"
        file.write_bytes(a_calendar(*events, more=more).encode())
        return [f"{a.first} to {a.last}" if a.first < a.last else f"{a.first}" for a in absences(file, person, 2026)]

    return away


class TestAllDay:
    def test_the_end_is_the_day_after_the_last(self, away: Away):
        assert away("DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261127") == ["2026-11-24 to 2026-11-26"]

    @pytest.mark.parametrize("end", ["", "DTEND;VALUE=DATE:20261125", "DTEND;VALUE=DATE:20261124", "DURATION:P1D"])
    def test_one_day(self, away: Away, end: str):
        assert away(f"DTSTART;VALUE=DATE:20261124\n{end}") == ["2026-11-24"]

    @pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
    def test_a_day_is_that_day_wherever_one_is(self, away: Away, zone: str):
        there = a_person("Mei Lin", timezone=ZoneInfo(zone), hours=OFFICE.hours)
        assert away("DTSTART;VALUE=DATE:20261124", person=there, more="X-WR-TIMEZONE:Europe/Berlin\n") == ["2026-11-24"]

    def test_days_in_a_row_are_one_absence(self, away: Away):
        assert away(
            "DTSTART;VALUE=DATE:20261126", "DTSTART;VALUE=DATE:20261124", "DTSTART;VALUE=DATE:20261125", "DTSTART;VALUE=DATE:20261128"
        ) == [
            "2026-11-24 to 2026-11-26",
            "2026-11-28",
        ]

    def test_as_outlook_may_write_it(self, away: Away):
        day = "DTSTART;TZID=GMT Standard Time:20261124T000000\nDTEND;TZID=GMT Standard Time:20261126T000000"
        assert away(f"{day}\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY") == ["2026-11-24 to 2026-11-25"]

    @pytest.mark.parametrize("said", ["STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"])
    def test_what_does_not_take_place_or_is_work_elsewhere_is_none(self, away: Away, said: str):
        assert away(f"DTSTART;VALUE=DATE:20261124\n{said}") == []


class TestOutOfOffice:
    def test_a_meeting_is_no_absence_however_long(self, away: Away):
        assert away("DTSTART:20261124T000000Z\nDTEND:20261126T000000Z\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY", "DTSTART:20261127T090000Z") == []

    @pytest.mark.parametrize(
        ("begins", "ends", "days"),
        [
            ("24T090000", "24T173000", ["2026-11-24"]),
            ("24T080000", "24T200000", ["2026-11-24"]),
            ("24T090100", "24T173000", []),
            ("24T090000", "24T172900", []),
            ("24T130000", "27T120000", ["2026-11-25 to 2026-11-26"]),
            ("26T130000", "30T120000", ["2026-11-27 to 2026-11-29"]),  # over a weekend
            ("28T090000", "28T173000", []),  # a part of a Saturday without work
            ("28T000000", "29T000000", ["2026-11-28"]),
        ],
    )
    def test_a_day_all_of_whose_work_is_out_of_office(self, away: Away, begins: str, ends: str, days: list[str]):
        assert away(f"DTSTART;TZID=Europe/London:202611{begins}\nDTEND;TZID=Europe/London:202611{ends}\n{OOF}") == days

    def test_parts_that_make_a_day_together(self, away: Away):
        morning, afternoon = "DTSTART:20261124T080000Z\nDURATION:PT5H", "DTSTART:20261124T130000Z\nDURATION:PT5H"
        assert away(f"{morning}\n{OOF}", f"{afternoon}\n{OOF}") == ["2026-11-24"]
        assert away(f"{morning}\n{OOF}", afternoon) == []

    def test_a_break_need_not_be_covered(self, away: Away):
        split = a_person("Ada Brook", hours=parse_hours("Mon-Fri 09:00-12:00, Mon-Fri 13:00-17:00"))
        parts = ("DTSTART:20261124T090000Z\nDTEND:20261124T120000Z", "DTSTART:20261124T130000Z\nDTEND:20261124T170000Z")
        assert away(*(f"{part}\n{OOF}" for part in parts), person=split) == ["2026-11-24"]

    def test_a_night_counts_with_the_day_on_which_it_begins(self, away: Away):
        nurse = a_person("Mei Lin", hours=parse_hours("Mon-Sun 22:00-06:00"))
        assert away(f"DTSTART:20261124T220000Z\nDTEND:20261125T060000Z\n{OOF}", person=nurse) == ["2026-11-24"]
        assert away(f"DTSTART:20261124T000000Z\nDTEND:20261125T000000Z\n{OOF}", person=nurse) == []

    def test_without_working_hours_a_day_goes_from_midnight_to_midnight(self, away: Away):
        assert away(f"DTSTART:20261124T090000Z\nDTEND:20261124T173000Z\n{OOF}", person=AROUND_THE_CLOCK) == []
        assert away(f"DTSTART:20261124T000000Z\nDTEND:20261125T000000Z\n{OOF}", person=AROUND_THE_CLOCK) == ["2026-11-24"]

    @pytest.mark.parametrize(
        ("times", "days"),
        [
            ("DTSTART:20261124T170000Z\nDTEND:20261125T013000Z", ["2026-11-24"]),  # 09:00 to 17:30 in California
            ("DTSTART;TZID=Pacific Standard Time:20261124T090000\nDTEND;TZID=Pacific Standard Time:20261124T173000", ["2026-11-24"]),
            ("DTSTART:20261124T090000\nDTEND:20261124T173000", ["2026-11-24"]),  # no zone: the person's own
            ("DTSTART:20261124T090000Z\nDTEND:20261124T173000Z", []),
        ],
    )
    def test_times_count_by_the_persons_clock(self, away: Away, times: str, days: list[str]):
        there = a_person("Mei Lin", timezone=ZoneInfo("America/Los_Angeles"), hours=OFFICE.hours)
        assert away(f"{times}\n{OOF}", person=there) == days


class TestRepeated:
    def test_from_last_year_to_the_year_after_next(self, away: Away):
        yearly = [f"{year}-11-24" for year in (2025, 2026, 2027, 2028)]
        assert away("DTSTART;VALUE=DATE:20001124\nRRULE:FREQ=YEARLY") == yearly

    def test_single_days_may_be_left_out_moved_or_cancelled(self, away: Away):
        fridays = "UID:f\nDTSTART;VALUE=DATE:20261106\nRRULE:FREQ=WEEKLY;COUNT=5\nEXDATE;VALUE=DATE:20261113"
        moved = "UID:f\nRECURRENCE-ID;VALUE=DATE:20261120\nDTSTART;VALUE=DATE:20261118"
        cancelled = "UID:f\nRECURRENCE-ID;VALUE=DATE:20261127\nDTSTART;VALUE=DATE:20261127\nSTATUS:CANCELLED"
        assert away(fridays, moved, cancelled) == ["2026-11-06", "2026-11-18", "2026-12-04"]

    def test_one_that_became_a_meeting_is_an_absence_no_more(self, away: Away):
        fridays = "UID:f\nDTSTART;VALUE=DATE:20261106\nRRULE:FREQ=WEEKLY;COUNT=2"
        meeting = "UID:f\nRECURRENCE-ID;VALUE=DATE:20261113\nDTSTART:20261113T090000Z\nDTEND:20261113T100000Z"
        assert away(fridays, meeting) == ["2026-11-06"]

    def test_hours_keep_to_the_clock_when_clocks_change(self, away: Away):
        work = "DTSTART;TZID=Europe/London:20261023T090000\nDTEND;TZID=Europe/London:20261023T173000\nRRULE:FREQ=DAILY;COUNT=4"
        assert away(f"{work}\n{OOF}") == ["2026-10-23", "2026-10-26"]  # a Friday and, in winter, a Monday

    def test_years_that_are_long_over_count_no_more(self, away: Away):
        assert away("DTSTART;VALUE=DATE:20241230\nDTEND;VALUE=DATE:20250103", "DTSTART;VALUE=DATE:20290101") == ["2025-01-01 to 2025-01-02"]

    def test_a_large_calendar_is_read_in_no_time(self, away: Away):
        meetings = (f"DTSTART:20261124T{n % 24:02}0000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY" for n in range(300))
        assert away(*meetings, "DTSTART;VALUE=DATE:20261124") == ["2026-11-24"]


class TestBroken:
    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "no whole VCALENDAR is in it"),
            (b"hello", "Invalid content line"),
            (b"\xff\xfe", "could not be parsed"),
            (a_calendar("DTSTART;VALUE=DATE:20261124").encode()[:-20], "no whole VCALENDAR"),
            (a_calendar("DTSTART;VALUE=DATE:2026112").encode(), "DTSTART.*Expected time, got: 2026112"),
            (a_calendar("DTSTART;VALUE=DATE:20261124\nRRULE:FREQ=SOMETIMES").encode(), "RRULE of the event 0: Expected frequency"),
            (a_calendar(f"DTSTART:20261124T000000Z\nRRULE:FREQ=SECONDLY\n{OOF}").encode(), "the event 0 is repeated within a day"),
            (a_calendar("SUMMARY:no start").encode(), "DTSTART"),
        ],
    )
    def test_it_says_what_is_wrong_and_what_to_do(self, tmp_path: Path, content: bytes, told: str):
        file = tmp_path / "ada.ics"
        file.write_bytes(content)
        with pytest.raises(ValueError, match=told) as caught:
            absences(file, OFFICE, 2026)
        assert str(caught.value).startswith(f"{file} is no iCalendar file that can be read (")
        assert str(caught.value).endswith("). Export it anew, or take this line out")

    def test_a_meeting_that_cannot_be_read_harms_nothing(self, away: Away):
        assert away("DTSTART:20261123T090000Z\nRRULE:FREQ=SOMETIMES", "DTSTART;VALUE=DATE:20261124") == ["2026-11-24"]

    def test_a_folder(self, tmp_path: Path):
        with pytest.raises(ValueError, match=r"Is a directory\. Export the calendar there, or take this line out"):
            absences(tmp_path, OFFICE, 2026)

    def test_nothing_else_escapes(self, tmp_path: Path):
        chance = random.Random(4711)
        file = tmp_path / "ada.ics"
        good = a_calendar(
            "DTSTART;VALUE=DATE:20261124\nRRULE:FREQ=YEARLY;COUNT=3\nEXDATE;VALUE=DATE:20271124",
            f"UID:2\nDTSTART;TZID=Europe/Berlin:20261124T090000\nDURATION:PT8H\nRRULE:FREQ=WEEKLY;BYDAY=MO,FR;COUNT=9\n{OOF}",
            "UID:2\nRECURRENCE-ID;TZID=Europe/Berlin:20261127T090000\nDTSTART:20261128T090000Z\nDTEND:20261128T100000Z",
        )
        read = 0
        for _ in range(300):
            at = chance.randrange(len(good))
            broken = good[:at] + chance.choice(("", *"09A:;=\r\nTZX/é\x00")) + good[at + chance.randint(0, 9) :]
            file.write_text(broken, "utf-8", newline="")
            with suppress(ValueError):
                read += bool(absences(file, OFFICE, 2026))
        assert 0 < read < 300

    def test_a_mark_of_the_encoding_is_no_fault(self, tmp_path: Path):
        file = tmp_path / "ada.ics"
        file.write_bytes(b"\xef\xbb\xbf" + a_calendar("DTSTART;VALUE=DATE:20261124").encode())
        assert absences(file, OFFICE, 2026) == (Absence(date(2026, 11, 24), date(2026, 11, 24)),)
