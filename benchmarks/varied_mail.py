"""Realistic mails of eight kinds, the same in every run, for the benchmarks that read mailboxes."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.header import Header

PLAIN, HTML = "text/plain; charset=utf-8", "text/html; charset=utf-8"
SENTENCES = (
    "The beans arrived two days late and the bag was open on one side.",
    "I was charged twice for order {order} and nobody answers my mails.",
    "Le café était froid et la personne au comptoir n'a rien voulu entendre.",
    "Wann kommt meine Lieferung? Bestellt am 3., heute ist der 19.",
    "La machine perd de l'eau depuis la dernière mise à jour.",
    "Quiero devolver el molinillo: el ruido es terrible.",
    "Il pacco non è mai arrivato, ordine {order}.",
    "注文 {order} がまだ届きません。",
    "Lovely aroma, a little too dark for my taste.",
    "The subscription page signs me out whenever I change the address.",
)
ATTRIBUTIONS = (
    "On Tue, Nov 3, 2026 at 10:00 AM Northwind Coffee <support@northwind.example> wrote:",
    "Am Di., 3. Nov. 2026 um 10:00 Uhr schrieb Northwind Coffee <support@northwind.example>:",
    "Le mar. 3 nov. 2026 à 10:00, Northwind Coffee <support@northwind.example> a écrit :",
    "El mar, 3 nov 2026 a las 10:00, Northwind Coffee (<support@northwind.example>) escribió:",
)
SIGNATURES = (
    "",
    "\n\n-- \nJo Lind\nPotter, Leith",
    "\n\nSent from my iPhone",
    "\n\nKind regards\nJo Lind\nTel. +44 1632 960000\nwww.pots.example",
)
STYLE = "<style>p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:'Calibri',sans-serif;}</style>" * 12


@dataclass(frozen=True)
class Letter:
    """What varies from mail to mail: a number, and chance."""

    number: int
    chance: random.Random

    @property
    def customer(self) -> str:
        """One of fifty thousand."""
        return f"Customer {self.number % 50_000} <customer{self.number % 50_000}@customers.example>"

    def words(self, most: int = 14) -> str:
        """One sentence or more."""
        count = min(most, 1 + int(self.chance.expovariate(0.28)))
        return " ".join(self.chance.choices(SENTENCES, k=count)).format(order=100_000 + self.number)

    def mail(self, sender: str, subject: str, kind: str, body: str, *more: str) -> str:
        """A mail with the headers that every mail has, those of three servers on its way included."""
        date = f"{1 + self.number // 1440 % 28} Nov 2026 {self.number // 60 % 24:02}:{self.number % 60:02}:00 +0000"
        lines = (
            *(f"Received: from mx{hop}.example (mx{hop}.example [192.0.2.{hop}])\n\tby mx.example with ESMTPS; {date}" for hop in range(3)),
            f"DKIM-Signature: v=1; a=rsa-sha256; d=customers.example; b={'x' * 240}",
            f"From: {sender}",
            "To: Northwind Coffee <support@northwind.example>",
            f"Subject: {subject if subject.isascii() else Header(subject, 'utf-8').encode()}",
            f"Date: {date}",
            f"Message-ID: <{self.number}@customers.example>",
            "MIME-Version: 1.0",
            f"Content-Type: {kind}",
            *more,
        )
        return "\n".join((*lines, "", body))


def parts(*contents: tuple[str, str]) -> str:
    """The body of a multipart whose boundary is "b"."""
    return "".join(f"--b\nContent-Type: {kind}\n\n{body}\n" for kind, body in contents) + "--b--\n"


def plain(letter: Letter) -> str:
    """A new mail in plain text."""
    return letter.mail(letter.customer, "Order", PLAIN, f"Hello,\n\n{letter.words()}{letter.chance.choice(SIGNATURES)}\n")


def reply(letter: Letter) -> str:
    """An answer in plain text and HTML, with the mail it answers below."""
    words, earlier, said = letter.words(), letter.words(30), letter.chance.choice(ATTRIBUTIONS)
    quote = "\n".join(f"> {earlier[at : at + 70]}" for at in range(0, len(earlier), 70))
    quoted = f'<div class="gmail_quote"><div class="gmail_attr">{said}<br></div><blockquote>{earlier}</blockquote></div>'
    both = parts(
        (PLAIN, f"{words}{letter.chance.choice(SIGNATURES)}\n\n{said}\n\n{quote}\n"), (HTML, f'<div dir="ltr">{words}</div><br>{quoted}')
    )
    return letter.mail(
        letter.customer, "Re: Bestellung bestätigt", "multipart/alternative; boundary=b", both, "In-Reply-To: <1@northwind.example>"
    )


def outlook(letter: Letter) -> str:
    """An answer in HTML alone, as Outlook writes it, styles and header block included."""
    paragraphs = "".join(f"<p class=MsoNormal>{letter.words(3)}<o:p></o:p></p>" for _ in range(6))
    said = (
        ("From", "Northwind &lt;support@northwind.example&gt;"),
        ("Sent", "3 November 2026 10:00"),
        ("To", "Jo"),
        ("Subject", "RE: Order"),
    )
    block = "<br>".join(f"<b>{label}:</b> {value}" for label, value in said)
    body = f"{paragraphs}<div style='border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal>{block}</p></div>{paragraphs}"
    return letter.mail(letter.customer, "RE: Order", HTML, f"<html><head>{STYLE}</head><body>{body}</body></html>")


def with_photo(letter: Letter) -> str:
    """A few words and a picture of twenty to sixty kilobytes."""
    photo = base64.encodebytes(letter.chance.randbytes(letter.chance.randint(20_000, 60_000))).decode()
    kind = "image/jpeg; name=photo.jpg\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64"
    return letter.mail(letter.customer, "Broken lid", "multipart/mixed; boundary=b", parts((PLAIN, letter.words(3)), (kind, photo)))


def form(letter: Letter) -> str:
    """A contact form's notification."""
    fields = f"Name: Customer {letter.number}\nEmail: customer{letter.number}@customers.example\nMessage: {letter.words()}"
    footer = "---\n\nPage URL: https://northwind.example/contact\n"
    return letter.mail("Northwind <wordpress@northwind.example>", "New message", PLAIN, f"{fields}\n\n{footer}")


def bounce(letter: Letter) -> str:
    """A mail that came back."""
    told = f"Final-Recipient: rfc822; customer{letter.number}@customers.example\nAction: failed\nStatus: 5.1.1\n"
    both = parts((PLAIN, "Your message could not be delivered."), ("message/delivery-status", f"Reporting-MTA: dns; mx\n\n{told}"))
    kind = "multipart/report; report-type=delivery-status; boundary=b"
    return letter.mail("MAILER-DAEMON@mx.example", "Undelivered Mail Returned to Sender", kind, both)


def away(letter: Letter) -> str:
    """An absence notice."""
    words = "I am out of the office until Monday.\n"
    return letter.mail(letter.customer, "Automatic reply: Your order", PLAIN, words, "Auto-Submitted: auto-replied")


def newsletter(letter: Letter) -> str:
    """Forty kilobytes of tables."""
    cells = (
        f'<td style="padding:12px;font:14px sans-serif"><a href="https://news.example/{at}">{letter.words(4)}</a></td>' for at in range(120)
    )
    table = "".join(f"<tr>{cell}</tr>" for cell in cells)
    body = f"<html><body><table>{table}</table></body></html>"
    return letter.mail("News <hello@news.example>", "Ten grinders", HTML, body, "List-Unsubscribe: <mailto:u@news.example>")


KINDS: dict[Callable[[Letter], str], int] = {plain: 25, reply: 32, outlook: 15, with_photo: 8, form: 8, bounce: 5, away: 4, newsletter: 3}


def mails(messages: int) -> Iterator[str]:
    """The mails, from a seeded generator."""
    chance = random.Random(11)
    kinds, weights = list(KINDS), list(KINDS.values())
    for number in range(messages):
        yield chance.choices(kinds, weights)[0](Letter(number, chance))
