"""A form's submission: what is refused, what is kept, and what is read from it."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from allears.domain.feedback import Channel, Original, SourceName
from allears.errors import RecordRejected
from connectors.context import SourceContext
from connectors.form import FormConnector, FormSettings, Submission
from connectors.form.parse import check, clean, contact_of, pack, read, submission

AT = datetime(2026, 11, 19, 18, 22, 5, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(), max_size=60)  # halves of surrogate pairs and control characters included


class Clock:
    def now(self) -> datetime:
        return AT


def form(**settings: object) -> FormConnector:
    return FormConnector(SourceContext(SourceName("web"), Path(), Clock()), FormSettings.model_validate(settings))


@pytest.mark.parametrize(
    ("typed", "contact"),
    [
        ("Mara@Lindqvist.example", "email:mara@lindqvist.example"),
        ("Mara Lindqvist <mara@lindqvist.example>", "email:mara@lindqvist.example"),
        ("mailto:mara@lindqvist.example", "email:mara@lindqvist.example"),
        ("mara@lindqvist.example.", "email:mara@lindqvist.example"),
        ("jörg@bücher.example", "email:jörg@bücher.example"),
        ("one@a.example or two@b.example", None),
        ("mara@localhost", None),
        ("+44 (0)131 496 0000", "phone:+441314960000"),
        ("(+44) 131 496 0000", "phone:+441314960000"),
        ("0044 131 496-0000", "phone:+441314960000"),
        ("0131/496.00.00", "phone:01314960000"),
        ("(0131) 496 0000", "phone:01314960000"),
        ("\u0660\u0661\u0663\u0661 \u0664\u0669\u0666 \u0660\u0660\u0660\u0660", "phone:01314960000"),
        ("12345", None),
        ("1234567890123456", None),
        ("order 12345678", None),
        ("call me", None),
        ("@mara", None),
        ("", None),
    ],
)
def test_a_contact_is_an_address_or_a_number_or_nothing(typed: str, contact: str | None):
    assert contact_of(typed) == contact


def test_what_is_read_is_what_was_sent():
    page = form().receive(Submission("Charged twice.\r\nTwice.", "Mara@Lindqvist.example", "Mara"), AT)
    (item,) = page.items
    assert (item.source, item.channel, item.received_at) == ("web", Channel.FORM, AT)
    assert (item.text, item.contact, item.author) == ("Charged twice.\nTwice.", "email:mara@lindqvist.example", "Mara")
    assert (item.spam, item.extra) == (False, {})
    assert page.cursor is None
    assert page.rejected == ()


def test_the_original_holds_the_raw_characters_that_the_item_leaves_out():
    page = form().receive(Submission("a\x00b \ud83d", "c\x00"), AT)
    kept = json.loads(page.originals[0].body)
    assert (kept["message"], kept["contact"]) == ("a\x00b \ud83d", "c\x00")
    assert kept["id"] == page.originals[0].external_id == page.items[0].external_id
    assert page.items[0].text == "ab \ufffd"


def test_a_contact_that_cannot_be_read_is_kept_beside():
    (item,) = form().receive(Submission("Hello there", "ask for Mara at the bar"), AT).items
    assert item.contact is None
    assert item.extra == {"contact": "ask for Mara at the bar"}


def test_a_number_keeps_how_it_was_written():
    (item,) = form().receive(Submission("Hello there", "0131 496 0000"), AT).items
    assert (item.contact, item.extra) == ("phone:01314960000", {"contact": "0131 496 0000"})


def test_a_filled_trap_is_spam_and_kept():
    page = form().receive(Submission("Buy watches", leave_empty="http://watches.example"), AT)
    assert page.items[0].spam
    assert json.loads(page.originals[0].body)["leave_empty"] == "http://watches.example"


def test_without_a_key_every_submission_is_its_own():
    sent = Submission("The same words again")
    ids = {form().receive(sent, AT).items[0].id for _ in range(20)}
    assert len(ids) == 20


def test_a_key_makes_a_repeat_the_same_message():
    later = AT.replace(hour=19)
    first, second = (form().receive(Submission("Hello"), at, "key-1").items[0] for at in (AT, later))
    assert first.id == second.id
    assert first.external_id != "key-1"


@pytest.mark.parametrize("other", [Submission("Other words"), Submission("Hello", "jo@x.example"), Submission("Hello", name="Jo")])
def test_a_key_used_again_for_something_else_swallows_nothing(other: Submission):
    assert form().receive(Submission("Hello"), AT, "key-1").items[0].id != form().receive(other, AT, "key-1").items[0].id


def test_parts_of_a_repeatable_id_do_not_run_together():
    assert form().receive(Submission("ab", "c"), AT, "k").items[0].id != form().receive(Submission("a", "bc"), AT, "k").items[0].id


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (Submission(" \r\n\x00 "), "The message is empty. Write what happened, then send it."),
        (Submission("x" * 1_001), "The message has 1,001 characters and 1,000 fit. Shorten it, or send it in parts."),
        (Submission("x", contact="y" * 501), "The address has 501 characters and 500 fit."),
        (Submission("x", name="y" * 201), "The name has 201 characters and 200 fit."),
    ],
)
def test_what_is_refused_is_told_in_a_sentence(sent: Submission, sentence: str):
    with pytest.raises(RecordRejected) as refused:
        form(max_length=1_000).receive(sent, AT)
    assert str(refused.value) == sentence


def test_line_ends_count_once():
    check(Submission("a\r\nb"), max_length=3)


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({}, "no “message”"),
        ({"message": None}, "no “message”"),
        ({"message": 7}, "“message” has to be text"),
        ({"message": "x", "contact": ["a"]}, "“contact” has to be text"),
        ({"message": "x", "contct": "a"}, "“contct” is not a field"),
    ],
)
def test_fields_that_do_not_fit_are_named(fields: dict[str, object], part: str):
    with pytest.raises(RecordRejected, match=part):
        submission(fields)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 100_000,
        b'{"message": "x"}',
        b'{"message": "x", "at": "yesterday"}',
        b'{"message": "x", "at": "2026-11-19T18:22:05"}',
        b'{"message": "x", "at": "0001-01-01T00:00:00+23:59"}',
        b'{"message": "", "at": "2026-11-19T18:22:05+00:00"}',
        b'{"message": 1, "at": "2026-11-19T18:22:05+00:00"}',
    ],
)
def test_a_stored_submission_that_is_none_is_rejected(body: bytes):
    with pytest.raises(RecordRejected):
        read(Original("1", body, "application/json"), SourceName("web"))


def test_fetch_brings_nothing_and_check_says_where_the_form_is():
    assert list(form().fetch(None)) == []
    assert "/form/web" in form().check()


def test_an_unknown_setting_is_refused():
    with pytest.raises(ValidationError):
        form(colour="red")


@given(st.builds(Submission, ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT))
def test_whatever_is_accepted_reads_back_and_can_be_stored(sent: Submission):
    try:
        check(sent, max_length=50)
    except RecordRejected:
        return
    item = read(pack(sent, "1", AT), SourceName("web"))
    assert item.text == clean(sent.message)
    assert item.received_at == AT
    for text in (item.text, item.author or "", item.contact or "", *item.extra.values()):
        assert "\x00" not in text
        text.encode("utf-8")


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner)).map(json.dumps).map(str.encode)
)
def test_any_bytes_are_an_item_or_rejected(body: bytes):
    with suppress(RecordRejected):
        assert read(Original("1", body, "application/json"), SourceName("web")).text


@given(ANY_TEXT | st.text("0123 +()-@.aB", max_size=16))
def test_a_contact_is_canonical(typed: str):
    contact = contact_of(clean(typed))
    assert contact is None or contact_of(contact.partition(":")[2]) == contact
