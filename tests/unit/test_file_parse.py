from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from allears.domain.feedback import FeedbackItem, SourceName
from allears.errors import RecordRejected
from connectors.file.parse import RowReader, contact
from connectors.file.settings import FileSettings

MODIFIED = datetime(2026, 11, 1, tzinfo=UTC)
SHOP = SourceName("shop")


def read(row: dict[str, str], **settings: object) -> FeedbackItem:
    return RowReader(SHOP, FileSettings(path="*.csv", **settings)).item("1", row, MODIFIED)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jo@X.org", "email:jo@x.org"),
        ("Jo Lind <Jo@x.org>", "email:jo@x.org"),
        ("+44 131 555 0101", "phone:+441315550101"),
        ("0044 131 555 0101", "phone:+441315550101"),
        ("0131 555-0101", "phone:01315550101"),
        ("10023456", "file:shop/10023456"),
        ("C-77", "file:shop/C-77"),
        ("", None),
        ("n/a", None),
        ("Anonymous", None),
    ],
)
def test_contacts(text: str, expected: str | None):
    assert contact(SHOP, text) == expected


def test_columns_match_by_name_and_by_setting_whatever_their_case():
    item = read({"TEXT ": "Stale", "Stars": "4,5", "Shop": "Leith"}, columns={"rating": "stars"})
    assert (item.text, item.rating, item.extra) == ("Stale", 4.5, {"Shop": "Leith"})


def test_an_author_without_contact_is_no_contact():
    item = read({"text": "Stale", "author": "Jo"})
    assert (item.author, item.contact) == ("Jo", None)


def test_without_a_date_column_the_file_dates_its_rows():
    assert read({"text": "Stale"}).received_at == MODIFIED


def test_a_date_without_offset_is_in_the_sources_time_zone():
    assert read({"text": "Stale", "date": "2026-07-01 10:00"}, timezone="Europe/Paris").received_at.hour == 8


def test_what_cannot_be_read_beside_the_text_is_kept_as_it_was():
    item = read({"text": "Stale", "rating": "lots", "language": "Scots", "url": "javascript:alert(1)"})
    assert (item.rating, item.language, item.url) == (None, None, None)
    assert item.extra == {"rating": "lots", "language": "Scots", "url": "javascript:alert(1)"}


def test_languages_are_two_letters():
    assert read({"text": "Stale", "language": "EN-gb"}).language == "en"


def test_a_title_alone_is_the_text():
    item = read({"title": "Too late", "text": " "})
    assert (item.title, item.text) == (None, "Too late")


@pytest.mark.parametrize(("row", "reason"), [({"text": "  "}, "no text"), ({"text": "Stale", "date": "soon"}, "date")])
def test_rows_without_words_or_a_readable_date_are_rejected(row: dict[str, str], reason: str):
    with pytest.raises(RecordRejected, match=reason):
        read(row)


def test_a_column_of_ours_that_does_not_exist_is_an_error():
    with pytest.raises(ValidationError):
        FileSettings(path="*.csv", columns={"txt": "review"})
