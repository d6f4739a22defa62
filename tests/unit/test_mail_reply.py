"""The letter to a customer: in their thread and their language, signed once, and harmless whatever anybody typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.case import Reply
from allears.domain.feedback import Channel, FeedbackItem, SourceName
from allears.domain.people import Person
from allears.errors import ConfigurationError, RecordRejected
from allears.mail.compose import compose_reply
from allears.mail.contexts import Letterhead
from connectors.email.parse import Reading, parse
from tests.builders import TOKENS
from tests.letters import CASE, HOUSE, MARA, NOW, a_view, stored, text_of

KEY = "0123456789abcdef01234567"
REPLIES = replace(HOUSE, replies="support+{token}@northwind.example")
BY_MAIL = replace(MARA, external_id="m1@postfach.example", thread_id="m1@postfach.example")
LETTER = "Dear Mara,\n\nI am sorry about that. The second payment goes back today."
READING = Reading(SourceName("support"), ("*@northwind.example",), NOW)
INTRODUCTIONS = {
    "en": "On 17/11/2026 at 18:22, Mara Lindqvist wrote:",
    "de": "Am 17.11.2026 um 18:22 schrieb Mara Lindqvist:",
    "fr": "Le 17/11/2026 à 18:22, Mara Lindqvist a écrit :",
    "es": "El 17/11/2026 a las 18:22, Mara Lindqvist escribió:",
    "it": "Il 17/11/2026 alle 18:22, Mara Lindqvist ha scritto:",
    "pt": "Em 17/11/2026 às 18:22, Mara Lindqvist escreveu:",
    "nl": "Op 17-11-2026 om 18:22 schreef Mara Lindqvist:",
}


def letter(
    text: str = LETTER,
    item: FeedbackItem = BY_MAIL,
    *,
    house: Letterhead = REPLIES,
    language: str = "en",
    by: str = "Ada Brook",
    contact: str = "email:mara@postfach.example",
) -> EmailMessage:
    reply = Reply(KEY, CASE.id, item.id, by, contact, text, NOW)
    return compose_reply(a_view(item, language=language, replies=(reply,)), reply, house, now=NOW)


def arrived(message: EmailMessage) -> EmailMessage:
    """The letter as the customer's mail program reads it."""
    raw = message.as_bytes(policy=policy.SMTP)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    read = message_from_bytes(raw, policy=policy.default)
    assert not read.defects
    assert read.keys() == message.keys()
    assert isinstance(read, EmailMessage)
    return read


WHOLE = """\
Dear Mara,

I am sorry about that. The second payment goes back today.

Ada Brook
Northwind Coffee

On 17/11/2026 at 18:22, Mara Lindqvist wrote:

> My bank shows two payments of £27.
>
> Please put it right.
"""


def test_the_letter() -> None:
    assert text_of(letter()) == WHOLE


def test_its_envelope() -> None:
    message = arrived(letter())
    assert message["From"] == '"Ada Brook, Northwind Coffee" <support@northwind.example>'
    assert message["To"] == "Mara Lindqvist <mara@postfach.example>"
    assert message["Subject"] == "Re: Charged twice"
    assert message["Date"].datetime == NOW
    assert message["Message-ID"] == f"<{TOKENS.of(KEY)}@northwind.example>"
    assert message["Reply-To"] == f"support+{TOKENS.of(KEY)}@northwind.example"
    assert message["In-Reply-To"] == message["References"] == "<m1@postfach.example>"
    assert message["Auto-Submitted"] is message["X-Auto-Response-Suppress"] is None
    assert message.get_content_type() == "text/plain"


def test_without_an_address_for_replies_it_leaves_from_where_alerts_do() -> None:
    message = letter(house=HOUSE)
    assert message["From"] == '"Ada Brook, Northwind Coffee" <allears@northwind.example>'
    assert message["Reply-To"] is None


def test_an_address_that_is_all_token_is_no_sender() -> None:
    message = letter(house=replace(HOUSE, replies="{token}@answers.northwind.example"))
    assert message["From"].addresses[0].addr_spec == "allears@northwind.example"
    assert message["Reply-To"] == f"{TOKENS.of(KEY)}@answers.northwind.example"


def test_nothing_in_it_tells_of_our_own_affairs() -> None:
    everything = str(letter(by="Ada Brook"))
    for internal in ("C-2041", "c-2041", "authority", "100 GBP", "ears.northwind", "billing", "urgen", "Not yours", "You get this"):
        assert internal not in everything


class TestTheQuote:
    @pytest.mark.parametrize(("language", "introduction"), INTRODUCTIONS.items())
    def test_is_introduced_in_the_customers_language(self, language: str, introduction: str) -> None:
        assert f"\n\n{introduction}\n\n> My bank" in text_of(letter(language=language))

    @pytest.mark.parametrize("language", ["sv", "ja", "und", ""])
    def test_and_in_english_where_we_do_not_know_it(self, language: str) -> None:
        assert INTRODUCTIONS["en"] in text_of(letter(language=language))

    @pytest.mark.parametrize("language", INTRODUCTIONS)
    def test_is_what_our_own_parser_takes_off(self, language: str) -> None:
        item = parse(letter(language=language).as_bytes(), READING)
        assert item.text == f"{LETTER}\n\nAda Brook\nNorthwind Coffee"
        assert item.quoted is not None
        assert item.quoted.startswith(INTRODUCTIONS[language])
        assert item.quoted.endswith("> Please put it right.")

    @pytest.mark.parametrize("language", INTRODUCTIONS)
    @pytest.mark.parametrize("client", ["marked", "below", "unmarked"])
    def test_and_with_all_of_the_letter_when_the_customer_answers(self, language: str, client: str) -> None:
        sent = letter(language=language)
        text = text_of(sent)
        theirs = INTRODUCTIONS[language].replace("Mara Lindqvist", "Ada Brook <support@northwind.example>")
        block = "-----Original Message-----\nFrom: Ada Brook\nSent: Tuesday, 17 November 2026 18:30\nTo: Mara\nSubject: Re: Charged twice"
        marked = "\n".join(f"> {line}" for line in text.split("\n"))
        quotes = {"marked": f"{theirs}\n{marked}", "unmarked": f"{theirs}\n\n{text}", "below": f"{block}\n\n{text}"}
        answer = EmailMessage()
        answer["From"], answer["To"], answer["Subject"] = "mara@postfach.example", str(sent["Reply-To"]), "Re: Charged twice"
        answer["Message-ID"], answer["In-Reply-To"] = "<m2@postfach.example>", sent["Message-ID"]
        answer["References"] = f"{sent['References']} {sent['Message-ID']}"
        answer.set_content(f"Thank you, it has arrived.\n\n{quotes[client]}")
        item = parse(answer.as_bytes(), READING)
        assert item.text == "Thank you, it has arrived."
        assert list(TOKENS.keys(item.references)) == list(TOKENS.keys([item.extra["sent_to"]])) == [KEY]

    def test_of_a_message_without_words_is_none(self) -> None:
        assert text_of(letter(item=replace(BY_MAIL, text=" \n"))) == f"{LETTER}\n\nAda Brook\nNorthwind Coffee\n"

    def test_has_the_time_of_the_business(self) -> None:
        summer = replace(BY_MAIL, received_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
        assert "On 02/07/2026 at 00:30, Mara" in text_of(letter(item=summer))

    def test_is_of_the_message_it_answers_and_its_writer(self) -> None:
        later = replace(BY_MAIL, external_id="x9@work.example", author="Olaf Lind", contact="email:olaf@work.example", text="I ask too.")
        reply = Reply(KEY, CASE.id, BY_MAIL.id, "Ada Brook", "email:mara@postfach.example", LETTER, NOW)
        view = a_view(BY_MAIL, items=(stored(BY_MAIL), stored(later)), replies=(reply,))
        message = compose_reply(view, reply, REPLIES, now=NOW)
        assert message["To"] == "Mara Lindqvist <mara@postfach.example>"
        assert message["In-Reply-To"] == "<m1@postfach.example>"
        assert "> My bank" in text_of(message)
        to_another = replace(reply, item_id=later.id)
        assert str(compose_reply(view, to_another, REPLIES, now=NOW)["To"]) == "mara@postfach.example"


class TestTheSignature:
    @pytest.mark.parametrize(
        "ending",
        ["Ada", "Best wishes,\nAda", "Best, Ada Brook", "Ada Brook\nNorthwind Coffee\n020 7946 0000", "ADA", "A. Brook", "— Ada", "ada :)"],
    )
    def test_is_not_repeated_where_the_writer_has_signed(self, ending: str) -> None:
        text = f"{LETTER}\n\n{ending}"
        assert text_of(letter(text)).startswith(f"{text}\n\nOn 17/11/2026")

    @pytest.mark.parametrize(
        "ending",
        [
            "",
            "It goes to Canada.",  # her name is in it, and is not meant
            "I know that Ada will be happy to tell you more about it on the phone.",
            "Thanks",
        ],
    )
    def test_is_added_where_they_have_not(self, ending: str) -> None:
        text = f"{LETTER}\n\n{ending}".strip()
        assert text_of(letter(text)).startswith(f"{text}\n\nAda Brook\nNorthwind Coffee\n\nOn 17/11/2026")

    def test_a_name_far_above_is_none(self) -> None:
        text = "Ada here.\n\nOne line.\nAnother line.\nA third line."
        assert text_of(letter(text)).startswith(f"{text}\n\nAda Brook\n")

    @pytest.mark.parametrize("name", ["Zoë O’Neill", "J.P. (Jack) Doe", "Ng", "李 小龍", "a[b"])
    def test_of_any_name_is_added_once(self, name: str) -> None:
        assert text_of(letter("I will call you.", by=name)).count(name) == 1
        assert text_of(letter(f"I will call you.\n\n{name}", by=name)).count(name) == 1


class TestTheThread:
    def answered(self, **headers: str) -> EmailMessage:
        """Our letter to a mail with these headers, as our connector reads it."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            "Mara Lindqvist <mara@postfach.example>",
            "support@northwind.example",
            "Re: Charged twice",
        )
        for name, value in ({"Message_ID": "<m1@postfach.example>"} | headers).items():
            mail[name.replace("_", "-")] = value
        mail.set_content("My bank shows two payments.")
        return arrived(letter(item=parse(mail.as_bytes(), READING)))

    @pytest.mark.parametrize(
        ("headers", "references"),
        [
            ({}, "m1"),
            ({"In_Reply_To": "<p@x>"}, "p@x m1"),
            ({"References": "<r@x> <g@x> <p@x>"}, "r@x g@x p@x m1"),
            ({"In_Reply_To": "<p@x>", "References": "<r@x> <g@x> <p@x>"}, "r@x g@x p@x m1"),
            ({"In_Reply_To": "<r@x>", "References": "<r@x>"}, "r@x m1"),
            ({"In_Reply_To": "<m1@postfach.example>"}, "m1"),
        ],
    )
    def test_goes_on_from_the_oldest_to_the_newest(self, headers: dict[str, str], references: str) -> None:
        message = self.answered(**headers)
        expected = references.replace("m1", "m1@postfach.example").split()
        assert str(message["References"]).split() == [f"<{each}>" for each in expected]
        assert message["In-Reply-To"] == "<m1@postfach.example>"

    def test_of_five_hundred_mails_keeps_its_beginning_and_its_end(self) -> None:
        ids = [f"AM0PR04MB{number:060}@AM0PR04MB1234.eurprd04.prod.outlook.com" for number in range(500)]
        message = arrived(letter(item=replace(BY_MAIL, references=tuple(reversed(ids)), thread_id=ids[0])))
        assert str(message["References"]).split() == [f"<{each}>" for each in (ids[0], *ids[-18:], "m1@postfach.example")]

    @pytest.mark.parametrize("length", [60, 80, 200, 490])
    def test_knows_long_ids_which_stay_as_they_are(self, length: int) -> None:
        long = f"{'a' * (length - 10)}@x.example"
        raw = letter(item=replace(BY_MAIL, external_id=long, references=(long.replace("a", "b"), "p@x"))).as_bytes(policy=policy.SMTP)
        assert f"\r\nIn-Reply-To: <{long}>\r\n".encode() in raw
        assert f"<p@x>\r\n <{long.replace('a', 'b')}>\r\n <{long}>\r\n".encode() in raw
        assert b"=?" not in raw

    @pytest.mark.parametrize(
        "odd",
        [
            "7",
            "sha256-00ff",
            "a b@x.example",
            "m1@x.example\r\nBcc: everyone@x.example",
            "m1@x.example> <evil@x.example",
            "=?utf-8?q?m1=0d=0aBcc=3A_x?=@y.example",
            "ünïcode@x.example",
            "\x00@x.example",
            "\ud800@x.example",
            "m" * 100_000 + "@x.example",
        ],
    )
    def test_leaves_out_what_is_no_id(self, odd: str) -> None:
        message = arrived(letter(item=replace(BY_MAIL, external_id=odd)))
        assert message["In-Reply-To"] is message["References"] is message["Bcc"] is None
        message = arrived(letter(item=replace(BY_MAIL, references=(odd, "p@x.example", odd))))
        assert message["References"] == "<p@x.example> <m1@postfach.example>"

    def test_is_none_where_the_customer_did_not_write_by_mail(self) -> None:
        for channel in (Channel.FORM, Channel.FILE):
            message = letter(item=replace(BY_MAIL, channel=channel, references=("p@x",)))
            assert message["In-Reply-To"] is message["References"] is None

    @pytest.mark.parametrize(("title", "subject"), [(None, "Your message to Northwind Coffee"), ("AW: Re: Rechnung", "Rechnung")])
    def test_has_the_customers_subject_with_one_mark(self, title: str | None, subject: str) -> None:
        assert letter(item=replace(BY_MAIL, title=title))["Subject"] == f"Re: {subject}"

    def test_or_the_first_subject_of_the_case(self) -> None:
        later = replace(BY_MAIL, external_id="m2@postfach.example", title=None)
        reply = Reply(KEY, CASE.id, later.id, "Ada Brook", "email:mara@postfach.example", LETTER, NOW)
        view = a_view(BY_MAIL, items=(stored(BY_MAIL), stored(later)), replies=(reply,))
        assert compose_reply(view, reply, REPLIES, now=NOW)["Subject"] == "Re: Charged twice"


@pytest.mark.parametrize(
    "contact",
    ["email:", "email:mara", "email:@x.example", "email:a b@x.example", "email:a@b,c@d", "email:a@x\r\nBcc: b@x", "reddit:u/mara"],
)
def test_an_address_that_is_none_is_refused(contact: str) -> None:
    with pytest.raises(RecordRejected, match="is no address"):
        letter(contact=contact)


def test_a_sender_that_is_none_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"mail\.replies"):
        letter(house=replace(HOUSE, sender="AllEars"))


HOSTILE = st.one_of(
    st.text(st.characters(), max_size=200),
    st.sampled_from(
        [
            "Hello\r\nBcc: everyone@x.example\r\n\r\nbody",
            "=?utf-8?q?=0d=0aBcc=3A_x=40y.example?=",
            "\u202eevil\u2066",
            "\x00\ud800\ufffe\x1b[2J",
            "é" * 998,
            'a,b;c:<d>(e)@[f]\\"',
            "{at} {who.__class__} %s {{ mail }}",
            ".\r\n.\r\nQUIT\r\n",
            "From me\nFrom you",
            "שלום עליכם",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    text=HOSTILE,
    words=HOSTILE,
    title=st.none() | HOSTILE,
    author=st.none() | HOSTILE,
    message_id=HOSTILE,
    contact=HOSTILE,
    language=HOSTILE,
)
def test_whatever_anybody_types_stays_words(
    text: str, words: str, title: str | None, author: str | None, message_id: str, contact: str, language: str
) -> None:
    ids = (f"{message_id}@x.example", message_id)
    item = replace(
        BY_MAIL, text=words, title=title, author=author, external_id=ids[0], references=ids, contact=f"email:{contact}@x.example"
    )
    for to in (item.contact, "email:mara@postfach.example"):
        try:
            message = letter(text, item, language=language, contact=to or "")
        except RecordRejected:
            assert to == item.contact
            continue
        read = arrived(message)
        assert read["Bcc"] is None
        assert len(read["To"].addresses) == len(read["From"].addresses) == 1
        assert len(str(read["Subject"]).splitlines()) == 1
        assert str(read["Subject"]).startswith("Re: ")
        assert read.get_content_type() == "text/plain"
        assert "\x00" not in text_of(read)


@pytest.mark.parametrize("text", ["a" * 100_000, "word " * 20_000, "\n" * 100_000, "> " * 50_000, "\u202e" * 100_000])
def test_a_hundred_thousand_characters_make_a_letter(text: str) -> None:
    read = arrived(letter(text, replace(BY_MAIL, text=text, title=text, author=text)))
    assert len(str(read["Subject"])) < 200
    assert text_of(read).count("\n> ") < 100


def test_somebody_without_a_name_is_written_to_by_their_address() -> None:
    message = letter(item=replace(BY_MAIL, author=None))
    assert str(message["To"]) == "mara@postfach.example"
    assert "On 17/11/2026 at 18:22, mara@postfach.example wrote:" in text_of(message)


def test_a_writer_who_has_left_still_signs_what_they_wrote() -> None:
    gone = Person("Zoe Quill", "zoe@northwind.example", active=False)
    assert text_of(letter(by=gone.name)).startswith(f"{LETTER}\n\nZoe Quill\nNorthwind Coffee\n")
