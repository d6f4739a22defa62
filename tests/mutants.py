"""Mails that nobody should send: specimens mutilated by chance, and bombs. The same seed and number give the same mail."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable
from email.header import Header
from pathlib import Path

SPECIMENS = Path(__file__).parent / "specimens" / "email"
LARGEST = 25 * 1024 * 1024
"""What is larger is not read at all."""

HEAD = b"From: Jo <jo@customers.example>\nTo: support@northwind.example\nSubject: x\nMIME-Version: 1.0\n"
NAMES = (
    b"utf-8",
    b"utf-7",
    b"utf-16",
    b"utf-32",
    b"shift_jis",
    b"iso-2022-jp",
    b"hz",
    b"zlib",
    b"rot13",
    b"idna",
    b"x" * 500,
    b"\xff",
    b"base64",
    b"",
)
ENCODINGS = (b"base64", b"quoted-printable", b"7bit", b"x-uuencode", b"binary", b"base64 base64", b"\x00", b"")
TYPES = (
    b"multipart/mixed",
    b"multipart/alternative",
    b"multipart/signed",
    b"multipart/encrypted",
    b"message/rfc822",
    b"message/delivery-status",
)
TYPES += (
    b"text/html",
    b"text/calendar",
    b"application/pkcs7-mime",
    b"application/ms-tnef",
    b"message/partial",
    b"text/plain; format=flowed",
    b"/",
    b"a",
)


def mail(seed: int, number: int) -> bytes:
    """One hostile mail."""
    chance = random.Random(f"{seed}-{number}")
    if chance.random() < 1 / 400:
        return chance.choice(GIANTS)(chance)
    raw = chance.choice(BOMBS)(chance) if chance.random() < 0.06 else chance.choice(SEEDS)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 5)) if raw else 1):
        raw = chance.choice(MUTATORS)(raw, chance)[:LARGEST]
    return raw


def _seeds() -> list[bytes]:
    seeds = [file.read_bytes() for file in sorted(SPECIMENS.rglob("*.eml"))]
    for file in sorted(SPECIMENS.rglob("*.txt")):
        for block in file.read_text("utf-8").split("\n§ ")[::3]:
            body = block.partition("\n")[2].encode()
            seeds.append(
                body if file.stem == "machines" else HEAD + b"Content-Type: text/html; charset=utf-8\n" * (b"<" in body[:9]) + b"\n" + body
            )
    return [seed for seed in seeds if seed.strip()]


def flip(raw: bytes, chance: random.Random) -> bytes:
    changed = bytearray(raw or b"x")
    for _ in range(chance.choice((1, 3, 20, 200))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)] if chance.random() < 0.7 else raw[chance.randrange(len(raw) + 1) :]


def drop(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + raw[start + chance.choice((1, 2, 10, 100, 1000)) :]


def repeat(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    piece = raw[start : start + chance.choice((1, 5, 40, 400))]
    times = chance.choice((2, 10, 100)) if chance.random() < 0.95 else 5_000
    return raw[:start] + piece * times + raw[start:]


def swap_lines(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    chance.shuffle(lines) if chance.random() < 0.3 else lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return b"\n".join(lines)


def splice(raw: bytes, chance: random.Random) -> bytes:
    other = chance.choice(SEEDS)
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def other_charset(raw: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"charset=\"?[\w-]+\"?", lambda _: b'charset="' + chance.choice(NAMES) + b'"', raw, flags=re.IGNORECASE)


def other_encoding(raw: bytes, chance: random.Random) -> bytes:
    encoding = b"Content-Transfer-Encoding: " + chance.choice(ENCODINGS)
    changed, times = re.subn(rb"content-transfer-encoding:[^\n]*", lambda _: encoding, raw, flags=re.IGNORECASE)
    return changed if times else encoding + b"\n" + raw


def other_type(raw: bytes, chance: random.Random) -> bytes:
    return re.sub(rb"(content-type:\s*)[\w/.+-]+", lambda match: match[1] + chance.choice(TYPES), raw, flags=re.IGNORECASE)


def other_boundary(raw: bytes, chance: random.Random) -> bytes:
    boundary = chance.choice((b'""', b'"', b"-", b"--", b"b" * 300, b'"a\nb"', b'" "', b".*", b"(((", b"\xe4"))
    return re.sub(rb"boundary=\"?[^\s\";]+\"?", lambda _: b"boundary=" + boundary, raw, flags=re.IGNORECASE)


def nest(raw: bytes, chance: random.Random) -> bytes:
    for depth in range(chance.choice((1, 2, 5, 40)) if len(raw) < LARGEST // 10 else 0):
        kind = chance.choice((b"multipart/mixed", b"multipart/alternative", b"multipart/related", b"multipart/report", b"multipart/digest"))
        part = b"--n%d\nContent-Type: %s\n\n" % (depth, chance.choice((b"message/rfc822", b"text/plain", b"text/html")))
        raw = (
            HEAD
            + b"Content-Type: %s; boundary=n%d\n\n" % (kind, depth)
            + (part + raw + b"\n") * (2 if depth < 2 else 1)
            + b"--n%d--\n" % depth
        )
    return raw


def header(raw: bytes, chance: random.Random) -> bytes:
    name = chance.choice(
        (b"Subject", b"From", b"Date", b"Message-ID", b"References", b"Reply-To", b"Received", b"List-Id", b"Content-Type")
    )
    return name + b": " + chance.choice(HEADERS)(chance) + b"\n" + raw


def _noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((1, 50, 500))).replace(b"\n", b" ")


HEADERS: tuple[Callable[[random.Random], bytes], ...] = (
    _noise,
    lambda chance: b"=?%s?%s?%s?=" % (chance.choice(NAMES), chance.choice((b"b", b"q", b"x")), _noise(chance)),
    lambda chance: b"=?utf-8?q?=" * chance.choice((10, 5_000)),
    lambda chance: b"=?utf-8?b?" + base64.b64encode(_noise(chance)) + b"?= " * chance.choice((1, 200)),
    lambda chance: b'a/b; name*0*=utf-8\'\'%E4; name*1="x"; name*1="y"; name*x=z; name*0=q' * chance.choice((1, 50)),
    lambda _: b"text/plain; charset*0=ut; charset*1=f-8; boundary*=us-ascii'en'%00",
    lambda chance: b"<" * chance.choice((1, 10_000)) + b"a@b>" * 3,
    lambda chance: b'"' * chance.choice((1, 9_999)) + b"(" * chance.choice((0, 9_999)) + b"jo@x.example",
    lambda chance: b"<a@b> " * chance.choice((3, 20_000)),
    lambda chance: b"Mon, %d Foo %d 99:99:99 +9999" % (chance.randrange(99), chance.randrange(99_999)),
    lambda chance: Header("ä" * chance.choice((10, 3_000)), "utf-8").encode().encode(),
    lambda chance: b"a" * chance.choice((100, 300_000)),
    lambda chance: b"x\n " * chance.choice((5, 20_000)),
)


def typed(kind: bytes, body: bytes, encoding: bytes = b"") -> bytes:
    headers = b"Content-Type: " + kind + (b"\nContent-Transfer-Encoding: " + encoding if encoding else b"")
    return HEAD + headers + b"\n\n" + (base64.encodebytes(body) if encoding == b"base64" else body)


def some(chance: random.Random, *pieces: bytes | int) -> bytes:
    """One of the pieces, as often as one of the numbers says."""
    return chance.choice([each for each in pieces if isinstance(each, bytes)]) * chance.choice(
        [each for each in pieces if isinstance(each, int)]
    )


MIXED, PLAIN, HTML, QUOTED = b"multipart/mixed; boundary=b", b"text/plain", b"text/html", b"quoted-printable"
REPORT = b"multipart/report; report-type=delivery-status; boundary=b"

BOMBS: tuple[Callable[[random.Random], bytes], ...] = (
    lambda chance: (
        HEAD + b"".join(typed(b"multipart/mixed; boundary=b%d" % at, b"--b%d\n" % at) for at in range(chance.choice((40, 300, 5_000))))
    ),
    lambda chance: HEAD + some(chance, b"Content-Type: message/rfc822\n\n", 20, 90, 500, 3_000) + b"hi",
    lambda chance: typed(MIXED, some(chance, b"--b\nContent-Type: text/plain; name=a\n\nhi\n", 500, 30_000)),
    lambda chance: typed(b"multipart/digest; boundary=b", some(chance, b"--b\n\n" + HEAD + b"\nhi\n", 50, 3_000)),
    lambda chance: typed(HTML, some(chance, b"<div>", b"<b><p>", b"<table><tr><td>", b"<blockquote>", b"<a<", 100_000)),
    lambda _: typed(HTML, b"<p>&amp;&#x1F600;<br>" * 50_000),
    lambda chance: some(chance, b"X-Flood: 1\n", 1_000, 1_000_000) + HEAD + b"\nhi",
    lambda chance: typed(
        PLAIN, some(chance, b"\n", b"\r", b"> ", b">\n", b"--\n", b"-- \n", b"On ", b"\t", b"\xc3", b"=\n", 9_999, 900_000)
    ),
    lambda chance: typed(PLAIN, some(chance, *LINES, 30, 3_000, 30_000)),
    lambda chance: typed(PLAIN, chance.randbytes(chance.choice((9_999, 3_000_000))), b"base64"),
    lambda chance: typed(PLAIN, some(chance, b"=C3=A4=\n", 999, 99_999), QUOTED),
    lambda chance: typed(b"text/plain; charset=iso-2022-jp", some(chance, b"\x1b$B", 99, 99_999)),
    lambda chance: typed(b"text/plain; charset=utf-16", chance.randbytes(200_000)),
    lambda chance: typed(b"application/pkcs7-mime", some(chance, b"\x30\x80", b"\x24\x00", 200_000), b"base64"),
    lambda _: typed(b"text/calendar", b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nSUMMARY;X=" * 9_999 + b"END:VEVENT"),
    lambda chance: typed(PLAIN, some(chance, b"-----BEGIN PGP MESSAGE-----\n", 9, 9_999)),
    lambda _: typed(REPORT, b"--b\nContent-Type: message/delivery-status\n\n" + b"Status: 5\n\n" * 9_999),
    lambda chance: (
        b"From: MAILER-DAEMON@x.example\nSubject: failed\n\n" + some(chance, b"could not ", b"5.1.1 ", b"550-", b"a@b.c ", b"a.", 30_000)
    ),
    lambda chance: (
        b"From: shop@northwind.example\n\n" + some(chance, b"Name: a\n", b"Email: a@b.c\nMessage:\n", b"Message\n", b"a\t", 20_000)
    ),
    lambda _: typed(b"application/zip; name=a.zip", b"PK\x05\x06" + bytes(400_000), b"base64"),
)

GIANTS: tuple[Callable[[random.Random], bytes], ...] = (
    lambda _: typed(b"application/pdf; name=a.pdf", bytes(18_000_000), b"base64"),
    lambda _: typed(PLAIN, b"word and more words here\n" * 1_000_000),
    lambda _: typed(PLAIN, b"\r\n" * 12_000_000),
    lambda _: typed(HTML, b"<p>word and <b>more</b> words</p>" * 750_000),
    lambda _: typed(PLAIN, b"=C3=A4" * 4_000_000, QUOTED),
    lambda _: typed(MIXED, b"--b\n\nhi\n" * 2_500_000),
    lambda _: b"X-Flood: 1\n" * 2_000_000 + HEAD + b"\nhi",
    lambda chance: typed(PLAIN, chance.randbytes(24_000_000)),
    lambda _: typed(b"application/octet-stream", "äöü".encode("latin-1") * 8_000_000),
)
"""As large as a mail may be."""

LINES = (
    b"On 1 Jan 2026 at 10:00, a <a@b.c> wrote:\n",
    b"From: a@b.c\nSent: 1 Jan 2026\nTo: y\nSubject: z\n",
    b"---------- Forwarded message ---------\n",
    b"> > > > > > a\n",
    b"This e-mail is confidential and intended only for the addressee.\n\n",
    b"Sent from my iPhone\n\n",
    b"Kind regards\nJo\n+44 1632 960000\n",
    b"-----Original Message-----\n",
    b"I am out of the office. ",
    b"<https://aka.ms/o0ukef> Outlook ",
    b"> Begin forwarded message:\n",
)
MUTATORS = (flip, flip, cut, drop, repeat, swap_lines, splice, other_charset, other_encoding, other_type, other_boundary, nest, header)
SEEDS = _seeds()
