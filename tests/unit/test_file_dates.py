from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.errors import RecordRejected
from connectors.file.dates import moment

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-22T16:40:00Z",
        "2026-10-22 17:40",
        "2026-10-22T18:40:00+02:00",
        "20261022T174000",
        "22.10.2026 17:40",
        "2026/10/22 17:40:00",
        "22 October 2026 17:40",
        "Oct 22, 2026 05:40 PM",
        "Thu, 22 Oct 2026 16:40:00 +0000",
        "1792687200",
        "1792687200000",
    ],
)
def test_known_forms_mean_the_same_moment(text: str):
    assert moment(text, None, LONDON) == datetime(2026, 10, 22, 16, 40, tzinfo=UTC)


@pytest.mark.parametrize(("form", "month"), [("day-first", 4), ("month-first", 3), ("%d/%m/%Y", 4)])
def test_a_slashed_date_is_read_as_the_setting_says(form: str, month: int):
    assert moment("03/04/2026", form, UTC) == datetime(2026, month, 7 - month, tzinfo=UTC)


def test_a_slashed_date_with_a_time():
    assert moment("3/4/2026 5:06 pm", "month-first", UTC) == datetime(2026, 3, 4, 17, 6, tzinfo=UTC)


@pytest.mark.parametrize("text", ["03/04/2026", "25/12/2026"])
def test_an_ambiguous_order_asks_for_the_setting(text: str):
    with pytest.raises(RecordRejected, match="date_format"):
        moment(text, None, UTC)


@given(st.text(max_size=30), st.sampled_from([None, "day-first", "month-first", "%d %m %Y"]))
def test_any_text_is_a_moment_or_rejected(text: str, form: str | None):
    with suppress(RecordRejected):
        assert moment(text, form, LONDON).tzinfo is UTC


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "99.99.2026", "2026-02-30"])
def test_impossible_dates_are_rejected(text: str):
    with pytest.raises(RecordRejected):
        moment(text, None, UTC)
