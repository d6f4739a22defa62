"""Kinds of values that configurations hold, each with what is wrong with one that is none."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from datetime import time, timedelta
from email.errors import MessageError
from email.headerregistry import Address
from typing import Annotated
from zoneinfo import available_timezones

from holidays import list_supported_countries
from pydantic import BeforeValidator

from allears.domain.hours import parse_hours
from allears.tokens import LENGTH

_LONGEST_LOCAL = 64  # characters before the @ (RFC 5321, 4.5.3.1.1)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_DURATION = re.compile(r"(\d+)\s*(second|minute|hour|day)s?")


def _duration(value: object) -> object:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError('is not a duration like "30 seconds", "5 minutes" or "1 hour"')
    return timedelta(**{f"{match[2]}s": int(match[1])})


def _timezone(value: object) -> object:
    if isinstance(value, str) and value not in available_timezones():
        raise ValueError(f"{value!r} is not a time zone{nearest(value, available_timezones(), alike=0.8)}")
    return value


def _hours(value: object) -> object:
    if isinstance(value, str):
        parse_hours(value)
    return value


def _email(value: object) -> object:
    try:
        Address(addr_spec=str(value))
    except (ValueError, MessageError) as error:
        raise ValueError(f"{value!r} is not an email address") from error
    return value


Email = Annotated[str, BeforeValidator(_email)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Timezone = Annotated[str, BeforeValidator(_timezone)]
Hours = Annotated[str, BeforeValidator(_hours)]


def _country(value: object) -> object:
    code, _, part = str(value).partition("-")
    if code not in (known := list_supported_countries()):
        raise ValueError(f"{value!r} is not a country whose public holidays are known, such as 'GB' or 'DE-BY'")
    if part and part not in known[code]:
        raise ValueError(f"{part!r} is not a part of {code}{nearest(part, known[code])}")
    return value


def _clock_time(value: object) -> object:
    match = _CLOCK.fullmatch(str(value))
    if match is None:
        raise ValueError(f"{value!r} is not a time of day like '09:00'")
    return time(int(match[1]), int(match[2]))


def _quiet(value: object) -> object:
    first, dash, last = str(value).partition("-")
    if not dash or first.strip() == last.strip():
        raise ValueError(f"{value!r} are not hours like '22:00-07:00'")
    return _clock_time(first.strip()), _clock_time(last.strip())


ClockTime = Annotated[time, BeforeValidator(_clock_time)]
QuietHours = Annotated[tuple[time, time], BeforeValidator(_quiet)]
Country = Annotated[str, BeforeValidator(_country)]


MAIL_SCHEMES = ("smtp", "smtp+starttls", "smtps", "maildir", "console")


def _mail_url(value: object) -> object:
    scheme = str(value).partition(":")[0]
    if scheme not in MAIL_SCHEMES:
        raise ValueError(f"{scheme!r} is no way for mails to leave; there are {', '.join(MAIL_SCHEMES)}{nearest(scheme, MAIL_SCHEMES)}")
    return value


MailUrl = Annotated[str, BeforeValidator(_mail_url)]


def _reply_address(value: object) -> object:
    local, _, domain = str(value).partition("@")
    if local.count("{token}") > 1 or "{token}" in domain:
        raise ValueError("takes {token} once, before the @")
    _email(str(value).replace("{token}", "t"))
    if len(local.replace("{token}", "t" * LENGTH)) > _LONGEST_LOCAL:
        raise ValueError(f"is too long: before the @ stand at most {_LONGEST_LOCAL - LENGTH} characters beside {{token}}")
    return value


ReplyAddress = Annotated[str, BeforeValidator(_reply_address)]


def nearest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str:
    """The end of an error's sentence: the known word that was probably meant, or nothing; `alike` in [0, 1], as difflib counts."""
    close = difflib.get_close_matches(word, sorted(known), n=1, cutoff=alike)
    return f"; did you mean {close[0]!r}?" if close else ""
