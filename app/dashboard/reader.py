"""Who reads a page, as far as their browser says: how figures and moments are written where they are, and their time zone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import format_decimal, format_percent

NAMES = Locale("en")
"""The language of every word a page says, so also of its months and weekdays."""
USUAL = "en_GB"
LONGEST_SAID = 64
"""No locale or time zone has a longer name; what is longer is not looked up."""
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Reader:
    """How someone is used to read: separators as in `region`, month before day, the pattern of a clock; `zone` is None if unknown."""

    region: Locale
    month_first: bool
    clock: str
    zone: ZoneInfo | None = None

    def whole(self, number: int) -> str:
        """A whole number, with thousands apart and a real minus."""
        return _whole(self.region, number)

    def decimal(self, number: float, digits: int) -> str:
        """A number with at most so many digits behind the separator."""
        return format_decimal(round(number, digits), locale=self.region, numbering_system="latn").replace("-", "−")

    def percent(self, number: float) -> str:
        """A share of one as a whole percentage, with a real minus."""
        return format_percent(number, locale=self.region, numbering_system="latn").replace("-", "−")


_READER: ContextVar[Reader | None] = ContextVar("reader", default=None)


def reader() -> Reader:
    """Whoever is read for; else whoever looks at this page; outside a page, somebody at the business."""
    return _READER.get() or _looking()


@contextmanager
def read_by(who: Reader) -> Iterator[None]:
    """Figures and moments are written for them, whoever looks."""
    token = _READER.set(who)
    try:
        yield
    finally:
        _READER.reset(token)


def local(zone: ZoneInfo) -> ZoneInfo:
    """The time zone in which moments are shown to the reader, where the business's is `zone`."""
    return reader().zone or zone


def differs(mine: ZoneInfo, theirs: ZoneInfo, now: datetime) -> bool:
    """Whether clocks in two zones show different times at any season from now on."""
    seasons = [now + timedelta(days=30 * month) for month in range(12)]
    return any(at.astimezone(mine).utcoffset() != at.astimezone(theirs).utcoffset() for at in seasons)


@lru_cache(maxsize=64)
def known(locale: str, timezone: str) -> Reader:
    """The reader whose browser says this locale and time zone; what is not known is as in Great Britain, in no zone of their own."""
    region = _region(locale)
    months = region.datetime_skeletons["MMMd"].pattern
    return Reader(region, months.find("M") < months.find("d"), _clock(region.time_formats["short"].pattern), _zone(timezone))


@lru_cache(maxsize=4096)
def _whole(region: Locale, number: int) -> str:
    return format_decimal(number, locale=region, numbering_system="latn").replace("-", "−")


def _looking() -> Reader:
    import streamlit as st  # noqa: PLC0415 - the command line writes figures without it
    from streamlit.runtime.scriptrunner import get_script_run_ctx  # noqa: PLC0415 - as above

    if get_script_run_ctx(suppress_warning=True) is None:
        return known("", "")
    return known(_said(st.context.locale), _said(st.context.timezone))


def _said(value: str | None) -> str:
    return value if value and len(value) <= LONGEST_SAID else ""


def _region(said: str) -> Locale:
    """English as it is written in that region; where nobody keeps one, the region's own habits."""
    parts = said.replace("_", "-").split("-")
    territory = next((part.upper() for part in parts[1:] if len(part) == 2 and part.isalpha()), "")  # noqa: PLR2004 - as ISO 3166 has them
    likely = get_global("likely_subtags").get(f"und_{territory}", "") if territory else ""
    for name in (f"en_{territory}", said.replace("-", "_"), likely, parts[0]):
        with suppress(UnknownLocaleError, ValueError, TypeError):
            return Locale.parse(name)
    return Locale.parse(USUAL)


def _clock(pattern: str) -> str:
    """Hours and minutes in English: of twelve hours with AM and PM, else with the region's separator and leading zero."""
    if "h" in pattern.replace("'h'", ""):
        return f"h:mm{NO_BREAK}a"
    hours = "HH" if "HH" in pattern else "H"
    return f"{hours}{'.' if 'H.mm' in pattern else ':'}mm"


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        found = ZoneInfo(name)
        datetime.now(UTC).astimezone(found)
    except (KeyError, ValueError, OSError):
        return None
    return found
