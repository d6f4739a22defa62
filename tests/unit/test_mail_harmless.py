"""Whatever a customer types, every mail shows it as words and nothing else happens."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.case import Event, EventType
from allears.domain.feedback import FeedbackItem
from allears.mail.compose import (
    compose_alert,
    compose_applause,
    compose_digest,
    compose_moved,
    compose_news,
    compose_overdue,
    compose_praise,
)
from allears.mail.contexts import Applause, News
from tests.letters import ADA, BEN, CARA, CASE, HOUSE, MARA, NOW, TOM, a_view, html_of, page_of, stored, text_of

HOSTILE = st.one_of(
    st.text(st.characters(), max_size=200),
    st.sampled_from(
        [
            "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
            'x" onmouseover="alert(1)',
            "{{ mail }}{% raw %}",
            "Hello\r\nBcc: everyone@x.example\r\n\r\nbody",
            "=?utf-8?q?=0d=0aBcc=3A_x=40y.example?=",
            "\u202eevil\u2066",
            "javascript:alert(1) https://evil.example/ www.evil.example",
            "\x00\ud800\ufffe\x1b[2J",
            "é" * 998,
            'a,b;c:<d>(e)@[f]\\"',
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(text=HOSTILE, title=st.none() | HOSTILE, author=st.none() | HOSTILE, contact=st.none() | HOSTILE, why=HOSTILE, language=HOSTILE)
def test_whatever_a_customer_types_stays_words(
    text: str, title: str | None, author: str | None, contact: str | None, why: str, language: str
) -> None:
    item = replace(MARA, text=text, title=title, author=author, contact=contact and f"email:{contact}")
    for message in every_mail(item, why, language):
        _harmless(message)


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.text("aé –ł:ż“日", min_size=1, max_size=15).filter(lambda word: word == word.strip()), min_size=1, max_size=25))
def test_a_subject_keeps_its_spaces_however_it_is_folded(words: list[str]) -> None:
    item = replace(MARA, title=None, text=" ".join(words))
    for message in every_mail(item, "because", "en"):
        read = message_from_bytes(message.as_bytes(policy=message.policy.clone(linesep="\r\n")), policy=policy.default)
        assert str(read["Subject"]) == str(message["Subject"])


@pytest.mark.parametrize("text", ["", "a" * 100_000, "word " * 20_000, "\n" * 100_000, "<b>" * 33_333, "\u202e" * 100_000])
def test_no_text_and_a_hundred_thousand_characters_make_a_mail_one_can_read(text: str) -> None:
    for message in every_mail(replace(MARA, text=text), "because", "en"):
        _harmless(message)
        assert len(html_of(message)) < 50_000
        assert len(text_of(message)) < 10_000


def every_mail(item: FeedbackItem, why: str, language: str) -> Iterator[EmailMessage]:
    """Each kind of mail about this message, `why` being every reason and promise."""
    case = replace(CASE, why_owner=why, urgency_reasons=(why,), hops=1, owners=("Ben Hall", "Ada Brook"), promised_for=NOW)
    events = (
        Event(CASE.id, NOW, "Ben Hall", EventType.PROMISED, why),
        Event(CASE.id, NOW, "Ben Hall", EventType.HANDED_OVER, f"From Ben Hall to Ada Brook: {why}"),
    )
    told = a_view(item, case, language, book=(stored(replace(item, external_id="m0"), language=language),))
    moved = replace(told, events=(*events, replace(events[1], actor="AllEars")))
    yield compose_alert(told, ADA, HOUSE, key="0a1b", now=NOW)
    yield compose_alert(replace(moved, events=events), ADA, HOUSE, key="0a1b", now=NOW)
    yield compose_digest([told, moved], ADA, HOUSE, key="0a1b", now=NOW)
    yield compose_news(News([told.case], []), {told.case.id: told}, ADA, HOUSE, key="0a1b", now=NOW)
    yield compose_news(News([], [moved.case]), {moved.case.id: moved}, BEN, HOUSE, key="0a1b", now=NOW)
    yield compose_moved(moved, BEN, HOUSE, key="0a1b", now=NOW)
    yield compose_moved(replace(moved, events=events), BEN, HOUSE, key="0a1b", now=NOW)
    yield compose_overdue(moved, ADA, HOUSE, key="0a1b", now=NOW)
    yield compose_overdue(moved, CARA, HOUSE, key="0a1b", now=NOW)
    yield compose_praise(stored(item, language=language), TOM, HOUSE, key="0a1b", now=NOW, manager=CARA, case=case)
    said = stored(item, language=language)
    about = [Applause(said, case=case), Applause(said, topic="delivery"), Applause(said, perhaps=(("Tom Reid", "Ada Brook"),))]
    yield compose_applause(about[:1], TOM, HOUSE, key="0a1b", now=NOW)
    yield compose_applause(about, TOM, HOUSE, key="0a1b", now=NOW)


def _harmless(message: EmailMessage) -> None:
    raw = message.as_bytes(policy=policy.SMTP)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = message_from_bytes(raw, policy=policy.default)
    assert not read.defects
    assert read.keys() == message.keys()
    assert read["Bcc"] is None
    assert len(str(read["Subject"]).splitlines()) == 1
    assert str(read["Subject"]) == str(message["Subject"])
    page = page_of(read)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "form", "link", "svg", "object"}
    assert len(page.all("style")) == 1
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "src"]
    assert {urlsplit(link).scheme for link in page.links()} <= {"https", "mailto"}
    assert all(urlsplit(link).hostname in (None, "ears.northwind.example") for link in page.links())
