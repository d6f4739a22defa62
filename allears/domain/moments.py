"""A moment as people write it ("friday 5pm", "morgen 14 Uhr", "vendredi 17h"), as a moment of their own day."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from allears.domain.people import Person

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
"""In which days are understood, whatever a person's own languages are."""
EVENING = time(17)
"""When a day ends on which somebody does not work."""
_EARLIEST_HOUR = 7
"""An hour below this, said without "am", is one of the afternoon."""
_FARTHEST = timedelta(days=366)
_DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(?!\d)")
"""A day as Germans write it, which dateparser takes for a time of day where it can."""
_ENDING = re.compile(r"(?<!\d\.\d)(?<!\d\.\d\d)\.+$|!+$")
"""What ends a sentence; but the dot of "24.12." is part of the day."""

_MONTH_FIRST = ("US/", "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles")
"""Time zones of people to whom 3/4 is the fourth of March."""

_CLOCK = re.compile(
    r"(?:\b(?:at|um|à|a las|a la|alle|às|om|by|gegen|vers)\s+|@\s*)?"
    r"(?<![\d./-])(?P<hour>[01]?\d|2[0-3])(?:\s*(?P<half>[ap])\.?m\.?(?!\w)|[:.h](?P<minute>[0-5]\d)(?!\d|\.)\s*(?:(?P<half2>[ap])\.?m\.?"
    r"(?!\w)|uhr|h|uur)?|\s*(?:uhr|h|uur|heures?|horas?|o'clock)\b)",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"\b(?:at|um|alle|às|om|a las)\s+(?P<hour>[01]?\d|2[0-3])(?!\w|[./-]\d)", re.IGNORECASE)
_NOON = re.compile(r"\b(?:at\s+)?(?:noon|midday|mittags?|midi|mediod[ií]a|mezzogiorno|meio-dia|middag)\b", re.IGNORECASE)
_END_OF_DAY = re.compile(
    r"\b(?:(?:the )?(?:end|close) of (?:the )?(?:day|business)|eod|cob|tonight|feierabend|heute abend|ce soir|fin de journ[ée]e|"
    r"esta noche|stasera|hoje [àa] noite|vanavond)\b",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\b(?:today|heute|aujourd['’]hui|hoy|oggi|hoje|vandaag)\b", re.IGNORECASE)
_NEXT = re.compile(
    r"\b(?:n[äa]chste[rsn]?|kommende[rsn]?|prochaine?|pr[óo]xim[oa]|prossim[oa]|volgende|this|diese[rsn]?|on|am|le|el|op)\b", re.IGNORECASE
)


def moment(words: str, person: Person, now: datetime) -> datetime | None:
    """The moment these words name, from now (aware) on, in the person's time zone; None where they name none, or one that is over.

    Without an hour it is the end of that day's working time; a bare hour is today's, or tomorrow's if it has passed.
    """
    here = now.astimezone(person.timezone)
    at, rest = _clock(_ENDING.sub("", words))
    evening = _END_OF_DAY.search(rest)
    rest = (rest[: evening.start()] + rest[evening.end() :] if evening else rest).strip(" ,;-–")
    rest = _ENDING.sub("", rest)
    if not rest or _TODAY.fullmatch(rest):
        if at is None and not evening and not rest:
            return None
        day = here.date()
        if at is not None and not rest and datetime.combine(day, at, person.timezone) <= now:
            day += timedelta(days=1)
    else:
        found = _day(rest, person, here)
        if isinstance(found, datetime):
            return _coming(found, now)
        if found is None or not here.date() <= found <= here.date() + _FARTHEST:
            return None
        day = found
    when = datetime.combine(day, at, person.timezone) if at else _end_of(day, person)
    return _coming(when, now)


def _coming(when: datetime, now: datetime) -> datetime | None:
    return when if now < when < now + _FARTHEST else None


def _clock(words: str) -> tuple[time | None, str]:
    """The time of day in these words, and the words without it."""
    noon = _NOON.search(words)
    if noon:
        return time(12), words[: noon.start()] + words[noon.end() :]
    found = _CLOCK.search(words)
    if found:
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        half = (found["half"] or found["half2"] or "").lower()
        if half:
            hour = hour % 12 + (12 if half == "p" else 0)
        return time(hour % 24, minute), words[: found.start()] + words[found.end() :]
    bare = _BARE_HOUR.search(words)
    if bare:
        hour = int(bare["hour"])
        return time(hour + 12 if 0 < hour < _EARLIEST_HOUR else hour), words[: bare.start()] + words[bare.end() :]
    return None, words


def _day(words: str, person: Person, here: datetime) -> date | datetime | None:
    """The day these words name; the very moment for "in 3 hours"."""
    from dateparser.date import DateDataParser  # noqa: PLC0415 - a tenth of a second, for a command that is rare

    languages = list(dict.fromkeys((*(each for each in person.languages if each in LANGUAGES), *LANGUAGES)))
    parser = DateDataParser(
        languages=languages,
        use_given_order=True,
        settings={
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": here.replace(tzinfo=None),
            "RETURN_TIME_AS_PERIOD": True,
            "DATE_ORDER": "MDY" if person.timezone.key.startswith(_MONTH_FIRST) else "DMY",
        },
    )
    words = _DOTTED.sub(r"\1/\2", words)
    for form in (words, _NEXT.sub("", words).strip()):
        found = parser.get_date_data(form) if form else None
        if found is not None and found.date_obj is not None:
            if found.period == "time":
                return found.date_obj.replace(tzinfo=person.timezone)
            return found.date_obj.date()
    return None


def _end_of(day: date, person: Person) -> datetime:
    """When this person's work ends on that day; in the evening where they do not work."""
    spans = person.hours.on(day, person.timezone)
    evening = datetime.combine(day, EVENING, person.timezone)
    if not spans:
        return evening
    end = spans[-1][1].astimezone(person.timezone)
    return end if end.date() == day else evening
