"""What a customer sends, how it is kept, and how it is read: pure functions from bytes to a feedback item."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from allears.domain.feedback import Channel, FeedbackItem, Original, SourceName
from allears.errors import RecordRejected

MEDIA_TYPE = "application/json"

_FIELDS = ("message", "contact", "name", "leave_empty")
_LONGEST_CONTACT = 500
_LONGEST_NAME = 200

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]+")
_NUMBER = re.compile(r"(?P<plus>\(?\+)?(?P<rest>[\d\s.\-\u2010-\u2013/()]+)")
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15  # ITU-T E.164 allows 15; shorter than 6 is an extension, which nobody outside can dial
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a sender filled in, exactly as typed. People do not see `leave_empty`; programs that fill in forms do."""

    message: str
    contact: str = ""
    name: str = ""
    leave_empty: str = ""


def submission(fields: Mapping[str, object]) -> Submission:
    """The submission in a form's or a JSON body's fields. Raises RecordRejected with a sentence for the sender."""
    unknown = sorted(fields.keys() - set(_FIELDS))
    if unknown:
        raise RecordRejected(f"“{clean(str(unknown[0]))[:50]}” is not a field of this form; message, contact and name are.")
    given: dict[str, str] = {}
    for field, value in fields.items():
        if value is None:
            continue
        if not isinstance(value, str):
            raise RecordRejected(f"“{field}” has to be text.")
        given[field] = value
    if "message" not in given:
        raise RecordRejected("There is no “message”.")
    return Submission(**given)


def check(sent: Submission, max_length: int) -> None:
    """Refuse what cannot be taken as a message. Raises RecordRejected with a sentence for the sender."""
    length = len(clean(sent.message))
    if length == 0:
        raise RecordRejected("The message is empty. Write what happened, then send it.")
    if length > max_length:
        raise RecordRejected(f"The message has {length:,} characters and {max_length:,} fit. Shorten it, or send it in parts.")
    for field, text, longest in (("address", sent.contact, _LONGEST_CONTACT), ("name", sent.name, _LONGEST_NAME)):
        if len(text) > longest:
            raise RecordRejected(f"The {field} has {len(text):,} characters and {longest} fit.")


def pack(sent: Submission, external_id: str, at: datetime) -> Original:
    """The submission as it is kept for ever: ASCII JSON, in which any character that came survives."""
    kept = {"id": external_id, "at": at.astimezone(UTC).isoformat()} | {field: getattr(sent, field) for field in _FIELDS}
    return Original(external_id, json.dumps(kept).encode("ascii"), MEDIA_TYPE)


def read(original: Original, source: SourceName) -> FeedbackItem:
    """The feedback item in a kept submission. Raises RecordRejected if the bytes are not one."""
    sent, at = _unpack(original.body)
    text, typed = clean(sent.message), clean(sent.contact)
    if not text:
        raise RecordRejected("The message is empty.")
    contact = contact_of(typed)
    return FeedbackItem(
        source=source,
        channel=Channel.FORM,
        external_id=original.external_id,
        received_at=at,
        text=text,
        author=clean(sent.name) or None,
        contact=contact,
        spam=bool(sent.leave_empty.strip()),
        extra={"contact": typed} if typed and contact != f"email:{typed.lower()}" else {},
    )


def contact_of(typed: str) -> str | None:
    """`email:jo@x.org` for the one email address in the text, `phone:+441312345678` for a number, None for anything else."""
    addresses = {address.lower() for address in _ADDRESS.findall(typed)}
    if len(addresses) == 1:
        return f"email:{addresses.pop()}"
    number = _NUMBER.fullmatch(typed.strip())
    if number is None:
        return None
    digits = _digits(number["rest"])
    if number["plus"] or digits.startswith("00"):
        digits = "+" + _digits(number["rest"].replace("(0)", "")).removeprefix("" if number["plus"] else "00")
    return f"phone:{digits}" if _FEWEST_DIGITS <= len(digits.removeprefix("+")) <= _MOST_DIGITS else None


def _digits(written: str) -> str:
    return "".join(str(unicodedata.decimal(character)) for character in written if character.isdecimal())


def clean(text: str) -> str:
    """Text fit to store and show: Unix line ends, no control characters, no halves of characters, no blank edges."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", lines)).strip()


def _unpack(body: bytes) -> tuple[Submission, datetime]:
    try:
        kept = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RecordRejected(f"The stored submission is not JSON: {error}.") from error
    if not isinstance(kept, dict) or not isinstance(kept.get("at"), str):
        raise RecordRejected("The stored submission does not say when it came.")
    try:
        at = datetime.fromisoformat(kept["at"])
        moment = at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RecordRejected(f"The stored submission's time cannot be read: {error}.") from error
    if at.tzinfo is None:
        raise RecordRejected("The stored submission's time has no time zone.")
    return submission({field: value for field, value in kept.items() if field in _FIELDS}), moment
