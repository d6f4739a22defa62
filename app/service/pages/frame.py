"""What every page needs to know beside its own matter."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from app.service.pages.times import at_words, by_words


def frame(business: str, zone: ZoneInfo, now: datetime) -> dict[str, object]:
    """Who we are, and how to say a moment to somebody in that time zone."""
    return {
        "business": business,
        "timezone": zone.key.replace("_", " "),
        "at_words": lambda moment: at_words(moment, now, zone),
        "by_words": lambda moment: by_words(moment, now, zone),
    }
