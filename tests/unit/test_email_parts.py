"""What comes beside a mail's words: attachments, attached texts, signed and encrypted mail, invitations."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Automated, FeedbackItem, SourceName
from connectors.email.parse import Reading, parse
from connectors.email.parts import harmless

SEALED = Path(__file__).parent.parent / "specimens" / "email" / "sealed"
READING = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, 12, tzinfo=UTC))
SECRET = "-----BEGIN PGP MESSAGE-----\n\nhQEMA1\n=abcd\n-----END PGP MESSAGE-----"
UNREADABLE = "cannot be read here. Open it in your mail program, or ask the sender to write again without encryption.]"


def read(mail: EmailMessage) -> FeedbackItem:
    return parse(mail.as_bytes(), READING)


def a_mail(text: str | None, subject: str = "Grinder") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Jo Lind <jo@customers.example>", "support@northwind.example", subject
    if text is not None:
        mail.set_content(text)
    return mail


def raw(content_type: str, body: str, headers: str = "") -> FeedbackItem:
    start = f"From: Jo Lind <jo@customers.example>\nTo: support@northwind.example\nSubject: Grinder\n{headers}MIME-Version: 1.0\n"
    return parse(f"{start}Content-Type: {content_type}\nContent-Transfer-Encoding: 8bit\n\n{body}".encode(), READING)


def test_attachments_are_listed_by_name_type_and_size() -> None:
    mail = a_mail("See the photo.")
    mail.add_attachment(bytes(1_240_000), maintype="image", subtype="jpeg", filename="Mühle.jpg")
    mail.add_attachment(bytes(34_000), maintype="application", subtype="pdf", filename="receipt.pdf")
    mail.add_attachment(b"12", maintype="application", subtype="octet-stream")
    item = read(mail)
    assert item.extra["attachments"].split("\n") == [
        "Mühle.jpg (image/jpeg, 1.2 MB)",
        "receipt.pdf (application/pdf, 34 kB)",
        "unnamed (application/octet-stream, 2 bytes)",
    ]
    assert item.text == "See the photo."


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\jo\\receipt.pdf", "receipt.pdf"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("a\x1b[31m\tb\n.txt", "a[31m b .txt"),
        ("invoice\u200b\u2066.pdf", "invoice.pdf"),
        ("...", ""),
        ("x" * 300 + ".pdf", "x" * 95 + "….pdf"),
    ],
)
def test_hostile_names_are_made_harmless(name: str, shown: str) -> None:
    assert harmless(name) == shown


@given(st.text(max_size=300))
def test_no_name_steers_a_screen_or_leaves_its_folder(name: str) -> None:
    shown = harmless(name)
    assert len(shown) <= 100
    assert "/" not in shown
    assert "\\" not in shown
    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")]


def test_a_list_of_attachments_is_bounded_and_no_name_makes_a_line_of_its_own() -> None:
    mail = a_mail("Many.")
    for number in range(60):
        mail.add_attachment(b"1", maintype="image", subtype="png", filename=f"{number}.png")
    lines = read(mail).extra["attachments"].split("\n")
    assert (len(lines), lines[-1]) == (51, "and 10 more")
    item = raw(
        "multipart/mixed; boundary=b",
        '--b\n\nHi\n--b\nContent-Type: image/png; name="=?utf-8?q?a=0Aowned.exe_(x,_1_bytes)?="\n\n1\n--b--\n',
    )
    assert item.extra["attachments"] == "a owned.exe (x, 1 bytes) (image/png, 1 bytes)"


def test_an_attached_text_is_kept_beside_the_words() -> None:
    mail = a_mail("The app stops, see the log.")
    mail.add_attachment("14:02 error 500\n", subtype="plain", filename="app.log")
    mail.add_attachment(b"order;sum\n4812;27\n", maintype="application", subtype="octet-stream", filename="orders.csv")
    mail.add_attachment("x" * 30_000, subtype="plain", filename="long.txt")
    item = read(mail)
    assert item.text == "The app stops, see the log."
    assert item.extra["attached_text"] == "app.log:\n14:02 error 500\n\norders.csv:\norder;sum\n4812;27"


@pytest.mark.parametrize("body", ["", "\n \n", "Sent from my iPhone\n"])
def test_an_attached_complaint_below_nothing_is_the_customers_words(body: str) -> None:
    mail = a_mail(body)
    mail.add_attachment("The grinder broke on day two.\n", subtype="plain", filename="complaint.txt")
    assert read(mail).text == "The grinder broke on day two."


def test_an_attached_complaint_below_a_bare_quote_is_the_customers_words() -> None:
    mail = a_mail("On Tue, 3 Nov 2026 at 10:00, Ruth <ruth@northwind.example> wrote:\n> What happened?\n", "Re: Grinder")
    mail.add_attachment("The grinder broke on day two.\n", subtype="plain", filename="complaint.txt")
    item = read(mail)
    assert item.text == "The grinder broke on day two."
    assert "What happened?" in (item.quoted or "")


def test_a_mail_that_is_marked_as_an_attachment_as_a_whole_is_read() -> None:
    item = raw("text/plain; charset=utf-8", "Où est mon colis ?\n", "Content-Disposition: attachment; filename=message.txt\n")
    assert item.text == "Où est mon colis ?"


def test_a_log_alone_is_not_the_customers_words() -> None:
    mail = a_mail("")
    mail.add_attachment("14:02 error 500\n", subtype="plain", filename="app.log")
    item = read(mail)
    assert (item.text, item.extra["attached_text"]) == ("", "app.log:\n14:02 error 500")


def related(picture: str) -> str:
    html = "Content-Type: text/html\n\n<p>Look:</p><img src='cid:i1'>\n"
    return f"--b\n{html}--b\nContent-Type: image/gif{picture}\nContent-ID: <i1>\nContent-Transfer-Encoding: base64\n\nR0lGODlh\n--b--\n"


def test_ornaments_are_no_attachments_but_pictures_with_a_name_are() -> None:
    assert "attachments" not in raw("multipart/related; boundary=b", related("")).extra
    assert raw("multipart/related; boundary=b", related("; name=crack.gif")).extra["attachments"] == "crack.gif (image/gif, 6 bytes)"
    assert raw("multipart/mixed; boundary=b", related("")).extra["attachments"] == "unnamed (image/gif, 6 bytes)"


def test_winmail_is_named_with_what_to_do() -> None:
    mail = a_mail("The photos are attached.")
    mail.add_attachment(bytes(12_000), maintype="application", subtype="ms-tnef", filename="winmail.dat")
    item = read(mail)
    assert item.extra["attachments"] == "winmail.dat (application/ms-tnef, 12 kB)"
    assert "Ask the sender for them again" in item.extra["note"]
    alone = a_mail(None)
    alone.set_content(bytes(12_000), maintype="application", subtype="ms-tnef", filename="winmail.dat")
    assert read(alone).text == f"[{item.extra['note']}]"


@pytest.mark.parametrize("name", ["smime_signed_der", "smime_signed_ber", "smime_signed_detached"])
def test_what_is_only_signed_is_read(name: str) -> None:
    item = parse((SEALED / f"{name}.eml").read_bytes(), READING)
    assert item.text == "Die Mühle ist laut.\n\nJo"
    assert item.extra["attachments"] == "grinder.jpg (image/jpeg, 6 bytes)"
    assert "encrypted" not in item.extra


def test_smime_that_is_encrypted_says_so() -> None:
    item = parse((SEALED / "smime_encrypted.eml").read_bytes(), READING)
    assert item.extra["encrypted"] == "s/mime"
    assert item.text == f"[This mail is encrypted (S/MIME) and {UNREADABLE}"


@pytest.mark.parametrize("cut", [0, 1, 20, 60, 200])
def test_smime_that_is_broken_is_an_attachment(cut: int) -> None:
    whole = (SEALED / "smime_signed_der.eml").read_text("utf-8").split("\n\n", 1)
    item = parse(f"{whole[0]}\n\n{whole[1][:cut]}".encode(), READING)
    assert item.extra["attachments"].startswith("smime.p7m (application/pkcs7-mime")


def test_pgp_mime_that_is_encrypted_says_so() -> None:
    body = "--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n"
    item = raw('multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b', f"{body}\n{SECRET}\n--b--\n")
    assert (item.extra["encrypted"], item.text) == ("pgp", f"[This mail is encrypted (PGP) and {UNREADABLE}")
    mangled = raw("multipart/mixed; boundary=b", f"--b\n\n\n{body}\n{SECRET}\n--b--\n")
    assert mangled.extra["encrypted"] == "pgp"


def test_a_pgp_block_within_a_mail_is_left_out_and_told() -> None:
    item = raw("text/plain", f"My order number is in here:\n\n{SECRET}\n\nJo\n")
    assert item.extra["encrypted"] == "pgp"
    assert item.text.startswith("My order number is in here:\n\nJo\n\n[This mail is encrypted (PGP)")
    assert "hQEMA1" not in item.text


def test_a_pgp_signed_text_is_read_without_its_marks() -> None:
    signature = "-----BEGIN PGP SIGNATURE-----\n\niQ1\n=ab\n-----END PGP SIGNATURE-----\n"
    text = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nThe lid broke.\n- -- \nJo\n{signature}"
    item = raw("text/plain", text)
    assert item.text == "The lid broke."
    assert "encrypted" not in item.extra


ZONE = "BEGIN:VTIMEZONE\nTZID:X\nEND:VTIMEZONE\n"
EVENT = f"BEGIN:VCALENDAR\nMETHOD:{{method}}\n{ZONE}BEGIN:VEVENT\nSUMMARY:Coffee\\, and a\n  tasting\n{{more}}END:VEVENT\nEND:VCALENDAR\n"
WHEN = 'DTSTART;TZID="Europe/London":20261120T100000\nDTEND;TZID="Europe/London":20261120T113000\n'


def calendar(method: str, more: str, words: str = "") -> FeedbackItem:
    body = f"--b\nContent-Type: text/plain\n\n{words}\n--b\nContent-Type: text/calendar; method={method}\n\n"
    return raw("multipart/alternative; boundary=b", f"{body}{EVENT.format(method=method, more=more)}\n--b--\n")


def test_an_invitation_is_a_line() -> None:
    item = calendar("REQUEST", WHEN, "Please come, we want to talk about the machine.")
    assert item.extra["invited"] == "yes"
    assert item.extra["calendar"] == "Invitation: Coffee, and a tasting, 20 November 2026 10:00–11:30 Europe/London"
    assert (item.text, item.automated) == ("Please come, we want to talk about the machine.", None)
    assert calendar("REQUEST", "DTSTART;VALUE=DATE:20261120\n").text == "Invitation: Coffee, and a tasting, 20 November 2026"


def test_an_answer_to_an_invitation_is_a_machines_unless_somebody_added_words() -> None:
    accepted = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:jo@customers.example\nDTSTART:20261120T100000Z\n"
    bare = calendar("REPLY", accepted)
    assert "invited" not in bare.extra
    assert bare.extra["calendar"] == "Answer to an invitation: accepted, Coffee, and a tasting, 20 November 2026 10:00 UTC"
    assert bare.automated is Automated.AUTO_REPLY
    assert calendar("REPLY", accepted, "I shall be late, is there parking?").automated is None
    commented = calendar("REPLY", f"{accepted}COMMENT:Is there parking?\n")
    assert (commented.automated, commented.text) == (None, "Is there parking?")


def test_a_calendar_without_an_event_is_nothing() -> None:
    item = raw("multipart/mixed; boundary=b", "--b\n\nHi\n--b\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n--b--\n")
    assert (item.text, item.extra.get("calendar")) == ("Hi", None)
